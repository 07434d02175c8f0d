public import PlaitNetwork
public import PlaitSimulator

/// The models that scenario files may name. A researcher's own package appends to `standard` and calls `PlaitCommand`.
public struct Registry: Sendable {
    public var links: LinkModels
    public var traffic: TrafficModels

    public init(links: LinkModels, traffic: TrafficModels) {
        self.links = links
        self.traffic = traffic
    }

    public static let standard = Registry(links: .standard, traffic: .standard)
}
