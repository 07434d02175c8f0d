import PlaitCore

/// What this end receives on a stream (RFC 9000, section 3.2).
struct ReceiveSide: ~Copyable {
    enum State {
        /// The stream is this end's alone.
        case absent
        /// Where it ends is not known. ("Recv")
        case open
        /// It ends where `highest` is. ("Size Known", "Data Recvd")
        case ending
        /// The application wants no more; where the stream ends is not known.
        case stopped(code: UInt64, word: SendSide.Word)
        /// The peer gave up, and the application does not know yet. ("Reset Recvd")
        case reset(code: UInt64)
        /// Everything was read, or nobody wants it. ("Data Read", "Reset Read")
        case over
    }

    private(set) var state: State
    /// Behind the last byte that counts for flow control; where the stream ends, once that is known.
    private(set) var highest: UInt64 = 0
    private(set) var reassembly = Reassembly()
    var window: ReceiveWindow
    /// The peer is to be told of a new limit.
    var owesLimit = false

    init(isAbsent: Bool, window: UInt64) {
        state = isAbsent ? .absent : .open
        self.window = ReceiveWindow(window)
    }

    var isOver: Bool {
        switch state {
        case .absent, .over: true
        default: false
        }
    }

    /// Whether a new limit would still let the peer send more.
    var wantsMore: Bool {
        guard case .open = state else { return false }
        return true
    }

    /// Whether arriving bytes have a reader.
    var keepsBytes: Bool {
        switch state {
        case .open, .ending: true
        default: false
        }
    }

    /// Everything is here, and how much that is is known.
    var isComplete: Bool {
        guard case .ending = state else { return false }
        return reassembly.complete == highest
    }

    var owesStop: Bool {
        guard case .stopped(_, .unsent) = state else { return false }
        return true
    }

    private var isSizeKnown: Bool {
        switch state {
        case .ending, .reset, .over: true
        default: false
        }
    }

    // MARK: The peer

    /// By how much `highest` grows if the stream reaches `end`, after looking whether it may.
    func growth(to end: UInt64, isLast: Bool, frame: UInt64) throws(PeerViolation) -> UInt64 {
        if isSizeKnown, end > highest {
            throw PeerViolation(.finalSize, frame: frame, "a stream went on behind its end")
        }
        if isLast, isSizeKnown ? end != highest : end < highest {
            throw PeerViolation(.finalSize, frame: frame, "the end of a stream was moved")
        }
        if end > window.limit {
            throw PeerViolation(.flowControl, frame: frame, "more bytes on a stream than were allowed")
        }
        return end > highest ? end - highest : 0
    }

    /// Takes bytes that `growth` let in. Answers how many of them were new and kept.
    mutating func receive(_ bytes: RawSpan, at offset: UInt64, isLast: Bool) -> Int {
        let end = offset + UInt64(bytes.byteCount)
        if isLast || !bytes.isEmpty { highest = max(highest, end) }
        switch state {
        case .open, .ending:
            let count = reassembly.insert(bytes, at: offset)
            if isLast { state = .ending }
            if case .ending = state { owesLimit = false }
            return count
        case .stopped:
            if isLast { state = .over }
            return 0
        case .absent, .reset, .over: return 0
        }
    }

    /// The peer gave up at `finalSize`, which `growth` let in. Answers whether the application loses anything by it.
    mutating func receiveReset(code: UInt64, finalSize: UInt64) -> Bool {
        highest = max(highest, finalSize)
        switch state {
        case .ending where isComplete:
            // Everything is here: the reset overtook an acknowledgement, and nothing is lost.
            return false
        case .open, .ending:
            state = .reset(code: code)
            owesLimit = false
            reassembly.release()
            return true
        case .stopped:
            state = .over
            return false
        case .absent, .reset, .over: return false
        }
    }

    // MARK: The application

    /// Copies bytes that are in order. After the last one, the side is over.
    mutating func read(into target: inout MutableRawSpan) throws(StreamError) -> (count: Int, isEnd: Bool) {
        switch state {
        case .absent: throw .sendOnly
        case .over: throw .ended
        case .stopped(let code, _): throw .stopped(code: code)
        case .reset(let code):
            state = .over
            throw .reset(code: code)
        case .open: return (reassembly.read(into: &target), false)
        case .ending:
            let count = reassembly.read(into: &target)
            guard reassembly.start == highest else { return (count, false) }
            state = .over
            reassembly.release()
            return (count, true)
        }
    }

    /// Wants no more. Bytes not yet read are thrown away.
    mutating func stop(code: UInt64) throws(StreamError) {
        switch state {
        case .absent: throw .sendOnly
        case .over: throw .ended
        case .stopped(let code, _): throw .stopped(code: code)
        case .reset(let code): throw .reset(code: code)
        case .open: state = .stopped(code: code, word: .unsent)
        // It ends anyway, and the peer cannot send anything that would count.
        case .ending: state = .over
        }
        owesLimit = false
        reassembly.release()
    }

    /// The application was told of the reset.
    mutating func resetTold() {
        if case .reset = state { state = .over }
    }

    // MARK: The wire

    /// What a STOP_SENDING frame says. From here on it is on its way.
    mutating func takeStop(of id: StreamID) -> StopSendingFrame? {
        guard case .stopped(let code, .unsent) = state else { return nil }
        state = .stopped(code: code, word: .inFlight)
        return StopSendingFrame(id: id, code: code)
    }

    mutating func stopAcknowledged() {
        if case .stopped(let code, _) = state { state = .stopped(code: code, word: .acknowledged) }
    }

    mutating func stopLost() {
        if case .stopped(let code, .inFlight) = state { state = .stopped(code: code, word: .unsent) }
    }

    func checkInvariants(gapsMax: Int) {
        reassembly.checkInvariants()
        precondition(highest <= window.limit, "flow control lets no more in")
        precondition(reassembly.complete <= highest || isOver, "what arrived counts")
        precondition(window.consumed <= highest, "only what arrived is consumed")
        precondition(reassembly.runsBeyond <= gapsMax, "few runs wait behind gaps")
        // A ring has room for twice what flow control lets wait, and 256 bytes.
        precondition(UInt64(reassembly.capacity) <= max(256, 2 * (window.window + window.limit)), "memory is bounded")
        switch state {
        case .absent, .over, .reset, .stopped:
            precondition(reassembly.capacity == 0, "what nobody reads is not kept")
        case .open, .ending: precondition(reassembly.start == window.consumed, "what was read was consumed")
        }
    }
}
