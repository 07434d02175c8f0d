import PlaitCore
import PlaitNetwork
import PlaitSimulator
import Testing

@Suite("How a run ends")
struct RunTests {
    @Test("at the time it was given, with everything due by then done")
    func time() throws {
        var world = Clockwork.world()
        world.stop.time = .start + .milliseconds(13)
        let outcome = try world.run()
        #expect(outcome.reason == .timeReached)
        #expect(outcome.end == world.stop.time)
        #expect(outcome.times(.delivered) == ms(11, 13))
    }

    @Test("after as many events as it was given, and goes on from there to the same end")
    func events() throws {
        let world = Clockwork.world()
        let whole = try world.runUnjudged()
        var simulator = try world.simulator()
        var stop = world.stop
        var parts = 0
        while true {
            stop.events = simulator.events + 7
            let reason = simulator.run(until: stop)
            guard reason == .eventLimit else { break }
            parts += 1
            #expect(simulator.events == UInt64(7 * parts))
        }
        #expect(parts == Int(whole.eventCount) / 7)
        #expect(simulator.hash.description == whole.hash)
    }

    @Test("when nothing is left to happen: at once, or in silence at its time")
    func quiet() throws {
        var world = Clockwork.world()
        #expect(try world.run().end == .start + .milliseconds(100))
        world.stop.whenQuiet = true
        let outcome = try world.run()
        #expect(outcome.reason == .quiescent)
        #expect(outcome.end == .start + .milliseconds(49))
    }

    @Test("when its progress callback says so; it is told regularly")
    func progress() throws {
        let world = Clockwork.world()
        var simulator = try world.simulator()
        var (stop, seen): (StopConditions, [UInt64]) = (world.stop, [])
        stop.progressEvery = 10
        stop.progress = { _, events in
            seen.append(events)
            return seen.count < 3
        }
        let reason = simulator.run(until: stop)
        #expect(reason == .interrupted)
        #expect(seen == [10, 20, 30])
    }

    // MARK: The guard

    private var instant: World.Way {
        var way = World.Way()
        (way.rate, way.delay) = (.unlimited, .zero)
        return way
    }

    @Test("two endpoints that answer each other without any delay are stopped, and their link is named")
    func pingPong() throws {
        let pair = ScriptedPair()
        for end in [pair.a, pair.b] {
            end.onReceive = { end, bytes, remote, local in end.send(bytes, from: local, to: remote) }
        }
        pair.a.send([1], from: pair.addressA, to: pair.addressB)
        var simulator = try pair.simulator(instant)
        var stop = StopConditions()
        stop.eventsPerInstant = 5_000
        guard case .stalled(let culprit) = simulator.run(until: stop) else {
            Issue.record("it was not noticed")
            return
        }
        #expect(culprit.contains("l0/"), "\(culprit)")
        let (now, events) = (simulator.now, simulator.events)
        #expect(now == .start)
        #expect(events < 7_000)
    }

    @Test("an endpoint whose deadline never advances is stopped and named")
    func stuckDeadline() throws {
        let pair = ScriptedPair()
        pair.b.deadline = .start + .milliseconds(3)
        pair.b.onDeadline = { _, _ in }
        var simulator = try pair.simulator(Clockwork.way)
        var stop = StopConditions()
        stop.eventsPerInstant = 5_000
        let reason = simulator.run(until: stop)
        #expect(reason == .stalled(culprit: "endpoint b"))
        let now = simulator.now
        #expect(now == .start + .milliseconds(3))
    }

    @Test("an endpoint that never stops sending is stopped and named")
    func endlessSender() throws {
        final class Endless: Endpoint {
            var deadline: Instant { .never }
            func receive(_ datagram: RawSpan, from: SocketAddress, to: SocketAddress, ecn: ECN, now: Instant) {}
            func deadlineReached(now: Instant) {}
            func restarted(now: Instant) {}
            func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
                let there = SocketAddress(interface: 1, port: 20)
                return Transmit(length: 1, local: SocketAddress(interface: 0, port: 10), remote: there)
            }
        }
        var simulator = Simulator(try World(Clockwork.way).plan())
        simulator.seat(Endless(), on: HostID(0), port: 10, flow: FlowID(0), name: "endless")
        var stop = StopConditions()
        stop.eventsPerInstant = 5_000
        let reason = simulator.run(until: stop)
        #expect(reason == .stalled(culprit: "endless"))
    }

    @Test("a burst below the limit at each of many instants is no stall")
    func bursts() throws {
        var world = Clockwork.world()
        world.stop.eventsPerInstant = 10
        #expect(try world.run().reason == .quiescent)
    }
}
