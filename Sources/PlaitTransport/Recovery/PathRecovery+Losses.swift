package import PlaitCore

/// A packet that the present ACK is the first to name.
struct Arrival: BitwiseCopyable {
    var number: UInt64
    var sentAt: Instant
    var bytes: UInt32
    var event: UInt32
    var isAckEliciting: Bool
    /// It had been declared lost, and was taken out of the bytes in flight then.
    var isLate: Bool
    var cause: LossCause

    /// The path had been given up since: how long it took says how long the path was dead.
    var isFromBeforeFailure: Bool { isLate && cause == .failure }
}

// What one ACK changes.
extension PathRecovery {
    mutating func arrive(_ number: UInt64) {
        let record = packets.acknowledge(number)
        arrivals.append(
            Arrival(
                number: number,
                sentAt: record.sentAt,
                bytes: record.bytes,
                event: record.event,
                isAckEliciting: record.isAckEliciting,
                isLate: record.state == .lost,
                cause: record.cause
            )
        )
        guard record.isAckEliciting else { return }
        statistics.packetsAcknowledged += 1
        statistics.bytesAcknowledged += UInt64(record.bytes)
        bytesSinceEvent += Int(record.bytes)
    }

    /// Arrivals go from the highest number to the lowest.
    var largestElicitingArrival: UInt64? {
        for index in 0..<arrivals.count where arrivals[index].isAckEliciting { return arrivals[index].number }
        return nil
    }

    /// What the ACK took out of the bytes in flight.
    var arrivedBytes: Int {
        var sum = 0
        for index in 0..<arrivals.count where arrivals[index].isAckEliciting && !arrivals[index].isLate {
            sum += Int(arrivals[index].bytes)
        }
        return sum
    }

    /// RFC 9002, 5.1: a sample needs the largest number to be new, and one that asked for an acknowledgement.
    ///
    /// - Returns: The sample, less nothing; nil if there is none.
    mutating func measure(largest: UInt64, delay: UInt64, by ackSlot: Int, now: Instant) -> Interval? {
        guard arrivals[0].number == largest, largestElicitingArrival != nil, !arrivals[0].isFromBeforeFailure else {
            return nil
        }
        hear(by: ackSlot, now: now)
        let measured = now - arrivals[0].sentAt
        // A peer may name any delay of 62 bits; it counts up to what it promised never to exceed.
        let limit = configuration.peerAckDelayMax
        let told =
            delay < UInt64(max(limit.nanoseconds, 0)) / 1_000 ? Interval.microseconds(Int64(delay)) : limit
        roundTrip.sample(measured, ackDelay: told, now: now)
        return roundTrip.latest
    }

    /// Finds packets that had been declared lost too early, and learns from them.
    mutating func noticeSpurious(highestBefore: UInt64, now: Instant) {
        for index in 0..<arrivals.count where arrivals[index].isLate && arrivals[index].isAckEliciting {
            let late = arrivals[index]
            statistics.packetsSpurious += 1
            if !late.isFromBeforeFailure {
                rates.foundAgain()
                reordering.spurious(
                    distance: highestBefore > late.number ? highestBefore - late.number : 0,
                    byTime: late.cause == .time
                )
            }
            guard losses.arrivedLate(late.number, event: late.event) else { continue }
            statistics.eventsUndone += 1
            congestion.spuriousCongestion(now: now)
        }
    }

    mutating func tellController(
        bytesInFlight: Int,
        sample: Interval?,
        among paths: Span<CoupledPath>,
        now: Instant
    ) {
        var index = arrivals.count
        while index > 0 {
            index -= 1
            let arrival = arrivals[index]
            guard arrival.isAckEliciting, !arrival.isLate else { continue }
            congestion.acknowledged(
                AcknowledgedPacket(
                    bytes: Int(arrival.bytes),
                    sentAt: arrival.sentAt,
                    now: now,
                    bytesInFlight: bytesInFlight,
                    isInRecovery: losses.isInRecovery(arrival.number),
                    isApplicationLimited: isApplicationLimited,
                    roundTripSample: index == 0 ? sample : nil,
                    smoothedRoundTrip: roundTrip.smoothed,
                    minimumRoundTrip: roundTrip.minimum
                ),
                among: paths
            )
        }
    }

    /// RFC 9002, 6.1: lost is what was sent before something that arrived, and either `packets` numbers or the loss
    /// delay earlier. Numbers and times of sending rise together, so the search ends at the first that is neither.
    mutating func detectLosses(bytesInFlight: Int, now: Instant) {
        lossTime = .never
        guard let largestAcknowledged else { return }
        let delay = reordering.lossDelay(roundTrip)
        var isPersistent = false
        var place = packets.lowestOutstanding
        while place != SentPacket.none, place < largestAcknowledged {
            let record = packets[place]
            let isFar = largestAcknowledged - place >= reordering.packets
            guard isFar || record.sentAt + delay <= now else {
                lossTime = record.sentAt + delay
                break
            }
            if lose(place, record, byTime: !isFar, bytesInFlight: bytesInFlight, now: now) { isPersistent = true }
            place = record.higher
        }
        guard isPersistent else { return }
        statistics.persistentCongestions += 1
        congestion.persistentCongestion(now: now)
        roundTrip.forgetMinimum()
        losses.close()
    }

