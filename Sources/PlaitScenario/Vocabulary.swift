public import PlaitCore

/// The models that a scenario file may name, by category. The reader knows none by itself.
public struct Vocabulary: Sendable {
    public var loss: [ModelSignature]
    public var jitter: [ModelSignature]
    public var queue: [ModelSignature]
    public var traffic: [ModelSignature]
    /// Congestion controllers.
    public var congestion: [ModelSignature]
    /// What decides which path carries a packet.
    public var schedulers: [ModelSignature]

    /// Whether arguments that each fit their kind also fit together, as the registry sees it.
    ///
    /// With it, such an error is shown among all the others and not only when the world is built.
    public var objection: @Sendable (ModelCategory, ModelChoice) -> ModelError?

    public init(
        loss: [ModelSignature] = [],
        jitter: [ModelSignature] = [],
        queue: [ModelSignature] = [],
        traffic: [ModelSignature] = [],
        congestion: [ModelSignature] = [],
        schedulers: [ModelSignature] = [],
        objection: @escaping @Sendable (ModelCategory, ModelChoice) -> ModelError? = { _, _ in nil }
    ) {
        self.objection = objection
        self.loss = loss
        self.jitter = jitter
        self.queue = queue
        self.traffic = traffic
        self.congestion = congestion
        self.schedulers = schedulers
    }
}

/// The categories of a `Vocabulary`.
public enum ModelCategory: String, Sendable, CaseIterable {
    case loss
    case jitter
    case queue
    case traffic
    case congestion
    case scheduler

    /// The models of this category.
    public func signatures(in vocabulary: Vocabulary) -> [ModelSignature] {
        switch self {
        case .loss: vocabulary.loss
        case .jitter: vocabulary.jitter
        case .queue: vocabulary.queue
        case .traffic: vocabulary.traffic
        case .congestion: vocabulary.congestion
        case .scheduler: vocabulary.schedulers
        }
    }
}
