package import PlaitCore

/// Spreads packets over the round trip instead of sending a window at once: RFC 9002, section 7.7.
///
///     rate = gain * window / smoothed RTT,    gain = 2 in slow start, 5/4 afterwards
///
/// A leaky bucket kept as one instant: when the bytes sent so far would have left at that rate. A packet may go while that
/// instant is no further away than a burst takes. Because the gain is above one, the window, not the pacer, holds a
/// busy sender back in the long run.
package struct Pacer: Sendable {
    /// When all that was sent is through at the rate.
    private var through = Instant.start
    private let burst: Int

    /// - Parameter burst: Bytes that may leave at once after a pause: the initial window (RFC 9002, 7.7).
    package init(burst: Int) { self.burst = burst }

    /// The earliest instant at which a packet of `bytes` may leave; `now` or before when it may leave at once.
    package func earliestSend(_ bytes: Int, window: Int, isSlowStart: Bool, smoothed: Interval) -> Instant {
        let room = max(burst - bytes, 0)
        return through - Self.duration(room, window: window, isSlowStart: isSlowStart, smoothed: smoothed)
    }

    package mutating func packetSent(_ bytes: Int, window: Int, isSlowStart: Bool, smoothed: Interval, now: Instant) {
        let length = Self.duration(bytes, window: window, isSlowStart: isSlowStart, smoothed: smoothed)
        through = max(through, now) + length
    }

    /// How long `bytes` take at the rate. Exact in whole nanoseconds, rounded down; saturates at `durationMax`.
    static func duration(_ bytes: Int, window: Int, isSlowStart: Bool, smoothed: Interval) -> Interval {
        let (numerator, denominator): (UInt64, UInt64) = isSlowStart ? (1, 2) : (4, 5)
        let product = (UInt64(bytes) * numerator).multipliedFullWidth(by: UInt64(max(smoothed.nanoseconds, 0)))
        let divisor = UInt64(max(window, 1)) * denominator
        guard product.high < divisor else { return durationMax }
        let quotient = divisor.dividingFullWidth(product).quotient
        return Interval(nanoseconds: Int64(min(quotient, UInt64(durationMax.nanoseconds))))
    }

    /// A little over a year.
    private static let durationMax = Interval(nanoseconds: 1 << 55)
}
