package import PlaitCore

/// One bit after the other at a rate, without losing or gaining a fraction of a nanosecond.
///
/// Work is counted in billionths of a bit, so that rate times nanoseconds is exact. A packet ends at the first whole
/// nanosecond at which all its work is done; what the rate could have done beyond that moment is credited to a packet
/// that was already waiting. Over any interval of a busy period, then, bits = rate x time to within one nanosecond.
package struct Serializer: Sendable {
    package private(set) var rate: Rate
    /// Work left at `mark`, in billionths of a bit.
    private var remaining: UInt64 = 0
    private var mark: Instant = .start
    private var credit: UInt64 = 0
    /// What the rate could have done beyond the present packet's work at the end, or before a change or pause.
    private var surplus: UInt64 = 0
    private var creditedAt: Instant = .never
    private var isPaused = false

    package init(rate: Rate) { self.rate = rate }

    /// Starts a packet of `byteCount` bytes on the wire, overhead included.
    ///
    /// If it `wasWaiting`, it was there before this instant, so the previous packet's surplus is its own.
    ///
    /// - Returns: When its last bit leaves, or `.never` while paused.
    package mutating func begin(byteCount: Int, wasWaiting: Bool, now: Instant) -> Instant {
        let work = UInt64(byteCount) * Self.workPerByte
        let inherited = wasWaiting && creditedAt == now ? credit : 0
        remaining = work - min(inherited, work)
        surplus = inherited - min(inherited, work)
        credit = 0
        mark = now
        return finish
    }

    /// The packet's last bit left at `now`, which is what `begin` (or the last change) answered.
    package mutating func end(now: Instant) {
        settle(now: now)
        credit = rate.isUnlimited ? 0 : surplus
        creditedAt = now
        remaining = 0
    }

    /// Drops the packet in service.
    package mutating func abandon() {
        remaining = 0
        credit = 0
        surplus = 0
    }

    /// Serves what is left of the present packet, and all later ones, at another rate.
    package mutating func change(to rate: Rate, now: Instant) -> Instant {
        settle(now: now)
        self.rate = rate
        credit = 0
        return finish
    }

    package mutating func pause(now: Instant) {
        settle(now: now)
        isPaused = true
    }

    package mutating func resume(now: Instant) -> Instant {
        mark = now
        isPaused = false
        return finish
    }

    /// Work left of the packet in service, in billionths of a bit.
    package func workLeft(now: Instant) -> UInt64 {
        rate.isUnlimited ? 0 : remaining - min(remaining, done(by: now))
    }

    /// Billionths of a bit in a byte.
    package static let workPerByte: UInt64 = 8_000_000_000

    private var finish: Instant {
        if isPaused { return .never }
        if rate.isUnlimited { return mark }
        let (quotient, rest) = remaining.quotientAndRemainder(dividingBy: rate.bitsPerSecond)
        return mark + Interval(nanoseconds: Int64(quotient) + (rest > 0 ? 1 : 0))
    }

    /// Saturates: a packet left unattended for hours must not wrap the product.
    private func done(by now: Instant) -> UInt64 {
        if isPaused { return 0 }
        let (product, overflow) = rate.bitsPerSecond.multipliedReportingOverflow(by: UInt64((now - mark).nanoseconds))
        return overflow ? .max : product
    }

    private mutating func settle(now: Instant) {
        // A packet whose work is done waits for its end at this instant; what the rate did beyond it stays its surplus.
        if rate.isUnlimited {
            remaining = 0
        } else if remaining > 0 {
            let done = done(by: now)
            if done > remaining { surplus = done - remaining }
            remaining -= min(remaining, done)
        }
        mark = now
    }
}
