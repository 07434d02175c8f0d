package import PlaitCore

/// A host's two clocks as pure functions of virtual time.
///
/// The monotonic one runs at 1 + drift times virtual time and never goes backwards; everything that decides uses it.
/// The wall clock is the monotonic one plus an offset that may be stepped either way.
package struct HostClock: Hashable, Sendable {
    /// Virtual and monotonic time at which the present drift began.
    private var virtualBase: Instant = .start
    private var monotonicBase: Instant = .start
    /// Parts per billion by which the clock runs fast.
    package private(set) var drift: Int64
    package private(set) var wallOffset: Interval

    /// A clock that shows zero at the start; `drift` is in parts per billion, between -500,000,000 and 500,000,000.
    package init(drift: Int64 = 0, wallOffset: Interval = .zero) {
        precondition(abs(drift) <= Self.driftMax, "a clock that fast is no clock")
        self.drift = drift
        self.wallOffset = wallOffset
    }

    /// What the monotonic clock shows at `virtual`: base + elapsed * (1 + drift), rounded down.
    package func monotonic(at virtual: Instant) -> Instant {
        guard drift != 0 else { return monotonicBase + (virtual - virtualBase) }
        let elapsed = (virtual - virtualBase).nanoseconds
        precondition(elapsed >= 0, "the clock was read before its drift changed")
        let product = UInt64(elapsed).multipliedFullWidth(by: pace)
        let (quotient, _) = Self.billion.dividingFullWidth(product)
        return monotonicBase + Interval(nanoseconds: Int64(quotient))
    }

    /// The first virtual instant at which the monotonic clock shows `reading` or more.
    package func virtual(at reading: Instant) -> Instant {
        guard !reading.isNever else { return .never }
        guard drift != 0 else { return virtualBase + (reading - monotonicBase) }
        let ahead = (reading - monotonicBase).nanoseconds
        guard ahead > 0 else { return virtualBase }
        let product = UInt64(ahead).multipliedFullWidth(by: Self.billion)
        guard product.high < pace else { return .never }
        let (quotient, rest) = pace.dividingFullWidth(product)
        guard quotient < UInt64(Int64.max) else { return .never }
        return virtualBase + Interval(nanoseconds: Int64(quotient) + (rest > 0 ? 1 : 0))
    }

    package func wall(at virtual: Instant) -> Instant { monotonic(at: virtual) + wallOffset }

    package mutating func setDrift(_ drift: Int64, at virtual: Instant) {
        precondition(abs(drift) <= Self.driftMax, "a clock that fast is no clock")
        monotonicBase = monotonic(at: virtual)
        virtualBase = virtual
        self.drift = drift
    }

    /// Saturates at the ends of time.
    package mutating func stepWall(by step: Interval) {
        let (sum, overflow) = wallOffset.nanoseconds.addingReportingOverflow(step.nanoseconds)
        wallOffset = Interval(nanoseconds: overflow ? (step < .zero ? .min / 2 : .max / 2) : sum)
    }

    package static let driftMax: Int64 = 500_000_000

    /// Monotonic nanoseconds per virtual second.
    private var pace: UInt64 { UInt64(Int64(Self.billion) + drift) }

    private static let billion: UInt64 = 1_000_000_000
}
