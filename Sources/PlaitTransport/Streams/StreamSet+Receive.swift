import PlaitCore

// What the peer sent. A frame for a stream that is forgotten comes late and is ignored; one for a stream of this end
// that was never opened, or against a stream's direction, is a violation.
extension StreamSet {
    /// Bytes of a stream. `bytes` are just the data; where they stood in the packet does not matter.
    ///
    /// Bytes that came before stay as they were, whatever a peer sends in their place. A frame without bytes and
    /// without the end opens the stream and does nothing else.
    package mutating func receive(_ frame: StreamFrame, bytes: RawSpan) throws(PeerViolation) {
        let type = FrameType.stream
        guard let slot = try receivingSlot(frame.id, frame: type) else {
            statistics.bytesWasted += UInt64(bytes.byteCount)
            return
        }
        guard frame.offset <= Varint.max - UInt64(bytes.byteCount) else {
            throw PeerViolation(.frameEncoding, frame: type, "a stream has at most 2^62 - 1 bytes")
        }
        let range = OffsetRange(frame.offset, frame.offset + UInt64(bytes.byteCount))
        let growth = try streams[slot].receive.growth(to: range.end, isLast: frame.isLast, frame: type)
        guard range.count > 0 || frame.isLast else { return }
        let runs = streams[slot].receive.reassembly.runsBeyond
        let runsMax = min(buffers.gapsMax, buffers.gapsTotalMax - (runsBeyond - runs))
        if streams[slot].receive.keepsBytes, streams[slot].receive.reassembly.exceeds(range, runsMax: runsMax) {
            // An endless row of single bytes with gaps between them: memory and time for each, and nothing to read.
            throw PeerViolation(.resourceLimit, frame: type, "more gaps in streams than are remembered")
        }
        #if Mutants
            try take(Mutant.isPlanted(.resentCountsAgain) ? range.count : growth, frame: type)
        #else
            try take(growth, frame: type)
        #endif
        let wasOpen = streams[slot].receive.wantsMore
        let complete = streams[slot].receive.reassembly.complete
        let count = streams[slot].receive.receive(bytes, at: range.start, isLast: frame.isLast)
        statistics.bytesReceived += UInt64(count)
        statistics.bytesWasted += UInt64(bytes.byteCount - count)
        runsBeyond += streams[slot].receive.reassembly.runsBeyond - runs
        if !streams[slot].receive.keepsBytes { discardRest(of: slot) }
        let isProgress = streams[slot].receive.reassembly.complete > complete
        if isProgress || (wasOpen && streams[slot].receive.isComplete) { tell(.readable, of: slot) }
        settle(slot)
    }

    /// The peer gave a stream up.
    package mutating func receive(_ frame: ResetStreamFrame) throws(PeerViolation) {
        let type = FrameType.resetStream
        guard let slot = try receivingSlot(frame.id, frame: type) else { return }
        let growth = try streams[slot].receive.growth(to: frame.finalSize, isLast: true, frame: type)
        #if Mutants
            try take(Mutant.isPlanted(.resetForgetsSize) ? 0 : growth, frame: type)
        #else
            try take(growth, frame: type)
        #endif
        let runs = streams[slot].receive.reassembly.runsBeyond
        if streams[slot].receive.receiveReset(code: frame.code, finalSize: frame.finalSize) {
            streams[slot].news.remove(.readable)
            tell(.reset, of: slot)
        }
        runsBeyond += streams[slot].receive.reassembly.runsBeyond - runs
        if !streams[slot].receive.keepsBytes { discardRest(of: slot) }
        settle(slot)
    }

    /// The peer wants no more of a stream: it is given up with the peer's code, also when the last byte was written.
    package mutating func receive(_ frame: StopSendingFrame) throws(PeerViolation) {
        guard let slot = try sendingSlot(frame.id, frame: FrameType.stopSending) else { return }
        #if Mutants
            if Mutant.isPlanted(.stopUnanswered) { return }
        #endif
        let rest = streams[slot].send.unsent
        if streams[slot].send.reset(code: frame.code, byPeer: true) {
            lanes[streams[slot].lane].unsent -= rest
            streams[slot].news.remove(.writable)
            tell(.stopped, of: slot)
        }
        settle(slot)
    }

