import Foundation
import PlaitCore
import PlaitFEC
import TestSupport
import Testing

/// Losses through the decoder's own bookkeeping, against closed forms.
///
/// `PLAIT_FEC_BLOCKS=100000000 scripts/test --filter ResidualLoss` plays more blocks than the 300,000 of every day.
@Suite("Residual loss", .enabled(if: isOptimized))
struct ResidualLossTests {
    private static let blocks =
        ProcessInfo.processInfo.environment["PLAIT_FEC_BLOCKS"].flatMap(Int.init) ?? 300_000

    private static func binomial(_ count: Int, _ probability: Double) -> [Double] {
        var distribution = [1.0]
        for _ in 0..<count {
            var next = [Double](repeating: 0, count: distribution.count + 1)
            for (successes, weight) in distribution.enumerated() {
                next[successes] += weight * (1 - probability)
                next[successes + 1] += weight * probability
            }
            distribution = next
        }
        return distribution
    }

    /// p P[Bin(k + m - 1, p) >= m].
    private static func residual(_ sources: Int, _ repairs: Int, _ probability: Double) -> Double {
        probability * binomial(sources + repairs - 1, probability)[repairs...].reduce(0, +)
    }

    /// The variance of how many sources of a block stay lost.
    private static func variance(_ sources: Int, _ repairs: Int, _ probability: Double) -> Double {
        let (ofSources, ofRepairs) = (binomial(sources, probability), binomial(repairs, probability))
        var (mean, square) = (0.0, 0.0)
        for (lost, weight) in ofSources.enumerated() {
            for (lostRepairs, other) in ofRepairs.enumerated() where lost + lostRepairs > repairs {
                mean += weight * other * Double(lost)
                square += weight * other * Double(lost * lost)
            }
        }
        return square - mean * mean
    }

    @Test("the closed form is the one that the targets list")
    func closedForm() {
        let listed = [(0.01, 2.06e-6), (0.02, 3.07e-5), (0.05, 9.78e-4), (0.1, 1.109e-2), (0.2, 8.83e-2)]
        for (probability, expected) in listed {
            let actual = Self.residual(10, 3, probability)
            #expect(abs(actual / expected - 1) < 3e-3, "\(probability): \(actual)")
        }
    }

    @Test(
        "independent losses leave p P[Bin(k+m-1, p) >= m] of the source packets lost",
        arguments: [(10, 3), (20, 6)],
        [0.01, 0.02, 0.05, 0.1, 0.2]
    )
    func independent(shape: (Int, Int), probability: Double) {
        let (sources, repairs) = shape
        let blocks = Self.blocks
        let stream = RandomStream(seed: 6, name: "fec/residual/\(sources)+\(repairs)/\(probability)")
        let threshold = UInt64(probability * 0x1p64)
        var tally = LossTally(sources: sources, repairs: repairs)
        for block in 0..<UInt64(blocks) {
            var draws = stream.draws(block)
            tally.play { symbol in
                if symbol > 0 && symbol & 3 == 0 { draws = stream.draws(block, UInt64(symbol >> 2)) }
                let draw =
                    switch symbol & 3 {
                    case 0: draws.0
                    case 1: draws.1
                    case 2: draws.2
                    default: draws.3
                    }
                return draw < threshold
            }
        }
        let packets = Double(blocks * sources)
        let expected = Self.residual(sources, repairs, probability)
        let deviation = (Self.variance(sources, repairs, probability) * Double(blocks)).squareRoot() / packets
        let actual = Double(tally.unrecovered) / packets
        print("fec \(sources)+\(repairs) at \(probability): \(actual), expected \(expected) +- \(deviation)")
        // Rare events come in lumps: where a handful of blocks is expected to fail, one more is no surprise.
        #expect(abs(actual - expected) <= 4.5 * deviation + Double(repairs + 1) / packets)
        let lost = (probability * (1 - probability) / packets).squareRoot()
        #expect(abs(Double(tally.lost) / packets - probability) <= 4.5 * lost)
        #expect(tally.blocks == blocks)
    }

    /// Losses of one path: good and bad by turns, a packet lost whenever it is bad (Gilbert 1960).
    private struct Bursts {
        private var draws: Draws
        private var isBad = false
        private let (begins, ends): (Int, Int)

        /// Bursts of `burst` packets on average, `mean` of all packets lost, in millionths.
        init(_ name: String, mean: Int, burst: Int) {
            draws = Draws(6, name)
            begins = mean * 1_000_000 / (1_000_000 - mean) / burst
            ends = 1_000_000 / burst
        }

        mutating func next() -> Bool {
            let draw = draws.below(1_000_000)
            isBad = isBad ? draw >= ends : draw < begins
            return isBad
        }
    }

    /// How many of a million source packets stay lost, at 2 % loss: blocks of 10 + 3 in turn packet by packet,
    /// `depth` at a time, over so many paths in turn.
    private static func burstResidual(burst: Int, depth: Int, paths: Int) -> Double {
        var links = (0..<paths).map { Bursts("fec/bursts/\($0)", mean: 20_000, burst: burst) }
        var tally = LossTally(sources: 10, repairs: 3)
        for _ in 0..<40_000 / depth {
            var fates = [[Bool]](repeating: [], count: depth)
            for symbol in 0..<13 {
                for block in 0..<depth {
                    // A block's packets go over the paths by turns, whatever the depth.
                    fates[block].append(links[(symbol + block) % paths].next())
                }
            }
            for block in fates { tally.play { block[$0] } }
        }
        return 1e6 * Double(tally.unrecovered) / Double(tally.blocks * 10)
    }

    @Test("bursts of the same mean lose more, and interleaving over two paths recovers most of that")
    func bursts() {
        let independent = 1e6 * Self.residual(10, 3, 0.02)
        let burst = Self.burstResidual(burst: 6, depth: 1, paths: 1)
        print("fec 10+3 at 2 %, of a million source packets: independent \(independent), bursts of 6 \(burst)")
        var residuals: [Int: Double] = [:]
        for depth in [1, 2, 4, 8] {
            for paths in [1, 2] {
                let residual = Self.burstResidual(burst: 6, depth: depth, paths: paths)
                residuals[10 * depth + paths] = residual
                print("  \(paths) paths, \(depth) blocks interleaved: \(residual)")
            }
        }
        #expect(burst > 100 * independent)
        #expect(residuals[82, default: burst] < burst / 5)
        #expect(residuals[12, default: burst] < burst)
    }
}
