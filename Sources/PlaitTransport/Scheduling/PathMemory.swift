import PlaitCore

/// The most that one path had in flight and delivered during the last two to four round trips.
///
/// A smoothed round trip tells of the queue as it was when the packets answered last were sent. A window that was cut
/// since has let that queue drain, and this is how much of it.
struct PathMemory: Sendable {
    private var inFlight = Peak()
    private var rate = Peak()
    private var rotatesAt = Instant.start

    /// The larger of two spans of time, so that a peak is kept for one span at least and two at most.
    private struct Peak: Sendable {
        var current = 0.0
        var previous = 0.0
        var value: Double { max(current, previous) }
    }

    mutating func note(_ path: PathView, now: Instant) {
        if now >= rotatesAt {
            inFlight = Peak(current: 0, previous: inFlight.current)
            rate = Peak(current: 0, previous: rate.current)
            rotatesAt = now + path.smoothedRoundTrip + path.smoothedRoundTrip
        }
        inFlight.current = max(inFlight.current, Double(path.bytesInFlight))
        rate.current = max(rate.current, path.deliveredRate)
    }

    /// Nanoseconds by which the queue is shorter than the smoothed round trip says.
    func drained(_ path: PathView) -> Double {
        guard rate.value > 0 else { return 0 }
        return max(inFlight.value - Double(path.bytesInFlight), 0) / rate.value * 1e9
    }
}
