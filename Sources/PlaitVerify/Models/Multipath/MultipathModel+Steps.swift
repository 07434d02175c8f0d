// The module's actions, in its order. Each answers whether it is enabled, and changes the state only then.

// The applications, and what begins paths.
extension MultipathModel {
    func write(_ state: inout MultipathState) -> Bool {
        guard state.written < units else { return false }
        state.queued |= 1 << UInt64(state.written)
        state.written += 1
        return true
    }

    func read(_ state: inout MultipathState) -> Bool {
        guard state.arrived >> UInt64(state.delivered) & 1 != 0, state.delivered < Self.unitsMax else { return false }
        state.delivered += 1
        return true
    }

    func open(_ path: Int, isBackup: Bool, _ state: inout MultipathState) -> Bool {
        guard state[path].life == .unopened else { return false }
        state[path].life = .validating
        state[path].round = 1
        if isBackup { state.backup |= MultipathState.bit(path: path) }
        state.put(.challenge(path: path, round: 1))
        return true
    }

    func challenge(_ path: Int, _ state: inout MultipathState) -> Bool {
        guard state[path].life == .validating || state[path].life == .failed,
            !state[path].isChallenged
        else { return false }
        state.put(.challenge(path: path, round: state[path].round))
        return true
    }

    func challengeArrives(_ path: Int, round: Int, _ state: inout MultipathState) -> Bool {
        guard state[path].challenges & MultipathState.bit(number: round) != 0 else { return false }
        state.take(.challenge(path: path, round: round))
        state.take(.response(path: path, round: round, numbers: 0))
        if state.arrived & MultipathState.word(path) == 0 {
            state.put(.response(path: path, round: round, numbers: state[path].got))
        }
        return true
    }

    func challengeAnswered(_ path: Int, round: Int, _ state: inout MultipathState) -> Bool {
        guard state[path].responses & MultipathState.bit(number: round) != 0 else { return false }
        let numbers = state[path][answer: round]
        state.take(.response(path: path, round: round, numbers: numbers))
        let life = state[path].life
        let isGood = (life == .validating || life == .failed) && round == state[path].round
        hears(path, numbers, now: isGood ? .active : life, &state)
        return true
    }

    /// An ACK of the path's packets came, and with it perhaps what made the path active.
    private func hears(_ path: Int, _ numbers: UInt64, now life: MultipathState.Life, _ state: inout MultipathState) {
        let before = state[path].life
        let isAnswered = MultipathState.highest(of: numbers) >= max(state[path].doubt, 1)
        let now: MultipathState.Life = isAnswered && life == .suspected ? .active : life
        let known = state[path].items(of: numbers)
        state[path].life = now
        state[path].flying &= ~numbers
        state[path].handed &= ~numbers
        state[path].got &= ~numbers
        if life != .abandoned {
            state[path].largest = max(state[path].largest, MultipathState.highest(of: numbers))
        }
        if now == .active, before != .active {
            for other in Self.paths where other != path && state[other].isSilent {
                state.queued |= state[other].waiting
                state[other].life = .suspected
                state[other].handed = state[other].flying
            }
        }
        if now == .active, numbers != 0 || before != .active { state[path].doubt = 0 }
        state.acked |= known
        state.queued &= ~known
    }
}

// How paths live.
extension MultipathModel {
    func otherIsActive(_ path: Int, _ state: MultipathState) -> Bool {
        Self.paths.contains { $0 != path && state[$0].life == .active }
    }

    private func probeIsArmed(_ path: Int, _ state: MultipathState) -> Bool {
        state[path].flying != 0 && state[path].overtaken == 0
    }

    /// To take these for lost is a fault unless all of them, and their acknowledgements, are gone.
    private func mistake(_ path: Int, _ numbers: UInt64, _ state: inout MultipathState) -> Bool {
        guard numbers & (state[path].data | state[path].told) != 0 else { return true }
        return fault(&state)
    }

    private func fault(_ state: inout MultipathState) -> Bool {
        guard state.faults < maxFaults else { return false }
        state.faults += 1
        return true
    }

    func suspect(_ path: Int, _ state: inout MultipathState) -> Bool {
        guard state[path].life == .active, otherIsActive(path, state), probeIsArmed(path, state),
            state[path].next <= packets, mistake(path, state[path].flying, &state)
        else { return false }
        state.queued |= state[path].waiting
        state[path].life = .suspected
        doubt(path, &state)
        state[path].handed = state[path].flying
        leaves(path, items: 0, &state)
        return true
    }

    private func doubt(_ path: Int, _ state: inout MultipathState) {
        if state[path].doubt == 0 { state[path].doubt = state[path].next }
    }

    func fail(_ path: Int, _ state: inout MultipathState) -> Bool {
        guard state[path].life == .suspected, otherIsActive(path, state), probeIsArmed(path, state),
            state[path].round < rounds, mistake(path, state[path].flying, &state)
        else { return false }
        demote(path, &state)
        return true
    }

    func socketError(_ path: Int, _ state: inout MultipathState) -> Bool {
        guard state[path].life == .active || state[path].life == .suspected, state[path].round < rounds, fault(&state)
        else { return false }
        demote(path, &state)
        return true
    }

    private func demote(_ path: Int, _ state: inout MultipathState) {
        forget(path, &state)
        state[path].life = .failed
        state[path].round += 1
        state.put(.challenge(path: path, round: state[path].round))
    }

