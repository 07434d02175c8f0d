import PlaitCore

/// What one path did before now: the most that it had in flight and delivered during the last two to four round trips,
/// and what it lost of the last few hundred packets.
///
/// A smoothed round trip tells of the queue as it was when the packets answered last were sent. A window that was cut
/// since has let that queue drain, and this is how much of it.
struct PathMemory: Sendable {
    private var inFlight = Peak()
    private var rate = Peak()
    private var rotatesAt = Instant.start
    private var packetSize = 1_200.0
    private var lossShare = 0.0

    /// Packets get lost here now and then, even if none was lately: bursts come seconds apart.
    var isLossy: Bool { lossShare > Self.lossShareMin }

    /// The larger of two spans of time, so that a peak is kept for one span at least and two at most.
    private struct Peak: Sendable {
        var current = 0.0
        var previous = 0.0
        var value: Double { max(current, previous) }
    }

    mutating func acknowledged(_ bytes: Int) { lossShare -= lossShare * weight(of: bytes) }
    mutating func lost(_ bytes: Int) { lossShare += (1 - lossShare) * weight(of: bytes) }

    private func weight(of bytes: Int) -> Double { min(Double(bytes) / packetSize, 64) * Self.weight }

    /// Of a packet: losses are remembered for some 256 of them.
    private static let weight = 1.0 / 256
    /// Half of what one loss leaves at once: it counts for some 180 packets after it.
    private static let lossShareMin = 0.5 / 256

    mutating func note(_ path: PathView, now: Instant) {
        if now >= rotatesAt {
            inFlight = Peak(current: 0, previous: inFlight.current)
            rate = Peak(current: 0, previous: rate.current)
            rotatesAt = now + path.smoothedRoundTrip + path.smoothedRoundTrip
        }
        packetSize = Double(max(path.packetSize, 1))
        inFlight.current = max(inFlight.current, Double(path.bytesInFlight))
        rate.current = max(rate.current, path.deliveredRate)
    }

    /// Nanoseconds by which the queue is shorter than the smoothed round trip says.
    func drained(_ path: PathView) -> Double {
        guard rate.value > 0 else { return 0 }
        return max(inFlight.value - Double(path.bytesInFlight), 0) / rate.value * 1e9
    }
}
