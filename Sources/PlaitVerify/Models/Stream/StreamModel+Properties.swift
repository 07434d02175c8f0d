// The predicates of `formal/Stream/properties.csv`, in its order.
extension StreamModel {
    package static let properties: [ModelProperty<StreamState>] = graph.judgedProperties

    package var judgedProperties: [ModelProperty<StreamState>] { [hasFields] + Self.others }

    private static let others: [ModelProperty<StreamState>] = [
        inOrder, withinLimit, withinWindow, limitsRise, finalSizeAgreed, finalSizeFixed, ackedArrived,
        nothingForgotten, nothingAfterEnd, finishedArrived, nothingAfterReset, givenUpIsSilent, completes, credited,
        resetKnown, stopHeard,
    ]

    /// States, words and flags are of their kinds by what holds them.
    private var hasFields: ModelProperty<StreamState> {
        let (model, frames) = (self, frames)
        return ModelProperty(
            "ST-S1",
            "TypeOK",
            "every variable has a value of its kind",
            .always(antecedent: { $0.end > 0 }) { state in
                model.fits(state) && (state.wire | state.inflight | state.acks) & ~frames == 0
            }
        )
    }

    private func fits(_ state: StreamState) -> Bool {
        max(state.end, state.highest, state.delivered) <= units && state.next <= state.end
            && max(state.limit, state.recvLimit) <= units + window && (state.window == 0 || state.window == window)
            && state.acked & ~Self.below(state.next) == 0 && state.arrived & ~Self.below(units) == 0
            && state.lost & ~(Self.below(state.next) & ~state.acked) == 0 && state.faults <= maxFaults
    }

    /// The module's `Frames`.
    private var frames: UInt64 {
        var frames = Frame(.stop).bit
        for limit in window + 1...units + window { frames |= Frame(.limit(limit)).bit }
        for start in 0...units {
            frames |= Frame(.reset(size: start)).bit
            for count in 0...min(chunk, units - start) {
                frames |= Frame(.data(start: start, count: count, isLast: true)).bit
                if count > 0 { frames |= Frame(.data(start: start, count: count, isLast: false)).bit }
            }
        }
        return frames
    }

    static let inOrder = ModelProperty<StreamState>(
        "ST-S2",
        "InOrder",
        "what was read was written, and nothing before it is missing",
        .always(antecedent: { $0.delivered > 0 }) { state in
            state.delivered <= state.end && (!state.isReading || below(state.delivered) & ~state.arrived == 0)
        }
    )

    static let withinLimit = ModelProperty<StreamState>(
        "ST-S3",
        "WithinLimit",
        "nothing is sent beyond what the receiver allows",
        .always(antecedent: { $0.next > 0 && $0.next == $0.limit }) { state in
            (state.isSenderOver || state.next <= state.limit)
                && (state.isSenderOver || state.receiveState == .over || state.limit <= state.recvLimit)
                && (state.receiveState == .over || state.highest <= state.recvLimit)
        }
    )

    static let withinWindow = ModelProperty<StreamState>(
        "ST-S4",
        "WithinWindow",
        "no more than a window waits for the reader",
        .always(antecedent: { $0.isReading && $0.waiting == $0.window }) { state in
            !state.isReading || (state.waiting <= state.window && state.recvLimit <= state.delivered + state.window)
        }
    )

    static let limitsRise = ModelProperty<StreamState>(
        "ST-S5",
        "LimitsRise",
        "a limit never shrinks, at either end",
        // What is forgotten is no limit any more.
        .step(antecedent: { old, new in
            !new.isSenderOver && new.limit != old.limit || new.receiveState != .over && new.recvLimit != old.recvLimit
        }) { old, new in
            (new.isSenderOver || new.limit >= old.limit)
                && (new.receiveState == .over || new.recvLimit >= old.recvLimit)
        }
    )

    static let finalSizeAgreed = ModelProperty<StreamState>(
        "ST-S6",
        "FinalSizeAgreed",
        "every word of where the stream ends says the same",
        .always(antecedent: { FrameEnds($0.wire | $0.acks).tellsEnd }) { FrameEnds($0.wire | $0.acks).agree }
    )

    static let finalSizeFixed = ModelProperty<StreamState>(
        "ST-S7",
        "FinalSizeFixed",
        "the receiver keeps to the first word of where the stream ends",
        .step(antecedent: { old, _ in old.receiveState == .ending || old.receiveState == .reset }) { old, new in
            switch old.receiveState {
            case .ending, .reset: new.receiveState == .over || new.highest == old.highest
            case .open: new.receiveState == .over || new.highest >= old.highest
            case .unknown, .stopped, .over: true
            }
        }
    )

    static let ackedArrived = ModelProperty<StreamState>(
        "ST-S8",
        "AckedArrived",
        "what is acknowledged has arrived",
        .always(antecedent: { $0.acked != 0 || $0.word == .acknowledged }) { state in
            (!state.isReading || state.acked & ~state.arrived == 0)
                && (state.sendState != .ending || state.word != .acknowledged || state.receiveState == .ending
                    || state.receiveState == .over)
        }
    )

