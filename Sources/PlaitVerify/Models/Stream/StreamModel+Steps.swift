// The module's actions, in its order. Each answers whether it is enabled, and changes the state only then.

// The sender's application and its frames.
extension StreamModel {
    func write(_ state: inout StreamState, units count: Int, isLast: Bool) -> Bool {
        guard state.sendState == .open, state.end + count <= units, count > 0 || isLast else { return false }
        state.end += count
        if isLast { state.sendState = .ending }
        return true
    }

    func reset(_ state: inout StreamState) -> Bool {
        guard state.hasBuffer else { return false }
        giveUp(&state)
        return true
    }

    private func giveUp(_ state: inout StreamState) {
        state.sendState = .resetting
        state.word = .unsent
        state.acked = 0
        state.lost = 0
    }

    /// What goes next: the first run of lost units, or new ones as far as the limit lets them.
    private func pending(_ state: StreamState) -> (start: Int, count: Int) {
        guard state.lost != 0 else { return (state.next, min(state.end, state.limit) - state.next) }
        let start = state.lost.trailingZeroBitCount
        return (start, (~(state.lost >> UInt64(start))).trailingZeroBitCount)
    }

    func send(_ state: inout StreamState, units count: Int) -> Bool {
        guard state.hasBuffer else { return false }
        let (start, most) = pending(state)
        guard count == 0 ? state.isEndAlone : count <= most else { return false }
        let isLast = state.sendState == .ending && start + count == state.end
        let frame = Frame(.data(start: start, count: count, isLast: isLast))
        state.next = max(state.next, start + count)
        state.lost &= ~Self.run(start, count)
        if isLast, state.word == .unsent { state.word = .inFlight }
        put(frame, &state)
        return true
    }

    private func put(_ frame: Frame, _ state: inout StreamState) {
        state.wire |= frame.bit
        state.inflight |= frame.bit
    }

    func sendReset(_ state: inout StreamState) -> Bool {
        guard state.sendState == .resetting, state.word == .unsent else { return false }
        state.word = .inFlight
        put(Frame(.reset(size: state.next)), &state)
        return true
    }

    private func forgetSending(_ how: StreamState.Sending, _ state: inout StreamState) {
        state.sendState = how
        state.word = .unsent
        state.next = 0
        state.acked = 0
        state.lost = 0
        state.limit = 0
    }
}

// The receiver's application and its frames.
extension StreamModel {
    /// Moves the limit on if enough was consumed. Answers whether it moved.
    private func move(_ state: inout StreamState, consumed: Int) -> Bool {
        let window = state.window
        guard 4 * (state.recvLimit - consumed) <= 3 * window, consumed + window > state.recvLimit else { return false }
        state.recvLimit = consumed + window
        return true
    }

    private func forgetReceiving(_ state: inout StreamState) {
        state.receiveState = .over
        state.stopWord = .unsent
        state.highest = 0
        state.arrived = 0
        state.recvLimit = 0
        state.window = 0
        state.owesLimit = false
    }

    func read(_ state: inout StreamState) -> Bool {
        switch state.receiveState {
        case .open, .ending:
            let isEnding = state.receiveState == .ending
            if state.arrived >> UInt64(state.delivered) & 1 == 0 {
                guard isEnding, state.delivered == state.highest else { return false }
                forgetReceiving(&state)
                return true
            }
            state.delivered += 1
            if isEnding, state.delivered == state.highest {
                forgetReceiving(&state)
            } else if move(&state, consumed: state.delivered), !isEnding {
                state.owesLimit = true
            }
            return true
        case .reset:
            forgetReceiving(&state)
            return true
        case .unknown, .stopped, .over: return false
        }
    }

    func tellReset(_ state: inout StreamState) -> Bool {
        guard state.receiveState == .reset else { return false }
        forgetReceiving(&state)
        return true
    }

    func stop(_ state: inout StreamState) -> Bool {
        switch state.receiveState {
        case .open:
            state.receiveState = .stopped
            state.arrived = 0
            state.owesLimit = false
            _ = move(&state, consumed: state.highest)
            return true
        case .ending:
            forgetReceiving(&state)
            return true
        case .unknown, .stopped, .reset, .over: return false
        }
    }

    func sendStop(_ state: inout StreamState) -> Bool {
        guard state.receiveState == .stopped, state.stopWord == .unsent else { return false }
        state.stopWord = .inFlight
        put(Frame(.stop), &state)
        return true
    }

