package import PlaitCore

// How large packets may be on this path. A probe is in flight like any other packet, but nothing follows from its loss
// except that it was too large (RFC 8899, 3; RFC 9000, 14.4).
extension PathRecovery {
    /// Bytes of a full packet.
    package var packetSize: Int { mtu.size }

    /// Bytes of the probe that should be sent as soon as `maySend` and `sendTime` allow; nil when there is none. A path
    /// that carries nothing else, or does not answer, is not probed.
    package mutating func sizeProbe(now: Instant) -> Int? {
        guard !mtu.isFixed, !isIdle, probeCount == 0, let bytes = mtu.probeSize(now: now) else { return nil }
        // Two packets of it must fit, as of any other size.
        return 2 * bytes <= congestion.window ? bytes : nil
    }

    /// A probe of what `sizeProbe` answered left.
    package mutating func sizeProbeSent(number: UInt64, bytes: Int, now: Instant) {
        packets.sizeProbeSent(number, bytes: bytes, now: now)
        mtu.probeSent(number)
        sizeProbeSentAt = now
        statistics.packetsSent += 1
        statistics.bytesSent += UInt64(bytes)
        statistics.sizeProbesSent += 1
        pacer.packetSent(bytes, at: pace, now: now)
        congestion.packetSent(bytes: bytes, bytesInFlight: packets.bytesInFlight, now: now)
    }

    /// No buffer has room for more than so many bytes.
    package mutating func limitSize(to bytes: Int, now: Instant) {
        mtu.limit(to: bytes, next: packets.nextUnused, now: now)
        takeSize()
    }

    /// What is known of the path's MTU is of another path from here on.
    package mutating func restartSize() {
        mtu.restart(next: packets.nextUnused)
        takeSize()
    }

    /// Answers once whether the size of packets is another one than before.
    package mutating func takeSizeNews() -> Bool {
        defer { sizeIsNews = false }
        return sizeIsNews
    }

    /// Whether nothing is in flight but a probe: nobody waits for its answer longer than for any.
    var hasOnlySizeProbe: Bool { packets.sizeProbesInFlight > 0 && packets.elicitingInFlight == 1 }

    /// Pacing and window follow the size.
    mutating func takeSize() {
        guard sizeTaken != mtu.size else { return }
        sizeTaken = mtu.size
        sizeIsNews = true
        pacer.resize(burst: 10 * mtu.size)
        congestion.packetSizeChanged(to: mtu.size)
    }

    /// What the present ACK is the first to name did fit.
    mutating func noticeSizes(now: Instant) {
        guard !mtu.isFixed else { return }
        for index in 0..<arrivals.count where arrivals[index].isAckEliciting {
            mtu.acknowledged(arrivals[index].number, bytes: Int(arrivals[index].bytes), now: now)
        }
    }

    /// The probe that alone is in flight was not answered for so long.
    mutating func onlySizeProbeTimedOut(now: Instant) {
        let number = packets.lowestEliciting
        statistics.sizeProbesLost += 1
        mtu.lost(number, bytes: Int(packets[number].bytes), next: packets.nextUnused, now: now)
        packets.lose(number, event: 0, because: .time)
        takeSize()
    }
}
