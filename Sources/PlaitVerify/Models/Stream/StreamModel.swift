/// The twin of `formal/Stream/Stream.tla`: one unidirectional stream, its two ends and the network between them.
package struct StreamModel: Model {
    /// N: how many units may be written.
    package let units: Int
    /// W: the receiver's window.
    package let window: Int
    /// Most units in one frame.
    package let chunk: Int
    /// Drops and mistaken losses, at most.
    package let maxFaults: Int

    package static let unitsMax = 8
    package static let chunkMax = 2
    package static let limitMax = 10

    package init(units: Int, window: Int, chunk: Int, maxFaults: Int) {
        precondition(1...Self.unitsMax ~= units && 1...4 ~= window, "a state has room for a few units")
        precondition(units + window <= Self.limitMax && 1...Self.chunkMax ~= chunk, "there are 64 frames")
        precondition(0...0xFFFF ~= maxFaults, "faults are counted in 16 bits")
        (self.units, self.window, self.chunk, self.maxFaults) = (units, window, chunk, maxFaults)
    }

    package typealias State = StreamState
    package typealias Action = StreamAction
    package typealias Driver = StreamDriver

    package static let name = "Stream"
    package static let graph = StreamModel(units: 2, window: 1, chunk: 1, maxFaults: 1)
    /// Gaps, frames that overlap, and many faults.
    package static let larger: StreamModel? = StreamModel(units: 7, window: 3, chunk: 2, maxFaults: 1_000)

    package var constants: [(name: String, value: TLAValue)] {
        [
            ("N", .number(units)), ("W", .number(window)), ("Chunk", .number(chunk)),
            ("MaxFaults", .number(maxFaults)), ("Mutant", .text("none")),
        ]
    }

    package var initialStates: [StreamState] {
        var state = StreamState()
        state.limit = window
        state.recvLimit = window
        state.window = window
        return [state]
    }

    package func isInBounds(_ state: StreamState) -> Bool { state.end <= units && state.faults <= maxFaults }

    package func enabled(in state: StreamState) -> [StreamAction] {
        candidates(in: state).filter { step($0, from: state) != nil }
    }

    package func candidates(in state: StreamState) -> [StreamAction] {
        var actions: [StreamAction] = [
            .write(units: 0, isLast: true), .write(units: 1, isLast: false), .write(units: 1, isLast: true),
        ]
        for units in 0...chunk { actions.append(.send(units: units)) }
        actions += [.reset, .sendReset, .read, .tellReset, .stop, .sendStop, .sendLimit]
        for frame in Self.frames(state.wire | state.inflight | state.acks) {
            actions += [.deliver(frame), .drop(frame), .acknowledge(frame), .lose(frame)]
        }
        return actions
    }

    package func step(_ action: StreamAction, from old: StreamState) -> StreamState? {
        var state = old
        let isAllowed =
            switch action {
            case .write(let units, let isLast): write(&state, units: units, isLast: isLast)
            case .send(let units): send(&state, units: units)
            case .reset: reset(&state)
            case .sendReset: sendReset(&state)
            case .read: read(&state)
            case .tellReset: tellReset(&state)
            case .stop: stop(&state)
            case .sendStop: sendStop(&state)
            case .sendLimit: sendLimit(&state)
            case .deliver(let frame): deliver(frame, &state)
            case .drop(let frame): drop(frame, &state)
            case .acknowledge(let frame): acknowledge(frame, &state)
            case .lose(let frame): lose(frame, &state)
            }
        guard isAllowed else { return nil }
        state.carry()
        return state
    }
}

// What the module says of frames: `Matters`, `IsHeard`, `Carry`.
extension StreamState {
    /// Whether the frame's sender would still learn anything from its acknowledgement or loss.
    package func matters(_ frame: StreamModel.Frame) -> Bool {
        switch frame.kind {
        case .data(let start, let count, let isLast):
            hasBuffer
                && (StreamModel.run(start, count) & ~acked != 0
                    || (sendState == .ending && isLast && word != .acknowledged))
        case .reset: sendState == .resetting
        case .stop: receiveState == .stopped && stopWord != .acknowledged
        case .limit: receiveState == .open
        }
    }

    /// Whether it could still change anything where it arrives.
    package func hears(_ frame: StreamModel.Frame) -> Bool {
        switch frame.kind {
        case .data, .reset: receiveState != .reset && receiveState != .over && !isComplete
        case .stop: hasBuffer
        case .limit(let most): !isSenderOver && most > limit
        }
    }

    /// Leaves out the frames that can change nothing any more.
    mutating func carry() {
        var rest = wire | inflight | acks
        var (wanted, heard): (UInt64, UInt64) = (0, 0)
        while rest != 0 {
            let frame = StreamModel.Frame(number: rest.trailingZeroBitCount)
            rest &= rest - 1
            if matters(frame) { wanted |= frame.bit }
            if hears(frame) { heard |= frame.bit }
        }
        inflight &= wanted
        acks &= wanted
        wire &= heard | wanted & ~acks
    }
}
