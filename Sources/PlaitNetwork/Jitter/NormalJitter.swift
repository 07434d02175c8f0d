import PlaitCore

/// A normally distributed extra delay, cut symmetrically so that it is never negative. A bare value is the deviation.
///
/// Between knots: a normal distribution with 3/2 of the variance.
final class NormalJitter: SampledJitter {
    static let registration = JitterRegistration(
        signature: ModelSignature(
            name: "normal",
            summary: "a normally distributed extra delay, cut where it would be negative",
            parameters: [
                .init("deviation", .interval, required: true, "standard deviation of the delivered delay"),
                .init("mean", .interval, "mean extra delay; the least that keeps it from being negative unless given"),
            ] + JitterTiming.parameters,
            shorthands: ["deviation"]
        )
    ) { choice, context throws(ModelError) in
        try JitterTiming.checkBounds(choice)
        let normal = context.distributions.normal
        let deviation = choice.interval("deviation") ?? .zero
        let atKnots = deviation.scaled(byBillionths: choice.flag("per-packet") ? 1_000_000_000 : 1_224_744_871)
        // The table ends at finite values: the mean that puts its least value at zero.
        let least = Interval(nanoseconds: -normal.sample(0, scale: atKnots.nanoseconds))
        let mean = choice.interval("mean") ?? least
        guard mean >= least else {
            throw ModelError(
                parameter: "mean",
                "with a deviation of \(deviation) and a mean of \(mean) the extra delay would be negative; "
                    + "write mean: \(least) or more"
            )
        }
        let value: Quantile = { max(0, mean.nanoseconds + normal.sample($0, scale: atKnots.nanoseconds)) }
        return try NormalJitter(choice, context, knots: value, packets: value)
    }
}
