import PlaitCore
import PlaitNetwork
import PlaitStatistics
import TestSupport
import Testing

/// Gilbert and Elliott's loss against its closed forms.
///
/// Bounds are four standard errors wide (false alarm of one in 16,000 for another seed); the seeds are fixed.
@Suite("Loss in bursts")
struct LossTests {
    private func model(_ arguments: [ModelChoice.Argument], seed: UInt64 = 1) throws -> any LossModel {
        let registration = try #require(LinkModels.standard.loss.first { $0.signature.name == "gilbert-elliott" })
        let context = ModelContext(
            stream: RandomStream(seed: seed, name: "loss"),
            rate: .megabits(10),
            mtu: 1_500,
            distributions: World.distributions
        )
        return try registration.make(ModelChoice("gilbert-elliott", arguments), context)
    }

    private struct Seen {
        var share = 0.0
        /// Lengths of runs of lost packets.
        var runs: [Int] = []
    }

    private func watch(_ model: any LossModel, every gap: Int64, count: Int) -> Seen {
        var (seen, lost, run) = (Seen(), 0, 0)
        for index in 0..<count {
            if model.loses(index: UInt64(index), at: Instant(nanoseconds: Int64(index) * gap)) {
                (lost, run) = (lost + 1, run + 1)
            } else if run > 0 {
                seen.runs.append(run)
                run = 0
            }
        }
        seen.share = Double(lost) / Double(count)
        return seen
    }

    private static let burst5: [ModelChoice.Argument] = [
        .init("mean", .probability(.percent(5))), .init("burst", .decimal(millionths: 5_000_000)),
    ]

    /// One step of the chain is 0.96 ms: 1,200 bytes at 10 Mbps. A bad stay of 5 steps lasts 4.8 ms, a good one
    /// 91.2 ms.
    @Test(
        "the share of time lost is the mean asked for, at packet rates of 100, 1,000 and 10,000 a second",
        .enabled(if: isOptimized),
        arguments: [
            (10_000_000, 300_000), (1_000_000, 1_000_000), (100_000, 2_000_000),
        ] as [(Int64, Int)]
    )
    func mean(gap: Int64, count: Int) throws {
        let seconds = Double(gap) * Double(count) / 1e9
        let share = watch(try model(Self.burst5, seed: UInt64(gap)), every: gap, count: count).share
        // Relative variance of a two-state process' share of time: 2 (1 - m) / cycles, and the sampling's own.
        let cycles = seconds / 0.096
        let error = 0.05 * (2 * 0.95 * 0.95 / cycles + (gap > 4_800_000 ? 19 / Double(count) : 0)).squareRoot()
        #expect(abs(share - 0.05) < 4 * error, "\(share) at \(count) packets")
        #expect(error < 0.05 * 0.05)
    }

    @Test("the same seed loses the same stretches of time, however many packets look")
    func sameTimes() throws {
        let (often, seldom) = (try model(Self.burst5), try model(Self.burst5))
        for step in 0..<200_000 {
            let now = Instant(nanoseconds: Int64(step) * 100_000)
            let isLost = often.loses(index: UInt64(step), at: now)
            guard step % 100 == 0 else { continue }
            let isLostThere = seldom.loses(index: UInt64(step / 100), at: now)
            #expect(isLost == isLostThere)
        }
    }

    @Test("a burst of 5 lasts 5 serialisation times of 1,200 bytes on average", .enabled(if: isOptimized))
    func burst() throws {
        let gap: Int64 = 100_000
        let seen = watch(try model(Self.burst5), every: gap, count: 3_000_000)
        // Stays shorter than a gap are seen only sometimes: (stay / gap) (1 - e^(-gap / stay)) of them.
        let stay = 4.8
        let ratio = 0.1 / stay
        let isSeen = (1 - (1 - ratio + ratio * ratio / 2 - ratio * ratio * ratio / 6)) / ratio
        let mean = RunningMoments(seen.runs.map { Double($0) * 0.1 }).mean * isSeen
        let error = stay / Double(seen.runs.count).squareRoot()
        #expect(abs(mean - stay) < 4 * error + 0.001 * stay, "\(mean) ms of \(seen.runs.count) bursts")
        #expect(error < 0.03 * stay)
    }

    @Test("four parameters: loss of each state, weighted by the time in it", .enabled(if: isOptimized))
    func fourParameters() throws {
        let arguments: [ModelChoice.Argument] = [
            .init("good-to-bad", .probability(.percent(2))), .init("bad-to-good", .probability(.percent(8))),
            .init("loss-bad", .probability(.percent(40))), .init("loss-good", .probability(.percent(1))),
        ]
        // A fifth of the time is bad: 0.2 * 0.4 + 0.8 * 0.01.
        for clock in ["time", "packets"] {
            let made = try model(arguments + [.init("clock", .word(clock))], seed: 5)
            let share = watch(made, every: 960_000, count: 1_000_000).share
            // Deviation of the share: the chain's, 0.39 sqrt(2 * 0.16 / (0.1 * n)), and the draws'.
            let error = (0.39 * 0.39 * 2 * 0.16 / 100_000 + 0.08 / 1_000_000).squareRoot()
            #expect(abs(share - 0.088) < 4 * error, "clock: \(clock): \(share)")
        }
    }

    @Test("with `clock: packets` a burst is so many packets long, and only packets move the chain")
    func packetClock() throws {
        let arguments = Self.burst5 + [.init("clock", .word("packets"))]
        let seen = watch(try model(arguments), every: 1_000_000, count: 1_000_000)
        let runs = RunningMoments(seen.runs.map(Double.init))
        let error = try #require(runs.deviation) / Double(runs.count).squareRoot()
        #expect(abs(runs.mean - 5) < 4 * error, "\(runs.mean) packets a burst")
        #expect(error < 0.15)
        #expect(abs(seen.share - 0.05) < 4 * 0.05 * (2 * 0.9 / Double(runs.count)).squareRoot())
        let slow = watch(try model(arguments), every: 1_000_000_000, count: 20_000)
        let fast = watch(try model(arguments), every: 1, count: 20_000)
        #expect(slow.runs == fast.runs)
    }
}
