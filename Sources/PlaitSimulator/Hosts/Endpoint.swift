public import PlaitCore

/// Whatever sits on a host and talks over the network: a traffic source, a sink, later a transport endpoint.
///
/// It is fed and asked, and does nothing by itself. `now` is always the host's own monotonic clock, which may drift.
/// After every call the driver asks `nextTransmit` until it answers nil, then reads `deadline`.
public protocol Endpoint: AnyObject {
    /// A datagram came in.
    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant)

    /// Writes the next datagram to send to the front of `buffer`, or answers nil when there is none now.
    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit?

    /// When the endpoint wants to be woken if nothing arrives; `.never` when it does not.
    var deadline: Instant { get }

    /// The deadline has passed. May come late; waking early must be harmless.
    func deadlineReached(now: Instant)

    /// The host crashed and came back: everything that was in memory is gone.
    func restarted(now: Instant)
}

/// A datagram that an endpoint wrote.
@frozen public struct Transmit: Sendable {
    public var length: Int
    public var local: SocketAddress
    public var remote: SocketAddress
    public var ecn: ECN

    @inlinable public init(length: Int, local: SocketAddress, remote: SocketAddress, ecn: ECN = .notCapable) {
        self.length = length
        self.local = local
        self.remote = remote
        self.ecn = ecn
    }
}
