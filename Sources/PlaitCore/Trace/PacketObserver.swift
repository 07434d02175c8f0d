/// Someone who wants to see packets with their bytes: a capture file.
///
/// Called for every event of a packet at a host or on a direction that ends it or moves it on (`sent`, `corrupted`,
/// `copied`, `dropped`, `arrived`, `delivered`), in the order they happened, right when they happen: the span is
/// valid only during the call.
public protocol PacketObserver: AnyObject {
    /// `payload` is the UDP payload as it is after the event, or empty when the run keeps lengths but no bytes.
    func capture(_ event: TraceEvent, from source: SocketAddress, to destination: SocketAddress, payload: RawSpan)

    /// Called once, after the last event, with the instant at which the run ended.
    func finish(at end: Instant)
}
