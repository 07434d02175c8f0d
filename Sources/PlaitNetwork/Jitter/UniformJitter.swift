import PlaitCore

/// Any extra delay between two bounds is equally likely. A bare value is the standard deviation, counted from 0.
///
/// Between knots: the arcsine distribution on the same bounds has the same mean and 3/2 of the variance (R^2/8 for
/// R^2/12).
final class UniformJitter: SampledJitter {
    static let registration = JitterRegistration(
        signature: ModelSignature(
            name: "uniform",
            summary: "any extra delay between two bounds",
            parameters: [
                .init(
                    "deviation",
                    .interval,
                    "standard deviation; the bounds are then 0 and this times the root of 12"
                ),
                .init("from", .interval, "the least extra delay; with `to`"),
                .init("to", .interval, "the most extra delay; with `from`"),
            ] + JitterTiming.parameters,
            shorthands: ["deviation"]
        )
    ) { choice, context throws(ModelError) in
        try JitterTiming.checkBounds(choice)
        let (from, to): (Interval, Interval)
        switch (choice.interval("deviation"), choice.interval("from"), choice.interval("to")) {
        case (let deviation?, nil, nil): (from, to) = (.zero, deviation.scaled(byBillionths: 3_464_101_615))
        case (nil, let least?, let most?): (from, to) = (least, most)
        default: throw ModelError("write either `deviation`, or `from` and `to`")
        }
        guard from <= to else { throw ModelError(parameter: "to", "must not be less than `from`") }
        let (least, range) = (from.nanoseconds, (to - from).nanoseconds)
        let arcsine = context.distributions.arcsine
        return try UniformJitter(
            choice,
            context,
            knots: { least + min(range, max(0, arcsine.sample($0, scale: range))) },
            packets: { least + Int64($0.multipliedFullWidth(by: UInt64(range) + 1).high) }
        )
    }
}
