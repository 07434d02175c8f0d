import PlaitCore
import PlaitTransport

// The abstraction: what the machines' state means in the module's terms.
extension HandshakeDriver {
    package var state: HandshakeState {
        if let known { return known }
        let state = abstraction()
        known = state
        return state
    }

    private func abstraction() -> HandshakeState {
        var state = HandshakeState()
        state.mode = history.mode
        describeClient(&state)
        describeGate(&state)
        // One too many is seen; more have no room in the variable.
        state.generation = min(history.generations.count, HandshakeMessage.generationsMax + 1)
        state.sessions = history.sessions
        state.ended = history.sessions & ~living
        state.weak = history.weak
        state.wire = held.wire
        state.faults = history.faults
        return state
    }

    /// Connections at the server that live, by generation; the lowest bit is anybody else's.
    private var living: UInt64 {
        var living: UInt64 = 0
        for generation in 1...max(1, history.generationsPlaced) where isConnected(generation) {
            living |= 1 << UInt64(generation)
        }
        return server.transport.connectionCount > living.nonzeroBitCount ? living | 1 : living
    }

    private func describeClient(_ state: inout HandshakeState) {
        guard history.mode != .none else { return }
        let initiator = client.transport.initiator(inSlot: 0)
        state.clientKeys = history.clientKeys
        if let keys = client.transport.handshakeKeys(inSlot: 0) {
            // Asked each time: what was remembered would hide that the client took a second reply.
            state.clientKeys = history.generation(of: keys.peerID) ?? 0
            state.clientStage = initiator?.stage == .finishing ? .finishing : .confirmed
            // The connection forgets its handshake when the first packet opens.
            state.opened = initiator == nil
        } else if initiator?.stage == .asking {
            state.clientStage = .asking
        } else {
            state.clientStage = history.clientKeys == 0 ? .failed : .closed
        }
        guard let initiator, state.isClientWaiting else {
            state.heard = state.clientStage == .failed && client.failure?.wasHeard ?? false
            return
        }
        state.clientClock = client.clock >= initiator.startedAt + Self.tick
        guard state.clientStage == .asking else { return }
        state.hasAnsweredCookie = !initiator.answersCookies
        state.heard = initiator.hint != nil
        state.hasSecondAttempt = initiator.attempts > 1
        state.cookie = self.state(of: initiator.cookie)
    }

    private func describeGate(_ state: inout HandshakeState) {
        for index in 0..<server.transport.responderCount() {
            guard let responder = server.transport.responder(at: index) else { continue }
            let isOld = server.clock >= responder.startedAt + Self.tick
            if isClients(responder) {
                state.half = responder.stage == .awaitingFinish ? .awaitingFinish : .keyed
                state.halfIsOld = isOld
                state.proven = responder.isProven
            } else if responder.mark == attacker?.forgedMark {
                state.forged = isOld ? 2 : 1
            } else {
                state.changed = isOld ? 2 : 1
            }
        }
        for until in server.transport.placesSpent() {
            state.changed = until <= server.clock + Self.tick ? 2 : 1
        }
    }
}
