import PlaitCore

/// Each packet is lost with the same probability, whatever happened to the others.
final class IndependentLoss: LossModel {
    private let probability: Probability
    private let stream: RandomStream

    init(probability: Probability, stream: RandomStream) {
        self.probability = probability
        self.stream = stream
    }

    func loses(index: UInt64, at now: Instant) -> Bool { probability.happens(stream.draw(index)) }

    static let registration = LossRegistration(
        signature: ModelSignature(
            name: "independent",
            summary: "each packet is lost with the same probability",
            parameters: [.init("probability", .probability, required: true, "chance of each packet to be lost")],
            shorthands: ["probability"]
        )
    ) { choice, context in
        IndependentLoss(probability: choice.probability("probability") ?? .never, stream: context.stream)
    }
}
