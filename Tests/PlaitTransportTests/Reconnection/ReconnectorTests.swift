import PlaitCore
import PlaitTransport
import Testing

@Suite("Reconnector")
struct ReconnectorTests {
    private static func at(_ milliseconds: Int64) -> Instant { .start + .milliseconds(milliseconds) }

    @Test("a lost connection is tried for after the first wait, and restored by an answer")
    func story() {
        var rig = ReconnectorRig()
        let lost = rig.lose()
        #expect(lost == [.waiting(until: Self.at(100), window: .milliseconds(100))])
        rig.run(until: Self.at(100))
        #expect(rig.log.last == .attempt(generation: 1, number: 1, deadline: Self.at(10_100)))
        rig.now = Self.at(150)
        let isTaken = rig.succeed()
        #expect(isTaken)
        #expect(rig.log.last == .restored(generation: 1, after: .milliseconds(150), attempts: 1))
        rig.run(until: Self.at(10_150))
        #expect(rig.state == .connected && rig.log.last == .settled)
        #expect(rig.machine.deadline.isNever)
    }

    @Test("attempts that fail at once come after 100, 200, 400 ms ..., 22 of them in an hour, and then it gives up")
    func hour() {
        var rig = ReconnectorRig(breaker: ReconnectorRig.patient)
        rig.lose()
        var instants: [Instant] = []
        while rig.machine.deadline <= Self.at(3_600_000) {
            rig.now = rig.machine.deadline
            rig.wake()
            guard rig.trial != nil else { continue }
            instants.append(rig.now)
            rig.fail()
        }
        // 100 ms x (2^n - 1) twelve times, up to 409.5 s, then every 300 s.
        let expected =
            (1...12).map { Self.at(100 * ((1 << $0) - 1)) } + (1...10).map { Self.at(409_500 + 300_000 * $0) }
        #expect(instants == expected)
        #expect(rig.now == Self.at(3_600_000))
        #expect(rig.log.last == .gaveUp(.time, after: .seconds(3_600), attempts: 22))
        #expect(rig.state == .givenUp(.time) && rig.machine.deadline.isNever)
    }

    @Test("the last attempt that is allowed may succeed, but is the last if its connection does not hold")
    func lastAttempt() {
        var configuration = ReconnectorRig.plain
        configuration.attemptsMax = 1
        var rig = ReconnectorRig(configuration)
        rig.lose()
        rig.runToAttempt()
        let isTaken = rig.succeed()
        rig.lose()
        #expect(isTaken && rig.state == .givenUp(.attempts))
    }

    @Test("it gives up after as many attempts as are allowed")
    func attempts() {
        var configuration = ReconnectorRig.plain
        configuration.attemptsMax = 7
        var rig = ReconnectorRig(configuration, breaker: ReconnectorRig.patient)
        rig.lose()
        for _ in 0..<7 {
            rig.runToAttempt()
            rig.fail()
        }
        #expect(rig.attempts == 7 && rig.state == .givenUp(.attempts))
        #expect(rig.log.last == .gaveUp(.attempts, after: .milliseconds(12_700), attempts: 7))
    }

    @Test("an attempt of which nothing is heard is over after its time, and is called off")
    func silence() {
        var rig = ReconnectorRig()
        rig.lose()
        rig.run(until: Self.at(10_099))
        #expect(rig.trial?.generation == 1)
        rig.run(until: Self.at(10_100))
        #expect(rig.log.suffix(2).first == .abandon(generation: 1))
        #expect(rig.log.last == .waiting(until: Self.at(10_300), window: .milliseconds(200)))
    }

