import PlaitCore

/// What one path will do, as far as its view tells: when it opens, when a packet arrives, how much follows.
///
/// Times are nanoseconds from now, in Double: sums of estimates, compared with each other only.
///
///     opening   0 when it may send; else until pacing lets it, or until the oldest packet in flight is due back. One
///               that is overdue will take as much longer as it is late already.
///     transit   half the shortest round trip, and the queue in front of the bottleneck: smoothed - shortest, all of
///               which is taken to be on the way out
///     repair    p / (1 - p) round trips: what retransmission adds on average to a packet lost with probability p
///     silence   for how long an answer is missing beyond what round trip and variation explain
struct PathForecast {
    /// When it could send the packet.
    let opening: Double
    /// From sending to arrival, repairs and doubts included.
    let delay: Double
    /// Bytes in flight that will have to be sent again.
    let expectedLosses: Double
    /// From sending until an answer is overdue.
    private let answer: Double
    private let roundTrip: Double
    private let packetSize: Double
    private let window: Double
    private let slowStartThreshold: Double
    /// The window still doubles in a round trip: it is below its threshold, and no queue has built up.
    private let isDoubling: Bool
    /// What opens it also makes it grow.
    private let isFull: Bool

    /// When a packet that goes by this path would arrive.
    var arrival: Double { opening + delay }

    /// From sending until a packet has arrived even if it is lost once: its answer is overdue, and it was sent again.
    var repaired: Double { answer + delay }

    /// `.infinity`-like, but safe to add and multiply.
    static var unreachable: Double { 1e18 }

    init(_ path: PathView, drained: Double = 0, now: Instant) {
        roundTrip = Double(max(path.smoothedRoundTrip.nanoseconds, 1))
        let shortest = Double(min(path.minimumRoundTrip, path.smoothedRoundTrip).nanoseconds)
        let loss = min(max(path.lossRate, 0), 0.9)
        let repair = loss / (1 - loss) * roundTrip
        answer = roundTrip + 4 * Double(path.roundTripVariation.nanoseconds)
        let since = path.unacknowledgedSince
        let silence = since.isNever ? 0 : max(Self.length(from: since, to: now) - answer, 0)
        opening = Self.opening(of: path, roundTrip: roundTrip, now: now)
        // A burst is over when the window that it filled opens again.
        let burst = Self.burst(on: path, shortest: shortest) - opening
        let queue = max(burst, roundTrip - shortest - drained, 0)
        delay = shortest / 2 + queue + repair + silence
        expectedLosses = loss * Double(path.bytesInFlight)
        packetSize = Double(path.packetSize)
        window = Double(max(path.window, 1))
        slowStartThreshold = Double(path.slowStartThreshold)
        isDoubling = path.window < path.slowStartThreshold && roundTrip < 1.5 * shortest
        isFull = !path.hasRoom
    }

    /// What a burst adds before any rate was seen: the link is taken to be twice as fast as the window fills it, which
    /// is how fast the window grows.
    private static func burst(on path: PathView, shortest: Double) -> Double {
        guard path.deliveredRate <= 0 else { return 0 }
        return Double(path.bytesInFlight) / Double(max(path.window, 1)) * shortest / 2
    }

    private static func opening(of path: PathView, roundTrip: Double, now: Instant) -> Double {
        if path.mayNow { return 0 }
        if path.hasRoom { return max(length(from: now, to: path.sendTime), 0) }
        guard !path.oldestSentAt.isNever else { return unreachable }
        let due = roundTrip - length(from: path.oldestSentAt, to: now)
        return due >= 0 ? due : -due
    }

    private static func length(from start: Instant, to end: Instant) -> Double {
        Double(end.nanoseconds) - Double(start.nanoseconds)
    }

    /// Bytes that it can have brought there by then: `limit` nanoseconds from now.
    ///
    /// Windows that double are followed round by round up to their threshold; others run at window / round trip.
    func bytes(by limit: Double) -> Double { limit >= arrival ? bytes(in: limit - arrival) : 0 }

    /// The same if its window stays as it is.
    func steadyBytes(by limit: Double) -> Double { limit >= arrival ? steadyBytes(in: limit - arrival) : 0 }
    func steadyBytes(in length: Double) -> Double { window * length / roundTrip }

    /// Bytes that it sends in `length` nanoseconds, once it is open.
    func bytes(in length: Double) -> Double {
        var left = length
        var round = isDoubling && isFull ? min(2 * window, slowStartThreshold) : window
        var sum = 0.0
        if isDoubling {
            while left > roundTrip, round < slowStartThreshold {
                sum += round
                round *= 2
                left -= roundTrip
            }
        }
        return sum + min(round, max(slowStartThreshold, window)) * left / roundTrip
    }

    /// How long until a packet that was sent here at `sentAt` arrives, when it could be sent again on a path that needs
    /// `again`.
    ///
    /// Once its answer is overdue by four variations it is taken for lost. So it is where losses are so many that one
    /// among those in flight is likely: then each may be the one for which everything waits.
    func remaining(of sentAt: Instant, again: Double, now: Instant) -> Double {
        let age = Self.length(from: sentAt, to: now)
        guard age <= answer else { return Self.unreachable }
        return expectedLosses >= packetSize / 2 ? answer - age + min(again, arrival) : max(delay - age, 0)
    }
}
