// One function for each action of the module, in its order.
extension HandshakeModel {
    package func step(_ action: HandshakeAction, from state: HandshakeState) -> HandshakeState? {
        guard state.hasPlaceToSend else { return nil }
        var next = state
        let isEnabled =
            switch action {
            case .connect(let mode): connect(mode, &next)
            case .deliver(let message): deliver(message, &next)
            case .drop(let message): drop(message, &next)
            case .deliverData(let toServer): toServer ? dataToServer(&next) : dataToClient(&next)
            case .deliverSecondAttempt: state.hasSecondAttempt
            case .clientTimeout: clientTimeout(&next)
            case .clientGiveUp: clientGiveUp(&next)
            case .clientIdle: clientIdle(&next)
            case .serverTimeout: serverTimeout(&next)
            case .serverIdle: serverIdle(&next)
            case .forgeInitiation(let stolen): forgeInitiation(stolen, &next)
            case .changeInitiation: changeInitiation(&next)
            case .forgeReply: state.mode != .none && remember(&next)
            case .forgeFinish: state.half == .awaitingFinish
            case .forgeCookie: state.mode != .none && takeCookie(.wrong, &next)
            case .forgeRefusal: state.mode != .none && forgeRefusal(&next)
            case .junk: state.mode != .none
            }
        return isEnabled ? next : nil
    }

    // MARK: The client

    private func connect(_ mode: HandshakeState.Mode, _ state: inout HandshakeState) -> Bool {
        guard state.mode == .none, modes.contains(mode) else { return false }
        (state.mode, state.clientStage) = (mode, .asking)
        state.put(.initiation(.none))
        return true
    }

    private func accept(_ generation: Int, _ state: inout HandshakeState) {
        state.clientKeys = generation
        state.clientStage = state.mode == .xx ? .finishing : .confirmed
        if state.mode == .ik { state.clientClock = false }
        (state.hasSecondAttempt, state.cookie, state.hasAnsweredCookie, state.heard) = (false, .none, false, false)
        if state.mode == .xx { state.put(.finish(generation)) }
    }

    private func takeCookie(_ cookie: HandshakeMessage.CookieState, _ state: inout HandshakeState) -> Bool {
        guard state.clientStage == .asking else { return true }
        state.heard = true
        state.cookie = cookie
        guard !state.hasAnsweredCookie else { return true }
        state.hasAnsweredCookie = true
        state.put(.initiation(cookie))
        return true
    }

    private func remember(_ state: inout HandshakeState) -> Bool {
        if state.clientStage == .asking { state.heard = true }
        return true
    }

    private func deliverReply(_ generation: Int, _ state: inout HandshakeState) {
        if state.clientStage == .asking {
            accept(generation, &state)
        } else if state.clientStage == .finishing, generation == state.clientKeys {
            state.put(.finish(generation))
        }
    }

    private func clientTimeout(_ state: inout HandshakeState) -> Bool {
        guard state.isClientWaiting, !state.clientClock else { return false }
        state.clientClock = true
        state.hasAnsweredCookie = false
        state.put(state.clientStage == .asking ? .initiation(state.cookie) : .finish(state.clientKeys))
        return true
    }

    private func clientGiveUp(_ state: inout HandshakeState) -> Bool {
        guard state.isClientWaiting, state.clientClock else { return false }
        state.clientClock = false
        state.clientStage = state.clientStage == .asking ? .failed : .confirmed
        (state.hasSecondAttempt, state.cookie, state.hasAnsweredCookie) = (false, .none, false)
        return true
    }

    private func clientIdle(_ state: inout HandshakeState) -> Bool {
        guard state.clientStage == .confirmed, hasAnySilence || !state.isMet else { return false }
        state.clientStage = .closed
        state.opened = false
        return true
    }

    // MARK: The server

    private func isCrowded(_ state: HandshakeState) -> Bool { state.places >= halfOpenMax }

