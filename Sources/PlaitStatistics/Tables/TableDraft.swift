package import PlaitCore

/// A quantile table while it is still made of `Double`s: its moments can be computed exactly and bent to what is
/// wanted.
///
/// Straight lines between exact quantiles have not quite the distribution's mean and variance, and a distribution
/// that was cut has neither. What users are promised is the mean and the deviation, so those are set on the table
/// itself.
package struct TableDraft {
    /// In the order of `QuantileTable.knots`: the lower half from its end to the middle, then the upper half likewise.
    package private(set) var values: [Double]

    /// Asks `quantile` for the value at every knot.
    package init(quantile: (QuantileTable.Knot) -> Double) {
        values = QuantileTable.knots.map(quantile)
    }

    /// Mean and variance of the law that the table samples: linear between knots, so both are finite sums.
    package var moments: (mean: Double, variance: Double) { Self.moments(of: values) }

    /// Maps all values by `curve`, which must not decrease.
    package mutating func map(_ curve: (Double) -> Double) { values = values.map(curve) }

    /// Bends `x` to `s (x + e x^2)` with the `s` and `e` that give this mean and variance; zero stays zero.
    ///
    /// - Precondition: The values are not negative.
    package mutating func bend(toMean mean: Double, variance: Double) {
        let bend = Self.root(near: 0, 0.001) { bend in
            let (m, v) = Self.moments(of: values.map { $0 + bend * $0 * $0 })
            return v / (m * m) - variance / (mean * mean)
        }
        map { $0 + bend * $0 * $0 }
        let scale = mean / moments.mean
        map { scale * $0 }
    }

    /// Bends `x` in -1...1 to `x + e x (1 - x^2)` with the `e` that gives this variance; -1, 0 and 1 stay.
    package mutating func bendInside(toVariance variance: Double) {
        let bend = Self.root(near: 0, 0.000_1) { bend in
            Self.moments(of: values.map { $0 + bend * $0 * (1 - $0 * $0) }).variance - variance
        }
        map { $0 + bend * $0 * (1 - $0 * $0) }
    }

    /// Scales around zero to this variance.
    package mutating func scale(toVariance variance: Double) {
        let factor = (variance / moments.variance).squareRoot()
        map { factor * $0 }
    }

    /// The table, its values rounded to units of 2^-32.
    package func table(named name: String) -> QuantileTable {
        QuantileTable(name: name, words: values.map { Int64(($0 * 0x1p32).rounded(.toNearestOrAwayFromZero)) })
    }

    private static func moments(of values: [Double]) -> (mean: Double, variance: Double) {
        let knots = QuantileTable.knots
        var mean = 0.0
        var variance = 0.0
        for index in 1..<knots.count where knots[index].isUpper == knots[index - 1].isUpper {
            let width = knots[index].probability - knots[index - 1].probability
            mean += width * (values[index - 1] + values[index]) / 2
        }
        for index in 1..<knots.count where knots[index].isUpper == knots[index - 1].isUpper {
            let width = knots[index].probability - knots[index - 1].probability
            let (a, b) = (values[index - 1] - mean, values[index] - mean)
            variance += width * (a * a + a * b + b * b) / 3
        }
        return (mean, variance)
    }

    /// The zero of a smooth function, by secants from two first guesses.
    private static func root(near first: Double, _ second: Double, of function: (Double) -> Double) -> Double {
        var (a, b) = (first, second)
        var (atA, atB) = (function(a), function(b))
        for _ in 0..<30 where atA != atB {
            (a, b) = (b, b - atB * (b - a) / (atB - atA))
            (atA, atB) = (atB, function(b))
            guard abs(b - a) > 1e-15 else { break }
        }
        precondition(abs(atB) < 1e-12, "the moments asked for are out of reach")
        return b
    }
}
