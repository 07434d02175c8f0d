import PlaitCore
import PlaitTransport
import Testing

/// Reconnectors under random owners, networks and clocks.
@Suite("Reconnector, at random")
struct RandomReconnectorTests {
    /// What an observer knows who only sees inputs and events.
    private struct Observer {
        var current: UInt64?
        var largest: UInt64 = 0
        var attempts = 0
        var waits = 0
        var gaveUp = 0

        mutating func see(_ events: [ReconnectionEvent], now: Instant) {
            for event in events {
                #expect(gaveUp == 0, "something after the end: \(event)")
                switch event {
                case .attempt(let generation, _, let deadline):
                    #expect(current == nil, "two attempts at a time")
                    #expect(generation > largest, "a generation used again")
                    #expect(deadline > now)
                    (current, largest) = (generation, generation)
                    attempts += 1
                case .abandon(let generation):
                    #expect(generation == current)
                    current = nil
                case .waiting(let until, let window):
                    #expect(until > now && window <= .seconds(300))
                    waits += 1
                case .restored(let generation, _, _): #expect(generation == current)
                case .gaveUp: gaveUp += 1
                case .askPaths, .settled, .breaker: break
                }
            }
        }
    }

    @Test(
        "whatever happens, attempts are single, numbered and bounded, and time moves on",
        arguments: 1...100 as ClosedRange<UInt64>
    )
    func anything(seed: UInt64) {
        var dice = Dice(seed: seed, name: "test/reconnector")
        var configuration = ReconnectorConfiguration()
        configuration.attemptsMax = 1 + dice.roll(60)
        if dice.roll(2) == 0 { configuration.backoff = .tenth }
        if dice.roll(3) == 0 { configuration.giveUpAfter = .seconds(Int64(1 + dice.roll(600))) }
        var rig = ReconnectorRig(configuration, seed: seed)
        var observer = Observer()
        var hints = 0
        for _ in 0..<400 {
            // To the next deadline, somewhere before it, or past it: a driver may be late.
            let deadline = rig.machine.deadline
            let soon = rig.now + .milliseconds(Int64(dice.roll(2_000)))
            rig.now = dice.roll(2) == 0 && !deadline.isNever ? max(rig.now, deadline) : soon
            let logged = rig.log.count
            step(&rig, &dice, &observer, &hints)
            observer.see(Array(rig.log[logged...]), now: rig.now)
            if rig.trial == nil { observer.current = nil }
            #expect(rig.trial?.generation == observer.current)
            settle(&rig, &observer)
        }
        // Each attempt ends a wait, or took a hint.
        let budget =
            configuration.hintBurst + Int((rig.now - .start).nanoseconds / configuration.hintRefill.nanoseconds)
        #expect(observer.attempts <= observer.waits + min(hints, budget), "seed \(seed)")
    }

    /// One input, drawn.
    private func step(_ rig: inout ReconnectorRig, _ dice: inout Dice, _ observer: inout Observer, _ hints: inout Int) {
        switch dice.roll(10) {
        case 0: rig.lose()
        case 1: rig.machine.connectionSuspected(now: rig.now)
        case 2: rig.machine.connectionRecovered(now: rig.now)
        case 3:
            hints += 1
            rig.hint()
        case 4:
            // Any generation that ever was, or will be.
            let generation = UInt64(dice.roll(Int(observer.largest) + 2))
            let isPresent = generation == observer.current
            let isTaken = rig.succeed(generation: generation)
            #expect(isTaken == isPresent, "an answer to attempt \(generation)")
        case 5:
            let generation = UInt64(dice.roll(Int(observer.largest) + 2))
            let (state, isPresent) = (rig.state, generation == observer.current)
            if isPresent { observer.current = nil }
            rig.fail(AttemptFailure.allCases[dice.roll(dice.roll(20) == 0 ? 4 : 2)], generation: generation)
            #expect((rig.state != state) == isPresent, "the failure of attempt \(generation)")
        case 6 where dice.roll(100) == 0: rig.cancel()
        case 6, 7:
            guard rig.trial != nil else { return }
            observer.current = nil
            rig.fail(.silence)
        default: rig.wake()
        }
    }

    /// Calls until nothing is due any more: a few times at most.
    private func settle(_ rig: inout ReconnectorRig, _ observer: inout Observer) {
        var calls = 0
        while rig.machine.deadline <= rig.now {
            let logged = rig.log.count
            rig.wake()
            observer.see(Array(rig.log[logged...]), now: rig.now)
            if rig.trial == nil { observer.current = nil }
            calls += 1
            #expect(calls < 6, "a deadline that stays due")
            if calls > 6 { return }
        }
    }

    @Test(
        "a server that returns is found within one wait and the breaker's time",
        arguments: 1...100 as ClosedRange<UInt64>
    )
    func liveness(seed: UInt64) {
        var dice = Dice(seed: seed, name: "test/return")
        let configuration = ReconnectorConfiguration()
        var rig = ReconnectorRig(configuration, seed: seed)
        rig.lose()
        let back = Instant.start + .milliseconds(Int64(1 + dice.roll(600_000)))
        var window = Interval.zero
        while rig.now < back || rig.trial == nil {
            rig.runToAttempt()
            guard rig.now < back else { break }
            window = configuration.backoff.window(rig.state.outage?.rounds ?? 0)
            rig.fail()
        }
        let isTaken = rig.succeed()
        #expect(isTaken)
        let most = max(window, BreakerConfiguration().openFor + configuration.trialSpread)
        #expect(rig.now - back <= most, "back at \(back), found at \(rig.now)")
    }
}
