import PlaitCore
import PlaitTransport
import Testing

@Suite("Circuit breaker")
struct CircuitBreakerTests {
    private static let end = Instant.start + .seconds(10_000)

    /// Begins an attempt and has it fail.
    private func fail(_ breaker: inout CircuitBreaker, _ reason: AttemptFailure = .silence, now: Instant)
        -> BreakerChange?
    {
        guard case .admitted(let ticket, _) = breaker.admit(until: Self.end, now: now) else { return nil }
        return breaker.fail(ticket, because: reason, now: now)
    }

    private func succeed(_ breaker: inout CircuitBreaker, now: Instant) -> BreakerChange? {
        guard case .admitted(let ticket, _) = breaker.admit(until: Self.end, now: now) else { return nil }
        return breaker.succeed(ticket)
    }

    private func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<5 { _ = fail(&breaker, now: .start) }
        return breaker
    }

    @Test("five failures in a row open it for 60 s")
    func opens() {
        var breaker = CircuitBreaker()
        for _ in 0..<4 {
            let change = fail(&breaker, now: .start)
            #expect(change == nil)
        }
        let change = fail(&breaker, now: .start + .seconds(1))
        #expect(change == .opened(until: .start + .seconds(61)))
        let answer = breaker.admit(until: Self.end, now: .start + .seconds(60))
        #expect(answer == .refused(until: .start + .seconds(61)))
    }

    @Test("a success between them begins the count anew")
    func consecutive() {
        var breaker = CircuitBreaker()
        for _ in 0..<10 {
            for _ in 0..<4 { _ = fail(&breaker, now: .start) }
            _ = succeed(&breaker, now: .start)
        }
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test("after 60 s it is half open, and not a nanosecond before")
    func halfOpens() {
        var breaker = opened()
        let early = breaker.deadlineReached(now: .start + .nanoseconds(59_999_999_999))
        let onTime = breaker.deadlineReached(now: .start + .seconds(60))
        #expect(early == nil && onTime == .halfOpened)
    }

    @Test("half open it lets one attempt through at a time")
    func single() {
        var breaker = opened()
        let now = Instant.start + .seconds(60)
        _ = breaker.deadlineReached(now: now)
        let first = breaker.admit(until: now + .seconds(10), now: now)
        guard case .admitted(let ticket, isTrial: true) = first else { return #expect(Bool(false), "no trial") }
        let second = breaker.admit(until: now + .seconds(10), now: now + .seconds(1))
        #expect(second == .refused(until: now + .seconds(10)))
        breaker.withdraw(ticket)
        guard case .admitted = breaker.admit(until: Self.end, now: now + .seconds(1)) else {
            return #expect(Bool(false), "a withdrawn trial blocks")
        }
    }

    @Test("a trial of which nobody says what came of it blocks until its end, and then counts for nothing")
    func forgottenTrial() {
        var breaker = opened()
        let now = Instant.start + .seconds(60)
        _ = breaker.deadlineReached(now: now)
        guard case .admitted(let lost, _) = breaker.admit(until: now + .seconds(10), now: now),
            case .admitted = breaker.admit(until: now + .seconds(20), now: now + .seconds(10))
        else { return #expect(Bool(false), "no trial") }
        let change = breaker.fail(lost, because: .silence, now: now + .seconds(11))
        #expect(change == nil)
        #expect(breaker.state == .halfOpen(successes: 0, trialEnds: now + .seconds(20)))
    }

    @Test("two successes close it, and a connection that held is one")
    func closes() {
        for isProved in [false, true] {
            var breaker = opened()
            let now = Instant.start + .seconds(60)
            _ = breaker.deadlineReached(now: now)
            let first = succeed(&breaker, now: now)
            let second = isProved ? breaker.prove() : succeed(&breaker, now: now)
            #expect(first == nil && second == .closed)
            #expect(breaker.state == .closed(failures: 0))
        }
    }

    @Test("a failure while half open opens it again, also after one success")
    func opensAgain() {
        for successes in 0...1 {
            var breaker = opened()
            let now = Instant.start + .seconds(60)
            _ = breaker.deadlineReached(now: now)
            for _ in 0..<successes { _ = succeed(&breaker, now: now) }
            let change = fail(&breaker, now: now + .seconds(1))
            #expect(change == .opened(until: now + .seconds(61)))
        }
    }

    @Test("outcomes of attempts from before it opened count for nothing")
    func oldTickets() {
        var breaker = CircuitBreaker()
        guard case .admitted(let old, _) = breaker.admit(until: Self.end, now: .start) else {
            return #expect(Bool(false), "a closed breaker refuses")
        }
        for _ in 0..<5 { _ = fail(&breaker, now: .start) }
        let whileOpen = breaker.succeed(old)
        _ = breaker.deadlineReached(now: .start + .seconds(60))
        _ = breaker.admit(until: Self.end, now: .start + .seconds(60))
        let first = breaker.succeed(old)
        let second = breaker.succeed(old)
        let third = breaker.fail(old, because: .silence, now: .start + .seconds(60))
        #expect([whileOpen, first, second, third] == [nil, nil, nil, nil])
        #expect(breaker.state == .halfOpen(successes: 0, trialEnds: Self.end))
    }

    @Test("what tells nothing of the server does not count, nor silence where it is not to")
    func evidence() {
        var breaker = CircuitBreaker()
        for _ in 0..<100 { _ = fail(&breaker, .noNetwork, now: .start) }
        for _ in 0..<100 { _ = fail(&breaker, .rejected, now: .start) }
        #expect(breaker.state == .closed(failures: 0))
        var configuration = BreakerConfiguration()
        configuration.countsSilence = false
        breaker = CircuitBreaker(configuration)
        for _ in 0..<100 { _ = fail(&breaker, .silence, now: .start) }
        #expect(breaker.state == .closed(failures: 0))
        for _ in 0..<5 { _ = fail(&breaker, .unproven, now: .start) }
        #expect(breaker.openUntil == .start + .seconds(60))
    }

    @Test("one server's failures are not another's")
    func servers() {
        var breakers = [CircuitBreaker](repeating: CircuitBreaker(), count: 3)
        for _ in 0..<5 { _ = fail(&breakers[1], now: .start) }
        #expect(breakers.map { $0.openUntil != nil } == [false, true, false])
    }

    /// The same, written down as counters.
    @Test("random outcomes lead where the rules say", arguments: 1...50 as ClosedRange<UInt64>)
    func random(seed: UInt64) {
        var dice = Dice(seed: seed, name: "test/breaker")
        var breaker = CircuitBreaker()
        var now = Instant.start
        var (failures, successes, openUntil) = (0, 0, Instant?.none)
        var isHalfOpen = false
        for _ in 0..<500 {
            now = now + .seconds(Int64(dice.roll(20)))
            let change = breaker.deadlineReached(now: now)
            if let until = openUntil, until <= now {
                #expect(change == .halfOpened)
                (openUntil, isHalfOpen, successes) = (nil, true, 0)
            }
            let answer = breaker.admit(until: Self.end, now: now)
            guard case .admitted(let ticket, let isTrial) = answer else {
                #expect(openUntil != nil)
                continue
            }
            #expect(openUntil == nil && isTrial == isHalfOpen)
            if dice.roll(3) == 0 {
                let change = breaker.succeed(ticket)
                (failures, successes) = (0, successes + 1)
                #expect((change == .closed) == (isHalfOpen && successes == 2))
                if change == .closed { isHalfOpen = false }
            } else {
                let change = breaker.fail(ticket, because: .silence, now: now)
                failures += 1
                guard isHalfOpen || failures == 5 else {
                    #expect(change == nil)
                    continue
                }
                #expect(change == .opened(until: now + .seconds(60)))
                (openUntil, isHalfOpen, failures) = (now + .seconds(60), false, 0)
            }
            breaker.checkInvariants()
        }
    }
}