    func sendLimit(_ state: inout StreamState) -> Bool {
        guard state.owesLimit else { return false }
        state.owesLimit = false
        put(Frame(.limit(state.recvLimit)), &state)
        return true
    }
}

// The network, and what recovery tells of a frame.
extension StreamModel {
    func deliver(_ frame: Frame, _ state: inout StreamState) -> Bool {
        guard state.wire & frame.bit != 0 else { return false }
        switch frame.kind {
        case .data(let start, let count, let isLast):
            dataArrives(&state, run: Self.run(start, count), end: start + count, isLast: isLast)
        case .reset(let size): resetArrives(&state, size: size)
        case .stop: if state.hasBuffer { giveUp(&state) }
        case .limit(let limit): if !state.isSenderOver { state.limit = max(state.limit, limit) }
        }
        state.acks |= frame.bit
        return true
    }

    private func dataArrives(_ state: inout StreamState, run: UInt64, end: Int, isLast: Bool) {
        switch state.receiveState {
        case .unknown, .open, .ending:
            state.receiveState = isLast || state.receiveState == .ending ? .ending : .open
            state.arrived |= run
            state.highest = max(state.highest, end)
            if state.receiveState == .ending { state.owesLimit = false }
        case .stopped where isLast: forgetReceiving(&state)
        case .stopped:
            state.highest = max(state.highest, end)
            _ = move(&state, consumed: state.highest)
        case .reset, .over: break
        }
    }

    private func resetArrives(_ state: inout StreamState, size: Int) {
        switch state.receiveState {
        case .unknown, .open, .ending:
            guard !state.isComplete else { return }
            state.receiveState = .reset
            state.arrived = 0
            state.owesLimit = false
            state.highest = max(state.highest, size)
            _ = move(&state, consumed: state.highest)
        case .stopped: forgetReceiving(&state)
        case .reset, .over: break
        }
    }

    func drop(_ frame: Frame, _ state: inout StreamState) -> Bool {
        guard state.wire & state.inflight & ~state.acks & frame.bit != 0 else { return false }
        return harm(&state) { $0.wire &= ~frame.bit }
    }

    /// One more thing goes wrong, if the model's bound allows it.
    private func harm(_ state: inout StreamState, _ change: (inout StreamState) -> Void) -> Bool {
        guard state.faults < maxFaults else { return false }
        state.faults += 1
        change(&state)
        return true
    }

    func acknowledge(_ frame: Frame, _ state: inout StreamState) -> Bool {
        guard state.acks & frame.bit != 0 else { return false }
        switch frame.kind {
        case .data(let start, let count, let isLast):
            state.inflight &= ~frame.bit
            if state.hasBuffer { dataAcknowledged(&state, run: Self.run(start, count), isLast: isLast) }
        case .reset:
            state.inflight &= ~frame.bit
            if state.sendState == .resetting { forgetSending(.over, &state) }
        case .stop:
            state.inflight &= ~frame.bit
            if state.receiveState == .stopped { state.stopWord = .acknowledged }
        case .limit:
            guard state.inflight & frame.bit != 0 else { return false }
            state.inflight &= ~frame.bit
        }
        return true
    }

    private func dataAcknowledged(_ state: inout StreamState, run: UInt64, isLast: Bool) {
        state.acked |= run
        state.lost &= ~run
        guard state.sendState == .ending else { return }
        if isLast { state.word = .acknowledged }
        if state.word == .acknowledged, state.acked == Self.below(state.end) { forgetSending(.finished, &state) }
    }

    func lose(_ frame: Frame, _ state: inout StreamState) -> Bool {
        guard state.inflight & frame.bit != 0 else { return false }
        if (state.wire | state.acks) & frame.bit == 0 {
            take(lossOf: frame, &state)
            return true
        }
        // It can still arrive, or has: recovery is mistaken.
        return harm(&state) { take(lossOf: frame, &$0) }
    }

    private func take(lossOf frame: Frame, _ state: inout StreamState) {
        state.inflight &= ~frame.bit
        switch frame.kind {
        case .data(let start, let count, let isLast):
            guard state.hasBuffer else { return }
            state.lost |= Self.run(start, count) & ~state.acked
            if state.sendState == .ending, isLast, state.word == .inFlight { state.word = .unsent }
        case .reset: if state.word == .inFlight { state.word = .unsent }
        case .stop: if state.stopWord == .inFlight { state.stopWord = .unsent }
        case .limit: if state.receiveState == .open { state.owesLimit = true }
        }
    }
}
