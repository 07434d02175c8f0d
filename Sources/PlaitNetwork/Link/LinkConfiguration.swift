public import PlaitCore

/// One direction of a link as a run begins.
public struct LinkConfiguration {
    public var rate: Rate = .unlimited
    public var delay: Interval = .zero
    /// Bytes that every packet costs on the wire besides its UDP payload.
    public var overhead: Int = 0
    /// The longest packet that passes, `overhead` included.
    public var mtu: Int = 1_500
    public var loss: (any LossModel)?
    public var jitter: (any JitterModel)?
    public var queue: any QueueDiscipline
    public var duplication: Probability = .never
    public var reordering = Reordering()
    public var corruption = Corruption()

    public init(queue: any QueueDiscipline) { self.queue = queue }
}

/// Sets packets aside so that later ones overtake them.
public struct Reordering: Hashable, Sendable {
    public var probability: Probability = .never
    /// Arrives this much later than it would have, whoever overtakes it.
    public var extraDelay: Interval = .zero
    /// Instead: arrives right behind this many packets that left after it ...
    public var distance: Int = 0
    /// ... or after this time, when fewer follow.
    public var within: Interval = .milliseconds(100)

    public init() {}
}

/// Damages packets on the wire.
public struct Corruption: Hashable, Sendable {
    public var probability: Probability = .never
    /// Bits that are flipped in a corrupted packet, at places drawn independently.
    public var bits: Int = 1
    /// Chance that a packet is cut off at a place drawn uniformly.
    public var truncation: Probability = .never

    public init() {}
}

/// The random streams of a direction, one for each decision, so that no decision shifts another's draws.
public struct LinkStreams: Sendable {
    public var duplication: RandomStream
    public var reordering: RandomStream
    public var corruption: RandomStream

    /// The streams of the direction that `name` names like this: `link/wifi/client>server`.
    public init(seed: UInt64, name: String) {
        duplication = RandomStream(seed: seed, name: name + "/duplicate")
        reordering = RandomStream(seed: seed, name: name + "/reorder")
        corruption = RandomStream(seed: seed, name: name + "/corrupt")
    }
}
