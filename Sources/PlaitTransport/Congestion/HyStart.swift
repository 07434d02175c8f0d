package import PlaitCore

/// Leaves slow start when round trips grow, before packets are lost: HyStart++, RFC 9406.
///
///     slow start --(a round's minimum >= last round's + threshold)--> conservative --(5 rounds)--> avoidance
///         ^                                                                 |
///         +---------------(minimum of a round < at the entry)---------------+
///
/// Packets are paced, so growth is not limited per ACK (L is infinite). A round ends with the first packet that arrives
/// of those sent after it began.
package struct HyStart: Sendable {
    private var roundStartedAt = Instant.start
    private var lastMinimum = Interval(nanoseconds: .max)
    private var currentMinimum = Interval(nanoseconds: .max)
    private var samples = 0
    /// What round trips were when conservative slow start began; nil in ordinary slow start.
    private var baseline: Interval?
    private var conservativeRounds = 0

    package init() {}

    /// How many bytes must arrive for the window to grow by one.
    package var divisor: Int { baseline == nil ? 1 : Self.conservativeDivisor }

    /// Takes in what arrived.
    ///
    /// - Returns: Whether slow start is over.
    package mutating func acknowledged(sentAt: Instant, sample: Interval?, now: Instant) -> Bool {
        var isOver = false
        if sentAt >= roundStartedAt {
            if baseline != nil {
                conservativeRounds += 1
                isOver = conservativeRounds >= Self.conservativeRoundsMax
            }
            roundStartedAt = now
            lastMinimum = currentMinimum
            currentMinimum = Interval(nanoseconds: .max)
            samples = 0
        }
        guard let sample else { return isOver }
        currentMinimum = min(currentMinimum, sample)
        samples += 1
        guard samples >= Self.samplesMin else { return isOver }
        if let baseline {
            if currentMinimum < baseline {
                // The rise was jitter: back to ordinary slow start.
                self.baseline = nil
                conservativeRounds = 0
                return false
            }
        } else if lastMinimum.nanoseconds != .max {
            let eighth = Interval(nanoseconds: lastMinimum.nanoseconds / 8)
            let threshold = max(Self.thresholdMin, min(eighth, Self.thresholdMax))
            if currentMinimum >= lastMinimum + threshold { baseline = currentMinimum }
        }
        return isOver
    }

    // RFC 9406, 4.3.
    private static let thresholdMin = Interval.milliseconds(4)
    private static let thresholdMax = Interval.milliseconds(16)
    private static let samplesMin = 8
    private static let conservativeDivisor = 4
    private static let conservativeRoundsMax = 5
}
