import PlaitCore
import PlaitNetwork
import PlaitSimulator
import Testing

@Suite("What the timeline does to a host")
struct HostTimelineTests {
    // MARK: Crash and restart

    @Test("a crashed host loses what arrives until it is restarted")
    func crashedSink() throws {
        var world = Clockwork.world()
        world.at(.ms(12), .host(1, .crash))
        world.at(.ms(18), .host(1, .restart))
        let outcome = try world.run()
        #expect(outcome.times(.dropped, .hostDown) == ms(13, 15, 17))
        #expect(outcome.times(.delivered).prefix(3) == ms(11, 19, 21)[...])
    }

    @Test("a crashed source is silent, what it had sent goes on, and it begins anew when restarted")
    func crashedSource() throws {
        var world = Clockwork.world()
        world.at(.ms(5), .host(0, .crash))
        world.at(.ms(9), .host(0, .restart))
        let outcome = try world.run()
        #expect(outcome.times(.sent).prefix(5) == ms(0, 2, 4, 9, 11)[...])
        #expect(outcome.times(.delivered).prefix(3) == ms(11, 13, 15)[...])
    }

    @Test("a crashed router loses what it should pass on")
    func crashedRouter() throws {
        var world = chain()
        world.at(.ms(12), .host(1, .crash))
        world.at(.ms(14), .host(1, .restart))
        let outcome = try world.run()
        #expect(outcome.times(.dropped, .hostDown, at: 1) == ms(13))
        #expect(outcome.count(.delivered, at: 2) == 19)
    }

    @Test("a crash loses what a paused host had received")
    func crashWhilePaused() throws {
        var world = Clockwork.world()
        world.at(.ms(10), .host(1, .pause))
        world.at(.ms(14), .host(1, .crash))
        world.at(.ms(16), .host(1, .resume))
        world.at(.ms(18), .host(1, .restart))
        let outcome = try world.run()
        #expect(outcome.times(.dropped, .hostDown) == ms(14, 14, 15, 17))
        #expect(outcome.times(.delivered).first == .ms(19))
    }

    @Test("a closed loop whose source crashes starts again from nothing and completes")
    func closedLoopCrash() throws {
        var world = World(Clockwork.way)
        world.flows = [Clockwork.closedLoop(bytes: 50_000)]
        world.links[0].forward.reordering.probability = .percent(30)
        world.links[0].forward.reordering.extraDelay = .milliseconds(40)
        world.at(.ms(30), .host(0, .crash))
        world.at(.ms(31), .host(0, .restart))
        world.stop.time = .start + .seconds(60)
        #expect(try world.run().reason == .quiescent)
    }

    @Test("a source restarted or resumed after its end stays silent, and the run ends", arguments: [true, false])
    func restartedTooLate(crashes: Bool) throws {
        var world = Clockwork.world()
        world.flows = [Clockwork.closedLoop(bytes: 50_000)]
        world.flows[0].start = .start + .ms(10)
        world.flows[0].stop = .start + .ms(40)
        world.at(.ms(5), .host(0, crashes ? .crash : .pause))
        world.at(.ms(50), .host(0, crashes ? .restart : .resume))
        world.stop.eventsPerInstant = 1_000
        let outcome = try world.run()
        #expect(outcome.reason == .quiescent)
        #expect(outcome.count(.sent) == 0)
    }

    // MARK: Pause and resume

    @Test("a paused host keeps what fits its receive buffer and takes it in order when it resumes")
    func pause() throws {
        var world = Clockwork.world()
        world.hosts[1].receiveBuffer = 2_999
        world.at(.ms(12), .host(1, .pause))
        world.at(.ms(20), .host(1, .resume))
        let outcome = try world.run()
        #expect(outcome.times(.dropped, .bufferFull) == ms(17, 19))
        #expect(outcome.packets(.delivered).prefix(4) == [0, 1, 2, 5])
        #expect(outcome.times(.delivered).prefix(4) == ms(11, 20, 20, 21)[...])
    }

    @Test("the receive buffer is empty again after a resume")
    func pauseTwice() throws {
        var world = Clockwork.world()
        world.hosts[1].receiveBuffer = 2_000
        for start in [12.0, 20] {
            world.at(.ms(start), .host(1, .pause))
            world.at(.ms(start + 4), .host(1, .resume))
        }
        let outcome = try world.run()
        #expect(outcome.count(.dropped) == 0)
        #expect(outcome.times(.delivered).prefix(6) == ms(11, 16, 16, 17, 19, 24)[...])
    }

    @Test("a paused source sends nothing, then goes on at its pace without making up for the time")
    func pausedSource() throws {
        var world = Clockwork.world()
        world.at(.ms(5), .host(0, .pause))
        world.at(.ms(15), .host(0, .resume))
        let outcome = try world.run()
        #expect(outcome.times(.sent).prefix(6) == ms(0, 2, 4, 15, 17, 19)[...])
    }

    @Test("a paused router passes on late what it held")
    func pausedRouter() throws {
        var world = chain()
        world.at(.ms(12), .host(1, .pause))
        world.at(.ms(16), .host(1, .resume))
        let outcome = try world.run()
        #expect(outcome.times(.started, at: 2).prefix(4) == ms(11, 16, 17, 18)[...])
        #expect(outcome.count(.delivered, at: 2) == 20)
    }

