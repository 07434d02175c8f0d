import FuzzChecks
import PlaitCore

/// One input for libFuzzer: a datagram from anybody, with its header.
///
/// What is read must read the same when it is written anew.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    let bytes = input.span.raw
    let wrong = DatagramCheck.any(bytes)
    precondition(wrong == nil, wrong ?? "")
    return 0
}
