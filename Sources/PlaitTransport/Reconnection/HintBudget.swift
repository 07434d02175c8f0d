import PlaitCore

/// How many hints are acted upon at once: at most `burst + t / refill` in any time t, however many come.
///
/// A bucket of `burst` hints into which one falls every `refill`, kept as one instant: when it will be full again.
struct HintBudget: Sendable {
    private let slack: Interval
    private let refill: Interval
    private var fullAt = Instant.start

    init(burst: Int, refill: Interval) {
        precondition(burst > 0 && refill > .zero, "a budget that allows nothing, or everything")
        slack = Int64(burst - 1) * refill
        self.refill = refill
    }

    /// When the next hint may be acted upon: the past, if it may now.
    var nextAt: Instant { fullAt - slack }

    /// Takes one, if there is one.
    mutating func take(now: Instant) -> Bool {
        guard nextAt <= now else { return false }
        fullAt = max(fullAt, now) + refill
        return true
    }
}
