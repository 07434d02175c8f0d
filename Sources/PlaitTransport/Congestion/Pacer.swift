package import PlaitCore

/// Spreads packets over the round trip instead of sending a window at once: RFC 9002, section 7.7.
///
///     rate = gain * window / smoothed RTT,    gain = 2 in slow start, 5/4 afterwards
///
/// A bucket of bytes that fills at that rate, up to a burst. Bytes, not a time of departure: when the first sample
/// shows a round trip far below the assumed one, what was sent before must not hold the next packets back at the old
/// rate. Because the gain is above one, the window, not the pacer, holds a busy sender back in the long run.
package struct Pacer: Sendable {
    /// What the path allows now.
    package struct Pace: Sendable {
        let window: Int
        let isSlowStart: Bool
        let smoothed: Interval

        package init(window: Int, isSlowStart: Bool, smoothed: Interval) {
            self.window = window
            self.isSlowStart = isSlowStart
            self.smoothed = smoothed
        }

        /// The rate is `bytes / nanoseconds`.
        fileprivate var bytes: UInt64 { UInt64(max(window, 1)) * (isSlowStart ? 2 : 5) }
        fileprivate var nanoseconds: UInt64 { UInt64(max(smoothed.nanoseconds, 1)) * (isSlowStart ? 1 : 4) }
    }

    /// Bytes that could leave at once when the last packet had left; below zero after probes, which do not ask.
    private var level: Int
    private var updatedAt = Instant.start
    private var burst: Int

    /// - Parameter burst: Bytes that may leave at once after a pause: the initial window (RFC 9002, 7.7).
    package init(burst: Int) {
        self.burst = burst
        level = burst
    }

    /// The earliest instant at which a packet of `bytes` may leave; in the past when it may leave at once.
    package func earliestSend(_ bytes: Int, at pace: Pace) -> Instant {
        let needed = min(bytes, burst) - level
        guard needed > 0 else { return updatedAt }
        let nanoseconds = Self.scaled(UInt64(needed), by: pace.nanoseconds, over: pace.bytes, isRoundedUp: true)
        return updatedAt + Interval(nanoseconds: Int64(nanoseconds))
    }

    /// Packets have another size, and so has the burst.
    package mutating func resize(burst: Int) {
        self.burst = burst
        level = min(level, burst)
    }

    package mutating func packetSent(_ bytes: Int, at pace: Pace, now: Instant) {
        let elapsed = UInt64(max((now - updatedAt).nanoseconds, 0))
        let filled = Self.scaled(elapsed, by: pace.bytes, over: pace.nanoseconds, isRoundedUp: false)
        // Probes may overdraw by a burst; more is forgiven, or they would hold the answer back.
        level = max(min(level + Int(filled), burst) - bytes, -burst)
        updatedAt = now
    }

    /// `value * factor / divisor`, at most 2^55: more bytes than any burst, and a year in nanoseconds.
    private static func scaled(_ value: UInt64, by factor: UInt64, over divisor: UInt64, isRoundedUp: Bool) -> UInt64 {
        let product = value.multipliedFullWidth(by: factor)
        guard product.high < divisor else { return 1 << 55 }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        return min(quotient, 1 << 55 - 1) + (isRoundedUp && remainder > 0 ? 1 : 0)
    }
}
