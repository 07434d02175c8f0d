import PlaitCore

/// A Poisson process: independent exponential gaps with the mean that `rate` (for the mean size) or `frequency` gives.
enum PoissonTraffic {
    static let registration = TrafficRegistration(
        signature: ModelSignature(
            name: "poisson",
            summary: "packets at random times, independent of each other",
            parameters: [
                .init("rate", .rate, "bits of UDP payload per second, on average"),
                .init("frequency", .frequency, "packets per second, on average; instead of `rate`"),
            ],
            shorthands: ["rate", "frequency"]
        )
    ) { choice, context throws(ModelError) in
        let mean: Int64
        switch (choice.rate("rate"), choice.frequency("frequency")) {
        case (let rate?, nil) where !rate.isUnlimited:
            mean = rate.serialisation(of: context.sizes.mean).nanoseconds
        case (nil, let frequency?) where frequency > 0:
            mean = 1_000_000_000_000 / frequency
        default:
            throw ModelError("write either `rate` or `frequency`, larger than 0")
        }
        return TrafficPair(source: OpenLoopSource(context, gaps: .exponential(mean: mean)), sink: TrafficSink())
    }
}
