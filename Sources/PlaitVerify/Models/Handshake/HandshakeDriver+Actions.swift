import PlaitCore
import PlaitCrypto
import PlaitSimulator
import PlaitTransport

// One function for each action of the module. Refused is what the machines, the network or the attacker cannot do now:
// where the machines can be asked, they are (a timer that is not due, a packet that is late, one that nobody could
// write).
extension HandshakeDriver {
    package func perform(_ action: HandshakeAction) -> Bool {
        hasAsked = false
        let isDone = take(action, in: state)
        if isDone || hasAsked {
            collect()
            known = nil
        }
        return isDone
    }

    package func perform(
        _ action: HandshakeAction,
        believing states: (before: HandshakeState, after: HandshakeState)
    ) -> Bool {
        hasAsked = false
        let isDone = take(action, in: states.before)
        if isDone || hasAsked { collect() }
        known = isDone ? states.after : states.before
        return isDone
    }

    private func take(_ action: HandshakeAction, in state: HandshakeState) -> Bool {
        if case .connect(let mode) = action { return connect(mode) }
        guard history.mode != .none else { return false }
        return switch action {
        case .connect: false
        case .deliver(let message): deliver(message)
        case .drop(let message): drop(message)
        case .deliverData(let toServer): deliverData(toServer: toServer)
        case .deliverSecondAttempt: deliverSecondAttempt(in: state)
        case .clientTimeout: clientTimer(isOld: false, in: state)
        case .clientGiveUp: clientTimer(isOld: true, in: state)
        case .clientIdle: clientIdle(in: state)
        case .serverTimeout: serverTimeout()
        case .serverIdle: serverIdle(in: state)
        case .forgeInitiation(let stolen): forgeInitiation(stolen)
        case .changeInitiation: changeInitiation(in: state)
        case .forgeReply: inject(toServer: false) { $0.unverifiable() }
        case .forgeFinish: forgeFinish(in: state)
        case .forgeCookie: inject(toServer: false) { $0.cookie() }
        case .forgeRefusal: inject(toServer: false) { $0.refusal(naming: Self.suites[1]) }
        case .junk: junk()
        }
    }

    /// The code is asked for what it must refuse: whatever it does of it shows in the state, or in what it sends.
    private func ask(_ isAsked: Bool) -> Bool {
        hasAsked = isAsked
        return false
    }

    // MARK: The network

    /// Hands a copy of a packet that waits to its destination.
    private func deliverCopy(_ serial: UInt64) -> Bool {
        guard let copy = simulator.duplicate(serial) else { return false }
        return simulator.deliver(copy)
    }

    private func deliver(_ message: HandshakeMessage) -> Bool {
        guard let serial = held.first(message) else { return false }
        history.answersClient = message.kind == .initiation
        defer { if message.kind != .initiation { history.answersClient = false } }
        let isDone = deliverCopy(serial)
        collect()
        history.answersClient = false
        return isDone
    }

    private func drop(_ message: HandshakeMessage) -> Bool {
        guard model.droppable.contains(message.kind), history.faults < model.faultsMax,
            let serial = held.first(message)
        else { return false }
        held.forget(message)
        history.faults += 1
        return simulator.drop(serial)
    }

    private func deliverData(toServer: Bool) -> Bool {
        if toServer {
            guard let serial = held.clientData else {
                // Before anybody has keys the attacker alone can write some.
                let id = waitingID() ?? history.generations.last ?? ConnectionID(seed | 1)
                return ask(inject(toServer: true) { $0.data(to: id) })
            }
            return deliverCopy(serial)
        }
        guard !held.serverData.isEmpty else {
            return ask(inject(toServer: false) { $0.data(to: $0.clientID) })
        }
        var isDone = false
        for data in held.serverData { isDone = deliverCopy(data.serial) || isDone }
        return isDone
    }

    private func deliverSecondAttempt(in state: HandshakeState) -> Bool {
        guard let serial = held.second else { return false }
        // A late one is delivered too.
        guard state.hasSecondAttempt else { return ask(deliverCopy(serial)) }
        return deliverCopy(serial)
    }

    // MARK: Time

    /// Wakes an end although no timer of it is due.
    private func wakeEarly(_ seat: Int) -> Bool {
        if seat == Self.clientSeat { client.wake() } else { server.wake() }
        simulator.attend(seat: seat)
        return ask(true)
    }

    private func clientTimer(isOld: Bool, in state: HandshakeState) -> Bool {
        guard state.isClientWaiting, state.clientClock == isOld else { return wakeEarly(Self.clientSeat) }
        return simulator.fire(timerOf: Self.clientSeat)
    }

    /// Fires an end's timers until `isOver`. A few hundred are more than any silence has.
    private func fire(timersOf seat: Int, until isOver: () -> Bool) -> Bool {
        for _ in 0..<500 {
            if isOver() { return true }
            guard simulator.fire(timerOf: seat) else { break }
            // What is sent meanwhile must not fill the network.
            collect()
        }
        return isOver()
    }

    private func clientIdle(in state: HandshakeState) -> Bool {
        guard state.clientStage == .confirmed, model.hasAnySilence || !state.isMet else {
            return wakeEarly(Self.clientSeat)
        }
        return fire(timersOf: Self.clientSeat) { client.transport.connectionCount == 0 }
    }

