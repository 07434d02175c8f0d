package import PlaitCore

/// When a server is left alone, and for how long.
package struct BreakerConfiguration: Hashable, Sendable {
    /// So many failures in a row open it.
    package var failuresToOpen = 5
    package var openFor = Interval.seconds(60)
    /// So many successes close it again, once it is half open.
    package var successesToClose = 2
    /// Whether an attempt that heard nothing at all counts against the server. It may as well have been this host's
    /// network, and then the breaker costs. A cut of 90 s, of which the first 30 s are the connection's idle timeout:
    /// five attempts of 10 s and their waits open it at 83 s at the latest, and the trial begins up to 75 s after that,
    /// at 158 s, where backoff alone has an attempt at 90 s or a few seconds later. Yet a server that is down or
    /// crowded is silent as well, and a breaker that ignored it would hardly ever open. Where a late return is worse
    /// than a server asked too often, only answers should count.
    package var countsSilence = true

    package init() {}

    package var isValid: Bool {
        failuresToOpen > 0 && successesToClose > 0 && openFor > .zero && openFor.nanoseconds < Int64.max / 8
    }
}

/// Leave for one attempt, to be handed back with its outcome. Of an earlier state of the breaker it counts for nothing.
package struct BreakerTicket: Hashable, Sendable, BitwiseCopyable {
    fileprivate let epoch: UInt64
}

/// Whether an attempt may begin.
package enum BreakerAnswer: Hashable, Sendable {
    case admitted(BreakerTicket, isTrial: Bool)
    /// Ask again then: it is open, or somebody else's trial is under way.
    case refused(until: Instant)
}

/// What an input did to a breaker.
package enum BreakerChange: Hashable, Sendable, BitwiseCopyable {
    case opened(until: Instant)
    case halfOpened
    case closed
}

/// Leaves a server alone that fails again and again. One for each server, shared by all who want to reach it.
///
///     ┌────────┐  failuresToOpen in a row   ┌──────┐  openFor is over, or   ┌───────────┐
///     │ closed │ ─────────────────────────▶ │ open │ ─────────────────────▶ │ half open │ one trial at a time
///     └────────┘                            └──────┘  the network changed   └───────────┘
///          ▲                                    ▲              a trial fails   │    │
///          │                                    ╰──────────────────────────────╯    │
///          ╰─────────────────────────────────────────────────── successesToClose ───╯
///
/// A success is an attempt that was answered, and once more a connection that then held: else a half-open breaker would
/// stay so for as long as nothing is wrong, and open at the next single failure. A pure value, without draws or clock.
package struct CircuitBreaker: Sendable {
    /// How the server stands.
    package enum State: Hashable, Sendable {
        case closed(failures: Int)
        case open(until: Instant)
        /// `trialEnds` is when the trial under way is over at the latest; nil while there is none.
        case halfOpen(successes: Int, trialEnds: Instant?)
    }

    package private(set) var state = State.closed(failures: 0)
    package let configuration: BreakerConfiguration
    /// Counts up with each change and each trial, so that only outcomes of the present state count.
    private var epoch: UInt64 = 0

    package init(_ configuration: BreakerConfiguration = BreakerConfiguration()) {
        precondition(configuration.isValid, "a breaker that cannot open, or never closes")
        self.configuration = configuration
    }

    /// Until when it is open; nil if it is not.
    package var openUntil: Instant? { if case .open(let until) = state { until } else { nil } }

    /// Asks to begin an attempt that is over at `ends` at the latest. Once the time of an open one has passed, call
    /// `deadlineReached` first.
    package mutating func admit(until ends: Instant, now: Instant) -> BreakerAnswer {
        switch state {
        case .closed: return .admitted(BreakerTicket(epoch: epoch), isTrial: false)
        case .open(let until): return .refused(until: until)
        // Whoever had a trial and never said what came of it must not keep the others out for ever.
        case .halfOpen(_, .some(let trialEnds)) where trialEnds > now: return .refused(until: trialEnds)
        case .halfOpen(let successes, _):
            epoch += 1
            state = .halfOpen(successes: successes, trialEnds: ends)
            return .admitted(BreakerTicket(epoch: epoch), isTrial: true)
        }
    }

    /// An attempt was answered.
    package mutating func succeed(_ ticket: BreakerTicket) -> BreakerChange? {
        guard ticket.epoch == epoch else { return nil }
        switch state {
        case .closed: state = .closed(failures: 0)
        case .open, .halfOpen(_, nil): break
        case .halfOpen(let successes, .some): return count(successes + 1, trialEnds: nil)
        }
        return nil
    }

    /// A connection to it was there for long enough to be relied on.
    package mutating func prove() -> BreakerChange? {
        switch state {
        case .closed: state = .closed(failures: 0)
        // It held all the time that others failed: they know better.
        case .open: break
        case .halfOpen(let successes, let trialEnds): return count(successes + 1, trialEnds: trialEnds)
        }
        return nil
    }

    /// An attempt came to nothing.
    package mutating func fail(_ ticket: BreakerTicket, because reason: AttemptFailure, now: Instant) -> BreakerChange?
    {
        guard counts(reason) else {
            withdraw(ticket)
            return nil
        }
        guard ticket.epoch == epoch else { return nil }
        switch state {
        case .closed(let failures) where failures + 1 < configuration.failuresToOpen:
            state = .closed(failures: failures + 1)
            return nil
        case .closed, .halfOpen(_, .some): return open(now: now)
        case .open, .halfOpen(_, nil): return nil
        }
    }

    private func counts(_ reason: AttemptFailure) -> Bool {
        switch reason {
        case .unproven: true
        case .silence: configuration.countsSilence
        // A server that can say no is well, and one that was not asked may be.
        case .rejected, .noNetwork: false
        }
    }

    /// An attempt was given up without a verdict: if it was a trial, another may begin.
    package mutating func withdraw(_ ticket: BreakerTicket) {
        guard ticket.epoch == epoch, case .halfOpen(let successes, _) = state else { return }
        state = .halfOpen(successes: successes, trialEnds: nil)
    }

    /// Time passed. Waking early is harmless.
    package mutating func deadlineReached(now: Instant) -> BreakerChange? {
        guard case .open(let until) = state, until <= now else { return nil }
        return halfOpen()
    }

    /// The network is another one: what was counted may have been the old one's fault, which one trial will show.
    package mutating func networkChanged() -> BreakerChange? {
        guard case .open = state else { return nil }
        return halfOpen()
    }

    private mutating func count(_ successes: Int, trialEnds: Instant?) -> BreakerChange? {
        guard successes < configuration.successesToClose else { return close() }
        state = .halfOpen(successes: successes, trialEnds: trialEnds)
        return nil
    }

    // MARK: Reconnection.tla

    /// `Open`.
    private mutating func open(now: Instant) -> BreakerChange {
        epoch += 1
        let until = now + configuration.openFor
        state = .open(until: until)
        return .opened(until: until)
    }

    /// `HalfOpen`.
    private mutating func halfOpen() -> BreakerChange {
        epoch += 1
        state = .halfOpen(successes: 0, trialEnds: nil)
        return .halfOpened
    }

    /// `Close`.
    private mutating func close() -> BreakerChange {
        epoch += 1
        state = .closed(failures: 0)
        return .closed
    }

    package func checkInvariants() {
        switch state {
        case .closed(let failures):
            precondition(failures < configuration.failuresToOpen, "a closed breaker that should be open")
        case .open(let until): precondition(!until.isNever, "a breaker that never half-opens")
        case .halfOpen(let successes, _):
            precondition(successes < configuration.successesToClose, "a half-open breaker that should be closed")
        }
    }
}