    // MARK: Clocks

    @Test("deadlines are in the host's own time, also after its drift changes")
    func drift() throws {
        var world = Clockwork.world()
        world.hosts[0].drift = 100_000_000
        world.at(.ms(10), .host(0, .drift(-500_000_000)))
        let outcome = try world.run()
        // Two local milliseconds at 1.1 are 1.8181... ms. At 10 ms its clock shows 11 ms: the next is due 1 ms later at
        // 0.5.
        let before = (0..<6).map { Interval(nanoseconds: (Int64($0) * 20_000_000 + 10) / 11) }
        #expect(outcome.times(.sent).prefix(9) == (before + ms(12, 16, 20))[...])
    }

    @Test("a drift that changes during a pause moves the deadlines as well")
    func driftWhilePaused() throws {
        var world = Clockwork.world()
        world.at(.ms(4.5), .host(0, .pause))
        world.at(.ms(5), .host(0, .drift(500_000_000)))
        world.at(.ms(5.1), .host(0, .resume))
        let outcome = try world.run()
        // At 5 ms one local millisecond is left: 0.666667 ms.
        #expect(outcome.times(.sent).prefix(4).last == Interval(nanoseconds: 5_666_667))
    }

    @Test("a wall step moves the wall clock and nothing else")
    func wallStep() throws {
        var world = Clockwork.world()
        let plain = try world.run()
        world.at(.ms(7), .host(0, .stepWall(.seconds(-3_600))))
        let stepped = try world.run()
        #expect(plain.times(.sent) == stepped.times(.sent))
        #expect(plain.times(.delivered) == stepped.times(.delivered))
        var simulator = try world.simulator()
        _ = simulator.run(until: world.stop)
        let clock = simulator.hosts[0].clock
        let now = simulator.now
        #expect(clock.monotonic(at: now) == now)
        #expect(clock.wall(at: now) == now + .seconds(-3_600))
    }

    @Test("the monotonic clock never goes backwards, and `virtual` finds its first instant", arguments: 0..<50)
    func clock(seed: UInt64) {
        var draws = Draws(seed: seed)
        var clock = HostClock(drift: Int64(draws.number(-500_000_000...500_000_000)), wallOffset: .seconds(5))
        var (now, last) = (Instant.start, Instant.start)
        for _ in 0..<200 {
            now = now + Interval(nanoseconds: Int64(draws.number(0...3_000)))
            if draws.chance(20) { clock.setDrift(Int64(draws.number(-500_000_000...500_000_000)), at: now) }
            if draws.chance(20) { clock.stepWall(by: .seconds(Int64(draws.number(-9...9)))) }
            let reading = clock.monotonic(at: now)
            #expect(reading >= last)
            last = reading
            let goal = reading + Interval(nanoseconds: Int64(draws.number(1...3_000)))
            let due = clock.virtual(at: goal)
            #expect(clock.monotonic(at: due) >= goal)
            #expect(clock.monotonic(at: due - .nanoseconds(1)) < goal)
        }
    }

    // MARK: Rebinding

    @Test("a rebound port or address is unreachable under its old number", arguments: [true, false])
    func unreachable(isPort: Bool) throws {
        var world = Clockwork.world()
        world.at(.ms(14), .host(1, isPort ? .rebindPorts : .rebindAddress(LinkID(0).backward)))
        let outcome = try world.run()
        #expect(outcome.times(.delivered) == ms(11, 13))
        #expect(outcome.times(.dropped, .unreachable) == ms(from: 15, through: 49, by: 2))
    }

    @Test("replies reach a rebound host under its new port or address", arguments: [true, false])
    func rebound(isPort: Bool) throws {
        var world = World(Clockwork.way)
        world.flows = [Clockwork.closedLoop(bytes: 100_000)]
        world.at(.ms(30), .host(0, isPort ? .rebindPorts : .rebindAddress(LinkID(0).forward)))
        world.stop.time = .start + .seconds(60)
        let outcome = try world.run()
        // Acknowledgements of what was sent before 30 ms go to the old address.
        #expect(outcome.count(.dropped, .unreachable) > 0)
        #expect(outcome.times(.dropped, .unreachable).allSatisfy { $0 >= .ms(30) && $0 < .ms(80) })
        #expect(outcome.reason == .quiescent)
        #expect(outcome.times(.delivered, at: 0).contains { $0 > .ms(100) })
    }

    @Test("every endpoint of a host gets a port of its own when ports are rebound, and keeps its packets")
    func manyPorts() throws {
        var world = World(Clockwork.way)
        world.flows = Array(repeating: Clockwork.closedLoop(bytes: 30_000), count: 3)
        for time in [30.0, 31, 50] { world.at(.ms(time), .host(0, .rebindPorts)) }
        world.stop.time = .start + .seconds(60)
        #expect(try world.run().reason == .quiescent)
    }

    /// a - b - c, where b is a router.
    private func chain() -> World {
        var world = Clockwork.world()
        world.hosts[1].forwards = true
        world.hosts.append(HostPlan(name: "c"))
        world.links.append(World.Link(from: 1, to: 2, forward: Clockwork.way, backward: Clockwork.way))
        world.flows = [Clockwork.flow(from: 0, to: 2)]
        return world
    }
}
