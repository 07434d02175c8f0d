import PlaitNetwork
public import PlaitScenario
import PlaitSimulator
import PlaitTransport

extension Registry {
    /// What the scenario reader needs to know of the models: their signatures.
    public var vocabulary: Vocabulary {
        Vocabulary(
            loss: links.loss.map(\.signature),
            jitter: links.jitter.map(\.signature),
            queue: links.queue.map(\.signature),
            traffic: traffic.traffic.map(\.signature),
            congestion: congestion.registrations.map(\.signature),
            schedulers: schedulers.registrations.map(\.signature)
        )
    }
}
