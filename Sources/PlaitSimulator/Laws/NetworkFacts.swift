public import PlaitCore

/// What the scenario says of one host. The law checker believes it, and nothing that a host object says.
public struct HostFacts: Sendable {
    public let name: String
    /// Whether it passes on packets that are for others.
    public let isRouter: Bool

    public init(name: String, isRouter: Bool = false) {
        self.name = name
        self.isRouter = isRouter
    }
}

/// The most a queue holds, not counting the packet in serialisation.
public enum QueueBound: Hashable, Sendable {
    case unlimited
    /// A model whose bound nobody told: what it refuses is not judged.
    case unknown
    case packets(Int64)
    /// Bytes of UDP payload, overhead not counted.
    case bytes(Int64)
    /// The wait from acceptance to the start of serialisation, at the rate in force at acceptance.
    case delay(Interval)
}

/// What the scenario says of one direction of a link at the start; `changed` events tell the rest.
///
/// `may...` says that the effect was asked for. What was not asked for must not happen.
public struct LinkFacts: Sendable {
    public var name: String
    public var from: HostID
    public var to: HostID
    public var rate: Rate
    public var delay: Interval
    /// Added to every packet's length when it is serialised.
    public var overheadBytes: Int
    /// The longest UDP payload plus `overheadBytes` that passes.
    public var mtu: Int
    /// The largest extra delay that the jitter model can add.
    public var jitterMax: Interval
    /// Whether jitter was allowed to reorder.
    public var jitterMayReorder: Bool
    /// Whether reordering by itself was asked for.
    public var mayReorder: Bool
    /// The longest that reordering holds a packet back, over the whole run.
    public var reorderHoldMax: Interval
    public var queue: QueueBound
    /// Whether the queue has an active management that drops or marks.
    public var isManaged: Bool
    public var mayLose: Bool
    public var mayDuplicate: Bool
    public var mayCorrupt: Bool

    public init(
        name: String,
        from: HostID,
        to: HostID,
        rate: Rate = .unlimited,
        delay: Interval = .zero,
        overheadBytes: Int = 0,
        mtu: Int = 65_507,
        jitterMax: Interval = .zero,
        jitterMayReorder: Bool = false,
        mayReorder: Bool = false,
        reorderHoldMax: Interval = .zero,
        queue: QueueBound = .unlimited,
        isManaged: Bool = false,
        mayLose: Bool = false,
        mayDuplicate: Bool = false,
        mayCorrupt: Bool = false
    ) {
        self.name = name
        self.from = from
        self.to = to
        self.rate = rate
        self.delay = delay
        self.overheadBytes = overheadBytes
        self.mtu = mtu
        self.jitterMax = jitterMax
        self.jitterMayReorder = jitterMayReorder
        self.mayReorder = mayReorder
        self.reorderHoldMax = reorderHoldMax
        self.queue = queue
        self.isManaged = isManaged
        self.mayLose = mayLose
        self.mayDuplicate = mayDuplicate
        self.mayCorrupt = mayCorrupt
    }
}

/// A time during which nothing sent by `from` reaches `to`. A symmetric partition is two of these.
///
/// It comes from the scenario because the trace says how many partitions are in force, but not of whom. Without these
/// facts a delivery across a partition passes, and a drop is lawful while any partition is in force. At exactly
/// `start` and `end`, the order within the instant decides, and both outcomes are lawful.
public struct PartitionFacts: Sendable {
    public let from: [HostID]
    public let to: [HostID]
    public let start: Instant
    public let end: Instant

    public init(from: [HostID], to: [HostID], start: Instant, end: Instant = .never) {
        self.from = from
        self.to = to
        self.start = start
        self.end = end
    }
}
