public import PlaitNetwork
public import PlaitSimulator
public import PlaitTransport

/// The models that scenario files may name. A researcher's own package appends to `standard` and calls `PlaitCommand`.
public struct Registry: Sendable {
    public var links: LinkModels
    public var traffic: TrafficModels
    public var congestion: CongestionControllers
    public var schedulers: Schedulers

    public init(
        links: LinkModels,
        traffic: TrafficModels,
        congestion: CongestionControllers = .standard,
        schedulers: Schedulers = .standard
    ) {
        self.links = links
        self.traffic = traffic
        self.congestion = congestion
        self.schedulers = schedulers
    }

    public static let standard = Registry(links: .standard, traffic: .standard)
}
