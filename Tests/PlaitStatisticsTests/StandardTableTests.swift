import CGSL
import PlaitCore
import PlaitStatistics
import Testing

/// The tables that every simulation samples, against GSL, scipy and their closed forms.
@Suite("Standard quantile tables")
struct StandardTableTests {
    private static let tables = Distributions.standard()

    /// What a table is held to.
    struct Law: Sendable, CustomStringConvertible {
        let table: QuantileTable
        let mean: Double
        let variance: Double
        /// The largest distance of any sample from the exact quantile, relative to the larger of the quantile and 1:
        /// what straight lines between knots cost, and the bend that gives mean and variance back.
        let error: Double

        var description: String { table.name }
    }

    private static let laws: [Law] = [
        Law(table: tables.exponential, mean: 1, variance: 1, error: 6e-5),
        Law(table: tables.normal, mean: 0, variance: 1, error: 2e-5),
        Law(table: tables.arcsine, mean: 0.5, variance: 0.125, error: 1e-5),
        Law(table: tables.gamma, mean: 1, variance: 1.5, error: 6e-5),
    ]

    /// Mean and variance of a table's law, summed over its pieces in another way than the builder's.
    private static func moments(_ table: QuantileTable) -> (mean: Double, variance: Double) {
        let (knots, words) = (QuantileTable.knots, table.words)
        var (sum, squares) = (0.0, 0.0)
        for index in 1..<knots.count where knots[index].isUpper == knots[index - 1].isUpper {
            let width = knots[index].probability - knots[index - 1].probability
            // A piece is uniform between its ends: middle and a twelfth of the squared length.
            let middle = (Double(words[index]) + Double(words[index - 1])) * 0x1p-33
            let length = Double(words[index] - words[index - 1]) * 0x1p-32
            sum += width * middle
            squares += width * (middle * middle + length * length / 12)
        }
        return (sum, squares - sum * sum)
    }

    @Test("mean and variance are what is promised, to 10^-9", arguments: laws)
    func moments(law: Law) {
        let (mean, variance) = Self.moments(law.table)
        #expect(agree(mean, law.mean, within: 1e-9, floor: 1))
        #expect(agree(variance, law.variance, within: 1e-9))
    }

    @Test("samples agree with scipy's quantiles, in both tails down to 2^-40", arguments: laws)
    func scipy(law: Law) throws {
        let name = law.table.name == "gamma-2/3" ? "gamma" : law.table.name
        let lines = try table("distributions").filter { $0[0] == name }
        #expect(lines.count == 246)
        for line in lines {
            let draw = try #require(UInt64(line[1], radix: 16))
            let expected = try #require(Double(line[2]))
            let actual = Double(law.table.sample(draw)) * 0x1p-32
            #expect(agree(actual, expected, within: law.error, floor: 1), "draw \(line[1])")
        }
    }

    /// The exact quantile beyond `tail`, by GSL's inverse distribution functions.
    private static func quantile(_ name: String, tail: Double, isUpper: Bool) -> Double {
        switch name {
        case "exponential":
            return isUpper ? gsl_cdf_exponential_Qinv(tail, 1) : gsl_cdf_exponential_Pinv(tail, 1)
        case "normal":
            let beyond = gsl_cdf_ugaussian_Q(3)
            let density = gsl_ran_ugaussian_pdf(3)
            // The variance of a normal restricted to -3...3, in closed form.
            let deviation = (1 - 6 * density / (1 - 2 * beyond)).squareRoot()
            let value = gsl_cdf_ugaussian_Qinv(beyond + tail * (1 - 2 * beyond)) / deviation
            return isUpper ? value : -value
        case "arcsine":
            return isUpper ? gsl_cdf_beta_Qinv(tail, 0.5, 0.5) : gsl_cdf_beta_Pinv(tail, 0.5, 0.5)
        default:
            let beyond = 0x1p-10
            let value =
                isUpper
                ? gsl_cdf_gamma_Qinv(beyond + tail * (1 - beyond), 2.0 / 3, 1.5)
                : gsl_cdf_gamma_Pinv(tail * (1 - beyond), 2.0 / 3, 1.5)
            // Scale and bend as scipy's integration found them: see the head of distributions.txt.
            return 0.985_857_592_970_661_6 * (value + 0.009_834_642_503_038_718 * value * value)
        }
    }

    @Test("10,000 samples agree with GSL's inverse distribution functions", arguments: laws)
    func gsl(law: Law) {
        let stream = RandomStream(seed: 1, name: "quantiles")
        var worst = 0.0
        for index in 0..<10_000 as Range<UInt64> {
            let draw = stream.draw(index)
            let tail = (Double(min(draw, ~draw)) + 0.5) * 0x1p-64
            let exact = Self.quantile(law.table.name, tail: tail, isUpper: draw >> 63 == 1)
            worst = max(worst, abs(Double(law.table.sample(draw)) * 0x1p-32 - exact) / max(1, abs(exact)))
        }
        #expect(worst <= law.error)
        // The bound means something: it is less than ten times what is there.
        #expect(worst > law.error / 10)
    }

    @Test("the ends are where the documentation says, and no sample of a delay is negative")
    func ends() {
        let tables = Self.tables
        let ends = [tables.exponential, tables.normal, tables.arcsine, tables.gamma].map {
            ($0.sample(0), Double($0.sample(.max)) * 0x1p-32)
        }
        #expect(ends[0].0 == 0)
        #expect(agree(ends[0].1, 30.42, within: 1e-3))
        #expect(agree(ends[1].1, 3.041, within: 1e-3))
        #expect(ends[2] == (0, 1))
        #expect(ends[3].0 == 0)
        #expect(agree(ends[3].1, 9.631, within: 1e-3))
    }

    @Test("normal and arcsine are symmetric to the last bit")
    func symmetric() {
        let stream = RandomStream(seed: 1, name: "symmetry")
        for index in 0..<10_000 as Range<UInt64> {
            let draw = stream.draw(index) >> (index % 40)
            #expect(abs(Self.tables.normal.sample(draw) + Self.tables.normal.sample(~draw)) <= 1)
            #expect(abs(Self.tables.arcsine.sample(draw) + Self.tables.arcsine.sample(~draw) - 1 << 32) <= 1)
        }
    }

    @Test("sampled values follow the law, by Kolmogorov and Smirnov")
    func sampled() {
        let stream = RandomStream(seed: 1, name: "samples")
        let values = (0..<20_000 as Range<UInt64>).map {
            Double(Self.tables.exponential.sample(stream.draw($0))) * 0x1p-32
        }
        let fit = GoodnessOfFit.kolmogorovSmirnov(values) { gsl_cdf_exponential_P($0, 1) }
        // One fixed seed: a correct table would fail this for one seed in a thousand.
        #expect(fit.pValue > 0.001)
        // The same values against a mean that is 3 % off are rejected: the test can fail.
        #expect(GoodnessOfFit.kolmogorovSmirnov(values) { gsl_cdf_exponential_P($0, 1.03) }.pValue < 0.001)
    }

    @Test("other cuts keep mean and variance, too", arguments: [0x1p-30, 0x1p-14, 0x1p-6])
    func cuts(beyond: Double) {
        let (mean, variance) = Self.moments(.gamma(beyond: beyond))
        #expect(agree(mean, 1, within: 1e-9))
        #expect(agree(variance, 1.5, within: 1e-9))
        let cut = [0x1p-30: 6.0, 0x1p-14: 4, 0x1p-6: 1][beyond, default: 2]
        #expect(agree(Self.moments(.normal(cut: cut)).variance, 1, within: 1e-9))
    }
}
