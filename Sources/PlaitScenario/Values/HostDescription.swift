public import PlaitCore

/// A host, or a router: a host that forwards and holds no endpoints.
public struct HostDescription: Hashable, Sendable {
    public var name: String
    public var origin: Origin
    /// Whether packets for others pass through it.
    public var forwards: Bool
    /// Declared under `routers:`: flows neither start nor end here.
    public var isRouter: Bool
    /// How much faster its clocks run than true time; negative when slower.
    public var driftPartsPerBillion: Int64
    /// What its wall clock is ahead of true time by at the start; may be negative.
    public var wallOffset: Interval
    /// Bytes that arrive during a pause and are kept.
    public var receiveBuffer: Int64

    public init(
        name: String,
        origin: Origin = .none,
        forwards: Bool = false,
        isRouter: Bool = false,
        driftPartsPerBillion: Int64 = 0,
        wallOffset: Interval = .zero,
        receiveBuffer: Int64 = 212_992
    ) {
        self.name = name
        self.origin = origin
        self.forwards = forwards
        self.isRouter = isRouter
        self.driftPartsPerBillion = driftPartsPerBillion
        self.wallOffset = wallOffset
        self.receiveBuffer = receiveBuffer
    }
}
