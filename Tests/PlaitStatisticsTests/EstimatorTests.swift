import PlaitCore
import PlaitStatistics
import Testing

@Suite("Estimators")
struct EstimatorTests {
    /// The samples of estimators.py.
    private static func series(_ count: Int) -> [Double] { (0..<count).map { Double($0 * 7_919 % 1_009) / 1_009 } }

    /// The numbers of each line of estimators.txt about `subject`.
    private static func lines(_ subject: String, count: Int) throws -> [[Double]] {
        let lines = try table("estimators").filter { $0[0] == subject }
        #expect(lines.count == count)
        return try lines.map { try $0.dropFirst().map { try #require(Double($0)) } }
    }

    @Test("mean, variance and Student's interval are scipy's")
    func means() throws {
        for line in try Self.lines("mean", count: 12) {
            let moments = RunningMoments(Self.series(Int(line[0])))
            let interval = try #require(ConfidenceInterval.ofMean(moments, level: line[1]))
            #expect(agree(interval.estimate, line[2], within: 1e-12))
            #expect(agree(try #require(moments.variance), line[3], within: 1e-12))
            #expect(agree(interval.lower, line[4], within: 1e-9))
            #expect(agree(interval.upper, line[5], within: 1e-9))
        }
    }

    @Test("Wilson's interval is scipy's, at no and at only successes too")
    func wilson() throws {
        for line in try Self.lines("wilson", count: 18) {
            let interval = try #require(ConfidenceInterval.ofShare(Int(line[0]), of: Int(line[1]), level: line[2]))
            #expect(agree(interval.lower, line[3], within: 1e-9))
            #expect(agree(interval.upper, line[4], within: 1e-9))
            #expect(interval.contains(line[0] / line[1]))
        }
        #expect(ConfidenceInterval.ofShare(0, of: 0) == nil)
    }

    @Test("the variance of small differences on a large mean is not lost")
    func stability() throws {
        // The variance of 0, 1, ..., 9 is 55/6, wherever they start.
        let moments = RunningMoments((0..<10).map { 1e9 + Double($0) })
        #expect(agree(try #require(moments.variance), 55.0 / 6, within: 1e-12))
        #expect(RunningMoments([5]).variance == nil)
        #expect(ConfidenceInterval.ofMean([5]) == nil)
    }

    @Test("merged moments are those of all values", arguments: [0, 1, 7, 99, 100])
    func merged(cut: Int) throws {
        let values = Self.series(100)
        var moments = RunningMoments(values[..<cut])
        moments.merge(RunningMoments(values[cut...]))
        let whole = RunningMoments(values)
        #expect(moments.count == 100)
        #expect(agree(moments.mean, whole.mean, within: 1e-13))
        #expect(agree(try #require(moments.variance), try #require(whole.variance), within: 1e-12))
    }

    @Test("chi-square is scipy's")
    func chiSquare() throws {
        for line in try Self.lines("chisquare", count: 4) {
            let observed = (0..<Int(line[0])).map { 40 + $0 * 37 % 11 }
            let mean = Double(observed.reduce(0, +)) / line[0]
            let expected = [Double](repeating: mean, count: observed.count)
            let fit = GoodnessOfFit.chiSquare(observed: observed, expected: expected, fitted: Int(line[1]))
            #expect(agree(fit.statistic, line[2], within: 1e-12))
            #expect(agree(fit.pValue, line[3], within: 1e-9))
        }
    }

    @Test("Kolmogorov and Smirnov's distance is scipy's, the p-value close to the exact one")
    func kolmogorov() throws {
        for line in try Self.lines("ks1", count: 7) {
            let values = Self.series(Int(line[0])).map { $0 + line[1] }
            let fit = GoodnessOfFit.kolmogorovSmirnov(values.reversed()) { min(1, max(0, $0)) }
            #expect(agree(fit.statistic, line[2], within: 1e-12))
            #expect(agree(fit.pValue, line[3], within: 0.02, floor: 1))
            if (0.001..<0.1).contains(line[3]) { #expect(agree(fit.pValue, line[3], within: 0.05)) }
        }
        for line in try Self.lines("ks2", count: 4) {
            let second = (1...Int(line[1])).map { Double($0 * 787 % 2_003) / 2_003 + line[2] }
            let fit = GoodnessOfFit.kolmogorovSmirnov(Self.series(Int(line[0])), second)
            #expect(agree(fit.statistic, line[3], within: 1e-12))
            #expect(agree(fit.pValue, line[4], within: 0.03, floor: 1))
            if (0.001..<0.1).contains(line[4]) { #expect(agree(fit.pValue, line[4], within: 0.1)) }
        }
        #expect(GoodnessOfFit.kolmogorovSmirnov([1, 1, 2], [1, 1, 2]).statistic == 0)
        #expect(GoodnessOfFit.kolmogorovSmirnov([0, 1], [2, 3]).statistic == 1)
    }

    @Test("a percentile by nearest rank is the value that integers say")
    func percentiles() {
        let twenty = Array(1...20)
        let shares: [(percent: UInt32, value: Int)] = [
            (0, 1), (1, 1), (5, 1), (6, 2), (50, 10), (95, 19), (96, 20), (100, 20),
        ]
        for (percent, value) in shares {
            #expect(Percentile.nearestRank(.percent(percent), ofSorted: twenty) == value)
        }
        // 0.07 * 100 is more than 7 in floating point, and the rank would be 8.
        #expect(Percentile.nearestRank(.percent(7), of: (1...100).reversed()) == 7)
        #expect(Percentile.nearestRank(Probability(partsPerBillion: 999_000_000), ofSorted: Array(1...1_000)) == 999)
        #expect(Percentile.nearestRank(Probability(partsPerBillion: 999_000_001), ofSorted: Array(1...1_000)) == 1_000)
        #expect(Percentile.nearestRank(.percent(50), ofSorted: [Int]()) == nil)
    }
}

@Suite("Batch means")
struct BatchMeansTests {
    /// An autoregressive series x' = 0.9 x + e with e uniform on -1...1: mean 0, remembers about ten values.
    private static func series(seed: UInt64, count: Int) -> [Double] {
        let stream = RandomStream(seed: seed, name: "autoregressive")
        var value = 0.0
        return (0..<count).map { index in
            value = 0.9 * value + Double(stream.draw(UInt64(index)).uniform(below: 2_000_001)) / 1e6 - 1
            return value
        }
    }

    @Test("batches follow each other, and the rest is left out at the start")
    func batches() throws {
        let means = try #require(BatchMeans((0..<23).map(Double.init), batches: 4))
        #expect(means.batchLength == 5)
        #expect(means.means == [5, 10, 15, 20])
        #expect(BatchMeans([1, 2, 3], batches: 4) == nil)
        // By hand: (5 - 12.5)(10 - 12.5) + (10 - 12.5)(15 - 12.5) + (15 - 12.5)(20 - 12.5) over 125.
        #expect(means.correlation == 0.25)
        #expect(BatchMeans([2, 2, 2, 2], batches: 2)?.correlation == nil)
    }

    @Test("95 % intervals of a correlated series hold its mean 95 times in 100, where Student's alone do not")
    func coverage() throws {
        var covered = 0
        var naive = 0
        for seed in 0..<400 as Range<UInt64> {
            let series = Self.series(seed: seed, count: 4_000)
            if try #require(ConfidenceInterval.ofMean(correlated: series)).contains(0) { covered += 1 }
            if try #require(ConfidenceInterval.ofMean(series)).contains(0) { naive += 1 }
        }
        // 400 trials at 95 %: 380 with deviation 4.4. Batches of 200 remember a little, so the lower side has more
        // room.
        #expect((360...397).contains(covered))
        // The variance of the mean is 19 times what independence would make of it: about 35 % are covered.
        #expect((90...200).contains(naive))
    }
}
