import PlaitCore
import PlaitSimulator
import PlaitTransport

// One function for each action of the module. Refused is what the machines, the network or the model's bounds do not
// allow now.
extension MultipathDriver {
    package func perform(_ action: MultipathAction) -> Bool {
        let before = state
        hasAsked = false
        let isDone = take(action, before)
        if isDone || hasAsked { collect() }
        return isDone
    }

    package func perform(
        _ action: MultipathAction,
        believing states: (before: MultipathState, after: MultipathState)
    ) -> Bool {
        hasAsked = false
        let isDone = take(action, states.before)
        if isDone || hasAsked { collect() }
        known = isDone ? states.after : states.before
        return isDone
    }

    private func take(_ action: MultipathAction, _ state: MultipathState) -> Bool {
        switch action {
        case .write: write()
        case .read: read()
        case .open(let path, let isBackup): open(path, isBackup: isBackup)
        case .challenge(let path):
            !state[path].isChallenged && pass(.challenge, path)
        case .challengeArrives(let path, let round): deliver(.challenge(path: path, round: round), state)
        case .challengeAnswered(let path, let round): deliver(.response(path: path, round: round, numbers: 0), state)
        case .send(let path): send(path, state)
        case .reinject: false
        case .deliver(let path, let number, let by): deliver(path, number: number, by: by, state)
        case .hear(let path, let by): deliver(.ack(path: path, by: by, numbers: 0), state)
        case .lossTimeout(let path):
            state[path].overtaken != 0 && mistake(path, state[path].overtaken, state) && pass(.loss, path)
        case .probe(let path): probe(path, state)
        case .suspect(let path): fall(path, from: .active, state)
        case .fail(let path): fall(path, from: .suspected, state)
        case .socketError(let path): socketError(path, state)
        case .abandon(let path): abandon(path)
        case .drop(let message): drop(message, state)
        case .cut(let path): cut(path, state)
        case .heal(let path): heal(path)
        }
    }

    // MARK: The applications

    private func write() -> Bool {
        guard written < model.units, let connection = client.connection else { return false }
        hasAsked = true
        let bytes = (0..<unit).map { byte(at: written * unit + $0) }
        do throws(StreamError) {
            let count = try client.transport.write(bytes.span.raw, to: stream, on: connection, now: .start)
            expect(count == unit, "there is room for every unit")
        } catch { return false }
        written += 1
        simulator.attend(seat: Self.clientSeat)
        return true
    }

    private func read() -> Bool {
        guard let connection = server.connection else { return false }
        hasAsked = true
        var bytes = [UInt8](repeating: 0, count: unit)
        var count = 0
        do throws(StreamError) {
            var span = bytes.mutableSpan
            var target = span.mutableRaw
            count = try server.transport.read(from: stream, on: connection, into: &target, now: .start).count
        } catch { return false }
        guard count > 0 else { return false }
        expect(count == unit, "units are read whole")
        for place in 0..<count where bytes[place] != byte(at: delivered * unit + place) {
            failures.append("unit \(delivered) was read with another byte at \(place) than was written")
            break
        }
        delivered += 1
        return true
    }

    // MARK: Paths

    private func open(_ path: Int, isBackup: Bool) -> Bool {
        // After an abandonment it would be another path.
        guard ids[path - 1] == nil || path == 1, let connection = client.connection else { return false }
        hasAsked = true
        do throws(PathError) {
            ids[path - 1] = try client.transport.openPath(
                on: connection,
                from: Self.local(path),
                to: Self.remote(path),
                isBackup: isBackup,
                now: .start
            )
        } catch { return false }
        simulator.attend(seat: Self.clientSeat)
        return true
    }

    /// Lets one of a path's timers pass.
    private func pass(_ timer: PathTimer, _ path: Int) -> Bool {
        guard let id = ids[path - 1], let connection = client.connection else { return false }
        hasAsked = true
        guard client.transport.pass(timer, of: id, on: connection, now: .start) else { return false }
        simulator.attend(seat: Self.clientSeat)
        return true
    }

