public import PlaitCore

/// An extra delay that wanders: values drawn at knots, straight lines between them.
///
/// Three properties are wanted at once, at any packet rate: the mean, the deviation, and no reordering.
///
/// - *No reordering* means that the delay never falls faster than time passes. A line from the largest value to the
///   smallest does so when knots are at least the values' whole range apart. (With a range of 72 ms, knots every 20 ms
///   could not: no process can lose 72 ms of delay within 20 ms and keep the order. So the default spacing is 20 ms or
///   1.5 ranges, whichever is longer.) Clamping to the last arrival would keep the order too, and inflate the delay.
/// - *The deviation*: a point at the share u of a line has the variance (1 - u)^2 + u^2 of a knot's, 2/3 on average. So
///   values at knots have 3/2 of the variance that is asked for.
/// - *At any packet rate*: with equally spaced knots a stream of packets with the same period would always meet the
///   same u, and its variance could be anything from 1/2 to 1. So the spacing is drawn, too, uniformly around its mean.
public struct WanderingDelay: Sendable {
    private let stream: RandomStream
    private let value: @Sendable (UInt64) -> Int64
    private let shortest: Int64
    private let spread: UInt64
    private var knot: UInt64 = 0
    private var start: Int64 = 0
    private var end: Int64 = 0
    private var from: Int64 = 0
    private var to: Int64 = 0

    /// - Parameters:
    ///   - stream: Where the values and the times of the knots are drawn from.
    ///   - spacing: Mean time between knots.
    ///   - range: The largest value less the smallest, or zero when reordering is welcome.
    ///   - value: The value at a knot, in nanoseconds, from a uniform draw.
    public init(
        stream: RandomStream,
        spacing: Interval,
        range: Interval,
        value: @escaping @Sendable (UInt64) -> Int64
    ) {
        precondition(spacing > .zero && spacing >= range, "a line this steep would reorder packets")
        self.stream = stream
        self.value = value
        shortest = max(range.nanoseconds, (spacing.nanoseconds + 1) / 2)
        spread = UInt64(2 * (spacing.nanoseconds - shortest)) + 1
        to = value(stream.draw(0, 0))
        advance()
    }

    /// The extra delay at `now`, which never goes backwards.
    public mutating func delay(at now: Instant) -> Interval {
        while now.nanoseconds >= end { advance() }
        let (fall, rise) = (max(0, from - to), max(0, to - from))
        let passed = UInt64(now.nanoseconds - start)
        let length = UInt64(end - start)
        let product = UInt64(fall + rise).multipliedFullWidth(by: passed)
        let (quotient, rest) = length.dividingFullWidth(product)
        // Rounded down in both directions, so that `now + delay` never decreases.
        let change = rise > 0 ? Int64(quotient) : -Int64(quotient) - (rest > 0 ? 1 : 0)
        return Interval(nanoseconds: from + change)
    }

    private mutating func advance() {
        knot += 1
        start = end
        from = to
        to = value(stream.draw(knot, 0))
        end = start + shortest + Int64(stream.draw(knot, 1).multipliedFullWidth(by: spread).high)
    }

    /// Mean spacing unless the scenario gives one.
    static func defaultSpacing(range: Interval) -> Interval {
        max(.milliseconds(20), Interval(nanoseconds: range.nanoseconds + range.nanoseconds / 2))
    }
}