    private func forget(_ path: Int, _ state: inout MultipathState) {
        state.queued |= state[path].waiting
        state[path].doubt = 0
        state[path].flying = 0
        state[path].handed = 0
    }

    func abandon(_ path: Int, _ state: inout MultipathState) -> Bool {
        guard abandoned.contains(state[path].life) else { return false }
        let others = Self.paths.filter { $0 != path }.map { state[$0].life }
        guard others.contains(.active) || others.contains(.suspected) else { return false }
        forget(path, &state)
        state[path].life = .abandoned
        state[path].largest = 0
        state.queued |= MultipathState.word(path)
        return true
    }
}

// The sender's packets.
extension MultipathModel {
    /// The paths that may carry data now.
    func usable(_ state: MultipathState) -> [Int] {
        func paths(_ life: MultipathState.Life, isBackup: Bool) -> [Int] {
            Self.paths.filter { path in
                state[path].life == life && (state.backup & MultipathState.bit(path: path) != 0) == isBackup
            }
        }
        for life in [MultipathState.Life.active, .suspected] {
            for isBackup in [false, true] {
                let found = paths(life, isBackup: isBackup)
                if !found.isEmpty { return found }
            }
        }
        return []
    }

    private func leaves(_ path: Int, items: UInt64, _ state: inout MultipathState) {
        let number = state[path].next
        state[path].next = number + 1
        state[path].flying |= MultipathState.bit(number: number)
        state[path][items: number] = items
        state.put(.data(path: path, number: number))
    }

    func send(_ path: Int, _ state: inout MultipathState) -> Bool {
        guard state.queued != 0, usable(state).contains(path), state[path].next <= packets else { return false }
        let items = state.queued
        state.queued = 0
        leaves(path, items: items, &state)
        return true
    }

    func reinject(_ path: Int, by: Int, _ state: inout MultipathState) -> Bool {
        guard reinjects, state.queued == 0, path != by, usable(state).contains(by), state[by].next <= packets else {
            return false
        }
        let held = state[path].flying & ~state[path].handed
        guard held != 0 else { return false }
        let items = state[path][items: held.trailingZeroBitCount + 1]
        guard items != 0 else { return false }
        state[path].handed |= MultipathState.lowest(1, of: held)
        leaves(by, items: items, &state)
        return true
    }

    func probe(_ path: Int, _ state: inout MultipathState) -> Bool {
        let life = state[path].life
        guard life == .active || life == .suspected, !otherIsActive(path, state), probeIsArmed(path, state),
            state.works(path) || state[path].next <= 2, state[path].next <= packets,
            mistake(path, state[path].flying, &state)
        else { return false }
        doubt(path, &state)
        let oldest = MultipathState.lowest(2, of: state[path].flying & ~state[path].handed)
        let items = state.queued | state[path].items(of: oldest)
        state[path].handed |= oldest
        state.queued = 0
        leaves(path, items: items, &state)
        return true
    }

    func lossTimeout(_ path: Int, _ state: inout MultipathState) -> Bool {
        let lost = state[path].overtaken
        guard lost != 0, mistake(path, lost, &state) else { return false }
        state.queued |= state[path].items(of: lost & ~state[path].handed)
        state[path].flying &= ~lost
        state[path].handed &= ~lost
        return true
    }
}

// The network, and the receiver.
extension MultipathModel {
    /// By which paths the receiver may acknowledge what came by this one.
    private func ackPaths(_ path: Int, _ state: MultipathState) -> [Int] {
        let others = Self.paths.filter { other in
            let life = state[other].life
            return other != path && state.arrived & MultipathState.word(other) == 0
                && (life == .active || life == .suspected || life == .failed)
        }
        guard state.arrived & MultipathState.word(path) == 0 else { return others }
        return acknowledgesAnywhere ? [path] + others : [path]
    }

    func deliver(_ path: Int, number: Int, by: Int, _ state: inout MultipathState) -> Bool {
        guard state[path].data & MultipathState.bit(number: number) != 0, ackPaths(path, state).contains(by) else {
            return false
        }
        state.take(.data(path: path, number: number))
        state.arrived |= state[path][items: number]
        state[path].got |= MultipathState.bit(number: number)
        state.put(.ack(path: path, by: by, numbers: state[path].got))
        return true
    }

    func hear(_ path: Int, by: Int, _ state: inout MultipathState) -> Bool {
        let numbers = state[path][acksBy: by]
        guard numbers != 0 else { return false }
        state.take(.ack(path: path, by: by, numbers: numbers))
        hears(path, numbers, now: state[path].life, &state)
        return true
    }

    func drop(_ message: MultipathMessage, _ state: inout MultipathState) -> Bool {
        guard state.messages.contains(message), !state.isPointlessToDrop(message), fault(&state) else { return false }
        state.take(message)
        return true
    }

    func cut(_ path: Int, _ state: inout MultipathState) -> Bool {
        guard state.works(path), state[path].life != .unopened, state[path].life != .abandoned, fault(&state) else {
            return false
        }
        state.works &= ~MultipathState.bit(path: path)
        return true
    }

    func heal(_ path: Int, _ state: inout MultipathState) -> Bool {
        guard !state.works(path) else { return false }
        state.works |= MultipathState.bit(path: path)
        return true
    }
}
