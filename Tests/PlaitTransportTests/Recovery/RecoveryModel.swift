import PlaitCore
import PlaitTransport

/// What RFC 9002 says, as plainly as it can be written: one array, every question a walk over all of it.
struct RecoveryModel {
    enum State: Hashable { case inFlight, acknowledged, lost, skipped }

    struct Packet {
        var number: UInt64
        var sentAt: Instant
        var bytes: Int
        var isEliciting: Bool
        var frames: [SentFrame]
        var state: State
        var wasLostByTime = false
        /// The path failed under it.
        var isFromFailure = false
        var isHandedBack = false
        var isForgotten = false
    }

    var packets: [Packet] = []
    var largestAcknowledged: UInt64?
    var packetThreshold: UInt64 = 3
    var eighths: Int64 = 9
    var calm = 0
    var lost: UInt64 = 0
    var spurious: UInt64 = 0
    var events: UInt64 = 0
    /// Losses of packets below this number belong to the event before.
    var recoveryEnd: UInt64 = 0
    /// Numbers whose loss belongs to the event that can still be undone and that did not arrive.
    var missing: Set<UInt64> = []
    var undone: UInt64 = 0
    /// Whether, after the last search for losses, a run of losses was long enough for persistent congestion.
    var hasLongRun = false
    /// Each frame with what became of it, in no particular order.
    var resolved: [ResolvedFrame] = []

    var bytesInFlight: Int {
        packets.filter { $0.state == .inFlight && $0.isEliciting }.map(\.bytes).reduce(0, +)
    }

    mutating func sent(_ packet: Packet) {
        while let last = packets.last, last.number + 1 < packet.number {
            packets.append(
                Packet(
                    number: last.number + 1,
                    sentAt: .start,
                    bytes: 0,
                    isEliciting: false,
                    frames: [],
                    state: .skipped
                )
            )
        }
        packets.append(packet)
    }

    private mutating func resolve(_ index: Int, _ fate: ResolvedFrame.Fate) {
        let isLate = packets[index].isHandedBack
        guard !isLate || fate == .acknowledged else { return }
        packets[index].isHandedBack = true
        for frame in packets[index].frames {
            let number = packets[index].number
            resolved.append(ResolvedFrame(frame: frame, number: number, fate: fate, isLate: isLate))
        }
    }

    /// `roundTrip` is the estimate after this ACK: it has tests of its own.
    mutating func acknowledged(
        _ ranges: [AckRange],
        roundTrip: RoundTripEstimator,
        probeTimeout: Interval,
        now: Instant
    ) {
        let before = largestAcknowledged ?? 0
        largestAcknowledged = max(before, ranges[0].last)
        var isNew = false
        for index in packets.indices.reversed() {
            let packet = packets[index]
            guard ranges.contains(where: { $0.first <= packet.number && packet.number <= $0.last }) else { continue }
            guard packet.state == .inFlight || packet.state == .lost, !packet.isForgotten else { continue }
            isNew = true
            if packet.state == .lost, packet.isEliciting {
                spurious += 1
                if !packet.isFromFailure { learn(from: packet, highest: before) }
                if !packet.isFromFailure, missing.remove(packet.number) != nil, missing.isEmpty {
                    undone += 1
                    recoveryEnd = 0
                }
            }
            resolve(index, .acknowledged)
            packets[index].state = .acknowledged
        }
        guard isNew else { return }
        findLosses(roundTrip, probeTimeout: probeTimeout, now: now)
        forget(now - 3 * probeTimeout)
    }

    private mutating func learn(from late: Packet, highest: UInt64) {
        calm = 0
        if late.wasLostByTime {
            eighths = min(eighths + 1, 16)
        } else if highest > late.number {
            packetThreshold = max(packetThreshold, min(highest - late.number + 1, 64))
        }
    }

    mutating func findLosses(_ roundTrip: RoundTripEstimator, probeTimeout: Interval, now: Instant) {
        guard let largestAcknowledged else { return }
        let delay = max(max(roundTrip.latest, roundTrip.smoothed).nanoseconds * eighths / 8, 1_000_000)
        for index in packets.indices where packets[index].state == .inFlight {
            let packet = packets[index]
            guard packet.number < largestAcknowledged else { continue }
            let isFar = largestAcknowledged - packet.number >= packetThreshold
            guard isFar || now.nanoseconds - packet.sentAt.nanoseconds >= delay else { continue }
            packets[index].state = .lost
            packets[index].wasLostByTime = !isFar
            resolve(index, .lost)
            guard packet.isEliciting else { continue }
            lost += 1
            if packet.number >= recoveryEnd {
                events += 1
                recoveryEnd = (packets.last?.number ?? 0) + 1
                missing = []
                calm += 1
                if calm == 16 {
                    calm = 0
                    packetThreshold = 3
                    eighths = 9
                }
            }
            missing.insert(packet.number)
        }
        hasLongRun = longestRun(after: roundTrip.firstSampleAt) > 3 * probeTimeout
    }

    /// RFC 9002, 7.6.2: the longest time between two lost packets with none acknowledged between them.
    private func longestRun(after start: Instant) -> Interval {
        var longest = Interval.zero
        var first: Instant?
        for packet in packets where packet.state != .skipped {
            if packet.state != .lost || packet.isFromFailure { first = nil }
            guard packet.state == .lost, !packet.isFromFailure, packet.isEliciting, packet.sentAt > start else {
                continue
            }
            if let first { longest = max(longest, packet.sentAt - first) }
            first = first ?? packet.sentAt
        }
        return longest
    }

    mutating func persistent() {
        missing = []
        recoveryEnd = 0
    }

    mutating func forget(_ horizon: Instant) {
        for index in packets.indices where !packets[index].isForgotten {
            let packet = packets[index]
            switch packet.state {
            case .skipped, .acknowledged: break
            case .lost: guard packet.sentAt < horizon else { return }
            case .inFlight:
                guard !packet.isEliciting, packet.sentAt < horizon else { return }
                resolve(index, .lost)
                packets[index].state = .lost
            }
            packets[index].isForgotten = true
        }
    }

    /// The oldest in flight that nobody else carries, which may be handed back.
    private var held: [Int] {
        packets.indices.filter {
            packets[$0].state == .inFlight && packets[$0].isEliciting && !packets[$0].isHandedBack
        }
    }

    mutating func probed(_ count: Int) {
        for index in held.prefix(count) { resolve(index, .probed) }
    }

    mutating func handedOut(bytes: Int) {
        var left = bytes
        for index in held where left > 0 {
            resolve(index, .probed)
            left -= packets[index].bytes
        }
    }

    mutating func failed() {
        for index in packets.indices where packets[index].state == .lost { packets[index].isFromFailure = true }
        for index in packets.indices where packets[index].state == .inFlight {
            resolve(index, .lost)
            packets[index].state = .lost
            packets[index].isFromFailure = true
            if packets[index].isEliciting { lost += 1 }
        }
    }

    mutating func restarted() {
        persistent()
        packetThreshold = 3
        eighths = 9
        calm = 0
    }

    var unacknowledgedSince: Instant {
        let first = largestAcknowledged.map { $0 + 1 } ?? 0
        return packets.first { $0.number >= first && $0.state == .inFlight && $0.isEliciting }?.sentAt ?? .never
    }

    var oldestSentAt: Instant { packets.first { $0.state == .inFlight && $0.isEliciting }?.sentAt ?? .never }
}
