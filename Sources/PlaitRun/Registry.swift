import PlaitCore
public import PlaitNetwork
public import PlaitScenario
public import PlaitSimulator

/// The plug-ins that scenario files can name: link models and traffic models.
///
/// A researcher's own package starts from `standard`, appends its own registrations and hands the result to `PlaitCommand`.
public struct Registry: Sendable {
    public var links: LinkModels
    public var traffic: TrafficModels

    /// What Plait ships.
    public static let standard = Registry()

    public init(links: LinkModels = .standard, traffic: TrafficModels = .standard) {
        self.links = links
        self.traffic = traffic
    }

    /// What the scenario reader needs to know about the plug-ins.
    public var vocabulary: Vocabulary {
        Vocabulary(
            loss: links.loss.map(\.signature),
            jitter: links.jitter.map(\.signature),
            queue: links.queue.map(\.signature),
            traffic: traffic.traffic.map(\.signature)
        )
    }
}
