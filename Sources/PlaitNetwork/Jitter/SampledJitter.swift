import PlaitCore

/// What the three standard jitter models share: one distribution at knots, and the plain one when drawn per packet.
class SampledJitter: JitterModel {
    let largestDelay: Interval
    let mayReorder: Bool
    private var wandering: WanderingDelay?
    private let stream: RandomStream
    private let value: @Sendable (UInt64) -> Int64

    /// A distribution in nanoseconds as a function of a uniform draw, increasing.
    typealias Quantile = @Sendable (UInt64) -> Int64

    /// - Parameters:
    ///   - choice: The jitter model's arguments.
    ///   - context: The random stream of this direction, and what else a model may know.
    ///   - knots: Values to interpolate between: the mean asked for, 3/2 of the variance.
    ///   - packets: Values for single packets: the distribution as asked for.
    /// - Throws: `ModelError` when the timing that was asked for contradicts itself.
    init(_ choice: ModelChoice, _ context: ModelContext, knots: @escaping Quantile, packets: @escaping Quantile)
        throws(ModelError)
    {
        let range = Interval(nanoseconds: knots(.max) - knots(0))
        let timing = try JitterTiming(choice, range: range)
        stream = context.stream
        mayReorder = timing.mayReorder
        value = packets
        switch timing {
        case .perPacket:
            largestDelay = Interval(nanoseconds: packets(.max))
        case .wandering(let spacing, let mayReorder):
            largestDelay = Interval(nanoseconds: knots(.max))
            wandering = WanderingDelay(
                stream: context.stream,
                spacing: spacing,
                range: mayReorder ? .zero : range,
                value: knots
            )
        }
    }

    func extraDelay(index: UInt64, at now: Instant) -> Interval {
        wandering?.delay(at: now) ?? Interval(nanoseconds: value(stream.draw(index, Self.packetDraw)))
    }

    private static let packetDraw: UInt64 = 4
}
