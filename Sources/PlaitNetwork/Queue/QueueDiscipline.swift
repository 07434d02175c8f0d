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

    /// The bound that `admits` keeps, so that traces and the law checker know it.
    var limit: QueueLimit { get }

    /// Whether `judge` may answer anything but `.send`.
    var isManaged: Bool { get }
}

/// How much may wait.
public enum QueueLimit: Hashable, Sendable {
    case unlimited
    case packets(Int64)
    /// UDP payload.
    case bytes(Int64)
    /// From a packet's arrival to the start of its own serialisation.
    case delay(Interval)
    /// Something else: the law checker does not judge what such a queue refuses.
    case other

    /// As a `changed` event holds it: the number, and the code of its unit.
    var traced: (limit: UInt64, unit: UInt32) {
        switch self {
        case .unlimited: (0, 0)
        case .packets(let count): (UInt64(count), 1)
        case .bytes(let count): (UInt64(count), 2)
        case .delay(let bound): (UInt64(bound.nanoseconds), 3)
        case .other: (0, 4)
        }
    }
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
