import PlaitCore
import PlaitSimulator
import PlaitTransport

// What the two stream sets, and the packets between them, mean in the model's terms.
extension StreamDriver {
    /// Everything is read from the sets; of a stream that they have forgotten, the applications remember what they
    /// wrote, read and were told. An end that nobody touched since it was looked at last is as it was.
    func abstraction() -> StreamState {
        if touched.sender {
            sending = seenSender
            touched.sender = false
        }
        if touched.receiver {
            receiving = seenReceiver
            touched.receiver = false
        }
        var state = sending.joined(receiving)
        state.faults = faults
        state.wire = waiting
        state.inflight = flying
        state.acks = come
        // The model leaves out what can change nothing any more, by the same words.
        state.carry()
        return state
    }

    private var seenSender: StreamState {
        var state = StreamState()
        state.end = written
        if let view = sender.streams.view(of: reading.id, piece: UInt64(reading.unit)) {
            see(view.sending, in: &state)
        } else {
            state.sendState = isFinishedTold ? .finished : .over
        }
        return state
    }

    private var seenReceiver: StreamState {
        var state = StreamState()
        state.delivered = read
        if let view = receiver.streams.view(of: reading.id, piece: UInt64(reading.unit)) {
            see(view.receiving, in: &state)
        } else if receiver.streams.statistics.openedByPeer == 0 {
            state.recvLimit = model.window
            state.window = model.window
        } else {
            state.receiveState = .over
        }
        return state
    }

    /// The state with everything looked at anew.
    func lookAgain() -> StreamState {
        touched = (true, true)
        return abstraction()
    }

    private func see(_ sending: StreamView.Sending, in state: inout StreamState) {
        state.next = units(sending.next)
        state.limit = units(sending.limit)
        switch sending.state {
        case .open: state.sendState = .open
        case .ending(let word):
            state.sendState = .ending
            state.word = Self.word(word)
        case .resetting(let word):
            state.sendState = .resetting
            state.word = Self.word(word)
            // What was given up has no bytes, acknowledged or lost.
            return
        case .absent, .finished, .over:
            failures.append("the sender remembers a stream that is \(sending.state)")
            return
        }
        state.end = units(sending.end)
        state.acked = pieces(sending.acknowledged)
        state.lost = pieces(sending.lost)
    }

    private func see(_ receiving: StreamView.Receiving, in state: inout StreamState) {
        state.highest = units(receiving.highest)
        state.recvLimit = units(receiving.limit)
        state.window = units(receiving.window)
        state.owesLimit = receiving.owesLimit
        switch receiving.state {
        case .open: state.receiveState = .open
        case .ending: state.receiveState = .ending
        case .stopped(let word):
            state.receiveState = .stopped
            state.stopWord = Self.word(word)
            return
        case .reset:
            state.receiveState = .reset
            return
        case .absent, .over:
            failures.append("the receiver remembers a stream that is \(receiving.state)")
            return
        }
        state.delivered = units(receiving.start)
        state.arrived = pieces(receiving.arrived)
    }

    private func units(_ bytes: UInt64) -> Int {
        if let count = reading.units(bytes) { return count }
        failures.append("not so: offsets and limits are whole units")
        return 15
    }

    private func pieces(_ pieces: StreamView.Pieces) -> UInt64 {
        if pieces.isCut || pieces.bits >= 1 << 16 { failures.append("not so: units are kept whole") }
        return pieces.bits & 0xFFFF
    }

    private static func word(_ word: StreamView.Word) -> StreamState.Word {
        switch word {
        case .unsent: .unsent
        case .inFlight: .inFlight
        case .acknowledged: .acknowledged
        }
    }

    // MARK: Events, and what must hold besides

    /// Takes all events but a reset, which is an action of the model.
    func tellEvents() {
        while let event = sender.streams.nextEvent() {
            touched.sender = true
            switch event {
            case .finished(reading.id):
                expect(!isFinishedTold, "a stream finishes once")
                isFinishedTold = true
            case .stopped(reading.id, _): isStoppedTold = true
            default: failures.append("the writer was told \(event)")
            }
        }
        while receiver.streams.view(of: reading.id, piece: UInt64(reading.unit))?.hasOnlyResetToTell != true,
            let event = receiver.streams.nextEvent()
        {
            touched.receiver = true
            switch event {
            case .opened(reading.id), .readable(reading.id): break
            default: failures.append("the reader was told \(event)")
            }
        }
    }

    package func concreteFailures() -> [String] {
        var failures = failures
        self.failures = []
        for (name, seat) in [("sender", sender), ("receiver", receiver)] {
            seat.streams.checkInvariants()
            if let violation = seat.violation {
                failures.append("the \(name) takes its peer for hostile: \(violation)")
            }
        }
        if simulator.heldCount != held.count {
            failures.append("\(simulator.heldCount) packets wait, and \(held.count) are known")
        }
        let state = self.state
        if !isBelieving, lookAgain() != state { failures.append("the state that was kept is not what the ends are in") }
        if state.end != written { failures.append("\(written) units were written, and \(state.end) are kept") }
        if state.delivered != read { failures.append("\(read) units were read, and \(state.delivered) counted") }
        if isFinishedTold, isStoppedTold { failures.append("a stream that was stopped finished") }
        return failures
    }

    /// What fairness demands, until nothing of it is left. `enabled` gives what a model's step would change.
    package func settle(bound: Int, telling: (SettlingStep<StreamModel>) -> Void) -> Int? {
        settle(bound: bound, believing: nil, telling: telling)
    }

    package func settle(bound: Int, believing state: StreamState) -> Int? {
        settle(bound: bound, believing: state) { _ in }
    }

    private func settle(
        bound: Int,
        believing start: StreamState?,
        telling: (SettlingStep<StreamModel>) -> Void
    ) -> Int? {
        var believed = start
        for step in 0...bound {
            let state = believed ?? self.state
            let next = model.enabled(in: state).first { action in
                isFair(action, in: state) && model.step(action, from: state) != state
            }
            guard let next else { return step }
            guard step < bound else { return nil }
            let isDone: Bool
            if believed != nil, let after = model.step(next, from: state) {
                isDone = perform(next, believing: (state, after))
                believed = after
            } else {
                isDone = perform(next)
                telling(SettlingStep(next, isDone: isDone, hasAsked: hasAsked, state: self.state))
            }
            guard isDone else {
                failures.append("\(next) was refused while settling")
                return nil
            }
        }
        return nil
    }

    /// Whether the module's fairness is about it.
    private func isFair(_ action: StreamAction, in state: StreamState) -> Bool {
        switch action {
        case .send, .sendReset, .sendStop, .sendLimit, .deliver, .acknowledge, .read, .tellReset: true
        case .lose(let frame): (state.wire | state.acks) & frame.bit == 0
        case .write, .reset, .stop, .drop: false
        }
    }
}
