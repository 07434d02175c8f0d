public import PlaitCore

/// A link between two hosts. Each direction is complete in itself: link-level keys and presets are already applied.
public struct LinkDescription: Hashable, Sendable {
    public var name: String
    public var origin: Origin
    /// The first host of `between:`.
    public var first: HostID
    /// The second host of `between:`; never the first.
    public var second: HostID
    /// From `first` to `second`.
    public var forward: DirectionDescription
    /// From `second` to `first`.
    public var backward: DirectionDescription

    public init(
        name: String,
        origin: Origin = .none,
        first: HostID,
        second: HostID,
        forward: DirectionDescription,
        backward: DirectionDescription
    ) {
        self.name = name
        self.origin = origin
        self.first = first
        self.second = second
        self.forward = forward
        self.backward = backward
    }
}

/// One direction of a link.
public struct DirectionDescription: Hashable, Sendable {
    public var rate: Rate
    /// Propagation, without serialisation and jitter.
    public var delay: Interval
    /// Bytes that every packet takes on the wire beyond its UDP payload.
    public var overhead: Int64
    /// The longest packet that passes, `overhead` included.
    public var mtu: Int64
    public var jitter: ChosenModel?
    public var loss: ChosenModel?
    /// `nil` stands for an unlimited first-in first-out queue.
    public var queue: ChosenModel?
    public var duplicate: Probability
    public var reorder: Reordering?
    public var corrupt: Corruption?
    /// The chance that a packet loses its end.
    public var truncate: Probability

    public init(
        rate: Rate = .unlimited,
        delay: Interval = .zero,
        overhead: Int64 = 0,
        mtu: Int64 = 1_500,
        jitter: ChosenModel? = nil,
        loss: ChosenModel? = nil,
        queue: ChosenModel? = nil,
        duplicate: Probability = .never,
        reorder: Reordering? = nil,
        corrupt: Corruption? = nil,
        truncate: Probability = .never
    ) {
        self.rate = rate
        self.delay = delay
        self.overhead = overhead
        self.mtu = mtu
        self.jitter = jitter
        self.loss = loss
        self.queue = queue
        self.duplicate = duplicate
        self.reorder = reorder
        self.corrupt = corrupt
        self.truncate = truncate
    }
}

/// Some packets are overtaken by later ones.
public struct Reordering: Hashable, Sendable {
    public var probability: Probability
    public var distance: Distance
    /// The longest a packet is held back when too few packets follow it.
    public var within: Interval

    /// How far back a reordered packet falls.
    public enum Distance: Hashable, Sendable {
        /// Behind so many later packets.
        case packets(Int64)
        /// By so much extra delay.
        case interval(Interval)
    }

    public init(probability: Probability, distance: Distance, within: Interval = .milliseconds(100)) {
        self.probability = probability
        self.distance = distance
        self.within = within
    }
}

/// Some packets arrive with flipped bits.
public struct Corruption: Hashable, Sendable {
    public var probability: Probability
    /// Flips in each corrupted packet.
    public var bits: Int64

    public init(probability: Probability, bits: Int64 = 1) {
        self.probability = probability
        self.bits = bits
    }
}
