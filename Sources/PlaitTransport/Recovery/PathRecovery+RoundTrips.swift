package import PlaitCore

/// A round trip out on this path and back on another one, which acknowledgements came by until lately.
struct HeardBefore {
    var slot: Int
    var roundTrip: RoundTripEstimator
    var heardAt: Instant
}

// Acknowledgements may come back by any path, and with each the round trip is another one.
extension PathRecovery {
    /// A round trip measured otherwise: the handshake's, if nothing was repeated in it.
    package mutating func sample(_ measured: Interval, now: Instant) {
        guard let place = placeHeardBefore(slot) else {
            // Of a new path nothing else is known; one that is answered elsewhere has no use for it.
            if heardSlot == slot || !roundTrip.hasSample { roundTrip.sample(measured, ackDelay: .zero, now: now) }
            return
        }
        heardBefore[place].roundTrip.sample(measured, ackDelay: .zero, now: now)
    }

    /// A challenge was answered after so long: out and back on this path.
    package mutating func challengeAnswered(_ measured: Interval, now: Instant) { sample(measured, now: now) }

    /// No acknowledgement will come by that path any more; its slot may be given to another one.
    package mutating func closed(ackSlot: Int) {
        if heardSlot == ackSlot { heardSlot = nil }
        guard let place = placeHeardBefore(ackSlot), let last = heardBefore.popLast() else { return }
        if place < heardBefore.count { heardBefore[place] = last }
    }

    /// The next sample came by the path in `ackSlot`: from here on its round trip is the one that counts.
    ///
    /// Probes wait for the slowest of those that may still be on their way: acknowledgements that come now by this
    /// path, now by that one, must not make each packet seem late that is answered by the slower one.
    mutating func hear(by ackSlot: Int, now: Instant) {
        if ackSlot != heardSlot { change(to: ackSlot) }
        heardAt = now
        probeTimeoutBefore = .zero
        for place in heardBefore.indices {
            let before = heardBefore[place].roundTrip.probeTimeout
            guard heardBefore[place].heardAt + 2 * before > now else { continue }
            probeTimeoutBefore = max(probeTimeoutBefore, before)
        }
    }

    private mutating func change(to ackSlot: Int) {
        let place = placeHeardBefore(ackSlot)
        let next = place.map { heardBefore[$0].roundTrip }
        if let heardSlot, roundTrip.hasSample {
            let before = HeardBefore(slot: heardSlot, roundTrip: roundTrip, heardAt: heardAt)
            if let place { heardBefore[place] = before } else { heardBefore.append(before) }
        } else if let place, let last = heardBefore.popLast(), place < heardBefore.count {
            heardBefore[place] = last
        }
        heardSlot = ackSlot
        roundTrip = next ?? RoundTripEstimator(initial: configuration.initialRoundTrip)
    }

    private func placeHeardBefore(_ slot: Int) -> Int? {
        for place in heardBefore.indices where heardBefore[place].slot == slot { return place }
        return nil
    }
}

// What schedulers and coupled controllers ask of a path.
extension PathRecovery {
    /// The share of packets lost over the last second or so.
    package func lossRate(now: Instant) -> Double { rates.lossRate(now: now) }

    /// Bytes a second that arrived over the last second or so in which something was in flight; 0 before an ACK.
    package var deliveredRate: Double { rates.deliveredRate }

    /// When the oldest packet in flight left that asks for an acknowledgement; `.never` when there is none.
    package var oldestSentAt: Instant {
        packets.lowestEliciting == SentPacket.none ? .never : packets[packets.lowestEliciting].sentAt
    }

    /// When the oldest of those packets left whose number is above all that were acknowledged; `.never` when there is
    /// none. A path on which that was long ago has gone silent, whatever holes there are below.
    package var unacknowledgedSince: Instant {
        packets.lowestUnheard == SentPacket.none ? .never : packets[packets.lowestUnheard].sentAt
    }

    /// This path's row for a coupled controller.
    package func coupledPath(isSelf: Bool) -> CoupledPath {
        CoupledPath(
            slot: slot,
            window: congestion.window,
            slowStartThreshold: congestion.slowStartThreshold,
            smoothedRoundTrip: roundTrip.smoothed,
            isSelf: isSelf,
            bytesAcknowledgedBeforeLoss: bytesBeforeEvent,
            bytesAcknowledgedSinceLoss: bytesSinceEvent
        )
    }

    /// What one ACK told of, as rates.
    mutating func measureRates(now: Instant) {
        var count = 0
        var bytes = 0
        for index in 0..<arrivals.count where arrivals[index].isAckEliciting && !arrivals[index].isFromBeforeFailure {
            count += 1
            bytes += Int(arrivals[index].bytes)
        }
        if count > 0 { rates.arrived(packets: count, bytes: bytes, now: now) }
    }
}
