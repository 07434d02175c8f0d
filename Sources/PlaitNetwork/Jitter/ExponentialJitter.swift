import PlaitCore

/// An exponentially distributed extra delay: mostly short, now and then long. A bare value is the mean.
///
/// Between knots: a gamma distribution of shape 2/3 has the same mean and 3/2 of the variance.
final class ExponentialJitter: SampledJitter {
    static let registration = JitterRegistration(
        signature: ModelSignature(
            name: "exponential",
            summary: "an exponentially distributed extra delay",
            parameters: [.init("mean", .interval, required: true, "mean and standard deviation of the extra delay")]
                + JitterTiming.parameters,
            shorthands: ["mean"]
        )
    ) { choice, context throws(ModelError) in
        try JitterTiming.checkBounds(choice)
        let mean = (choice.interval("mean") ?? .zero).nanoseconds
        let (gamma, exponential) = (context.distributions.gamma, context.distributions.exponential)
        return try ExponentialJitter(
            choice,
            context,
            knots: { max(0, gamma.sample($0, scale: mean)) },
            packets: { max(0, exponential.sample($0, scale: mean)) }
        )
    }
}
