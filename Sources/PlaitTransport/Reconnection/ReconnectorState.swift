package import PlaitCore

/// How a client stands with its server.
package enum ReconnectorState: Hashable, Sendable {
    case connected
    /// No path answers, but the connection is still held by this end: its paths are asked, not the server anew.
    /// Of one that was restored a moment ago, nothing is forgotten yet.
    case suspect(Outage?, since: Instant)
    case waiting(Outage, until: Instant)
    case trying(Outage, ReconnectionTrial)
    /// As `trying`, with the one attempt that a half-open breaker lets through.
    case halfOpen(Outage, ReconnectionTrial)
    /// The breaker lets nobody through: it is asked again at `until`, and the attempt waits until `dueAt` anyway.
    case openBreaker(Outage, until: Instant, dueAt: Instant)
    /// Connected again, but not for long enough to forget what was before.
    case restored(Outage, since: Instant)
    /// The end.
    case givenUp(GiveUpReason)

    /// The attempt under way.
    package var trial: ReconnectionTrial? {
        switch self {
        case .trying(_, let trial), .halfOpen(_, let trial): trial
        case .connected, .suspect, .waiting, .openBreaker, .restored, .givenUp: nil
        }
    }

    /// What is known of the loss, while it is not yet forgotten.
    package var outage: Outage? {
        switch self {
        case .waiting(let outage, _), .trying(let outage, _), .halfOpen(let outage, _), .restored(let outage, _): outage
        case .openBreaker(let outage, _, _): outage
        case .suspect(let outage, _): outage
        case .connected, .givenUp: nil
        }
    }
}

/// A time without a connection, and what was done about it.
package struct Outage: Hashable, Sendable, BitwiseCopyable {
    package var lostAt: Instant
    /// Waits drawn since the connection last held: the next window is `Backoff.window(rounds)`.
    package var rounds = 0
    /// Attempts begun since the connection last held.
    package var attempts = 0
}

/// One attempt, over all addresses.
package struct ReconnectionTrial: Hashable, Sendable, BitwiseCopyable {
    /// Whoever answers must name it. Never used again.
    package let generation: UInt64
    package let startedAt: Instant
    package let deadline: Instant
    /// Begun by a hint: another one does not cut it short, so that a storm of them lets some attempt come to its end.
    package let isHinted: Bool
    let ticket: BreakerTicket
}

/// Why no further attempt is made.
package enum GiveUpReason: Hashable, Sendable, BitwiseCopyable, CaseIterable {
    /// `giveUpAfter` is over.
    case time
    /// `attemptsMax` attempts failed.
    case attempts
    /// The server, proven to be it, said no.
    case rejected
    /// The application wants no connection any more.
    case cancelled
}

/// What the owner of a reconnector has to do, or should know.
package enum ReconnectionEvent: Hashable, Sendable, BitwiseCopyable {
    /// Ask the paths of the suspected connection now: the network changed.
    case askPaths
    /// Begin an attempt: the addresses are `addresses[0]`, `[1]`, ...; it is over at `deadline`.
    case attempt(generation: UInt64, number: Int, deadline: Instant)
    /// Stop this attempt. Whatever it still comes to is refused.
    case abandon(generation: UInt64)
    /// Nothing happens before `until`, unless the network changes.
    case waiting(until: Instant, window: Interval)
    case restored(generation: UInt64, after: Interval, attempts: Int)
    /// The restored connection held: everything before is forgotten.
    case settled
    case breaker(BreakerChange)
    /// The last event.
    case gaveUp(GiveUpReason, after: Interval, attempts: Int)
}
