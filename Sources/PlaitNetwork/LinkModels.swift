public import PlaitCore

/// A model's name and parameters, and how it is made from them.
public struct ModelRegistration<Model>: Sendable {
    public let signature: ModelSignature
    public let make: @Sendable (ModelChoice, ModelContext) throws(ModelError) -> Model

    public init(
        signature: ModelSignature,
        make: @escaping @Sendable (ModelChoice, ModelContext) throws(ModelError) -> Model
    ) {
        self.signature = signature
        self.make = make
    }
}

public typealias LossRegistration = ModelRegistration<any LossModel>
public typealias JitterRegistration = ModelRegistration<any JitterModel>
public typealias QueueRegistration = ModelRegistration<any QueueDiscipline>

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