    /// Taking these for lost is a fault unless they, and all that tells of them, are gone.
    private func mistake(_ path: Int, _ numbers: UInt64, _ state: MultipathState) -> Bool {
        numbers & (state[path].data | state[path].told) == 0 || harm()
    }

    private func harm() -> Bool {
        guard faults < model.maxFaults else { return false }
        faults += 1
        return true
    }

    private func isArmed(_ path: Int, _ state: MultipathState) -> Bool {
        state[path].flying != 0 && state[path].overtaken == 0
    }

    /// Packets that ask for nothing may be overtaken too, and come first.
    private func probe(_ path: Int) -> Bool {
        for _ in 0..<4 {
            guard look(path)?.lossIsArmed ?? false else { break }
            guard pass(.loss, path) else { return false }
        }
        return pass(.probe, path)
    }

    private func probe(_ path: Int, _ state: MultipathState) -> Bool {
        let life = state[path].life
        guard life == .active || life == .suspected, !model.otherIsActive(path, state), isArmed(path, state),
            state.works(path) || state[path].next <= 2, state[path].next <= model.packets,
            mistake(path, state[path].flying, state)
        else { return false }
        return probe(path)
    }

    private func fall(_ path: Int, from life: MultipathState.Life, _ state: MultipathState) -> Bool {
        guard state[path].life == life, model.otherIsActive(path, state), isArmed(path, state) else { return false }
        let hasPlace = life == .active ? state[path].next <= model.packets : state[path].round < model.rounds
        guard hasPlace, mistake(path, state[path].flying, state) else { return false }
        return probe(path)
    }

    private func socketError(_ path: Int, _ state: MultipathState) -> Bool {
        let life = state[path].life
        guard life == .active || life == .suspected, state[path].round < model.rounds, harm() else { return false }
        client.transport.transmitFailed(from: Self.local(path), to: Self.remote(path), now: .start)
        simulator.attend(seat: Self.clientSeat)
        return true
    }

    private func abandon(_ path: Int) -> Bool {
        guard let id = ids[path - 1], let connection = client.connection else { return false }
        guard model.abandoned.contains(life(path, look(path))) else { return false }
        hasAsked = true
        do throws(PathError) {
            try client.transport.abandon(id, on: connection, now: .start)
        } catch { return false }
        simulator.attend(seat: Self.clientSeat)
        return true
    }

    // MARK: Packets

    /// Opens the window of a path, and shuts it again.
    private func send(_ path: Int, _ state: MultipathState) -> Bool {
        guard let id = ids[path - 1], let connection = client.connection, state.queued != 0,
            state[path].next <= model.packets
        else { return false }
        hasAsked = true
        let before = simulator.heldCount
        client.transport.control(id, of: connection, by: MultipathWindow.open, now: .start)
        simulator.attend(seat: Self.clientSeat)
        client.transport.control(id, of: connection, by: MultipathWindow.shut, now: .start)
        return simulator.heldCount > before
    }

    private func index(of message: MultipathMessage, _ state: MultipathState) -> Int? {
        // What the model has no more can be there nevertheless.
        let isThere =
            switch message {
            case .data(let path, let number): state[path].data & MultipathState.bit(number: number) != 0
            case .ack(let path, let by, _): state[path][acksBy: by] != 0
            case .challenge(let path, let round): state[path].challenges & MultipathState.bit(number: round) != 0
            case .response(let path, let round, _): state[path].responses & MultipathState.bit(number: round) != 0
            }
        return isThere ? held.firstIndex { $0.message == message } : nil
    }

    private func deliver(_ message: MultipathMessage, _ state: MultipathState) -> Bool {
        guard let index = index(of: message, state) else { return false }
        for path in MultipathModel.paths {
            guard let id = ids[path - 1], let connection = client.connection else { continue }
            client.transport.control(id, of: connection, by: MultipathWindow.shut, now: .start)
        }
        return simulator.deliver(held.remove(at: index).serial)
    }

