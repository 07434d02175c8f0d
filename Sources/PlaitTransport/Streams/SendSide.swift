import PlaitCore

/// What this end sends on a stream (RFC 9000, section 3.1).
struct SendSide: ~Copyable {
    /// How far the word of an ending has come. Lost, it is unsent again.
    enum Word {
        case unsent
        case inFlight
        case acknowledged
    }

    enum State {
        /// The stream is the peer's alone.
        case absent
        /// The application may write. ("Ready" and "Send")
        case open
        /// The last byte was written; `end` tells whether the peer knows that it was the last. ("Send", "Data Sent")
        case ending(end: Word)
        /// Given up; the peer must be told. ("Reset Sent")
        case resetting(code: UInt64, byPeer: Bool, word: Word)
        /// The peer has everything. ("Data Recvd")
        case finished
        /// The peer knows that it was given up. ("Reset Recvd")
        case over(code: UInt64, byPeer: Bool)
    }

    private(set) var state: State
    private(set) var buffer = SendBuffer()
    /// The peer lets this end send bytes below it.
    private(set) var limit: UInt64
    /// A write took less than it was offered, and nobody was told of new room since.
    private(set) var wantsRoom = false

    init(isAbsent: Bool, limit: UInt64) {
        state = isAbsent ? .absent : .open
        self.limit = limit
    }

    var isOver: Bool {
        switch state {
        case .absent, .finished, .over: true
        default: false
        }
    }

    /// Whether bytes, or the end alone, can go out without using any new credit of the connection.
    var hasResend: Bool { buffer.hasLost || isEndAlone }

    /// Bytes that were written and never sent.
    var unsent: UInt64 { buffer.end - buffer.next }

    /// Whether there are new bytes that the stream's own limit lets through.
    var hasFresh: Bool { buffer.next < min(buffer.end, limit) }

    /// All bytes were sent and none is lost, but the word of the end is not on its way.
    private var isEndAlone: Bool {
        guard case .ending(.unsent) = state else { return false }
        return !buffer.hasLost && buffer.next == buffer.end
    }

    var owesReset: Bool {
        guard case .resetting(_, _, .unsent) = state else { return false }
        return true
    }

    // MARK: The application

    mutating func write(_ bytes: RawSpan, isLast: Bool, sendMax: Int) throws(StreamError) -> Int {
        switch state {
        case .absent: throw .receiveOnly
        case .open: break
        case .ending, .finished: throw .ended
        case .resetting(let code, let byPeer, _), .over(let code, let byPeer):
            throw byPeer ? .stopped(code: code) : .reset(code: code)
        }
        let count = buffer.write(bytes, sendMax: sendMax)
        if count < bytes.byteCount { wantsRoom = true } else if isLast { state = .ending(end: .unsent) }
        return count
    }

    /// Gives the stream up. Nothing happens if the peer has everything, or if it was given up before.
    @discardableResult
    mutating func reset(code: UInt64, byPeer: Bool) -> Bool {
        switch state {
        case .open, .ending:
            state = .resetting(code: code, byPeer: byPeer, word: .unsent)
            wantsRoom = false
            buffer.release()
            return true
        default: return false
        }
    }

    // MARK: The peer

    /// Limits only rise; an older word that comes late changes nothing.
    mutating func raiseLimit(to limit: UInt64) {
        #if Mutants
            if Mutant.isPlanted(.creditShrinks) { return self.limit = limit }
        #endif
        self.limit = max(self.limit, limit)
    }

    // MARK: The wire

    /// Writes the next bytes, if their frame fits. `credit` is what the connection's limit leaves for new bytes.
    @_lifetime(writer: copy writer)
    mutating func writeFrame(of id: StreamID, credit: UInt64, into writer: inout ByteWriter) -> SentFrame? {
        #if Mutants
            let limit = Mutant.isPlanted(.limitIgnored) ? Varint.max : self.limit
        #endif
        let allowed = min(limit, buffer.next + min(credit, Varint.max - buffer.next))
        let run = buffer.pending(limit: allowed) ?? OffsetRange(buffer.end, buffer.end)
        guard run.count > 0 || isEndAlone else { return nil }
        guard let room = StreamFrameHeader.dataMax(id, offset: run.start, room: writer.remaining) else { return nil }
        // A crumb costs a header and a record like any other frame; the next packet has room for more.
        guard room >= min(run.count, UInt64(Self.crumb)) else { return nil }
        let length = Int(min(run.count, UInt64(room), UInt64(UInt32.max)))
        let range = OffsetRange(run.start, run.start + UInt64(length))
        var isLast = false
        if case .ending(let word) = state, range.end == buffer.end {
            isLast = true
            #if Mutants
                if Mutant.isPlanted(.finForgotten) { isLast = word == .unsent }
            #endif
            if word == .unsent { state = .ending(end: .inFlight) }
        }
        guard writer.writeStreamHeader(id, offset: range.start, length: length, isLast: isLast) else {
            preconditionFailure("a frame is measured before its first byte is written")
        }
        buffer.send(range, into: &writer)
        return .stream(id, offset: range.start, length: UInt32(length), isLast: isLast)
    }