    @Test("an answer to an older attempt is refused, whatever is under way by then")
    func generations() {
        var rig = ReconnectorRig(breaker: ReconnectorRig.patient)
        rig.lose()
        rig.runToAttempt()
        rig.fail()
        let whileWaiting = rig.succeed(generation: 1)
        rig.runToAttempt()
        let state = rig.state
        let whileTrying = rig.succeed(generation: 1)
        rig.fail(generation: 1)
        #expect(!whileWaiting && !whileTrying)
        #expect(rig.state == state && rig.machine.lateAnswers == 3)
        let present = rig.succeed(generation: 2)
        let again = rig.succeed(generation: 2)
        #expect(present && !again)
    }

    @Test("a suspected connection is not tried for, and goes on if a path returns")
    func suspicion() {
        var rig = ReconnectorRig()
        rig.machine.connectionSuspected(now: rig.now)
        #expect(rig.state == .suspect(nil, since: .start) && rig.machine.deadline.isNever)
        rig.machine.connectionRecovered(now: Self.at(5))
        #expect(rig.state == .connected && rig.drain() == [])
        rig.machine.connectionSuspected(now: Self.at(10))
        rig.now = Self.at(20)
        let events = rig.lose()
        #expect(events == [.waiting(until: Self.at(120), window: .milliseconds(100))])
    }

    @Test("a hint while the connection is suspected asks its paths")
    func hintInSuspicion() {
        var rig = ReconnectorRig()
        rig.machine.connectionSuspected(now: rig.now)
        let events = rig.hint()
        #expect(events == [.askPaths])
    }

    @Test("a hint ends a wait at once, and neither waits nor attempts begin anew")
    func hint() {
        var rig = ReconnectorRig(breaker: ReconnectorRig.patient)
        rig.lose()
        for _ in 0..<8 {
            rig.runToAttempt()
            rig.fail()
        }
        let now = rig.now
        let events = rig.hint()
        #expect(events == [.attempt(generation: 9, number: 9, deadline: now + .seconds(10))])
        let failed = rig.fail()
        #expect(failed == [.waiting(until: now + .milliseconds(51_200), window: .milliseconds(51_200))])
    }

    @Test("a hint cuts an attempt of the clock short, but not another hint's")
    func hintWhileTrying() {
        var rig = ReconnectorRig()
        rig.lose()
        rig.runToAttempt()
        let first = rig.hint()
        #expect(first == [.abandon(generation: 1), .attempt(generation: 2, number: 2, deadline: Self.at(10_100))])
        let second = rig.hint()
        #expect(second == [] && rig.trial?.generation == 2)
        // It is not forgotten: the next attempt begins as soon as this one has failed.
        let failed = rig.fail()
        #expect(failed.last == .attempt(generation: 3, number: 3, deadline: Self.at(10_100)))
    }

    @Test("an attempt of the clock that begins after a hint is what the hint asked for, and is not cut short")
    func hintBeforeAttempt() {
        var rig = ReconnectorRig(breaker: ReconnectorRig.patient)
        rig.lose()
        for _ in 0..<3 {
            rig.hint()
            rig.fail()
        }
        // The budget is used up until 20 s, and the network changes once more.
        let none = rig.hint()
        #expect(none == [] && rig.trial == nil)
        rig.now = Self.at(15_000)
        rig.wake()
        #expect(rig.trial?.generation == 4)
        rig.run(until: Self.at(24_999))
        #expect(rig.trial?.generation == 4 && rig.attempts == 4)
    }

    @Test("a storm of hints makes three attempts and one more every 20 s")
    func storm() {
        var rig = ReconnectorRig(breaker: ReconnectorRig.patient)
        rig.lose()
        for millisecond in 0..<60_000 as Range<Int64> {
            rig.run(until: Self.at(millisecond))
            rig.hint()
            if rig.trial != nil { rig.fail() }
        }
        // By backoff alone: 9 attempts in 60 s, and a hint moves a wait, which adds none of its own.
        let hinted = 3 + 60_000 / 20_000
        print("storm: \(rig.attempts) attempts for 60,000 hints")
        #expect(rig.attempts >= hinted && rig.attempts <= hinted + 10)
        #expect(rig.trial == nil)
    }

