import CGSL

/// How far a sample is from a law, and how often a sample of that law would be at least as far.
public struct GoodnessOfFit: Hashable, Sendable {
    /// Chi-square, or the largest distance of the cumulative shares.
    public let statistic: Double
    /// A test that rejects below `alpha` is wrong in a share `alpha` of all runs: with seeds fixed, once and for all.
    public let pValue: Double

    /// Pearson's chi-square of counts against what was expected of each.
    ///
    /// - Parameters:
    ///   - observed: How often each outcome was seen.
    ///   - expected: How often it should have been; at least 5 each, or the p-value means little. Same sum.
    ///   - fitted: How many parameters of the law were taken from these very counts.
    /// - Returns: Pearson's sum, and its tail under chi-square with `count - 1 - fitted` degrees of freedom.
    public static func chiSquare(observed: [Int], expected: [Double], fitted: Int = 0) -> GoodnessOfFit {
        precondition(observed.count == expected.count, "as many counts as expectations")
        precondition(observed.count - 1 - fitted > 0, "no degree of freedom is left")
        precondition(expected.allSatisfy { $0 >= 5 }, "merge outcomes until five or more are expected of each")
        let total = Double(observed.reduce(0, +))
        precondition(abs(expected.reduce(0, +) - total) <= 1e-6 * total, "counts and expectations of different sums")
        let statistic = zip(observed, expected).reduce(0) { sum, cell in
            let excess = Double(cell.0) - cell.1
            return sum + excess * excess / cell.1
        }
        return GoodnessOfFit(
            statistic: statistic,
            pValue: gsl_cdf_chisq_Q(statistic, Double(observed.count - 1 - fitted))
        )
    }

    /// Kolmogorov and Smirnov's largest distance of a sample from a continuous law.
    ///
    /// - Parameters:
    ///   - samples: Independent values, in any order.
    ///   - cumulative: The law's probability of a value up to this one, nothing in it taken from the sample.
    /// - Returns: The distance, and how often a sample of the law would be at least as far from it.
    public static func kolmogorovSmirnov(_ samples: [Double], _ cumulative: (Double) -> Double) -> GoodnessOfFit {
        precondition(!samples.isEmpty, "no values to compare")
        let count = Double(samples.count)
        var distance = 0.0
        for (index, value) in samples.sorted().enumerated() {
            let probability = cumulative(value)
            distance = max(distance, Double(index + 1) / count - probability, probability - Double(index) / count)
        }
        return GoodnessOfFit(statistic: distance, pValue: kolmogorovTail(distance, effectiveCount: count))
    }

    /// Kolmogorov and Smirnov's largest distance between two samples of continuous laws.
    public static func kolmogorovSmirnov(_ first: [Double], _ second: [Double]) -> GoodnessOfFit {
        precondition(!first.isEmpty && !second.isEmpty, "no values to compare")
        let (a, b) = (first.sorted(), second.sorted())
        var (i, j) = (0, 0)
        var distance = 0.0
        while i < a.count, j < b.count {
            let value = min(a[i], b[j])
            while i < a.count, a[i] == value { i += 1 }
            while j < b.count, b[j] == value { j += 1 }
            distance = max(distance, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
        }
        let effective = Double(a.count) * Double(b.count) / Double(a.count + b.count)
        return GoodnessOfFit(statistic: distance, pValue: kolmogorovTail(distance, effectiveCount: effective))
    }

    /// `2 sum (-1)^(k-1) exp(-2 k^2 x^2)`, Kolmogorov's limit, at Stephens' (1970) `x` for finite counts.
    ///
    /// From 20 values on, within 0.02 of the exact p-value of one sample, and within 5 % of it where it decides,
    /// between 0.001 and 0.1 (against scipy's exact ones). Two samples' distances are coarse, and so is this p-value
    /// of theirs.
    private static func kolmogorovTail(_ distance: Double, effectiveCount: Double) -> Double {
        let root = effectiveCount.squareRoot()
        let x = (root + 0.12 + 0.11 / root) * distance
        // The series alternates and converges slowly near zero, where the answer is 1 to twelve digits.
        guard x > 0.2 else { return 1 }
        var sum = 0.0
        for k in 1...100 {
            let exponent = -2 * Double(k * k) * x * x
            // GSL treats an underflow as an error.
            guard exponent > -700 else { break }
            sum += (k % 2 == 1 ? 2 : -2) * gsl_sf_exp(exponent)
        }
        return min(1, max(0, sum))
    }
}