    private func serverIdle(in state: HandshakeState) -> Bool {
        guard state.sessions != state.ended, state.places == 0, model.hasAnySilence || state.clientIsOver else {
            return wakeEarly(Self.serverSeat)
        }
        return fire(timersOf: Self.serverSeat) { server.transport.connectionCount == 0 }
    }

    private func serverTimeout() -> Bool {
        guard let due = nextDue() else { return wakeEarly(Self.serverSeat) }
        // The gate may wake early, for a handshake that is over, and then does nothing.
        return fire(timersOf: Self.serverSeat) { server.clock >= due }
    }

    /// When the gate has something to do next.
    private func nextDue() -> Instant? {
        var due: Instant?
        for index in 0..<server.transport.responderCount() {
            guard let responder = server.transport.responder(at: index) else { continue }
            let isOld = server.clock >= responder.startedAt + Self.tick
            let next = responder.startedAt + (isOld ? 2 : 1) * Self.tick
            due = min(due ?? next, next)
        }
        for until in server.transport.placesSpent() { due = min(due ?? until, until) }
        return due
    }

    // MARK: The attacker

    private func inject(_ bytes: [UInt8], toServer: Bool) -> Bool {
        let (client, server) = (Self.clientAddress, Self.serverAddress)
        let serial = simulator.inject(bytes, from: toServer ? client : server, to: toServer ? server : client)
        return simulator.deliver(serial)
    }

    private func inject(toServer: Bool, _ write: (inout HandshakeAttacker) -> [UInt8]) -> Bool {
        guard var attacker = attacker.take() else { return false }
        let bytes = write(&attacker)
        self.attacker = consume attacker
        return inject(bytes, toServer: toServer)
    }

    private func forgeInitiation(_ isStolen: Bool) -> Bool {
        guard model.forges else { return false }
        let cookie = held.first(.cookie).flatMap { simulator.bytes(ofHeld: $0) }
        guard !isStolen || cookie != nil else { return false }
        return inject(toServer: true) { $0.forged(withCookieOf: isStolen ? cookie : nil) }
    }

    private func changeInitiation(in state: HandshakeState) -> Bool {
        // One that cannot be read takes a place each time: the attacker sends it when it has none.
        guard model.changes, history.mode == .xx || state.changed == 0 else { return false }
        guard let bytes = attacker?.changed else { return false }
        return inject(bytes, toServer: true)
    }

    private func forgeFinish(in state: HandshakeState) -> Bool {
        guard state.half == .awaitingFinish, let id = waitingID() else {
            // To a responder that waits for no finish, or to none.
            let id = waitingID() ?? history.generations.last ?? ConnectionID(seed | 1)
            return ask(inject(toServer: true) { $0.finish(to: id) })
        }
        return inject(toServer: true) { $0.finish(to: id) }
    }

    private func waitingID() -> ConnectionID? {
        for index in 0..<server.transport.responderCount() {
            if let responder = server.transport.responder(at: index), isClients(responder) { return responder.localID }
        }
        return nil
    }

    private func junk() -> Bool {
        guard var attacker = attacker.take() else { return false }
        let (first, second) = (attacker.junk(), attacker.junk())
        self.attacker = consume attacker
        return inject(first, toServer: true) && inject(second, toServer: false)
    }

    // MARK: In the end

    /// Delivers whatever waits and fires what is armed, round after round, as `FairSpec` demands.
    package func settle(bound: Int, telling: (SettlingStep<HandshakeModel>) -> Void) -> Int? {
        settle(from: state, bound: bound) { action, _ in
            let isDone = perform(action)
            telling(SettlingStep(action, isDone: isDone, hasAsked: hasAsked, state: state))
            return isDone ? state : nil
        }
    }

    package func settle(bound: Int, believing state: HandshakeState) -> Int? {
        settle(from: state, bound: bound) { action, now in
            let next = model.step(action, from: now)
            return perform(action, believing: (now, next ?? now)) ? next ?? now : nil
        }
    }

    /// `take`: does an action, and answers where it led; nil if it was refused.
    private func settle(
        from start: HandshakeState,
        bound: Int,
        _ take: (HandshakeAction, HandshakeState) -> HandshakeState?
    ) -> Int? {
        var (steps, now) = (0, start)
        while steps < bound {
            guard now.mode != .none, !(now.bothEstablished && now.places == 0) else { return steps }
            if now.bothOver, now.places == 0 { return steps }
            let before = steps
            for place in 0..<HandshakeMessage.count {
                let delivery = HandshakeAction.deliver(HandshakeMessage(place: place))
                // Initiations that are replayed for ever open one responder after the other; the module counts so many.
                guard model.step(delivery, from: now) != nil, let next = take(delivery, now) else { continue }
                (steps, now) = (steps + 1, next)
            }
            var fair: [HandshakeAction] = [
                .deliverData(toServer: true), .deliverData(toServer: false), .clientTimeout, .clientGiveUp,
                .serverTimeout,
            ]
            if !now.isMet { fair.append(.clientIdle) }
            if now.clientIsOver { fair.append(.serverIdle) }
            for action in fair {
                guard let next = take(action, now) else { continue }
                (steps, now) = (steps + 1, next)
            }
            // Nothing is left to do, and it is not over: so it would be in each round from here on.
            guard steps > before else { return nil }
        }
        return nil
    }
}