    @Test("five failures open the breaker; a trial comes 60 s later, and its failure opens it again")
    func breaker() {
        var rig = ReconnectorRig()
        rig.lose()
        for _ in 0..<5 {
            rig.runToAttempt()
            rig.fail()
        }
        let openedAt = Self.at(3_100)
        #expect(rig.now == openedAt)
        let until = openedAt + .seconds(60)
        #expect(rig.log.suffix(2).first == .breaker(.opened(until: until)))
        guard case .openBreaker = rig.state else { return #expect(Bool(false), "\(rig.state)") }
        rig.runToAttempt()
        guard case .halfOpen = rig.state else { return #expect(Bool(false), "\(rig.state)") }
        #expect(rig.log.contains(.breaker(.halfOpened)))
        #expect(rig.now > until && rig.now <= until + .seconds(15))
        let again = rig.fail()
        #expect(again.first == .breaker(.opened(until: rig.now + .seconds(60))))
    }

    @Test("a trial's success and a connection that held close the breaker")
    func breakerCloses() {
        var rig = ReconnectorRig()
        rig.lose()
        for _ in 0..<5 {
            rig.runToAttempt()
            rig.fail()
        }
        rig.runToAttempt()
        let isTaken = rig.succeed()
        #expect(isTaken)
        #expect(rig.breaker.state == .halfOpen(successes: 1, trialEnds: nil))
        rig.run(for: .seconds(10))
        #expect(Array(rig.log.suffix(2)) == [.breaker(.closed), .settled])
    }

    @Test("a hint lets one trial through an open breaker")
    func hintAtBreaker() {
        var rig = ReconnectorRig()
        rig.lose()
        for _ in 0..<5 {
            rig.runToAttempt()
            rig.fail()
        }
        let events = rig.hint()
        #expect(events.first == .breaker(.halfOpened))
        guard case .halfOpen = rig.state else { return #expect(Bool(false), "\(rig.state)") }
    }

    @Test("of two that share a breaker one has the trial, and the other waits for its end")
    func sharedBreaker() {
        var first = ReconnectorRig()
        first.lose()
        for _ in 0..<5 {
            first.runToAttempt()
            first.fail()
        }
        var second = ReconnectorRig(seed: 2)
        (second.breaker, second.now) = (first.breaker, first.now)
        let lost = second.lose()
        #expect(lost == [.waiting(until: Self.at(63_100), window: .milliseconds(100))])
        guard case .openBreaker = second.state else { return #expect(Bool(false), "\(second.state)") }
        first.runToAttempt()
        second.breaker = first.breaker
        let end = first.trial?.deadline ?? .never
        second.run(until: end - .nanoseconds(1))
        #expect(second.attempts == 0)
        second.breaker = first.breaker
        first.now = end
        first.wake()
        second.breaker = first.breaker
        second.run(until: end)
        // The trial failed, so that it is open again, for both.
        #expect(second.attempts == 0 && second.breaker.openUntil == end + .seconds(60))
    }

    @Test("a link that flaps for five minutes meets ever longer waits: at most 12 attempts")
    func flapping() {
        var rig = ReconnectorRig()
        rig.lose()
        while rig.now < Self.at(300_000) {
            rig.runToAttempt()
            _ = rig.succeed()
            rig.run(for: .seconds(1))
            // Also when the loss is suspected first.
            if rig.attempts % 2 == 0 { rig.machine.connectionSuspected(now: rig.now) }
            rig.lose()
        }
        print("flapping: \(rig.attempts) attempts in five minutes")
        #expect(rig.attempts == 12)
        rig.runToAttempt()
        _ = rig.succeed()
        rig.run(for: .seconds(10))
        let after = rig.lose()
        #expect(after == [.waiting(until: rig.now + .milliseconds(100), window: .milliseconds(100))])
    }

    @Test("a server that says no, proven to be it, ends everything; nobody else can")
    func rejected() {
        var rig = ReconnectorRig()
        rig.lose()
        rig.runToAttempt()
        rig.fail(AttemptFailure(.timedOut(after: .seconds(10), .downgrade)))
        guard case .waiting = rig.state else { return #expect(Bool(false), "\(rig.state)") }
        rig.runToAttempt()
        rig.fail(AttemptFailure(.missingCapability(atPeer: 1, here: 0)))
        #expect(rig.state == .givenUp(.rejected))
    }

    @Test("cancelling calls off the attempt, frees the breaker, and is the end")
    func cancel() {
        var rig = ReconnectorRig()
        rig.lose()
        for _ in 0..<5 {
            rig.runToAttempt()
            rig.fail()
        }
        rig.runToAttempt()
        let generation = rig.trial?.generation ?? 0
        rig.cancel()
        #expect(rig.log.suffix(2).first == .abandon(generation: generation))
        #expect(rig.breaker.state == .halfOpen(successes: 0, trialEnds: nil))
        let late = rig.succeed(generation: generation)
        rig.hint()
        rig.lose()
        rig.cancel()
        #expect(!late && rig.state == .givenUp(.cancelled) && rig.machine.deadline.isNever)
        #expect(rig.log.count { if case .gaveUp = $0 { true } else { false } } == 1)
    }

    @Test("the hour ends an attempt that is under way")
    func hourWhileTrying() {
        var configuration = ReconnectorRig.plain
        configuration.giveUpAfter = .seconds(5)
        var rig = ReconnectorRig(configuration)
        rig.lose()
        rig.run(until: Self.at(5_000))
        #expect(Array(rig.log.suffix(2)) == [.abandon(generation: 1), .gaveUp(.time, after: .seconds(5), attempts: 1)])
    }

    @Test("each address of a server is the first in one of as many attempts, beginning where it answered last")
    func addresses() {
        var rig = ReconnectorRig(breaker: ReconnectorRig.patient)
        let others = (2...4).map { SocketAddress(interface: UInt32($0), port: 443) }
        for address in others {
            let isKept = rig.machine.learn(address)
            #expect(isKept)
        }
        rig.lose()
        var firsts: [SocketAddress] = []
        for _ in 0..<8 {
            rig.runToAttempt()
            firsts.append(rig.machine.addresses[0])
            #expect(Set((0..<4).map { rig.machine.addresses[$0] }) == Set(others + [ReconnectorRig.home]))
            rig.fail()
        }
        #expect(firsts == [ReconnectorRig.home] + others + [ReconnectorRig.home] + others)
        rig.runToAttempt()
        _ = rig.succeed(at: others[1])
        #expect((0..<4).map { rig.machine.addresses[$0] } == [others[1], others[2], ReconnectorRig.home, others[0]])
        let late = SocketAddress(interface: 9, port: 1)
        let isKept = rig.machine.learn(late)
        #expect(isKept && rig.machine.addresses[4] == late && rig.machine.addresses[0] == others[1])
    }

    @Test("eight addresses are kept, and none twice")
    func addressesMax() {
        var rig = ReconnectorRig()
        for port in 1...7 as ClosedRange<UInt16> {
            let isKept = rig.machine.learn(SocketAddress(interface: 7, port: port))
            #expect(isKept)
        }
        let known = rig.machine.learn(ReconnectorRig.home)
        let ninth = rig.machine.learn(SocketAddress(interface: 8, port: 8))
        #expect(known && !ninth && rig.machine.addresses.count == ServerAddresses.countMax)
    }

    @Test("the same stream leads to the same instants, another to others")
    func determinism() {
        func instants(_ seed: UInt64) -> [ReconnectionEvent] {
            var rig = ReconnectorRig(ReconnectorConfiguration(), seed: seed)
            rig.lose()
            rig.run(for: .seconds(600))
            return rig.log
        }
        #expect(instants(5) == instants(5))
        #expect(instants(5) != instants(6))
    }
}