    static let nothingForgotten = ModelProperty<StreamState>(
        "ST-S9",
        "NothingForgotten",
        "whatever was sent is acknowledged, in flight, or to be sent again",
        .always(antecedent: { $0.next > 0 || $0.inflight != 0 }) { state in
            let flying = FrameEnds(state.inflight)
            let limit = state.recvLimit
            let isLimitKnown = state.receiveState != .open || !state.hasBuffer || state.limit >= limit
            return (!state.hasBuffer || below(state.next) & ~(state.acked | state.lost | flying.units) == 0)
                && (state.sendState != .ending || state.word != .inFlight || flying.hasEnd)
                && (state.sendState != .resetting || state.word != .inFlight
                    || state.inflight & Frame(.reset(size: state.next)).bit != 0)
                && (state.receiveState != .stopped || state.stopWord != .inFlight
                    || state.inflight & Frame(.stop).bit != 0)
                && (isLimitKnown || state.owesLimit || state.inflight & Frame(.limit(limit)).bit != 0)
        }
    )

    static let nothingAfterEnd = ModelProperty<StreamState>(
        "ST-S10",
        "NothingAfterEnd",
        "nothing is sent behind the end",
        .always(antecedent: { $0.sendState == .ending && $0.word != .unsent }) { state in
            state.sendState != .ending || state.word == .unsent || state.next == state.end
        }
    )

    static let finishedArrived = ModelProperty<StreamState>(
        "ST-S11",
        "FinishedArrived",
        "the sender believes in the end only when all is there",
        .always(antecedent: { $0.sendState == .finished }) { state in
            state.sendState != .finished || state.receiveState == .over
                || (state.receiveState == .ending && state.arrived == below(state.end) && state.highest == state.end)
        }
    )

    static let nothingAfterReset = ModelProperty<StreamState>(
        "ST-S12",
        "NothingAfterReset",
        "a reader that stopped, or saw the reset, reads nothing more",
        .step(antecedent: { old, _ in !old.isReading && old.receiveState != .unknown }) { old, new in
            switch old.receiveState {
            case .stopped:
                new.delivered == old.delivered && (new.receiveState == .stopped || new.receiveState == .over)
            case .reset: new.delivered == old.delivered
            case .over: new.delivered == old.delivered && new.receiveState == .over
            case .unknown, .open, .ending: true
            }
        }
    )

    static let givenUpIsSilent = ModelProperty<StreamState>(
        "ST-S13",
        "GivenUpIsSilent",
        "a sender that gave up sends no more bytes, and stays so",
        .step(antecedent: { old, _ in !old.hasBuffer }) { old, new in
            old.hasBuffer
                || (!FrameEnds(new.wire & ~old.wire).hasData
                    && (new.sendState == .over || new.sendState == old.sendState))
        }
    )

    static let completes = ModelProperty<StreamState>(
        "ST-L1",
        "Completes",
        "a stream that was ended is read to its end, or given up, and both ends know",
        .eventually(trigger: { $0.sendState == .ending }, goal: \.isSettled)
    )

    static let credited = ModelProperty<StreamState>(
        "ST-L2",
        "Credited",
        "a writer without credit gets some, or is told to give up",
        .eventually(trigger: \.isBlocked) { !$0.isBlocked }
    )

    static let resetKnown = ModelProperty<StreamState>(
        "ST-L3",
        "ResetKnown",
        "both ends learn of a reset",
        .eventually(trigger: { $0.sendState == .resetting }) { $0.sendState == .over && $0.receiveState == .over }
    )

    static let stopHeard = ModelProperty<StreamState>(
        "ST-L4",
        "StopHeard",
        "a reader that wants no more hears the last of it",
        .eventually(trigger: { $0.receiveState == .stopped }, goal: \.isSettled)
    )
}

extension StreamState {
    /// Whether arriving bytes have a reader.
    fileprivate var isReading: Bool { receiveState == .open || receiveState == .ending }

    /// Units that arrived and were not read.
    fileprivate var waiting: Int { (arrived & ~StreamModel.below(delivered)).nonzeroBitCount }

    /// Both ends have forgotten the stream.
    package var isSettled: Bool { isSenderOver && receiveState == .over }
}

/// What a set of frames says of bytes and of where they end.
private struct FrameEnds {
    /// The units that are in them.
    private(set) var units: UInt64 = 0
    private(set) var hasData = false
    /// Where the frames with the last bytes end, and the sizes of resets, as bits.
    private var ends: UInt64 = 0
    private var sizes: UInt64 = 0
    private var furthest = 0

    init(_ frames: UInt64) {
        var rest = frames
        while rest != 0 {
            let frame = StreamModel.Frame(number: rest.trailingZeroBitCount)
            rest &= rest - 1
            switch frame.kind {
            case .data(let start, let count, let isLast):
                hasData = true
                units |= StreamModel.run(start, count)
                furthest = max(furthest, start + count)
                if isLast { ends |= 1 << UInt64(start + count) }
            case .reset(let size): sizes |= 1 << UInt64(size)
            case .stop, .limit: break
            }
        }
    }

    var hasEnd: Bool { ends != 0 }

    /// By a reset too.
    var tellsEnd: Bool { ends | sizes != 0 }

    var agree: Bool {
        let all = ends | sizes
        return ends.nonzeroBitCount <= 1 && sizes.nonzeroBitCount <= 1
            && (all == 0 || furthest <= all.trailingZeroBitCount)
            && (ends == 0 || sizes == 0 || sizes.trailingZeroBitCount <= ends.trailingZeroBitCount)
    }
}
