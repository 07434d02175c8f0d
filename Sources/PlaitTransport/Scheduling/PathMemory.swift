import PlaitCore

/// What one path did before now: the most that it had in flight and delivered during the last two to four round trips,
/// and what it lost of the last thousand packets.
///
/// A smoothed round trip tells of the queue as it was when the packets answered last were sent. A window that was cut
/// since has let that queue drain, and this is how much of it.
struct PathMemory: Sendable {
    /// The id of the path that it is of: a slot may be given to another one.
    private var path: UInt32?
    private var inFlight = Peak()
    private var rate = Peak()
    private var rotatesAt = Instant.start
    private var packetSize = 1_200.0
    /// Of a packet, that it gets lost: the mean over the last thousand or so, which begins with a guess.
    private(set) var risk: Double = Self.guess
    /// Packets in that mean.
    private var counted: Double = Self.guessed
    private var hasLost = false

    /// Packets get lost here now and then, even if none was lately: bursts come seconds apart.
    var isLossy: Bool { hasLost && risk > Self.lossyAbove }

    /// The larger of two spans of time, so that a peak is kept for one span at least and two at most.
    private struct Peak: Sendable {
        var current = 0.0
        var previous = 0.0
        var value: Double { max(current, previous) }
    }

    mutating func acknowledged(_ bytes: Int) { risk -= risk * weight(of: bytes) }

    mutating func lost(_ bytes: Int) {
        hasLost = true
        risk += (1 - risk) * weight(of: bytes)
    }

    /// What these bytes count for beside those before.
    private mutating func weight(of bytes: Int) -> Double {
        let packets = Double(bytes) / packetSize
        counted = min(counted + packets, Self.countedMax)
        return min(packets / counted, 1)
    }

    /// A path that nothing is known of is as bad as many are, until a few dozen packets say better.
    private static let guess = 0.05
    private static let guessed = 32.0
    /// Long enough that a burst is not forgotten before the next one.
    private static let countedMax = 1024.0
    /// One of those thousand, lost to a full queue, does not make a path lossy; a burst of three does. Of a path's
    /// first thousand one does, since the guess counts for more than a packet until then.
    private static let lossyAbove = 2.5 / 1024

    mutating func note(_ path: PathView, now: Instant) {
        if let known = self.path, known != path.path { self = PathMemory() }
        self.path = path.path
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