    /// Writes sent bytes once more, as far as the peer does not have them: the first run of them that fits. Lost or
    /// not, they stay what they are.
    ///
    /// - Returns: What was written; nil if nothing fits.
    @_lifetime(writer: copy writer)
    mutating func writeAgain(
        _ range: OffsetRange,
        of id: StreamID,
        into writer: inout ByteWriter
    ) -> (range: OffsetRange, isLast: Bool)? {
        guard let run = buffer.firstMissing(in: range),
            let room = StreamFrameHeader.dataMax(id, offset: run.start, room: writer.remaining),
            room >= min(run.count, UInt64(Self.crumb))
        else { return nil }
        let length = Int(min(run.count, UInt64(room), UInt64(UInt32.max)))
        let written = OffsetRange(run.start, run.start + UInt64(length))
        var isLast = false
        if case .ending = state, written.end == buffer.end { isLast = true }
        guard writer.writeStreamHeader(id, offset: written.start, length: length, isLast: isLast) else {
            preconditionFailure("a frame is measured before its first byte is written")
        }
        buffer.copy(written, into: &writer)
        return (written, isLast)
    }

    /// Fewer bytes than this do not start a frame at the end of a packet, unless they are all there is.
    private static let crumb = 32

    /// What a RESET_STREAM frame says now. From here on it is on its way.
    mutating func takeReset(of id: StreamID) -> ResetStreamFrame? {
        guard case .resetting(let code, let byPeer, .unsent) = state else { return nil }
        state = .resetting(code: code, byPeer: byPeer, word: .inFlight)
        return ResetStreamFrame(id: id, code: code, finalSize: buffer.next)
    }

    /// Answers whether the peer has everything by this.
    mutating func acknowledged(_ range: OffsetRange, isLast: Bool) -> Bool {
        switch state {
        case .open: buffer.acknowledge(range)
        case .ending(var word):
            buffer.acknowledge(range)
            if isLast { word = .acknowledged }
            state = .ending(end: word)
            if word == .acknowledged, buffer.buffered == 0 {
                state = .finished
                buffer.release()
                return true
            }
        default: break
        }
        return false
    }

    mutating func lost(_ range: OffsetRange, isLast: Bool) {
        switch state {
        case .open: buffer.lose(range)
        case .ending(let word):
            buffer.lose(range)
            #if Mutants
                if Mutant.isPlanted(.finForgotten) { return }
            #endif
            if isLast, word == .inFlight { state = .ending(end: .unsent) }
        default: break
        }
    }

    mutating func resetAcknowledged() {
        guard case .resetting(let code, let byPeer, _) = state else { return }
        state = .over(code: code, byPeer: byPeer)
    }

    mutating func resetLost() {
        guard case .resetting(let code, let byPeer, .inFlight) = state else { return }
        state = .resetting(code: code, byPeer: byPeer, word: .unsent)
    }

    /// Whether a writer that was held back has room again. It is told once.
    mutating func takeRoom(sendMax: Int) -> Bool {
        guard wantsRoom, case .open = state, buffer.buffered <= sendMax / 2 else { return false }
        wantsRoom = false
        return true
    }

    func checkInvariants(sendMax: Int) {
        buffer.checkInvariants()
        precondition(buffer.buffered <= sendMax, "the send buffer is bounded")
        switch state {
        case .absent: precondition(buffer.end == 0, "nothing is sent on a stream that is the peer's alone")
        case .ending(.inFlight), .ending(.acknowledged):
            precondition(buffer.next == buffer.end, "no data after the end")
        case .finished, .resetting, .over:
            precondition(buffer.buffered == 0 && buffer.capacity == 0, "what is over keeps no bytes")
        case .open, .ending(.unsent): break
        }
        precondition(buffer.next <= limit, "the stream's limit holds")
    }
}
