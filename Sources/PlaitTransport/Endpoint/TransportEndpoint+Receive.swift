package import PlaitCore
import PlaitCrypto

/// Who gets a datagram.
extension TransportEndpoint {
    /// A datagram came in. Whatever is wrong with it is counted and dropped: nothing was authenticated yet.
    package mutating func receive(
        _ datagram: RawSpan,
        from remote: SocketAddress,
        to local: SocketAddress,
        ecn: ECN,
        now: Instant
    ) {
        // No UDP datagram is so long, but a driver of another kind may hand one over, and decrypting needs room.
        guard datagram.byteCount <= Self.datagramMax else {
            datagramsUnknown += 1
            return
        }
        switch PacketForm(of: datagram) {
        case .data: receiveData(datagram, from: remote, to: local, ecn: ecn, now: now)
        case .handshake: receiveHandshake(datagram, from: remote, to: local, now: now)
        case nil: datagramsUnknown += 1
        }
    }

    private mutating func receiveData(
        _ datagram: RawSpan,
        from remote: SocketAddress,
        to local: SocketAddress,
        ecn: ECN,
        now: Instant
    ) {
        guard let header = ProtectedHeader(datagram), let slot = slot(for: header, datagram, now: now) else {
            datagramsUnknown += 1
            return
        }
        slots[slot].connection?.receive(
            datagram,
            header,
            from: remote,
            to: local,
            ecn: ecn,
            scratch: &scratch,
            now: now
        )
        refresh(slot, now: now)
    }

    /// The connection that a data packet is for; made just now when it is a client's first packet under the new keys.
    private mutating func slot(for header: ProtectedHeader, _ datagram: RawSpan, now: Instant) -> Int? {
        if let slot = routes[header.destination] { return slot }
        defer { noteGateDeadline() }
        // A full endpoint leaves the handshake where it is: its client repeats itself, and a place may become free.
        guard hasRoom, let completed = gate?.confirm(datagram, header, slab: slab, scratch: &scratch) ?? nil else {
            return nil
        }
        return accept(completed, now: now)
    }

    private mutating func receiveHandshake(
        _ datagram: RawSpan,
        from remote: SocketAddress,
        to local: SocketAddress,
        now: Instant
    ) {
        guard let header = HandshakeHeader(datagram), let kind = header.kind else {
            datagramsUnknown += 1
            return
        }
        switch kind {
        case .initiation, .finish: receiveAtGate(datagram, header, from: remote, to: local, now: now)
        case .reply, .cookie, .refusal:
            guard let slot = routes[header.destination] else {
                datagramsUnknown += 1
                return
            }
            advance(slot, with: datagram, now: now)
        }
    }

    private mutating func receiveAtGate(
        _ datagram: RawSpan,
        _ header: HandshakeHeader,
        from remote: SocketAddress,
        to local: SocketAddress,
        now: Instant
    ) {
        // A client's finish that comes again: its connection is there, and will say so by itself.
        if header.kind == .finish, routes[header.destination] != nil { return }
        guard hasRoom else {
            datagramsUnknown += 1
            return
        }
        defer { noteGateDeadline() }
        let event = gate?.receive(
            datagram,
            from: remote,
            to: local,
            identity: identity,
            secrets: &secrets,
            now: now
        )
        guard case .established(let id) = event, let completed = gate?.complete(id) ?? nil else { return }
        _ = accept(completed, now: now)
    }

    // MARK: Connections begin

    /// A client's handshake packet came.
    private mutating func advance(_ slot: Int, with datagram: RawSpan, now: Instant) {
        if slots[slot].connection != nil {
            // The server has not heard the last message yet: it is repeated.
            let progress = slots[slot].connection?.initiator?.receive(
                datagram,
                identity: identity,
                secrets: &secrets,
                now: now
            )
            precondition(progress == nil || progress == .nothing, "a handshake is established once")
            return refresh(slot, now: now)
        }
        let progress = slots[slot].opening?.initiator.receive(
            datagram,
            identity: identity,
            secrets: &secrets,
            now: now
        )
        switch progress {
        case .established: establish(slot, now: now)
        case .failed(let failure): fail(slot, failure)
        case .nothing, nil: break
        }
        refresh(slot, now: now)
    }

