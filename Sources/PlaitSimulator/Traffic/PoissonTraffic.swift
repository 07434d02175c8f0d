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
        let gap: (nanoseconds: UInt64, divisor: UInt64)
        switch (choice.rate("rate"), choice.frequency("frequency")) {
        case (let rate?, nil) where !rate.isUnlimited:
            let size = context.sizes.mean(context.distributions.exponential)
            gap = (8_000_000_000 * UInt64(size), rate.bitsPerSecond)
        case (nil, let frequency?) where frequency > 0:
            gap = (1_000_000_000_000, UInt64(frequency))
        default:
            throw ModelError("write either `rate` or `frequency`, larger than 0")
        }
        // Whole nanoseconds would be off by percents for fast flows; a mean of many minutes needs no fractions.
        let shift: Int64 = gap.nanoseconds / gap.divisor < 1 << 40 ? 16 : 0
        let product = gap.nanoseconds.multipliedFullWidth(by: 1 << UInt64(shift))
        guard product.high < gap.divisor else { throw ModelError("one packet in centuries is no traffic") }
        let mean = Int64(clamping: gap.divisor.dividingFullWidth(product).quotient)
        let gaps = OpenLoopSource.Gaps.exponential(mean: min(mean, .max / 64), shift: shift)
        return TrafficPair(source: OpenLoopSource(context, gaps: gaps), sink: TrafficSink())
    }
}
