package import PlaitCore
package import PlaitCrypto

// What a model of the handshake is compared with. Nothing here changes anything; some functions are mutating only
// because then a handshake is looked at where it lies, and not copied out of its optional.

/// How far a client's handshake has come.
package struct InitiatorView: Sendable {
    /// `Initiator.Stage`.
    package enum Stage: Hashable, Sendable { case asking, finishing, confirmed, failed }

    package let stage: Stage
    package let startedAt: Instant
    package let attempts: Int
    /// Of the first attempt; empty if there is none.
    package let cookie: [UInt8]
    package let answersCookies: Bool
    package let hint: HandshakeHint?
}

/// A handshake that waits at a server's gate.
package struct ResponderView: Sendable {
    /// `Responder.Stage`.
    package enum Stage: Hashable, Sendable { case awaitingFinish, keyed, unfit }

    package let stage: Stage
    package let localID: ConnectionID
    package let peerID: ConnectionID
    /// Of the initiation that opened it: see `InitiationMark`.
    package let mark: UInt64
    package let suite: Suite
    package let startedAt: Instant
    /// The client showed a cookie of its own.
    package let isProven: Bool
}

/// The head of the digest by which a gate tells initiations apart, cookies aside.
package enum InitiationMark {
    package static func of(offer: RawSpan, message: RawSpan) -> UInt64 {
        var hasher = Hasher(.blake2b)
        hasher.update(offer)
        hasher.update(message)
        return InitiationDigest(hasher).words.0
    }
}

extension TransportEndpoint {
    /// The client's handshake in a slot, that of a connection included which still repeats its last message.
    package mutating func initiator(inSlot slot: Int) -> InitiatorView? {
        guard slot < slots.count else { return nil }
        return slots[slot].opening?.initiator.view ?? slots[slot].connection?.initiator?.view
    }

    /// What the connection in a slot has of its handshake: its peer's first id and the suite; nil when there is none,
    /// or it is closed.
    package mutating func handshakeKeys(inSlot slot: Int) -> (peerID: ConnectionID, suite: Suite)? {
        guard slot < slots.count, let life = life(of: slot), life != .closed else { return nil }
        guard let peerID = slots[slot].connection?.peerID, let suite = slots[slot].connection?.suite else { return nil }
        return (peerID, suite)
    }

    /// The connection that an id leads to.
    package func slot(ofID id: ConnectionID) -> Int? { routes[id] }

    /// How many handshakes wait at the gate with a responder.
    package mutating func responderCount() -> Int { gate?.responders.count ?? 0 }

    package mutating func responder(at index: Int) -> ResponderView? { gate?.responders[index].view }

    /// Until when each place is taken whose initiation could not be read, the earliest first.
    package mutating func placesSpent() -> [Instant] {
        (0..<(gate?.spent.count ?? 0)).compactMap { gate?.spent[$0] }
    }
}

extension Initiator {
    fileprivate var view: InitiatorView {
        let stage: InitiatorView.Stage =
            switch self.stage {
            case .asking: .asking
            case .finishing: .finishing
            case .confirmed: .confirmed
            case .failed: .failed
            }
        return InitiatorView(
            stage: stage,
            startedAt: startedAt,
            attempts: attempts.count,
            cookie: attempts.isEmpty ? [] : attempts[0].cookie,
            answersCookies: answersCookies,
            hint: hint
        )
    }
}

extension Responder {
    fileprivate var view: ResponderView {
        let stage: ResponderView.Stage =
            switch self.stage {
            case .awaitingFinish: .awaitingFinish
            case .keyed: .keyed
            case .unfit: .unfit
            }
        return ResponderView(
            stage: stage,
            localID: localID,
            peerID: key.peerID,
            mark: key.digest.words.0,
            suite: suite,
            startedAt: startedAt,
            isProven: isProven
        )
    }

    private var isProven: Bool { budget.isValidated }
}