    /// A client's handshake is done: the connection begins.
    private mutating func establish(_ slot: Int, now: Instant) {
        guard var opening = slots[slot].opening.take(), let result = opening.initiator.takeResult() else {
            preconditionFailure("an established handshake has a result")
        }
        begin(slot, .client, result, opening.local, opening.remote, now - opening.startedAt, now: now)
        slots[slot].connection?.keepRepeating(opening.initiator)
    }

    /// A server's handshake is done. Answers the slot of the connection.
    private mutating func accept(_ completed: consuming CompletedHandshake, now: Instant) -> Int? {
        let id = completed.result.localID
        let slot = takeSlot()
        guard routes.insert(id, slot: slot) else {
            vacant.append(Int32(slot))
            return nil
        }
        let took = now - completed.startedAt
        begin(slot, .server, completed.result, completed.local, completed.remote, took, now: now)
        refresh(slot, now: now)
        return slot
    }

    private mutating func begin(
        _ slot: Int,
        _ role: Role,
        _ result: consuming HandshakeResult,
        _ local: SocketAddress,
        _ remote: SocketAddress,
        _ took: Interval,
        now: Instant
    ) {
        made += 1
        slots[slot].connection = Connection(
            handle: ConnectionHandle(slot: slot, generation: slots[slot].generation),
            role: role,
            configuration: configuration.connection,
            parameters: configuration.handshake.parameters,
            handshake: result,
            handshakeTime: took,
            local: local,
            remote: remote,
            slab: slab,
            random: RandomStream(seed: random.draw(made), name: "connection"),
            observer: observer,
            now: now
        )
        // Of 2^64 ids one may be taken: then that path is never validated.
        while let id = slots[slot].connection?.unannounced.popFirst() ?? nil {
            if !routes.insert(id, slot: slot) { slots[slot].connection?.disown(id) }
        }
    }

    // MARK: Slots

    private var hasRoom: Bool { connectionCount < configuration.connectionsMax }

    mutating func takeSlot() -> Int {
        if let slot = vacant.popLast() { return Int(slot) }
        slots.append(ConnectionSlot())
        return slots.count - 1
    }

    /// After anything happened to a connection: its ids, its turn to send, its events, its deadline.
    mutating func refresh(_ slot: Int, now: Instant) {
        giveOutIDs(slot)
        while let id = slots[slot].connection?.unrouted.popFirst() ?? nil { routes.remove(id) }
        ready.insert(slot)
        eventful.insert(slot)
    }

    /// Keeps the peer supplied with ids.
    private mutating func giveOutIDs(_ slot: Int) {
        while let path = slots[slot].connection?.pathWantingID() ?? nil {
            let id = ConnectionID(secrets.next())
            guard id != .unknown, routes.insert(id, slot: slot) else { continue }
            slots[slot].connection?.giveOut(id, for: path)
        }
        while slots[slot].connection?.wantsToken ?? false {
            let token = secrets.next()
            if token != 0 { slots[slot].connection?.tokens.append(token) }
        }
    }

    mutating func fail(_ slot: Int, _ failure: HandshakeFailure) {
        slots[slot].failure = .handshake(failure)
        retire(slot)
    }

    /// A connection is over: nothing leads to it any more. Its slot is free once its last event was taken.
    mutating func retire(_ slot: Int) {
        if let id = openingID(of: slot) { routes.remove(id) }
        slots[slot].opening = nil
        while let id = slots[slot].connection?.withdrawID() ?? nil { routes.remove(id) }
        wake(slot, at: .never)
        eventful.insert(slot)
    }
}
