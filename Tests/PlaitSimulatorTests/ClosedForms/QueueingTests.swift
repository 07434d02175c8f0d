import PlaitCore
import PlaitNetwork
import PlaitSimulator
import PlaitStatistics
import TestSupport
import Testing

/// Mean waits against queueing theory.
///
/// Each interval holds the truth with probability 0.999, so that another seed would raise a false alarm in one of 1,000
/// cases; the seeds are fixed. The interval must also be narrow: a test that accepts everything shows nothing.
@Suite("Mean waits of a single server", .enabled(if: isOptimized))
struct QueueingTests {
    private static let packets = 600_000.0

    /// Service takes 1 ms on average.
    private func world(load: Double, size: PacketSizes) -> World {
        var way = World.Way()
        (way.rate, way.delay, way.mtu) = (.megabits(16), .zero, 65_507)
        var world = World(way)
        world.largestPacket = 30_000
        let rate = Rate(bitsPerSecond: UInt64(16_000_000 * load))
        let traffic = ModelChoice("poisson", [.init("rate", .rate(rate))])
        world.flows = [World.Flow(traffic: traffic, from: 0, to: 1, size: size)]
        world.stop.time = .start + .milliseconds(Int64(Self.packets / load))
        return world
    }

    private func judge(_ world: World, expected: Double, tolerance: Double) throws {
        let meter = WaitMeter()
        try world.run(keepingEvents: false, observers: [meter])
        let interval = try #require(ConfidenceInterval.ofMean(correlated: meter.waits, batches: 20, level: 0.999))
        #expect(interval.contains(expected), "\(interval.estimate) ± \(interval.halfWidth) ms, theory says \(expected)")
        #expect(interval.halfWidth < tolerance * expected)
    }

    @Test("M/M/1: load / (1 - load) service times", arguments: [0.5, 0.7, 0.9])
    func exponential(load: Double) throws {
        let size = PacketSizes.exponential(mean: 2_000, most: 30_000)
        try judge(world(load: load, size: size), expected: load / (1 - load), tolerance: load > 0.8 ? 0.2 : 0.08)
    }

    @Test("M/D/1: half of it", arguments: [0.5, 0.7, 0.9])
    func deterministic(load: Double) throws {
        let expected = load / (1 - load) / 2
        try judge(world(load: load, size: .fixed(2_000)), expected: expected, tolerance: load > 0.8 ? 0.2 : 0.08)
    }
}
