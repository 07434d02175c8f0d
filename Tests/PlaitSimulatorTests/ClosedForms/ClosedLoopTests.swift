import PlaitCore
import PlaitNetwork
import PlaitSimulator
import TestSupport
import Testing

@Suite("Closed-loop traffic")
struct ClosedLoopTests {
    private func world(bytes: Int64, loss: ModelChoice? = nil) -> World {
        var way = World.Way()
        (way.rate, way.delay, way.loss) = (.megabits(20), .milliseconds(20), loss)
        way.queue = ModelChoice("drop-tail", [.init("delay", .interval(.milliseconds(60)))])
        var world = World(way)
        world.flows = [
            World.Flow(traffic: ModelChoice("closed-loop", [.init("bytes", .bytes(bytes))]), from: 0, to: 1)
        ]
        world.stop.time = .start + .seconds(2_000)
        world.stop.whenQuiet = true
        return world
    }

    @Test("fills at least 90 % of a bottleneck that loses nothing")
    func fills() throws {
        var world = world(bytes: 12_000_000)
        world.links[0].forward.queue = ModelChoice("unlimited")
        let outcome = try world.run(keepingEvents: false)
        #expect(outcome.reason == .quiescent)
        let seconds = Double(outcome.end.nanoseconds) / 1e9
        #expect(12_000_000 * 8 / seconds > 0.9 * 20_000_000, "\(seconds) s")
        #expect(12_000_000 * 8 / seconds < 20_000_000)
    }

    @Test(
        "fills at least 90 % of a bottleneck with a queue of a round trip, once slow start is over",
        .enabled(if: isOptimized)
    )
    func steady() throws {
        var world = world(bytes: 1_000_000_000)
        world.stop.time = .start + .seconds(18)
        let meter = WaitMeter(after: .seconds(8))
        let outcome = try world.run(keepingEvents: false, observers: [meter])
        #expect(outcome.counters[0][.queueFull].packets > 0, "a queue that never fills shows little")
        #expect(Double(meter.waits.count) * 9_600 / 10 > 0.9 * 20_000_000)
    }

    @Test("gets every byte across whatever is lost", arguments: [1, 10, 30] as [UInt32], [1, 2, 3] as [UInt64])
    func completes(percent: UInt32, seed: UInt64) throws {
        let loss = ModelChoice("independent", [.init("probability", .probability(.percent(percent)))])
        var world = world(bytes: 600_000, loss: loss)
        world.seed = seed
        let outcome = try world.run()
        // Without an end its timer would be armed for ever: silence means that the last byte was acknowledged.
        #expect(outcome.reason == .quiescent)
        #expect(outcome.count(.dropped, .loss) > 0)
        #expect(outcome.count(.delivered, at: 1) >= 500)
    }

    @Test("every segment is delivered at least once, also through a long outage")
    func outage() throws {
        var world = world(bytes: 2_400_000)
        world.at(.ms(300), .availability(.down))
        world.at(.ms(2_300), .availability(.up))
        let outcome = try world.run()
        #expect(outcome.reason == .quiescent)
        #expect(outcome.count(.delivered, at: 1) >= 2_000)
    }

    @Test("a size that cannot be is refused")
    func refused() {
        #expect(throws: ModelError.self) { _ = try world(bytes: 0).simulator() }
    }
}
