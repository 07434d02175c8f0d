package import PlaitCore

/// How long to wait before each attempt to reach a server again: windows that double, and a draw within each.
///
///     window(k) = min(first x 2^k, waitMax)          k = 0, 1, 2, ...: 100, 200, 400 ms, ..., 204.8 s, 300 s, ...
///     full:         0 < wait <= window(k)
///     around(p):    (1 - p) x window(k) <= wait <= min((1 + p) x window(k), waitMax)
///
/// Why the whole window, and not 10 % of it. A thousand clients lose one server at the same instant, and their
/// attempts fail at once. The server should see no more than twice the mean rate of the window it is in, the k-th of
/// which is as long as `window(k)`. In units of `first`:
///
/// - around(10 %): all first waits end in 0.9 ... 1.1. Of window 0, which is 0 ... 1, only the last tenth holds
///   attempts, half of them all: peak / mean = 10. Each later wait adds a tenth of itself to the spread, so that round
///   k fills 0.2 of window k, about: peak / mean = 5, for ever, because windows and spread double together.
/// - half the window fixed, half drawn: round k is spread as a sum of independent uniform draws, window(k)/2,
///   window(k)/4, ... wide. Its density comes to 2 / window(k): peak / mean = 2 before any chance is added.
/// - full: rate(t) = sum over k of the density of U(0, 1) + U(0, 2) + ... + U(0, 2^k) at t. In window 0 it rises from
///   1 to 1.56 around a mean of 1.27: 1.23. In window 1 it is at most 0.72 around 0.58: 1.24. Late, where
///   rate(t) = c / t, it is 1 / ln 2 = 1.44. A tenth of a window holds 100 attempts or so, whose own deviation is 10 %.
///
/// These are rates within a window of attempts that fail at once. Where each takes its ten seconds, the first rounds
/// are apart by these, and each is spread over its own window still.
///
/// The price: a mean wait of half the window, so that one hour holds some 34 attempts instead of 22.
package struct Backoff: Hashable, Sendable {
    /// How a wait is drawn within its window.
    package enum Jitter: Hashable, Sendable {
        /// Anywhere in the window. A crowd that begins together comes evenly.
        case full
        /// So many thousandths of the window to either side of its end. A crowd that begins together stays one.
        case around(perMille: Int)
    }

    /// The first window.
    package var first: Interval
    /// No wait is longer.
    package var waitMax: Interval
    package var jitter: Jitter

    package init(first: Interval = .milliseconds(100), waitMax: Interval = .seconds(300), jitter: Jitter = .full) {
        self.first = first
        self.waitMax = waitMax
        self.jitter = jitter
    }

    /// A tenth to either side: what is usually meant by backoff with 10 % jitter, for comparison.
    package static let tenth = Backoff(jitter: .around(perMille: 100))

    /// What cannot be computed, or makes a wait of nothing.
    package var isValid: Bool {
        guard first > .zero, waitMax >= first, waitMax.nanoseconds < Int64.max / 4_096 else { return false }
        if case .around(let perMille) = jitter { return perMille >= 0 && perMille < 1_000 }
        return true
    }

    /// The window before attempt number `round`, counted from 0.
    package func window(_ round: Int) -> Interval {
        let doublings = min(round, 62)
        // Compared the other way round, the shift cannot overflow.
        guard first.nanoseconds <= waitMax.nanoseconds >> doublings else { return waitMax }
        return Interval(nanoseconds: first.nanoseconds << doublings)
    }

    /// The wait before attempt number `round`, from 64 uniform bits.
    package func wait(_ round: Int, draw: UInt64) -> Interval {
        let window = window(round).nanoseconds
        switch jitter {
        case .full: return Self.uniform(from: 1, to: window, draw: draw)
        case .around(let perMille):
            let spread = window * Int64(perMille) / 1_000
            // The range is clipped, not the wait: a crowd clipped to `waitMax` would come all at once.
            return Self.uniform(from: window - spread, to: min(window + spread, waitMax.nanoseconds), draw: draw)
        }
    }

    private static func uniform(from least: Int64, to most: Int64, draw: UInt64) -> Interval {
        Interval(nanoseconds: least + Int64(draw.uniform(below: UInt64(most - least + 1))))
    }
}
