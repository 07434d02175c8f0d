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
        tellOfSendingKey()
    }

    /// Goes on to the next sending key when the present one has done enough and the peer is ready for it.
    mutating func updateKeysIfDue(now: Instant) {
        isKeySpent = false
        guard protection?.isSpent(configuration.keyLimits, age: configuration.keyAgeMax, now: now) ?? false else {
            return
        }
        guard protection?.canUpdate ?? false else { return }
        guard isConfirmed else {
            isKeySpent = true
            return
        }
        protection?.update(now: now)
        tellOfSendingKey()
        // Goes with the first packet of the new generation, and again until one that carried it is acknowledged.
        pending.append(.keyUpdate(generation: sendingGeneration))
    }

    /// Whether the peer has acknowledged something sealed under the present key on each path that it was used on and
    /// that works, and on one at least.
    private var isConfirmed: Bool {
        var isAnywhere = false
        for slot in paths.indices where paths[slot].carriesData && firstSealed(on: slot) != nil {
            if owesConfirmation(slot) { return false }
            isAnywhere = true
        }
        return isAnywhere
    }

    /// Whether nothing that was sealed for this path under the present key is known to have arrived.
    private func owesConfirmation(_ slot: Int) -> Bool {
        guard paths[slot].carriesData, let first = firstSealed(on: slot) else { return false }
        return paths[slot].recovery.largestAcknowledged.map { $0 < first } ?? true
    }

    /// Whether an update waits for a path on which this end asks for nothing, because it only acknowledges there.
    func keysNeedAnswer(on slot: Int) -> Bool {
        isKeySpent && paths.count > 1 && paths[slot].recovery.isIdle && owesConfirmation(slot)
    }

    private func firstSealed(on slot: Int) -> UInt64? {
        switch protection {
        case .some(let keys): keys.firstSealed(on: slot)
        case .none: nil
        }
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

    /// The peer went on to its next key, and with that the update is complete: this end did before, or does now.
    mutating func peerKeyChanged(from generation: UInt64, sending: UInt64) {
        guard generation != receivingGeneration else { return }
        keysAreNews = true
        if sending != sendingGeneration { tellOfSendingKey() }
    }

    /// For key logs: the present sending key.
    private func tellOfSendingKey() {
        guard let observer else { return }
        switch protection {
        case .some(let keys):
            observer.secretInstalled(
                receiver: peerID,
                generation: keys.sendingGeneration,
                suite: suite,
                secret: keys.sealing.secret
            )
        case .none: preconditionFailure("a key that is gone cannot be told of")
        }
    }

    /// The peer says which generation it seals with. What was opened with another one would be a lie.
    func check(generation: UInt64) throws(PeerViolation) {
        guard generation <= receivingGeneration else {
            throw PeerViolation(.keyUpdate, frame: FrameType.keyUpdate, "a key update to a generation not reached")
        }
    }
}
