import FuzzChecks
import PlaitCore

/// One input for libFuzzer: what a hostile network does to one end of a handshake.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    let wrong = HandshakeCheck.any(input.span.raw)
    precondition(wrong == nil, wrong ?? "")
    return 0
}
