import CGSL

/// An estimate and the bounds that hold the true value in a share `level` of all repetitions.
public struct ConfidenceInterval: Hashable, Sendable {
    /// The single best value.
    public let estimate: Double
    /// The least value that is not ruled out.
    public let lower: Double
    /// The largest.
    public let upper: Double
    /// `0.95` for a 95 % interval.
    public let level: Double

    /// An interval whose bounds are known.
    public init(estimate: Double, lower: Double, upper: Double, level: Double) {
        precondition(lower <= upper, "an interval whose bounds are swapped")
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
        self.level = level
    }

    /// Half of the interval's width: what stands after the plus-minus sign.
    public var halfWidth: Double { (upper - lower) / 2 }

    /// Whether `value` lies within the bounds.
    public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}

extension ConfidenceInterval {
    /// The mean of independent, roughly normal values, by Student's t; nil for fewer than two values.
    ///
    /// For values that depend on each other, such as the delays of successive packets, use `ofMean(correlated:)`.
    public static func ofMean(_ moments: RunningMoments, level: Double = 0.95) -> ConfidenceInterval? {
        checkLevel(level)
        guard let variance = moments.variance else { return nil }
        let count = Double(moments.count)
        let half = gsl_cdf_tdist_Pinv(0.5 + level / 2, count - 1) * (variance / count).squareRoot()
        return ConfidenceInterval(
            estimate: moments.mean,
            lower: moments.mean - half,
            upper: moments.mean + half,
            level: level
        )
    }

    /// The mean of independent, roughly normal values, by Student's t; nil for fewer than two values.
    public static func ofMean(_ samples: some Sequence<Double>, level: Double = 0.95) -> ConfidenceInterval? {
        ofMean(RunningMoments(samples), level: level)
    }

    /// A share, such as a loss rate, by Wilson's score interval (Wilson 1927, without continuity correction).
    ///
    /// Holds near 0 and 1, where mean plus-minus deviation does not: no loss in 100 packets is not "no loss, surely".
    public static func ofShare(_ count: Int, of trials: Int, level: Double = 0.95) -> ConfidenceInterval? {
        checkLevel(level)
        precondition(count >= 0 && count <= trials, "more successes than trials")
        guard trials > 0 else { return nil }
        let z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2)
        let n = Double(trials)
        let share = Double(count) / n
        let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        // The bounds at 0 and n successes are exactly 0 and 1; rounding must not put the estimate outside.
        return ConfidenceInterval(
            estimate: share,
            lower: count == 0 ? 0 : max(0, centre - half),
            upper: count == trials ? 1 : min(1, centre + half),
            level: level
        )
    }

    /// A level of 0 or 1 would give an interval of nothing or of everything.
    static func checkLevel(_ level: Double) {
        precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1")
    }
}
