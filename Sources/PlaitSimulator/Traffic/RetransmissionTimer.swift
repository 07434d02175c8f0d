import PlaitCore

/// RFC 6298, in integers: smoothed round trip, its variation, and the timeout that follows, at least 200 ms.
struct RetransmissionTimer {
    private var smoothed: Int64?
    private var variation: Int64 = 0
    private var backoff: Int64 = 1

    var timeout: Interval {
        guard let smoothed else { return backoff * Self.initial }
        let base = Interval(nanoseconds: smoothed + max(Self.granularity, 4 * variation))
        return min(Self.most, backoff * max(Self.least, base))
    }

    mutating func sample(_ roundTrip: Interval) {
        let sample = max(1, roundTrip.nanoseconds)
        if let known = smoothed {
            variation += (abs(known - sample) - variation) / 4
            smoothed = known + (sample - known) / 8
        } else {
            smoothed = sample
            variation = sample / 2
        }
        backoff = 1
    }

    mutating func backOff() { backoff = min(64, backoff * 2) }

    private static let initial = Interval.seconds(1)
    private static let least = Interval.milliseconds(200)
    private static let most = Interval.seconds(60)
    private static let granularity: Int64 = 1_000_000
}
