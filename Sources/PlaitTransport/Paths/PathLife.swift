package import PlaitCore

/// How far a path is to be relied on.
public enum PathState: UInt8, Hashable, Sendable, CaseIterable {
    /// Nobody knows yet whether it carries packets both ways: no data.
    case validating
    case active
    /// It did not answer for a probe timeout: data goes there only if no active path is left.
    case suspected
    /// It is asked now and then whether it works again, and used for nothing else.
    case failed
    /// Given up by either end, for ever.
    case abandoned
}

/// What the connection has to see to when a path's state changes.
package enum PathChange: Hashable, Sendable {
    /// It may carry data, for the first time.
    case validated
    /// What is in flight there is to be carried by others.
    case suspected
    /// The suspicion was wrong: nothing else changes.
    case recovered
    /// What is in flight there is lost, without a word to congestion control.
    case failed
    /// It may carry data again, with everything measured anew.
    case returned
    /// It has been back for long enough to be relied on like any other.
    case released
    case abandoned
}

/// How patient the life of a path is. The first three are recovery's own, so that one path is probed like many.
package struct PathLifeConfiguration: Sendable {
    /// Intervals between challenges double to at most this, or the plain probe timeout where that is longer ...
    package var probeIntervalMax: Interval
    /// ... for so long after the path failed; afterwards to at most `probeIntervalLateMax`.
    package var probeEagerness: Interval
    /// A sixth of the idle timeout.
    package var probeIntervalLateMax: Interval
    /// After so many unanswered challenges a new path is reported as failed. It is asked on.
    package var validationTries = 6
    /// A path that fails again so soon after its return is flapping ...
    package var flapWindow = Interval.seconds(10)
    /// ... until it was not for so long.
    package var calm = Interval.seconds(30)
    /// Twice this it is held back after the first such failure, twice as long after each further one ...
    package var holdUnit = Interval.milliseconds(100)
    /// ... up to this.
    package var holdMax = Interval.seconds(5)

    package init(
        probeIntervalMax: Interval = .milliseconds(500),
        probeEagerness: Interval = .seconds(30),
        probeIntervalLateMax: Interval = .seconds(5)
    ) {
        self.probeIntervalMax = probeIntervalMax
        self.probeEagerness = probeEagerness
        self.probeIntervalLateMax = probeIntervalLateMax
    }
}

