package import PlaitCore

// Frames into a packet under construction, and what became of them.
extension StreamSet {
    /// Writes one frame and says what it was; nil if nothing more fits, or if there is nothing to send.
    ///
    /// Words about limits and endings go before bytes. An empty packet has room for at least 64 bytes.
    /// `bytes` says whose bytes may go into it, nil for nobody's, and `withWords` whether words may.
    @_lifetime(writer: copy writer)
    package mutating func nextFrame(
        into writer: inout ByteWriter,
        bytes: Lanes? = .all,
        withWords: Bool = true,
        now: Instant
    ) -> SentFrame? {
        guard withWords, hasControl else { return bytes.flatMap { writeBytes(of: $0, into: &writer) } }
        if owesMaxData {
            guard writer.writeMaxData(window.limit) else { return nil }
            owesMaxData = false
            return .maxData
        }
        for direction in [StreamDirection.bidirectional, .unidirectional] where owesMaxStreams[Int(direction.rawValue)]
        {
            guard writer.writeMaxStreams(direction, acceptMax[Int(direction.rawValue)]) else { return nil }
            owesMaxStreams[Int(direction.rawValue)] = false
            return .maxStreams(direction)
        }
        guard let slot = controls.first?.slot else { preconditionFailure("there are words to write") }
        return writeControl(of: slot, into: &writer)
    }

    @_lifetime(writer: copy writer)
    private mutating func writeControl(of slot: Int, into writer: inout ByteWriter) -> SentFrame? {
        let id = streams[slot].id
        // The longest of them: a type and three numbers. Then nothing is taken that could not be written.
        guard writer.remaining >= Self.controlMax else { return nil }
        defer { settle(slot) }
        if let frame = streams[slot].send.takeReset(of: id) {
            let isWritten = writer.writeResetStream(frame)
            precondition(isWritten, "room was measured")
            return .resetStream(id)
        }
        if let frame = streams[slot].receive.takeStop(of: id) {
            let isWritten = writer.writeStopSending(frame)
            precondition(isWritten, "room was measured")
            return .stopSending(id)
        }
        precondition(streams[slot].receive.owesLimit, "a stream waits only while it owes something")
        streams[slot].receive.owesLimit = false
        let isWritten = writer.writeMaxStreamData(id, streams[slot].receive.window.limit)
        precondition(isWritten, "room was measured")
        return .maxStreamData(id)
    }

    private static let controlMax = 25

    @_lifetime(writer: copy writer)
    private mutating func writeBytes(of lanes: Lanes, into writer: inout ByteWriter) -> SentFrame? {
        let credit = sendLimit - sent
        guard let (slot, isResend) = nextTurn(in: lanes) else { return nil }
        let before = streams[slot].send.buffer.next
        guard let frame = streams[slot].send.writeFrame(of: streams[slot].id, credit: credit, into: &writer),
            case .stream(_, _, let length, _) = frame
        else { return nil }
        let new = streams[slot].send.buffer.next - before
        sent += new
        self.lanes[streams[slot].lane].unsent -= new
        statistics.bytesSent += new
        statistics.bytesSentAgain += UInt64(length) - new
        streams[slot].spent += Int(length)
        let isPacketFull = writer.remaining < Self.full
        if streams[slot].spent >= Self.quantum || (isPacketFull && streams[slot].spent >= Self.quantum / 2) {
            // What it sent too much or too little counts in its next turn.
            streams[slot].spent -= Self.quantum
            if isResend { resends.rotate(slot) } else { fresh.rotate(slot) }
        }
        settle(slot)
        return frame
    }

    /// A packet with less room than this counts as filled.
    private static let full = 40

    /// The most urgent stream whose turn it is; one without credit needs none.
    private mutating func nextTurn(in lanes: Lanes) -> (slot: Int, isResend: Bool)? {
        guard let (first, turn) = turn(in: lanes) else { return nil }
        guard turn.isFresh else { return (first, true) }
        var slot = first
        // A packet larger than the quantum used up turns that have not come yet.
        while streams[slot].spent >= Self.quantum {
            streams[slot].spent -= Self.quantum
            fresh.rotate(slot)
            slot = fresh.first(in: lanes)?.slot ?? slot
        }
        return (slot, false)
    }

    /// The packet with this frame arrived. A frame of something else than streams is passed over.
    package mutating func acknowledged(_ frame: SentFrame) {
        switch frame {
        case .stream(let id, let offset, let length, let isLast):
            guard let slot = index[id] else { return }
            let range = OffsetRange(offset, offset + UInt64(length))
            if streams[slot].send.acknowledged(range, isLast: isLast) { tell(.finished, of: slot) }
            if streams[slot].send.takeRoom(sendMax: sendMax) { tell(.writable, of: slot) }
            settle(slot)
        case .resetStream(let id):
            guard let slot = index[id] else { return }
            streams[slot].send.resetAcknowledged()
            settle(slot)
        case .stopSending(let id):
            guard let slot = index[id] else { return }
            streams[slot].receive.stopAcknowledged()
            settle(slot)
        default: break
        }
    }

    /// The packet with this frame is lost, or seems to be. What still matters of it will be sent anew, as it is then.
    package mutating func lost(_ frame: SentFrame) {
        switch frame {
        case .stream(let id, let offset, let length, let isLast):
            guard let slot = index[id] else { return }
            streams[slot].send.lost(OffsetRange(offset, offset + UInt64(length)), isLast: isLast)
            settle(slot)
        case .resetStream(let id):
            guard let slot = index[id] else { return }
            streams[slot].send.resetLost()
            settle(slot)
        case .stopSending(let id):
            guard let slot = index[id] else { return }
            streams[slot].receive.stopLost()
            settle(slot)
        case .maxStreamData(let id):
            #if Mutants
                if Mutant.isPlanted(.limitForgotten) { return }
            #endif
            guard let slot = index[id], streams[slot].receive.wantsMore else { return }
            streams[slot].receive.owesLimit = true
            settle(slot)
        case .maxData: owesMaxData = true
        case .maxStreams(let direction):
            #if Mutants
                if Mutant.isPlanted(.streamsForgotten) { return }
            #endif
            owesMaxStreams[Int(direction.rawValue)] = true
        default: break
        }
    }
}
