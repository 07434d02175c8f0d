public import PlaitCore

/// A loss model's name and parameters, and how it is made from them.
public struct LossRegistration: Sendable {
    public let signature: ModelSignature
    public let make: @Sendable (ModelChoice, ModelContext) throws(ModelError) -> any LossModel

    public init(
        signature: ModelSignature,
        make: @escaping @Sendable (ModelChoice, ModelContext) throws(ModelError) -> any LossModel
    ) {
        self.signature = signature
        self.make = make
    }
}

/// A jitter model's name and parameters, and how it is made from them.
public struct JitterRegistration: Sendable {
    public let signature: ModelSignature
    public let make: @Sendable (ModelChoice, ModelContext) throws(ModelError) -> any JitterModel

    public init(
        signature: ModelSignature,
        make: @escaping @Sendable (ModelChoice, ModelContext) throws(ModelError) -> any JitterModel
    ) {
        self.signature = signature
        self.make = make
    }
}

/// A queue discipline's name and parameters, and how it is made from them.
public struct QueueRegistration: Sendable {
    public let signature: ModelSignature
    public let make: @Sendable (ModelChoice, ModelContext) throws(ModelError) -> any QueueDiscipline

    public init(
        signature: ModelSignature,
        make: @escaping @Sendable (ModelChoice, ModelContext) throws(ModelError) -> any QueueDiscipline
    ) {
        self.signature = signature
        self.make = make
    }
}

/// The link models that scenario files can name. A new model is one file and one line here, or one `append` in a
/// researcher's own package.
public struct LinkModels: Sendable {
    public var loss: [LossRegistration]
    public var jitter: [JitterRegistration]
    public var queue: [QueueRegistration]

    public static let standard = LinkModels(
        loss: [
            IndependentLoss.registration,
            GilbertElliott.registration,
            ListedLoss.registration,
        ],
        jitter: [
            UniformJitter.registration,
            NormalJitter.registration,
            ExponentialJitter.registration,
        ],
        queue: [
            UnlimitedQueue.registration,
            DropTail.registration,
            CoDel.registration,
        ]
    )
}