/// One path from its opening to its end: validation, suspicion, failure and return.
///
///     ┌────────────┐ answer   ┌────────┐ probe timeout, ┌───────────┐ another one,  ┌────────┐
///     │ validating │ ───────▶ │ active │ ─────────────▶ │ suspected │ ────────────▶ │ failed │
///     └────────────┘          └────────┘ others usable  └───────────┘ others usable └────────┘
///            │                  ▲    ▲        ACK or answer   │                       │    ▲
///            │                  │    ╰────────────────────────╯                       │    │
///            │                  ╰────────────────────────────── answer ───────────────╯    │
///            ╰── too many challenges, or any state: the socket fails ──────────────────────╯
///
/// Any state but `abandoned` is left for it by `abandon`. While no other path is usable nothing is suspected: the path
/// then probes as a path alone does. Whoever is told of a challenge that is due sends it with a token that nobody can
/// guess. A path that flaps is held back after its return: used like a backup, so that it costs no more than its turn.
///
/// A pure value. Actions of Multipath.tla have the functions of the same names; `Suspect` and `Fail` are the two things
/// that `probeTimeoutPassed` may come to, `Hear` is `acknowledgementHeard`.
package struct PathLife: Sendable {
    package private(set) var state: PathState
    /// How long the last answer to a challenge took, out and back on this path; nil before there was one.
    package private(set) var roundTrip: Interval?

    private let configuration: PathLifeConfiguration
    /// Whether an answer ever came: a path that is asked for the first time does not return.
    private var wasValidated: Bool
    /// Of which an answer counts.
    private var challenges = Challenges()
    /// A challenge is to be sent as soon as a packet can be.
    private var owesChallenge: Bool
    private var nextChallengeAt = Instant.never
    /// How many were sent since `probingSince`, when the path was opened or failed.
    private var tries = 0
    private var probingSince: Instant
    /// When it last became active after a failure.
    private var returnedAt = Instant.never
    /// How often it failed soon after its return.
    private var flaps = 0
    private var heldUntil = Instant.never

    /// - Parameters:
    ///   - isValidated: Whether the handshake has shown that this path works.
    ///   - configuration: How patient it is.
    ///   - now: When it was opened.
    package init(isValidated: Bool, configuration: PathLifeConfiguration, now: Instant) {
        self.configuration = configuration
        state = isValidated ? .active : .validating
        wasValidated = isValidated
        owesChallenge = !isValidated
        probingSince = now
    }

    /// When `deadlineReached` is due, or `.never`. What is due already, and only has to be sent, is no reason to wake.
    package var deadline: Instant { min(nextChallengeAt, heldUntil) }

    package func challengeIsDue(now: Instant) -> Bool { owesChallenge || nextChallengeAt <= now }

    /// Whether it is used only where a backup would be.
    package func isHeld(now: Instant) -> Bool { !heldUntil.isNever && now < heldUntil }

    /// `Challenge`: it left with this token, on a path that waits so long for an acknowledgement.
    package mutating func challengeSent(token: UInt64, probeTimeout: Interval, now: Instant) {
        owesChallenge = false
        guard state == .validating || state == .failed else { return }
        challenges.append(token, now: now)
        nextChallengeAt = now + interval(probeTimeout, now: now)
        tries = min(tries + 1, Self.triesMax)
    }

    /// `ChallengeAnswered`: the peer sent this token back. One that was not asked for, was displaced, or is from before
    /// a failure proves nothing.
    package mutating func challengeAnswered(token: UInt64, now: Instant) -> PathChange? {
        #if Mutants
            if Mutant.isPlanted(.anyAnswerCounts), state == .validating || state == .failed {
                challenges.append(token, now: now)
            }
        #endif
        guard let sentAt = challenges.sentAt(of: token) else { return nil }
        roundTrip = now - sentAt
        stopAsking()
        state = .active
        guard wasValidated else {
            wasValidated = true
            return .validated
        }
        returnedAt = now
        if flaps > 0 { heldUntil = now + hold }
        return .returned
    }

    /// `Hear`: a packet that had asked for an acknowledgement arrived, and this end did not know. Of a suspected path
    /// its owner tells only what went out since it is in doubt: see `Path.doubtedFrom`.
    package mutating func acknowledgementHeard(now: Instant) -> PathChange? {
        #if Mutants
            if Mutant.isPlanted(.ackRevives), state == .failed {
                stopAsking()
                state = .active
                return .returned
            }
        #endif
        // Of a path that failed it tells how things were; only a challenge proves that it works again.
        guard state == .suspected else { return nil }
        state = .active
        return .recovered
    }

    /// `Suspect`, then `Fail`: nothing was acknowledged for a probe timeout. Without another path there is nothing
    /// better to do than to probe this one.
    package mutating func probeTimeoutPassed(othersAreUsable: Bool, now: Instant) -> PathChange? {
        guard othersAreUsable else { return nil }
        switch state {
        case .active:
            state = .suspected
            return .suspected
        case .suspected: return fail(now: now)
        case .validating, .failed, .abandoned: return nil
        }
    }

    /// `SocketError`: the network refuses packets between these addresses.
    package mutating func socketFailed(now: Instant) -> PathChange? {
        switch state {
        case .validating, .active, .suspected: fail(now: now)
        // It is asked on: the interface may come back.
        case .failed, .abandoned: nil
        }
    }

    /// `Abandon`, by either end.
    package mutating func abandon() -> PathChange? {
        guard state != .abandoned else { return nil }
        stopAsking()
        heldUntil = .never
        state = .abandoned
        return .abandoned
    }

    /// May be called early: then nothing happens.
    package mutating func deadlineReached(now: Instant) -> PathChange? {
        if heldUntil <= now {
            heldUntil = .never
            return .released
        }
        guard nextChallengeAt <= now else { return nil }
        // Until it has left there is nothing to wait for, and an owner that cannot send is not woken again and again.
        nextChallengeAt = .never
        owesChallenge = true
        guard state == .validating, tries >= configuration.validationTries else { return nil }
        state = .failed
        return .failed
    }

    private mutating func fail(now: Instant) -> PathChange {
        if state != .validating { noteFlap(now: now) }
        stopAsking()
        heldUntil = .never
        state = .failed
        probingSince = now
        tries = 0
        owesChallenge = true
        return .failed
    }

    private mutating func stopAsking() {
        challenges.removeAll()
        nextChallengeAt = .never
        owesChallenge = false
    }

    // MARK: Flapping

    private mutating func noteFlap(now: Instant) {
        guard !returnedAt.isNever else { return }
        let lasted = now - returnedAt
        if lasted < configuration.flapWindow {
            flaps = min(flaps + 1, Self.flapsMax)
        } else if lasted >= configuration.calm {
            flaps = 0
        }
    }

    /// Of a path that returns after it failed `flaps` times too soon.
    private var hold: Interval {
        min(Interval(nanoseconds: configuration.holdUnit.nanoseconds << flaps), configuration.holdMax)
    }

    // MARK: Intervals

    /// From this challenge to the next: the probe timeout, doubled each time, up to what the time allows.
    private func interval(_ probeTimeout: Interval, now: Instant) -> Interval {
        let isEager = now - probingSince < configuration.probeEagerness
        let bound = isEager ? configuration.probeIntervalMax : configuration.probeIntervalLateMax
        var interval = max(probeTimeout, RoundTripEstimator.granularity)
        // On a path slower than the bound, more would be under way than are remembered.
        let most = max(interval, bound)
        var doublings = tries
        while doublings > 0, interval < most {
            interval = interval + min(interval, most - interval)
            doublings -= 1
        }
        return interval
    }

    private static var triesMax: Int { 1_000_000 }
    /// 2^16 hold units are more than any bound on them, and far from overflowing.
    private static var flapsMax: Int { 16 }

    package func checkInvariants() {
        let asks = state == .validating || state == .failed
        precondition(asks || (!owesChallenge && nextChallengeAt.isNever), "a path that needs no proof asks for it")
        precondition(!asks || owesChallenge || !nextChallengeAt.isNever, "a path that nobody asks never returns")
        precondition(wasValidated || state != .active && state != .suspected, "data on a path that proved nothing")
        precondition(heldUntil.isNever || state == .active || state == .suspected, "a path held back from nothing")
        precondition(asks || challenges.isEmpty, "answers are waited for that change nothing")
    }
}

/// The last challenges of a path: an answer to any of them counts.
private struct Challenges: Sendable {
    private var tokens = InlineArray<4, UInt64>(repeating: 0)
    private var times = InlineArray<4, Instant>(repeating: .never)
    private var next = 0

    var isEmpty: Bool {
        for index in times.indices where !times[index].isNever { return false }
        return true
    }

    /// Displaces the oldest.
    mutating func append(_ token: UInt64, now: Instant) {
        tokens[next] = token
        times[next] = now
        next = (next + 1) % times.count
    }

    func sentAt(of token: UInt64) -> Instant? {
        for index in times.indices where tokens[index] == token && !times[index].isNever { return times[index] }
        return nil
    }

    mutating func removeAll() {
        for index in times.indices { times[index] = .never }
    }
}