    /// Which path the ACK goes by is the code's to say; what it says wrong shows in the state.
    private func deliver(_ path: Int, number: Int, by: Int, _ state: MultipathState) -> Bool {
        let isOver = state.arrived & MultipathState.word(path) != 0
        guard by == (isOver ? 3 - path : path) else { return false }
        return deliver(.data(path: path, number: number), state)
    }

    private func drop(_ message: MultipathMessage, _ state: MultipathState) -> Bool {
        guard state.messages.contains(message), !state.isPointlessToDrop(message) else { return false }
        let plain: MultipathMessage =
            switch message {
            case .ack(let path, let by, _): .ack(path: path, by: by, numbers: 0)
            case .response(let path, let round, _): .response(path: path, round: round, numbers: 0)
            case .data, .challenge: message
            }
        guard let index = index(of: plain, state), harm() else { return false }
        return simulator.drop(held.remove(at: index).serial)
    }

    private func cut(_ path: Int, _ state: MultipathState) -> Bool {
        guard state.works(path), state[path].life != .unopened, state[path].life != .abandoned, harm() else {
            return false
        }
        works &= ~MultipathState.bit(path: path)
        for packet in held where packet.way == path { simulator.drop(packet.serial) }
        held.removeAll { $0.way == path }
        return true
    }

    private func heal(_ path: Int) -> Bool {
        guard works & MultipathState.bit(path: path) == 0 else { return false }
        works |= MultipathState.bit(path: path)
        return true
    }

    // MARK: In the end

    /// What fairness demands, until nothing of it is left.
    package func settle(bound: Int, telling: (SettlingStep<MultipathModel>) -> Void) -> Int? {
        settle(from: state, bound: bound) { action, _ in
            let isDone = perform(action)
            telling(SettlingStep(action, isDone: isDone, hasAsked: hasAsked, state: state))
            return isDone ? state : nil
        }
    }

    package func settle(bound: Int, believing state: MultipathState) -> Int? {
        settle(from: state, bound: bound) { action, states in perform(action, believing: states) ? states.after : nil }
    }

    /// Leads on from one state to the next, which `lead` answers; nil if the code refused.
    private func settle(
        from start: MultipathState,
        bound: Int,
        lead: (MultipathAction, (before: MultipathState, after: MultipathState)) -> MultipathState?
    ) -> Int? {
        var now = start
        for step in 0...bound {
            var next: (action: MultipathAction, after: MultipathState)?
            for action in model.candidates(in: now) where isFair(action, now) {
                guard let after = model.step(action, from: now), after != now else { continue }
                next = (action, after)
                break
            }
            guard let next else { return step }
            guard step < bound else { return nil }
            guard let after = lead(next.action, (now, next.after)) else {
                failures.append("\(next.action) was refused while settling")
                return nil
            }
            now = after
        }
        return nil
    }

    /// Whether the module's fairness is about it, while paths may still come back.
    private func isFair(_ action: MultipathAction, _ state: MultipathState) -> Bool {
        func isGone(_ path: Int, _ numbers: UInt64) -> Bool {
            numbers & (state[path].data | state[path].told) == 0
        }
        return switch action {
        case .read, .send, .challengeArrives, .challengeAnswered, .deliver, .hear, .heal: true
        case .challenge(let path):
            // Once one is under way another would change nothing in the end.
            state.works(path)
                && (state[path].round == 0
                    || (state[path].challenges | state[path].responses)
                        & MultipathState.bit(number: state[path].round) == 0)
        case .lossTimeout(let path): isGone(path, state[path].overtaken)
        case .probe(let path), .suspect(let path), .fail(let path): isGone(path, state[path].flying)
        case .write, .open, .reinject, .socketError, .abandon, .drop, .cut: false
        }
    }
}
