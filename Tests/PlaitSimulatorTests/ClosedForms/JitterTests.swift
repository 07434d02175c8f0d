import PlaitCore
import PlaitNetwork
import PlaitSimulator
import PlaitStatistics
import TestSupport
import Testing

/// The mean and the deviation of delivered delay are what was asked for, within 5 %, at any packet rate.
///
/// A run lasts so long that 5 % are at least three standard errors of the least certain estimate: the deviation of
/// exponential jitter over 1,000 s, some 17,000 knots. The seeds are fixed.
@Suite("Delivered delay under jitter", .enabled(if: isOptimized))
struct JitterTests {
    static let choices: [(choice: ModelChoice, mean: Double, deviation: Double)] = [
        (ModelChoice("uniform", [.init("deviation", .interval(.milliseconds(4)))]), 4 * 3.4641016 / 2, 4),
        (
            ModelChoice(
                "uniform",
                [.init("from", .interval(.milliseconds(2))), .init("to", .interval(.milliseconds(14)))]
            ),
            8, 12 / 3.4641016
        ),
        (
            ModelChoice(
                "normal",
                [.init("deviation", .interval(.milliseconds(4))), .init("mean", .interval(.milliseconds(20)))]
            ), 20, 4
        ),
        (ModelChoice("exponential", [.init("mean", .interval(.milliseconds(4)))]), 4, 4),
    ]

    private func delays(_ choice: ModelChoice, packetsPerSecond: Int64, seconds: Int64) throws -> DelayMeter {
        var way = World.Way()
        (way.rate, way.delay, way.jitter) = (.unlimited, .milliseconds(30), choice)
        var world = World(way)
        let frequency = ParameterValue.frequency(perThousandSeconds: packetsPerSecond * 1_000)
        let traffic = ModelChoice("constant", [.init("frequency", frequency)])
        world.flows = [World.Flow(traffic: traffic, from: 0, to: 1, size: .fixed(40), stop: .start + .seconds(seconds))]
        let meter = DelayMeter()
        try world.run(keepingEvents: false, observers: [meter])
        return meter
    }

    private func judge(_ meter: DelayMeter, _ mean: Double, _ deviation: Double) throws {
        let moments = RunningMoments(meter.delays)
        let found = try #require(moments.deviation)
        #expect(abs(moments.mean - 30 - mean) < 0.05 * mean, "mean \(moments.mean - 30) ms, \(mean) asked for")
        #expect(abs(found - deviation) < 0.05 * deviation, "deviation \(found) ms, \(deviation) asked for")
    }

    @Test(
        "each model, in order, at 10, 50 and 1,000 packets a second",
        arguments: 0..<4,
        [(10, 4_000), (50, 3_000), (1_000, 1_000)]
    )
    func wandering(model: Int, pace: (Int64, Int64)) throws {
        let (choice, mean, deviation) = Self.choices[model]
        let meter = try delays(choice, packetsPerSecond: pace.0, seconds: pace.1)
        try judge(meter, mean, deviation)
        #expect(meter.overtakings == 0)
    }

    @Test("each model drawn per packet, overtaking as asked", arguments: 0..<4)
    func perPacket(model: Int) throws {
        let (choice, mean, deviation) = Self.choices[model]
        let timing: [ModelChoice.Argument] = [.init("per-packet", .flag(true)), .init("reorder", .flag(true))]
        let perPacket = ModelChoice(choice.name, choice.arguments + timing)
        let meter = try delays(perPacket, packetsPerSecond: 1_000, seconds: 200)
        try judge(meter, mean, deviation)
        #expect(meter.overtakings > 50_000)
    }
}
