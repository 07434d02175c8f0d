import PlaitCore
import PlaitSimulator
import PlaitTransport

// What the real ends' state means in the model's terms.
extension MultipathDriver {
    package var state: MultipathState {
        if let known { return known }
        let state = abstraction()
        known = state
        return state
    }

    /// How the client sees a path.
    func look(_ path: Int) -> PathLook? {
        guard let id = ids[path - 1], let connection = client.connection else { return nil }
        return client.transport.look(at: id, of: connection)
    }

    func serverLook(_ path: Int) -> PathLook? {
        guard let id = ids[path - 1], let connection = server.connection else { return nil }
        return server.transport.look(at: id, of: connection)
    }

    /// A path that gave up being validated is still one that was never validated.
    func life(_ path: Int, _ look: PathLook?) -> MultipathState.Life {
        guard let look else { return .unopened }
        switch look.state {
        case .validating: return .validating
        case .active: return .active
        case .suspected: return .suspected
        case .failed: return wasActive[path - 1] ? .failed : .validating
        case .abandoned: return .abandoned
        }
    }

    private func abstraction() -> MultipathState {
        var state = MultipathState()
        state.packetsMax = model.packets
        (state.works, state.faults) = (works, faults)
        (state.written, state.delivered) = (written, delivered)
        readStream(&state)
        for path in MultipathModel.paths { readPath(path, &state) }
        // The code repeats a lost word of an abandonment also when another copy of it arrived, which does no harm.
        state.queued &= ~state.acked
        for packet in held { put(packet, &state) }
        state.carry(rounds: model.rounds)
        return state
    }

    private func readStream(_ state: inout MultipathState) {
        let piece = UInt64(unit)
        if let connection = client.connection,
            let view = client.transport.view(of: stream, piece: piece, on: connection)?.sending
        {
            let (next, end) = (Int(view.next) / unit, Int(view.end) / unit)
            state.queued = view.lost.bits | MultipathState.units(below: end) & ~MultipathState.units(below: next)
            state.acked = view.acknowledged.bits
            expect(!view.lost.isCut && !view.acknowledged.isCut, "units are sent whole")
        }
        if let connection = server.connection,
            let view = server.transport.view(of: stream, piece: piece, on: connection)?.receiving
        {
            state.arrived = view.arrived.bits
            expect(!view.arrived.isCut, "units arrive whole")
        }
    }

    private func readPath(_ path: Int, _ state: inout MultipathState) {
        state[path].next = 1
        state[path].round = rounds[path - 1]
        guard let look = look(path) else { return }
        let life = life(path, look)
        state[path].life = life
        let sent = packets[path - 1]
        state[path].next = min(sent.count + 1, 15)
        if look.isBackup { state.backup |= MultipathState.bit(path: path) }
        if life == .active || life == .suspected, let first = look.doubtedFrom {
            state[path].doubt = min(sent.count { $0.number < first } + 1, 15)
        }
        if life == .abandoned, look.owesAbandon { state.queued |= MultipathState.word(path) }
        let server = serverLook(path)
        // Before its first packet came it has no other word of that.
        if server?.state == .abandoned { state.arrived |= MultipathState.word(path) }
        for (place, packet) in sent.enumerated().prefix(model.packets) {
            let bit = MultipathState.bit(number: place + 1)
            state[path][items: place + 1] = packet.items
            let isKnown = packet.number < look.firstRemembered || look.acknowledged.contains(packet.number)
            if let flying = look.flying.first(where: { $0.number == packet.number }) {
                state[path].flying |= bit
                if flying.isHandedBack { state[path].handed |= bit }
            }
            if isKnown {
                if life != .abandoned { state[path].largest = place + 1 }
                state.acked |= packet.items & (MultipathState.word(1) | MultipathState.word(2))
            } else if came[path - 1].contains(packet.number) {
                state[path].got |= bit
            }
        }
    }

    private func put(_ packet: HeldMultipath, _ state: inout MultipathState) {
        func told(of path: Int) -> UInt64 {
            guard let id = ids[path - 1] else { return 0 }
            var bits: UInt64 = 0
            for (place, sent) in packets[path - 1].enumerated().prefix(model.packets)
            where packet.packet.acknowledges(sent.number, of: id) { bits |= MultipathState.bit(number: place + 1) }
            return bits
        }
        switch packet.message {
        case .data, .challenge: state.put(packet.message)
        case .ack(let path, let by, _): state.put(.ack(path: path, by: by, numbers: told(of: path)))
        case .response(let path, let round, _):
            state.put(.response(path: path, round: round, numbers: told(of: path)))
        }
    }

    // MARK: What was sent

