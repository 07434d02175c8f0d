package import PlaitCore

/// When messages of a handshake are repeated, and when an end gives up.
///
/// A message goes out at once, again after `firstTimeout`, and then each time after half as long again, at most
/// `timeoutMax`: with the usual figures at 0, 0.4, 1.0, 1.9, 3.25, 5.25, 7.25 and 9.25 s. XX needs three messages to
/// arrive, IK two, and each end repeats its own. Of k copies of a message all are lost with probability p^k. With a
/// round trip of 0.1 s, and three legs, each with its own clock that starts when the one before arrived:
///
///     p99 at 10 %:      3 copies a leg take at most 1.0 s, in all 3 x 1.0 + 0.15 = 3.15 s <= 3.3 s;
///                       missed by at most 3 x 0.1^3 = 0.3 % <= 1 %
///     10 s at 10 %:     5 copies a leg take at most 3.25 s, in all 9.9 s; missed by 3 x 0.1^5 = 0.003 % <= 0.1 %
///     10 s at 30 %:     the same 9.9 s; missed by at most 3 x 0.3^5 = 0.73 % <= 2 %
///
/// These are upper bounds: legs rarely all take their longest, and a repeated message is answered at once. Doubling
/// instead would send at 0, 0.4, 1.2, 2.8, 6.0 s, so that only four copies a leg fit into 10 s: 3 x 0.3^4 = 2.4 %.
package struct HandshakeTiming: Hashable, Sendable {
    package var firstTimeout: Interval
    package var timeoutMax: Interval
    /// From a client's first packet, and from a server's first sight of a client.
    package var giveUpAfter: Interval
    /// How often a server repeats a message by its own clock; answers to the client's repetitions are not counted. A
    /// client, who wants something, repeats its own until it gives up.
    package var repetitionsMax: Int
    /// How long one cookie key is in use. The one before is still honoured, so a cookie lives once to twice as long.
    package var cookieLifetime: Interval

    package init(
        firstTimeout: Interval,
        timeoutMax: Interval,
        giveUpAfter: Interval,
        repetitionsMax: Int = 16,
        cookieLifetime: Interval
    ) {
        self.firstTimeout = firstTimeout
        self.timeoutMax = timeoutMax
        self.giveUpAfter = giveUpAfter
        self.repetitionsMax = repetitionsMax
        self.cookieLifetime = cookieLifetime
    }

    /// The whole schedule stretched or shrunk to a first timeout; the proportions are those of the calculation above.
    package init(firstTimeout: Interval) {
        self.init(
            firstTimeout: firstTimeout,
            timeoutMax: 5 * firstTimeout,
            giveUpAfter: 25 * firstTimeout,
            cookieLifetime: 50 * firstTimeout
        )
    }

    /// For round trips of up to a second or two.
    package static let usual = HandshakeTiming(firstTimeout: .milliseconds(400))

    /// What nobody can wait for, or what would overflow.
    package var isValid: Bool {
        firstTimeout > .zero && timeoutMax >= firstTimeout && giveUpAfter >= firstTimeout && cookieLifetime > .zero
            && repetitionsMax >= 0 && giveUpAfter.nanoseconds < Int64.max / 8 && timeoutMax.nanoseconds < Int64.max / 8
    }
}

/// When one message is due again.
package struct RepeatTimer: Sendable {
    private let timing: HandshakeTiming
    private let repetitionsMax: Int
    private var interval: Interval
    private var repetitions = 0
    /// `never` before the first sending, and after the last.
    package private(set) var deadline: Instant = .never

    package init(_ timing: HandshakeTiming, of role: Role) {
        self.timing = timing
        repetitionsMax = role == .server ? timing.repetitionsMax : .max
        interval = timing.firstTimeout
    }

    /// The message went out: by the clock, or because the peer asked, which counts for nothing but the next waiting.
    package mutating func sent(now: Instant) {
        deadline = repetitions < repetitionsMax ? now + interval : .never
    }

    /// Whether the message is due again; if so the next waiting is half as long again.
    package mutating func isDue(now: Instant) -> Bool {
        guard now >= deadline, !deadline.isNever else { return false }
        repetitions += 1
        // Whole nanoseconds: three halves, rounded down.
        interval = min(interval + Interval(nanoseconds: interval.nanoseconds / 2), timing.timeoutMax)
        deadline = .never
        return true
    }

    package mutating func stop() { deadline = .never }
}
