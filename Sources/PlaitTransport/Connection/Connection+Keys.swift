import PlaitCore
import PlaitCrypto

/// A connection's keys, from the handshake's secrets through their updates.
extension Connection {
    /// Takes the keys of the handshake into use.
    mutating func protect(with secrets: borrowing TrafficSecrets, slab: KeySlab, now: Instant) {
        let noiseRole: NoiseRole = role == .client ? .initiator : .responder
        let (sending, receiving) = (secrets.sealing(as: noiseRole), secrets.opening(as: noiseRole))
        protection = PacketProtection(
            sealing: SealingKey(secret: sending, suite: suite, slab: slab),
            opening: OpeningKey(secret: receiving, suite: suite, slab: slab),
            sendingHeader: HeaderKey(secret: sending, suite: suite, slab: slab),
            receivingHeader: HeaderKey(secret: receiving, suite: suite, slab: slab),
            now: now
        )
        observer?.secretInstalled(receiver: path.ids.peer, generation: 0, suite: suite, secret: sending)
    }

    /// Goes on to the next sending key when the present one has done enough and the peer is ready for it.
    mutating func updateKeysIfDue(now: Instant) {
        let largest = path.recovery.largestAcknowledged
        guard protection?.isSpent(configuration.keyLimits, age: configuration.keyAgeMax, now: now) ?? false else {
            return
        }
        guard protection?.canUpdate(largestAcknowledged: largest) ?? false else { return }
        protection?.update(now: now)
        keysRotated()
        // Goes with the first packet of the new generation, and again until one that carried it is acknowledged.
        pending.append(.keyUpdate(generation: sendingGeneration))
    }

    /// Whether what is sealed now is of an odd generation.
    var phase: Bool { sendingGeneration & 1 == 1 }

    /// Zero when the keys are gone.
    var sendingGeneration: UInt64 {
        switch protection {
        case .some(let keys): keys.sendingGeneration
        case .none: 0
        }
    }

    /// Zero when the keys are gone.
    var receivingGeneration: UInt64 {
        switch protection {
        case .some(let keys): keys.receivingGeneration
        case .none: 0
        }
    }

    /// When the receiving key before the present one is wiped.
    var previousKeyUntil: Instant {
        switch protection {
        case .some(let keys): keys.previousUntil
        case .none: .never
        }
    }

    /// Either direction went on to another generation.
    mutating func keysRotated() {
        keysAreNews = true
    }

    /// The peer says which generation it seals with. What was opened with another one would be a lie.
    func check(generation: UInt64) throws(PeerViolation) {
        guard generation <= receivingGeneration else {
            throw PeerViolation(.keyUpdate, frame: FrameType.keyUpdate, "a key update to a generation not reached")
        }
    }
}
