import PlaitCore

/// Groups losses into events, one a round trip, and finds persistent congestion: RFC 9002, sections 7.3.2 and 7.6.
struct LossEvents {
    /// Tells events apart; 0 stands for none.
    private(set) var current: UInt32 = 0
    /// Packets of the current event that have not arrived.
    private var missing = 0
    /// Losses of lower numbers belong to the current event. A number, not a time: packets that leave in the very
    /// instant of the event are told apart from those before.
    private(set) var recoveryEnd: UInt64 = 0

    /// The last of a run of lost packets in which none arrived, and when the first of it was sent that asked for an
    /// acknowledgement.
    private var runEnd = SentPacket.none
    private var runStartedAt = Instant.never

    func isInRecovery(_ number: UInt64) -> Bool { number < recoveryEnd }

    /// - Parameter next: The number that the next packet will have.
    mutating func begin(next: UInt64) {
        current = current == .max ? 1 : current + 1
        missing = 0
        recoveryEnd = next
    }

    mutating func lost() { missing += 1 }

    /// A packet of `event` arrived after all.
    ///
    /// - Returns: Whether it was the last one missing of the current event. Losses found later are of a new event.
    mutating func arrivedLate(_ number: UInt64, event: UInt32) -> Bool {
        if runEnd != SentPacket.none, number <= runEnd {
            runEnd = SentPacket.none
            runStartedAt = .never
        }
        guard event != 0, event == current else { return false }
        missing -= 1
        guard missing == 0 else { return false }
        close()
        return true
    }

    /// Nothing of the current event can be taken back any more, and any loss begins a new one.
    mutating func close() {
        begin(next: 0)
    }

    /// The path begins anew: no loss before has to do with any after.
    mutating func restart() {
        close()
        runEnd = SentPacket.none
        runStartedAt = .never
    }

    /// Adds a lost packet to the run of losses; `below` is the next lower number that was sent. It `counts` if it asked
    /// for an acknowledgement after the first round trip was measured.
    ///
    /// - Returns: Whether the run lasted longer than `duration`, so that congestion is persistent; the run then ends.
    mutating func extendRun(
        _ number: UInt64,
        below: UInt64,
        sentAt: Instant,
        counts: Bool,
        duration: Interval
    ) -> Bool {
        if below != runEnd || runEnd == SentPacket.none { runStartedAt = .never }
        runEnd = number
        guard counts else { return false }
        if runStartedAt.isNever {
            runStartedAt = sentAt
            return false
        }
        guard sentAt - runStartedAt > duration else { return false }
        runStartedAt = .never
        return true
    }
}

/// How far out of order a packet may come before it counts as lost: RFC 9002, section 6.1, adapted to the path.
///
/// A loss that proves spurious raises what was too strict: the packet threshold to what would have sufficed, at most
/// `packetsMax`; the time threshold by an eighth of the round trip, at most to two. `calmEvents` congestion events
/// without a spurious loss put both back, as RFC 8985, 7.2, does after 16 recoveries.
struct ReorderingThresholds {
    private(set) var packets: UInt64 = packetsMin
    private(set) var eighths: Int64 = eighthsMin
    private var calm = 0

    /// A lost packet arrived when one `distance` numbers above it had already been acknowledged.
    mutating func spurious(distance: UInt64, byTime: Bool) {
        calm = 0
        if byTime {
            eighths = min(eighths + 1, Self.eighthsMax)
        } else {
            packets = max(packets, min(distance + 1, Self.packetsMax))
        }
    }

    mutating func eventPassed() {
        calm += 1
        guard calm >= Self.calmEvents else { return }
        calm = 0
        packets = Self.packetsMin
        eighths = Self.eighthsMin
    }

    /// How long after its sending a packet counts as lost when a later one has arrived.
    func lossDelay(_ roundTrip: RoundTripEstimator) -> Interval {
        let longest = max(roundTrip.latest, roundTrip.smoothed).nanoseconds
        return max(
            Interval(nanoseconds: longest / 8 * eighths + longest % 8 * eighths / 8),
            RoundTripEstimator.granularity
        )
    }

    static let packetsMin: UInt64 = 3  // RFC 9002, 6.1.1
    static let packetsMax: UInt64 = 64
    static let eighthsMin: Int64 = 9  // RFC 9002, 6.1.2
    static let eighthsMax: Int64 = 16
    static let calmEvents = 16
}