    private func deliverInitiation(_ cookie: HandshakeMessage.CookieState, _ state: inout HandshakeState) -> Bool {
        if state.half != .none {
            state.put(.reply(state.generation))
            return true
        }
        if cookie != .right, isCrowded(state) {
            state.put(.cookie)
            return true
        }
        guard state.generation < generationMax else { return false }
        state.half = state.mode == .xx ? .awaitingFinish : .keyed
        state.halfIsOld = false
        state.proven = cookie == .right
        state.generation += 1
        state.put(.reply(state.generation))
        return true
    }

    private func establish(_ state: inout HandshakeState) {
        state.sessions |= 1 << UInt64(state.generation)
        (state.half, state.halfIsOld, state.proven) = (.none, false, false)
    }

    private func deliver(_ message: HandshakeMessage, _ state: inout HandshakeState) -> Bool {
        guard state.isOnWire(message) else { return false }
        switch message.kind {
        case .initiation: return deliverInitiation(message.carries, &state)
        case .reply: deliverReply(message.generation, &state)
        case .finish:
            if state.half == .awaitingFinish, message.generation == state.generation { establish(&state) }
        case .cookie: return takeCookie(.right, &state)
        }
        return true
    }

    private func drop(_ message: HandshakeMessage, _ state: inout HandshakeState) -> Bool {
        guard droppable.contains(message.kind), state.isOnWire(message), state.faults < faultsMax else { return false }
        state.wire &= ~message.bit
        state.faults += 1
        return true
    }

    private func dataToServer(_ state: inout HandshakeState) -> Bool {
        guard state.clientKeys != 0 else { return false }
        if state.half == .keyed, state.generation == state.clientKeys { establish(&state) }
        return true
    }

    private func dataToClient(_ state: inout HandshakeState) -> Bool {
        guard state.sessions != 0 else { return false }
        guard state.clientKeys != 0, state.hasSession(state.clientKeys),
            state.clientStage == .finishing || state.clientStage == .confirmed
        else { return true }
        (state.clientStage, state.opened, state.clientClock) = (.confirmed, true, false)
        state.hasAnsweredCookie = false
        return true
    }

    private func serverTimeout(_ state: inout HandshakeState) -> Bool {
        guard state.places > 0 else { return false }
        if state.half == .none, state.forged == 0, state.mode == .ik {
            state.changed = 0
            return true
        }
        state.forged = state.forged == 1 ? 2 : 0
        state.changed = state.changed == 1 ? 2 : 0
        if state.half != .none, !state.halfIsOld {
            state.halfIsOld = true
            state.put(.reply(state.generation))
        } else {
            (state.half, state.halfIsOld, state.proven) = (.none, false, false)
        }
        return true
    }

    private func serverIdle(_ state: inout HandshakeState) -> Bool {
        guard state.sessions != state.ended, state.places == 0, hasAnySilence || state.clientIsOver else {
            return false
        }
        state.ended = state.sessions
        return true
    }

    // MARK: The attacker

    private func forgeInitiation(_ isStolen: Bool, _ state: inout HandshakeState) -> Bool {
        guard state.mode != .none, forges, !isStolen || state.isOnWire(.cookie) else { return false }
        if state.forged == 0, !isCrowded(state) { state.forged = 1 }
        return true
    }

    private func changeInitiation(_ state: inout HandshakeState) -> Bool {
        guard state.mode != .none, changes, state.mode == .xx || state.changed == 0 else { return false }
        if state.changed == 0, !isCrowded(state) { state.changed = 1 }
        return true
    }

    private func forgeRefusal(_ state: inout HandshakeState) -> Bool {
        guard state.clientStage == .asking, !state.hasSecondAttempt, attemptsMax > 1 else { return remember(&state) }
        (state.hasSecondAttempt, state.hasAnsweredCookie, state.heard) = (true, false, true)
        return true
    }
}

extension HandshakeState {
    /// Whether the client's handshake timers run.
    var isClientWaiting: Bool { clientStage == .asking || clientStage == .finishing }
}
