public import PlaitCore

/// Decides who may wait before a link's serialiser and what happens to whoever comes to the front.
///
/// The direction keeps the packets themselves, first in first out; a discipline only judges, so that none can lose a
/// packet unaccounted for. The packet in serialisation is not part of the queue.
public protocol QueueDiscipline: AnyObject {
    /// Whether a packet of `length` bytes may join those of `backlog`. Asked only when it would have to wait.
    func admits(length: Int, behind backlog: Backlog, now: Instant) -> Bool

    /// What happens to the packet at the front, now that the wire is free. `backlog` is what waits behind it.
    func judge(_ head: QueueHead, before backlog: Backlog, now: Instant) -> QueueVerdict

    /// The wire is free and nobody waits.
    func becameEmpty(now: Instant)

    /// Replaces the limit, in the discipline's own unit (bytes, packets or nanoseconds).
    func setLimit(_ limit: Int64)
}

/// The packet at the front of a queue.
@frozen public struct QueueHead: Sendable {
    public let enqueuedAt: Instant
    public let length: Int
    public let isECNCapable: Bool

    @inlinable public init(enqueuedAt: Instant, length: Int, isECNCapable: Bool) {
        self.enqueuedAt = enqueuedAt
        self.length = length
        self.isECNCapable = isECNCapable
    }
}

/// What becomes of a packet whose turn on the wire has come.
@frozen public enum QueueVerdict: Sendable {
    case send
    /// Set Congestion Experienced and send. Only for a packet that is ECN capable.
    case mark
    case drop
}

/// What waits in a queue, and how long it would take to serve.
@frozen public struct Backlog: Sendable {
    public let packets: Int
    /// UDP payload.
    public let bytes: Int
    /// Work before a newcomer could start, the packet in service included, in billionths of a bit.
    @usableFromInline let work: UInt64
    @usableFromInline let rate: Rate

    @inlinable init(packets: Int, bytes: Int, work: UInt64, rate: Rate) {
        self.packets = packets
        self.bytes = bytes
        self.work = work
        self.rate = rate
    }

    /// Whether a newcomer would wait longer than `bound` at the present rate.
    @inlinable public func waits(longerThan bound: Interval) -> Bool {
        let most = rate.bitsPerSecond.multipliedFullWidth(by: UInt64(bound.nanoseconds))
        return !rate.isUnlimited && most.high == 0 && work > most.low
    }
}
