public import PlaitCore

/// What a model is made with besides its own parameters.
public struct ModelContext: Sendable {
    /// The model's own random stream, named after the direction and what the model decides.
    public let stream: RandomStream
    /// The direction's rate when the scenario was loaded.
    public let rate: Rate
    public let mtu: Int
    public let distributions: Distributions

    public init(stream: RandomStream, rate: Rate, mtu: Int, distributions: Distributions) {
        self.stream = stream
        self.rate = rate
        self.mtu = mtu
        self.distributions = distributions
    }
}
