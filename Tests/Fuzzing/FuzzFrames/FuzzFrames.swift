import FuzzChecks
import PlaitCore
import PlaitTransport

/// One input for libFuzzer: the plaintext of a data packet, and of each kind of handshake packet.
///
/// What is read must read the same when it is written anew.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    let bytes = input.span.raw
    var wrong = FrameCheck.data(bytes)
    for kind in [HandshakeKind.initiation, .reply, .finish, .cookie, .refusal] {
        wrong = wrong ?? FrameCheck.handshake(bytes, kind: kind)
    }
    precondition(wrong == nil, wrong ?? "")
    return 0
}
