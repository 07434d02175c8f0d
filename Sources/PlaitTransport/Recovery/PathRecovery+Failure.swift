package import PlaitCore

// What other paths take over, and what is left of a path that failed.
extension PathRecovery {
    /// The oldest packet in flight of which no other packet carries the frames yet.
    package struct Held: Hashable, Sendable, BitwiseCopyable {
        package var number: UInt64
        package var sentAt: Instant
        package var bytes: Int
    }

    /// What `handOut` would hand back next; nil when everything in flight is carried again already.
    package mutating func oldestHeld() -> Held? {
        guard let number = packets.oldestHeld() else { return nil }
        let record = packets[number]
        return Held(number: number, sentAt: record.sentAt, bytes: Int(record.bytes))
    }

    /// The oldest that another path may carry while this one works, and that none carries yet.
    package mutating func oldestLoose() -> Held? {
        guard let number = packets.oldestLoose() else { return nil }
        let record = packets[number]
        return Held(number: number, sentAt: record.sentAt, bytes: Int(record.bytes))
    }

    /// Hands back the frames of this one, as `handOut` does of the oldest.
    package mutating func handOut(_ held: Held) { packets.resolve(held.number, as: .probed) }

    /// What this packet carries goes by another path, too.
    package mutating func share(_ number: UInt64) { packets.share(number) }

    /// Hands back the frames of the oldest packets in flight, as `.probed`, until together they have so many bytes: for
    /// another path that brings them sooner. They stay in flight here.
    ///
    /// - Returns: The bytes of those packets; less than asked for when there are no more.
    @discardableResult
    package mutating func handOut(oldest bytes: Int) -> Int {
        var sum = 0
        while sum < bytes, let oldest = oldestHeld() {
            packets.resolve(oldest.number, as: .probed)
            sum += oldest.bytes
        }
        return sum
    }

    /// The path is suspected: everything in flight is handed back for others to carry. It stays in flight here, and
    /// nothing changes if an acknowledgement comes after all.
    package mutating func handOutAll() { packets.handOutOldest(.max) }

    /// The path failed: everything in flight is lost, which says nothing about congestion. Acknowledgements that come
    /// all the same are welcome.
    package mutating func forgetAll(now: Instant) {
        #if Mutants
            if Mutant.isPlanted(.failureForgetsNothing) { return }
        #endif
        // Before the rest is lost, so that an ACK which is on its way still finds what it is about.
        packets.forget(sentBefore: now - forgetting)
        packets.blameFailure()
        while packets.hasOutstanding {
            let number = packets.lowestOutstanding
            let record = packets[number]
            if record.isSizeProbe {
                statistics.sizeProbesLost += 1
            } else if record.isAckEliciting {
                statistics.packetsLost += 1
                statistics.bytesLost += UInt64(record.bytes)
            }
            packets.lose(number, event: 0, because: .failure)
        }
        lossTime = .never
        probesDue = 0
        probeCount = 0
        firstProbeAt = .never
        restartSize()
    }

    /// The path returns, perhaps by another way: it begins anew with a fresh controller, and knows no round trip.
    /// Its numbers go on.
    package mutating func restart(congestion: any CongestionController, now: Instant) {
        forgetAll(now: now)
        #if Mutants
            if Mutant.isPlanted(.returnReusesNumbers) {
                packets = SentPackets(random: RandomStream(seed: 0, name: "packets"))
                largestAcknowledged = nil
            }
        #endif
        self.congestion = congestion
        roundTrip = RoundTripEstimator(initial: configuration.initialRoundTrip)
        heardBefore.removeAll()
        heardSlot = slot
        probeTimeoutBefore = .zero
        pacer = Self.pacer(configuration)
        reordering = ReorderingThresholds()
        losses.restart()
        rates = PathRates()
        (bytesSinceEvent, bytesBeforeEvent) = (0, 0)
        probeTimerStart = now
        isApplicationLimited = false
    }
}
