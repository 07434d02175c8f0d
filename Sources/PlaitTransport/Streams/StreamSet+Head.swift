package import PlaitCore

/// The bytes that go out next, for whoever has to choose a way for them.
package struct StreamHead: BitwiseCopyable {
    package var id: StreamID
    package var priority: UInt8
    package var offset: UInt64
    /// From there to the end of what the application has written.
    package var remaining: UInt64
    package var isRetransmission: Bool
}

/// What became of bytes that were to be sent once more.
package enum SentAgain {
    /// They were written; what did not fit is left.
    case written(SentFrame, rest: SentFrame?)
    /// The peer has them, or the stream is over.
    case pointless
    case noRoom
}

extension StreamSet {
    /// The bytes whose turn it is in these lanes, or nil when only words are to be sent, if anything.
    func head(in lanes: Lanes) -> StreamHead? {
        guard let (slot, turn) = turn(in: lanes) else { return nil }
        let buffer = (next: streams[slot].send.buffer.next, end: streams[slot].send.buffer.end)
        let offset = turn.isFresh ? buffer.next : streams[slot].send.buffer.lost.first?.start ?? buffer.end
        return StreamHead(
            id: streams[slot].id,
            priority: turn.level,
            offset: offset,
            remaining: buffer.end - offset,
            isRetransmission: !turn.isFresh
        )
    }

    /// Writes the bytes of a frame that was sent before once more, as far as the peer does not have them.
    @_lifetime(writer: copy writer)
    package mutating func writeAgain(_ frame: SentFrame, into writer: inout ByteWriter) -> SentAgain {
        guard case .stream(let id, let offset, let length, let isLast) = frame, let slot = index[id] else {
            return .pointless
        }
        let wanted = OffsetRange(offset, offset + UInt64(length))
        guard streams[slot].send.buffer.firstMissing(in: wanted) != nil else { return .pointless }
        guard let written = streams[slot].send.writeAgain(wanted, of: id, into: &writer) else { return .noRoom }
        let count = written.range.count
        statistics.bytesSentAgain += count
        let sent = SentFrame.stream(id, offset: written.range.start, length: UInt32(count), isLast: written.isLast)
        guard written.range.end < wanted.end else { return .written(sent, rest: nil) }
        let rest = UInt32(wanted.end - written.range.end)
        return .written(sent, rest: .stream(id, offset: written.range.end, length: rest, isLast: isLast))
    }
}
