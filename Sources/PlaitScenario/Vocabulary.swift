public import PlaitCore

/// The models that a scenario file may name, by category. The reader knows none by itself.
public struct Vocabulary: Sendable {
    public var loss: [ModelSignature]
    public var jitter: [ModelSignature]
    public var queue: [ModelSignature]
    public var traffic: [ModelSignature]

    public init(
        loss: [ModelSignature] = [],
        jitter: [ModelSignature] = [],
        queue: [ModelSignature] = [],
        traffic: [ModelSignature] = []
    ) {
        self.loss = loss
        self.jitter = jitter
        self.queue = queue
        self.traffic = traffic
    }
}
