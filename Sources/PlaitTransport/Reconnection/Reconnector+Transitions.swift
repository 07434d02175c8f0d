import PlaitCore

// One function for each action of Reconnection.tla: what it leaves, and what it says. `Open`, `HalfOpen` and `Close`
// are the breaker's.
extension Reconnector {
    /// `Suspect`.
    mutating func suspect(_ outage: Outage?, now: Instant) { state = .suspect(outage, since: now) }

    /// `Recover`.
    mutating func recover(_ outage: Outage?, now: Instant) {
        owesHint = false
        state = if let outage { .restored(outage, since: now) } else { .connected }
    }

    /// `Lose`. A hint that came while the connection was suspected is still owed.
    mutating func lose(_ outage: Outage, breaker: borrowing CircuitBreaker, now: Instant) {
        // The last attempt that there may be did succeed, and did not hold.
        if outage.attempts >= configuration.attemptsMax { return end(outage, .attempts, now: now) }
        wait(outage, breaker: breaker, now: now)
    }

    /// `Wait`, for a new draw.
    mutating func wait(_ outage: Outage, breaker: borrowing CircuitBreaker, now: Instant) {
        var outage = outage
        let window = configuration.backoff.window(outage.rounds)
        let until = now + configuration.backoff.wait(outage.rounds, draw: draw())
        outage.rounds += 1
        events.append(.waiting(until: max(until, breaker.openUntil ?? until), window: window))
        wait(outage, until: until, breaker: breaker)
    }

    /// `Wait`, until then; behind a breaker that is open, for it first.
    mutating func wait(_ outage: Outage, until: Instant, breaker: borrowing CircuitBreaker) {
        if let openUntil = breaker.openUntil {
            state = .openBreaker(outage, until: openUntil, dueAt: until)
        } else {
            state = .waiting(outage, until: until)
        }
    }

    /// `Try`, if the breaker admits it; else wait for the breaker.
    mutating func attempt(_ outage: Outage, isHinted: Bool, breaker: inout CircuitBreaker, now: Instant) {
        // The breaker's time may be over, and nobody asked it since.
        if let change = breaker.deadlineReached(now: now) { events.append(.breaker(change)) }
        var outage = outage
        let deadline = min(now + configuration.attemptTimeout, outage.lostAt + configuration.giveUpAfter)
        switch breaker.admit(until: deadline, now: now) {
        case .refused(let until): state = .openBreaker(outage, until: until, dueAt: now)
        case .admitted(let ticket, let isTrial):
            outage.attempts += 1
            generation += 1
            // It begins over the network as it is now: that is all that a hint asks for.
            owesHint = false
            let trial = ReconnectionTrial(
                generation: generation,
                startedAt: now,
                deadline: deadline,
                isHinted: isHinted,
                ticket: ticket
            )
            state = isTrial ? .halfOpen(outage, trial) : .trying(outage, trial)
            events.append(.attempt(generation: generation, number: outage.attempts, deadline: deadline))
        }
    }

    /// `Succeed`.
    mutating func succeed(
        _ outage: Outage,
        _ trial: ReconnectionTrial,
        at address: SocketAddress,
        breaker: inout CircuitBreaker,
        now: Instant
    ) {
        if let change = breaker.succeed(trial.ticket) { events.append(.breaker(change)) }
        addresses.prefer(address)
        owesHint = false
        state = .restored(outage, since: now)
        let lasted = now - outage.lostAt
        events.append(.restored(generation: trial.generation, after: lasted, attempts: outage.attempts))
    }

    /// `Fail`, by an answer or by time.
    mutating func fail(
        _ outage: Outage,
        _ trial: ReconnectionTrial,
        because reason: AttemptFailure,
        breaker: inout CircuitBreaker,
        now: Instant
    ) {
        let change = breaker.fail(trial.ticket, because: reason, now: now)
        if let change { events.append(.breaker(change)) }
        addresses.rotate()
        if reason == .rejected { return end(outage, .rejected, now: now) }
        if outage.attempts >= configuration.attemptsMax { return end(outage, .attempts, now: now) }
        wait(outage, breaker: breaker, now: now)
        // The network changed while this attempt was under way, which may be why it failed.
        hintIfAllowed(breaker: &breaker, now: now)
    }

    /// `Settle`.
    mutating func settle(breaker: inout CircuitBreaker) {
        if let change = breaker.prove() { events.append(.breaker(change)) }
        state = .connected
        events.append(.settled)
    }

    /// `Hint`, if one is owed and the budget has one; else `deadline` says when it will.
    mutating func hintIfAllowed(breaker: inout CircuitBreaker, now: Instant) {
        guard owesHint, now < giveUpAt else { return }
        switch state {
        case .connected, .restored, .givenUp: break
        case .suspect:
            guard takeHint(now: now) else { return }
            events.append(.askPaths)
        case .waiting(let outage, _), .openBreaker(let outage, _, _): hint(outage, breaker: &breaker, now: now)
        case .trying(let outage, let trial), .halfOpen(let outage, let trial):
            // It may be under way over a network that is gone.
            guard mayCutShort(outage, trial), takeHint(now: now) else { return }
            breaker.withdraw(trial.ticket)
            events.append(.abandon(generation: trial.generation))
            tryAfterHint(outage, breaker: &breaker, now: now)
        }
    }

    /// `Hint`, while nothing is under way.
    private mutating func hint(_ outage: Outage, breaker: inout CircuitBreaker, now: Instant) {
        guard takeHint(now: now) else { return }
        tryAfterHint(outage, breaker: &breaker, now: now)
    }

    /// Neither the waits nor the attempts begin anew: a network that changes all the time is no better than one that
    /// does not work.
    private mutating func tryAfterHint(_ outage: Outage, breaker: inout CircuitBreaker, now: Instant) {
        if let change = breaker.networkChanged() { events.append(.breaker(change)) }
        attempt(outage, isHinted: true, breaker: &breaker, now: now)
    }

    private mutating func takeHint(now: Instant) -> Bool {
        guard hints.take(now: now) else { return false }
        owesHint = false
        return true
    }

    /// `GiveUp`, whatever is under way.
    mutating func giveUp(_ reason: GiveUpReason, breaker: inout CircuitBreaker, now: Instant) {
        if let trial = state.trial {
            breaker.withdraw(trial.ticket)
            events.append(.abandon(generation: trial.generation))
        }
        end(state.outage, reason, now: now)
    }

    private mutating func end(_ outage: Outage?, _ reason: GiveUpReason, now: Instant) {
        let lasted = outage.map { now - $0.lostAt } ?? .zero
        owesHint = false
        state = .givenUp(reason)
        events.append(.gaveUp(reason, after: lasted, attempts: outage?.attempts ?? 0))
    }
}