    /// - Returns: Whether this loss makes congestion persistent.
    private mutating func lose(
        _ number: UInt64,
        _ record: SentPacket,
        byTime: Bool,
        bytesInFlight: Int,
        now: Instant
    ) -> Bool {
        var event: UInt32 = 0
        if record.isAckEliciting {
            statistics.packetsLost += 1
            statistics.bytesLost += UInt64(record.bytes)
            rates.lost(now: now)
            if !losses.isInRecovery(number) {
                losses.begin(next: packets.nextUnused)
                reordering.eventPassed()
                statistics.congestionEvents += 1
                bytesBeforeEvent = bytesSinceEvent
                bytesSinceEvent = 0
                congestion.congestionEvent(
                    CongestionEvent(sentAt: record.sentAt, now: now, bytesInFlight: bytesInFlight)
                )
            }
            losses.lost()
            event = losses.current
        }
        packets.lose(number, event: event, because: byTime ? .time : .numbers)
        return losses.extendRun(
            number,
            below: packets.nextSent(below: number),
            sentAt: record.sentAt,
            counts: record.isAckEliciting && roundTrip.hasSample && record.sentAt > roundTrip.firstSampleAt,
            duration: Self.persistence * probeTimeout
        )
    }

    /// RFC 9002, 7.6.1.
    private static var persistence: Int64 { 3 }
}

// Timers.
extension PathRecovery {
    /// How long to wait for an acknowledgement before probing, without backoff: RFC 9002, 6.2.1. Idle, draining and key
    /// timers are multiples of it.
    package var probeTimeout: Interval {
        max(roundTrip.probeTimeout, probeTimeoutBefore) + configuration.peerAckDelayMax
    }

    /// When `deadlineReached` is due: a packet may count as lost, or a probe must go; `.never` with nothing in flight.
    package var deadline: Instant {
        if !lossTime.isNever { return lossTime }
        return packets.elicitingInFlight > 0 ? probeTimerStart + probeInterval : .never
    }

    /// May be called early: then nothing happens.
    ///
    /// - Returns: Whether a probe timeout passed without an answer.
    @discardableResult
    package mutating func deadlineReached(now: Instant) -> Bool {
        guard deadline <= now, !deadline.isNever else { return false }
        if !lossTime.isNever {
            detectLosses(bytesInFlight: packets.bytesInFlight, now: now)
            packets.forget(sentBefore: now - forgetting)
            return false
        }
        if firstProbeAt.isNever { firstProbeAt = now }
        // An owner that cannot send, because its interface is gone, is not woken again and again at the same instant.
        probeTimerStart = now
        probeCount += 1
        statistics.probeTimeouts += 1
        probesDue = Self.probesPerTimeout
        packets.handOutOldest(Self.probesPerTimeout)
        return true
    }

    /// Doubled with each unanswered timeout, up to what the configuration allows.
    var probeInterval: Interval {
        let isEager = firstProbeAt.isNever || probeTimerStart - firstProbeAt < configuration.probeEagerness
        let most = max(probeTimeout, isEager ? configuration.probeIntervalMax : configuration.probeIntervalLateMax)
        var interval = probeTimeout
        var doublings = probeCount
        while doublings > 0, interval < most {
            interval = interval + min(interval, most - interval)
            doublings -= 1
        }
        return interval
    }

    /// How long after its sending a lost packet is remembered, to notice that it was not.
    var forgetting: Interval { 3 * probeTimeout }

    /// RFC 9002, 6.2.4: two, so that one more loss does not cost another timeout.
    static var probesPerTimeout: Int { 2 }
}

// Outputs.
extension PathRecovery {
    package var bytesInFlight: Int { packets.bytesInFlight }

    /// Whether the peer takes acknowledgements and gives none: what is remembered for it must end somewhere. An honest
    /// one answers the PING that goes with some of them; 2^17 in a round trip would be 10 Gbps over 250 ms.
    package var isUnanswered: Bool { packets.unanswered > 1 << 17 }

    /// Whether anything that asks for an acknowledgement waits for one.
    package var isIdle: Bool { packets.elicitingInFlight == 0 }

    package var hasRecorded: Bool { packets.hasRecorded }

    /// Walks everything; for tests and for the simulator's debug builds.
    package func checkInvariants() {
        packets.checkInvariants()
        precondition(arrivals.isEmpty, "an ACK was begun and not finished")
        precondition(congestion.window > 0, "a window of nothing can never grow")
        rates.checkInvariants()
        precondition(packets.elicitingInFlight > 0 || lossTime.isNever || packets.hasOutstanding, "a timer for nothing")
    }
}
