public import PlaitCore

/// Plain traffic from one host to another.
public struct FlowDescription: Hashable, Sendable {
    public var name: String
    public var origin: Origin
    public var from: HostID
    public var to: HostID
    /// The link by which it leaves `from`; else the first one on the shortest route.
    public var over: LinkID?
    /// The link whose address at `to` it is sent to; else the one on the shortest route.
    public var toOver: LinkID?
    /// Of the vocabulary's traffic models.
    public var model: ChosenModel
    public var size: PacketSize
    public var start: Interval
    /// `nil` stands for the end of the run.
    public var stop: Interval?
    /// Whether its packets carry ECT(0).
    public var ecn: Bool

    public init(
        name: String,
        origin: Origin = .none,
        from: HostID,
        to: HostID,
        over: LinkID? = nil,
        toOver: LinkID? = nil,
        model: ChosenModel,
        size: PacketSize = .fixed(1_200),
        start: Interval = .zero,
        stop: Interval? = nil,
        ecn: Bool = false
    ) {
        self.name = name
        self.origin = origin
        self.from = from
        self.to = to
        self.over = over
        self.toOver = toOver
        self.model = model
        self.size = size
        self.start = start
        self.stop = stop
        self.ecn = ecn
    }
}

/// Bytes of UDP payload in each packet of a flow: 24 (the header of a plain packet) to 65,507.
public enum PacketSize: Hashable, Sendable {
    case fixed(Int64)
    /// Exponentially distributed with this mean, but never shorter than a plain packet's header of 24 bytes.
    case exponential(mean: Int64)
}
