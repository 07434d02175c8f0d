/// Mean and variance of values that are seen once (Welford 1962; merged as in Chan, Golub and LeVeque 1979).
///
/// Sums of squares would lose all digits when the deviation is small beside the mean, as a delay's usually is.
public struct RunningMoments: Hashable, Sendable {
    /// How many values were taken in.
    public private(set) var count = 0
    /// Zero before the first value.
    public private(set) var mean = 0.0
    /// The sum of squared distances from the mean.
    private var squares = 0.0

    /// Before the first value.
    public init() {}

    /// Of all values of `samples`.
    public init(_ samples: some Sequence<Double>) {
        for sample in samples { add(sample) }
    }

    /// Takes one value in.
    public mutating func add(_ value: Double) {
        count += 1
        let distance = value - mean
        mean += distance / Double(count)
        squares += distance * (value - mean)
    }

    /// Takes all values of `other` in, as if they had been added one by one.
    public mutating func merge(_ other: RunningMoments) {
        guard other.count > 0 else { return }
        let total = count + other.count
        let distance = other.mean - mean
        let share = Double(other.count) / Double(total)
        squares += other.squares + distance * distance * Double(count) * share
        mean += distance * share
        count = total
    }

    /// The unbiased sample variance, divided by `count - 1`; nil for fewer than two values.
    public var variance: Double? { count > 1 ? squares / Double(count - 1) : nil }

    /// The square root of the variance.
    public var deviation: Double? { variance?.squareRoot() }
}