    /// Limits only rise: an older one that comes late changes nothing.
    package mutating func receiveMaxData(_ limit: UInt64) {
        sendLimit = max(sendLimit, min(limit, Varint.max))
    }

    package mutating func receiveMaxStreamData(_ id: StreamID, _ limit: UInt64) throws(PeerViolation) {
        guard let slot = try sendingSlot(id, frame: FrameType.maxStreamData) else { return }
        streams[slot].send.raiseLimit(to: min(limit, Varint.max))
        settle(slot)
    }

    package mutating func receiveMaxStreams(_ direction: StreamDirection, _ count: UInt64) throws(PeerViolation) {
        let type = direction == .bidirectional ? FrameType.maxStreamsBidirectional : FrameType.maxStreamsUnidirectional
        guard count <= StreamID.countMax else {
            throw PeerViolation(.frameEncoding, frame: type, "more streams than there are stream ids")
        }
        let place = Int(direction.rawValue)
        guard count > openMax[place] else { return }
        openMax[place] = count
        if wantsStreams[place] {
            wantsStreams[place] = false
            hasStreamCredit[place] = true
        }
    }

    /// The peer would send more. It is told of a higher limit when something was read, never because it asks: a flood
    /// of these frames causes nothing.
    package mutating func receiveDataBlocked(_ limit: UInt64) { statistics.blockedReports += 1 }

    /// The peer would send more on a stream. See `receiveDataBlocked`.
    package mutating func receiveStreamDataBlocked(_ id: StreamID, _ limit: UInt64) throws(PeerViolation) {
        _ = try receivingSlot(id, frame: FrameType.streamDataBlocked)
        statistics.blockedReports += 1
    }

    /// The peer would open more streams. See `receiveDataBlocked`.
    package mutating func receiveStreamsBlocked(
        _ direction: StreamDirection,
        _ count: UInt64
    ) throws(PeerViolation) {
        let isUnidirectional = direction == .unidirectional
        let type = FrameType.streamsBlockedBidirectional + (isUnidirectional ? 1 : 0)
        guard count <= StreamID.countMax else {
            throw PeerViolation(.frameEncoding, frame: type, "more streams than there are stream ids")
        }
        statistics.blockedReports += 1
    }

    /// Where the peer sends on this stream; nil if it is forgotten.
    private mutating func receivingSlot(_ id: StreamID, frame: UInt64) throws(PeerViolation) -> Int? {
        if id.direction == .unidirectional, id.opener == role {
            throw PeerViolation(.streamState, frame: frame, "the peer may not send on this stream")
        }
        return try slot(of: id, frame: frame)
    }

    /// Where this end sends on this stream; nil if it is forgotten.
    private mutating func sendingSlot(_ id: StreamID, frame: UInt64) throws(PeerViolation) -> Int? {
        if id.direction == .unidirectional, id.opener != role {
            throw PeerViolation(.streamState, frame: frame, "this end does not send on this stream")
        }
        return try slot(of: id, frame: frame)
    }

    private mutating func slot(of id: StreamID, frame: UInt64) throws(PeerViolation) -> Int? {
        if let slot = index[id] { return slot }
        let kind = Int(id.value & 3)
        if id.index < opened[kind] { return nil }
        guard id.opener != role else {
            throw PeerViolation(.streamState, frame: frame, "a stream that this end never opened")
        }
        guard id.index < acceptMax[Int(id.direction.rawValue)] else {
            throw PeerViolation(.streamLimit, frame: frame, "more streams than were allowed")
        }
        // A stream opens those of its kind before it, whose frames are on their way (RFC 9000, section 3.2).
        while opened[kind] <= id.index {
            let next = StreamID(index: opened[kind], opener: id.opener, direction: id.direction)
            tell(.opened, of: add(next, priority: Self.acceptedPriority))
            statistics.openedByPeer += 1
        }
        return index[id]
    }

    /// What a stream of the peer is sent with until the application says otherwise: the middle.
    package static let acceptedPriority: UInt8 = 128

    private mutating func take(_ growth: UInt64, frame: UInt64) throws(PeerViolation) {
        guard growth <= window.limit - received else {
            throw PeerViolation(.flowControl, frame: frame, "more bytes on all streams than were allowed")
        }
        received += growth
    }
}
