package import PlaitCore

/// Brings a client back to its server: when to try, when to leave it alone, and when to give up.
///
///                              ╭───────── Lose: before it held, so that waits go on doubling ─────╮
///                              ▼                                                                  │
///     ┌───────────┐  Lose  ┌─────────┐  Try: time, Hint  ┌────────────────────────┐  Succeed  ┌──────────┐
///     │ connected │ ─────▶ │ waiting │ ────────────────▶ │ trying; half open, if  │ ────────▶ │ restored │
///     └───────────┘   ╭──▶ └─────────┘ ◀──────────────── │ it is a breaker's trial│           └──────────┘
///       │  ▲     ▲    │       │  ▲           Fail        └────────────────────────┘               │
///       │  │     ╰────│───────│──│──────────────── Settle: it held for calm ─────────────────────────╯
///       │  │          │  Open │  │ HalfOpen
///       ▼  │ Recover  │       ▼  │
///     ┌───────────┐   │    ┌──────────────┐           from anywhere ── GiveUp ──▶ given up
///     │  suspect  │ ──╯    │ open breaker │
///     └───────────┘ Lose   └──────────────┘
///
/// A machine without I/O, clock or generator: the owner says what happened, asks `nextEvent` until there is none, and
/// wakes it at `deadline`. The breaker is the server's, not the connection's, so it is handed in. Attempts carry a
/// generation, and only the answer to the present one counts. How often it tries is bounded however the network
/// behaves: by backoff at most once a wait, and by hints at most `hintBurst + t / hintRefill` times in any time t.
///
/// A connection may be lost again as soon as it is back. Nothing is therefore forgotten before it held for `calm`: a
/// link that flaps meets ever longer waits, and `attemptsMax` counts on. The hour, though, counts from the latest loss.
///
/// Actions of Reconnection.tla have the functions of the same names, here or in `CircuitBreaker`.
package struct Reconnector: ~Copyable {
    package internal(set) var state = ReconnectorState.connected
    package let configuration: ReconnectorConfiguration
    package internal(set) var addresses = ServerAddresses()
    /// Answers to attempts that were over.
    package internal(set) var lateAnswers: UInt64 = 0

    /// Of the attempt begun last; counts up for ever.
    var generation: UInt64 = 0
    var hints: HintBudget
    /// The network changed, and nothing was done about it yet.
    var owesHint = false
    var events: RingBuffer<ReconnectionEvent>
    private let random: RandomStream
    private var draws: UInt64 = 0

    /// Begins connected.
    ///
    /// `random` belongs to it alone: two that share one come back at the same instants.
    package init(_ configuration: ReconnectorConfiguration, random: RandomStream) {
        precondition(configuration.isValid, "a reconnector that never waits, or never ends")
        self.configuration = configuration
        self.random = random
        hints = HintBudget(burst: configuration.hintBurst, refill: configuration.hintRefill)
        events = RingBuffer(capacity: 16)
    }

    // MARK: What happened

    /// Another address of the server became known. False: there are as many as are kept.
    package mutating func learn(_ address: SocketAddress) -> Bool { addresses.add(address) }

    /// No path of the connection answers.
    package mutating func connectionSuspected(now: Instant) {
        switch state {
        case .connected: suspect(nil, now: now)
        case .restored(let outage, _): suspect(outage, now: now)
        case .suspect, .waiting, .trying, .halfOpen, .openBreaker, .givenUp: break
        }
    }

    /// A path of the suspected connection answers again, and everything goes on.
    package mutating func connectionRecovered(now: Instant) {
        guard case .suspect(let outage, _) = state else { return }
        recover(outage, now: now)
    }

    /// The connection is over, and not by the application's wish.
    package mutating func connectionLost(breaker: borrowing CircuitBreaker, now: Instant) {
        switch state {
        case .connected, .suspect(nil, _): lose(Outage(lostAt: now), breaker: breaker, now: now)
        case .restored(var outage, _), .suspect(.some(var outage), _):
            outage.lostAt = now
            lose(outage, breaker: breaker, now: now)
        case .waiting, .trying, .halfOpen, .openBreaker, .givenUp: break
        }
    }

    /// An attempt reached the server.
    ///
    /// - Returns: Whether its connection is the one to use. If not, the attempt was over already: close it.
    package mutating func attemptSucceeded(
        _ generation: UInt64,
        at address: SocketAddress,
        breaker: inout CircuitBreaker,
        now: Instant
    ) -> Bool {
        guard let (outage, trial) = present(generation) else { return false }
        succeed(outage, trial, at: address, breaker: &breaker, now: now)
        return true
    }

    /// An attempt came to nothing at any address.
    package mutating func attemptFailed(
        _ generation: UInt64,
        because reason: AttemptFailure,
        breaker: inout CircuitBreaker,
        now: Instant
    ) {
        guard let (outage, trial) = present(generation) else { return }
        fail(outage, trial, because: reason, breaker: &breaker, now: now)
    }

    /// Something about this host's network is new: an interface, an address, a route.
    package mutating func networkChanged(breaker: inout CircuitBreaker, now: Instant) {
        switch state {
        case .connected, .restored, .givenUp: break
        case .suspect, .waiting, .trying, .halfOpen, .openBreaker:
            owesHint = true
            hintIfAllowed(breaker: &breaker, now: now)
        }
    }

    /// The application wants no connection any more.
    package mutating func cancel(breaker: inout CircuitBreaker, now: Instant) {
        if case .givenUp = state { return }
        giveUp(.cancelled, breaker: &breaker, now: now)
    }

    /// Time passed. Waking early is harmless.
    package mutating func deadlineReached(breaker: inout CircuitBreaker, now: Instant) {
        guard deadline <= now else { return }
        if giveUpAt <= now {
            giveUp(.time, breaker: &breaker, now: now)
            return
        }
        switch state {
        case .waiting(let outage, let until) where until <= now:
            attempt(outage, isHinted: false, breaker: &breaker, now: now)
        case .openBreaker(let outage, let until, let dueAt) where until <= now:
            if let change = breaker.deadlineReached(now: now) { events.append(.breaker(change)) }
            // Also when somebody else's trial is what was waited for: all who wait for it wake at this instant.
            let spread = Interval(nanoseconds: Int64(draw(below: configuration.trialSpread.nanoseconds)) + 1)
            wait(outage, until: max(dueAt, now + spread), breaker: breaker)
        case .trying(let outage, let trial) where trial.deadline <= now,
            .halfOpen(let outage, let trial) where trial.deadline <= now:
            events.append(.abandon(generation: trial.generation))
            fail(outage, trial, because: .silence, breaker: &breaker, now: now)
        case .restored(_, let since) where since + configuration.calm <= now: settle(breaker: &breaker)
        case .connected, .suspect, .waiting, .openBreaker, .trying, .halfOpen, .restored, .givenUp:
            hintIfAllowed(breaker: &breaker, now: now)
        }
    }

    // MARK: What follows

    /// When `deadlineReached` is due, or `.never`.
    package var deadline: Instant {
        switch state {
        case .connected, .givenUp: .never
        case .suspect: hintAt
        case .waiting(_, let until): min(until, giveUpAt, hintAt)
        case .openBreaker(_, let until, _): min(until, giveUpAt, hintAt)
        case .trying(let outage, let trial), .halfOpen(let outage, let trial):
            min(trial.deadline, mayCutShort(outage, trial) ? hintAt : .never)
        case .restored(_, let since): since + configuration.calm
        }
    }

    /// What to do or to know next, in order; nil if there is nothing.
    package mutating func nextEvent() -> ReconnectionEvent? { events.popFirst() }

    /// When the hint that is owed may be acted upon.
    private var hintAt: Instant { owesHint ? hints.nextAt : .never }

    /// Whether a hint ends this attempt for another one: not for one more than there may be, nor for one that is a
    /// hint's own.
    func mayCutShort(_ outage: Outage, _ trial: ReconnectionTrial) -> Bool {
        !trial.isHinted && outage.attempts < configuration.attemptsMax
    }

    var giveUpAt: Instant {
        switch state {
        case .waiting(let outage, _), .trying(let outage, _), .halfOpen(let outage, _), .openBreaker(let outage, _, _):
            outage.lostAt + configuration.giveUpAfter
        case .connected, .suspect, .restored, .givenUp: .never
        }
    }

    /// The attempt under way, if that is the one of `generation`.
    private mutating func present(_ generation: UInt64) -> (Outage, ReconnectionTrial)? {
        switch state {
        case .trying(let outage, let trial) where trial.generation == generation,
            .halfOpen(let outage, let trial) where trial.generation == generation:
            return (outage, trial)
        case .connected, .suspect, .waiting, .trying, .halfOpen, .openBreaker, .restored, .givenUp:
            lateAnswers += 1
            return nil
        }
    }

    mutating func draw() -> UInt64 {
        draws += 1
        return random.draw(draws)
    }

    private mutating func draw(below bound: Int64) -> UInt64 { draw().uniform(below: UInt64(bound)) }

    package func checkInvariants() {
        if let outage = state.outage {
            precondition(outage.attempts <= configuration.attemptsMax, "more attempts than there may be")
            precondition(outage.attempts == 0 || outage.rounds > 0, "an attempt without a wait before the first")
        }
        if let trial = state.trial {
            precondition(trial.generation == generation, "an attempt under way that is not the latest")
            precondition(trial.deadline <= giveUpAt && trial.startedAt < trial.deadline, "an attempt that never ends")
        }
        if case .waiting(_, let until) = state { precondition(!until.isNever, "a wait that never ends") }
        switch state {
        case .connected, .restored, .givenUp: precondition(!owesHint, "a hint that is owed to nobody")
        case .suspect, .waiting, .trying, .halfOpen, .openBreaker: break
        }
    }
}