    /// Looks at what was sent since the last time. What the model does not have is seen to at once: the server's own
    /// validation is answered, and what only acknowledges the server's packets is dropped.
    func collect() {
        for _ in 0..<20 {
            noteLives()
            noteArrivals()
            var others: [HeldMultipath] = []
            for packet in simulator.heldPackets where packet.serial >= seen {
                seen = packet.serial + 1
                let isFromClient = packet.source == Self.local(1) || packet.source == Self.local(2)
                let end = isFromClient ? client : server
                guard !end.sent.isEmpty, let sent = end.sent.removeFirst() else {
                    failures.append("a packet that nobody saw leave")
                    continue
                }
                let way =
                    packet.source.interface == Self.local(1).interface
                        || packet.source.interface == Self.remote(1).interface ? 1 : 2
                keep(packet.serial, sent, way: way, isFromClient: isFromClient, &others)
            }
            let isHelped = helpServer()
            guard !others.isEmpty || isHelped else { break }
            isBeside = true
            for other in others { simulator.deliver(other.serial) }
        }
        isBeside = false
        known = nil
    }

    private func noteArrivals() {
        for path in MultipathModel.paths {
            guard let received = serverLook(path)?.received else { continue }
            for packet in packets[path - 1]
            where received.contains(where: { $0.first <= packet.number && packet.number <= $0.last }) {
                came[path - 1].insert(packet.number)
            }
        }
    }

    private func noteLives() {
        for path in MultipathModel.paths {
            if path == 2, ids[1] == nil { continue }
            guard let look = look(path) else { continue }
            if look.state == .active { wasActive[path - 1] = true }
            let now = life(path, look)
            if now == .failed, lives[path - 1] != .failed { rounds[path - 1] += 1 }
            if now == .validating, lives[path - 1] == .unopened { rounds[path - 1] = 1 }
            lives[path - 1] = now
        }
    }

    private func keep(
        _ serial: UInt64,
        _ sent: SentMultipathPacket,
        way: Int,
        isFromClient: Bool,
        _ others: inout [HeldMultipath]
    ) {
        expect(sent.isReadable && sent.path == ids[way - 1], "a packet left on another path than it says")
        if isFromClient, sent.isEliciting {
            packets[way - 1].append((sent.number, items(of: sent)))
            let number = packets[way - 1].count
            expect(number <= model.packets, "a packet more than the model has")
            return hold(serial, .data(path: way, number: number), sent, way: way)
        }
        if isFromClient, let token = sent.challenge {
            tokens.append((token, way, rounds[way - 1]))
            return hold(serial, .challenge(path: way, round: rounds[way - 1]), sent, way: way)
        }
        if !isFromClient, let token = sent.response, let asked = tokens.last(where: { $0.token == token }) {
            expect(asked.path == way, "a challenge was answered on another path")
            return hold(serial, .response(path: asked.path, round: asked.round, numbers: 0), sent, way: way)
        }
        let isValidation = sent.challenge != nil || sent.response != nil
        if isValidation, works & MultipathState.bit(path: way) != 0 {
            let other = HeldMultipath(serial: serial, message: .challenge(path: way, round: 1), packet: sent, way: way)
            others.append(other)
        } else if !isFromClient, !isBeside, let told = sent.acknowledges.first, let path = ids.firstIndex(of: told.path)
        {
            hold(serial, .ack(path: path + 1, by: way, numbers: 0), sent, way: way)
        } else {
            simulator.drop(serial)
        }
    }

    private func items(of sent: SentMultipathPacket) -> UInt64 {
        var items: UInt64 = 0
        for bytes in sent.bytes {
            expect(bytes.lowerBound % unit == 0 && bytes.count % unit == 0, "units are sent whole")
            for place in bytes.lowerBound / unit..<bytes.upperBound / unit { items |= 1 << UInt64(place) }
        }
        for id in sent.abandoned {
            if let path = ids.firstIndex(of: id) { items |= MultipathState.word(path + 1) }
        }
        return items
    }

    /// Keeps it in the place of an earlier one that it says all of; a path that does not work loses it.
    private func hold(_ serial: UInt64, _ message: MultipathMessage, _ sent: SentMultipathPacket, way: Int) {
        guard works & MultipathState.bit(path: way) != 0 else {
            simulator.drop(serial)
            return
        }
        if let old = held.firstIndex(where: { $0.message == message }) { simulator.drop(held.remove(at: old).serial) }
        held.append(HeldMultipath(serial: serial, message: message, packet: sent, way: way))
    }

    /// The server validates the second path too. What it lost of that is repeated once the client has validated it.
    private func helpServer() -> Bool {
        guard let id = ids[1], let connection = server.connection, works & 0b10 != 0 else {
            return false
        }
        guard let own = look(2), own.state == .active, let theirs = serverLook(2), theirs.state == .validating else {
            return false
        }
        let isDone = server.transport.pass(.challenge, of: id, on: connection, now: .start)
        simulator.attend(seat: Self.serverSeat)
        return isDone
    }
}
