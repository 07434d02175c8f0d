/// One frame as it was read. Runs of bytes are given as their places in the payload.
///
/// `docs/WIRE.md` has the layout of each and the rules of reading.
package enum Frame: Hashable, Sendable {
    /// So many bytes of padding in a row, each of them a frame of its own.
    case padding(count: Int)
    case ping
    case ack(AckFrame)
    case resetStream(ResetStreamFrame)
    case stopSending(StopSendingFrame)
    /// A Noise message, whole.
    case handshake(Range<Int>)
    /// What proves to a server that a client receives at its address.
    case cookie(Range<Int>)
    case stream(StreamFrame)
    case maxData(UInt64)
    case maxStreamData(StreamID, UInt64)
    /// At most 2^60, so that every stream id fits into a varint.
    case maxStreams(StreamDirection, UInt64)
    case dataBlocked(UInt64)
    case streamDataBlocked(StreamID, UInt64)
    case streamsBlocked(StreamDirection, UInt64)
    case newConnectionID(NewConnectionIDFrame)
    case retireConnectionID(path: PathID, sequence: UInt64)
    case pathChallenge(UInt64)
    case pathResponse(UInt64)
    case close(CloseFrame)
    case pathStatus(PathStatusFrame)
    case pathAbandon(PathAbandonFrame)
    case keyUpdate(generation: UInt64)
    /// A resumption ticket; only the server that made it can read it.
    case ticket(Range<Int>)
    /// What a client offers, in clear: its bytes as sent are bound by the prologue.
    case offer(Range<Int>)
    case refusal(RefusalFrame)
    case handshakeConfirmed
    /// An unreliable datagram's bytes; none is fine.
    case datagram(Range<Int>)
    /// An extension's frame that this end does not know and may pass over.
    case skipped(type: UInt64)

    /// Whether a packet that carries it must be acknowledged.
    package var isAckEliciting: Bool {
        switch self {
        case .padding, .ack, .close: false
        default: true
        }
    }
}

/// Bytes of a stream and where they belong in it.
package struct StreamFrame: Hashable, Sendable {
    package var id: StreamID
    package var offset: UInt64
    package var data: Range<Int>
    /// The stream ends after these bytes.
    package var isLast: Bool

    package init(id: StreamID, offset: UInt64, data: Range<Int>, isLast: Bool) {
        self.id = id
        self.offset = offset
        self.data = data
        self.isLast = isLast
    }

    /// What follows the last byte: at most 2^62 - 1, as every frame was checked for when it was read.
    package var end: UInt64 { offset + UInt64(data.count) }
}

/// The sender gives up a stream.
package struct ResetStreamFrame: Hashable, Sendable, BitwiseCopyable {
    package var id: StreamID
    /// The application's own.
    package var code: UInt64
    /// How many bytes of the stream count for flow control.
    package var finalSize: UInt64

    package init(id: StreamID, code: UInt64, finalSize: UInt64) {
        self.id = id
        self.code = code
        self.finalSize = finalSize
    }
}

/// The receiver wants no more of a stream.
package struct StopSendingFrame: Hashable, Sendable, BitwiseCopyable {
    package var id: StreamID
    /// The application's own.
    package var code: UInt64

    package init(id: StreamID, code: UInt64) {
        self.id = id
        self.code = code
    }
}

/// Another name under which the sender can be reached on a path.
package struct NewConnectionIDFrame: Hashable, Sendable, BitwiseCopyable {
    package var path: PathID
    /// Counts up within a path.
    package var sequence: UInt64
    /// Ids below this sequence are to be retired; never above `sequence`.
    package var retirePrior: UInt64
    /// Never `unknown`.
    package var id: ConnectionID

    package init(path: PathID, sequence: UInt64, retirePrior: UInt64, id: ConnectionID) {
        self.path = path
        self.sequence = sequence
        self.retirePrior = retirePrior
        self.id = id
    }
}

/// The end of a connection, by the protocol or by the application.
package struct CloseFrame: Hashable, Sendable {
    /// A `CloseCode` of the protocol, or the application's own number.
    package var code: UInt64
    /// In which frame the protocol's violation was, or 0; always 0 from an application.
    package var frameType: UInt64
    /// UTF-8 by intention, any bytes by a hostile peer.
    package var reason: Range<Int>
    package var isApplication: Bool

    package init(code: UInt64, frameType: UInt64, reason: Range<Int>, isApplication: Bool) {
        self.code = code
        self.frameType = frameType
        self.reason = reason
        self.isApplication = isApplication
    }
}

/// Whether the sender wants a path used.
package struct PathStatusFrame: Hashable, Sendable, BitwiseCopyable {
    package var path: PathID
    /// Counts up; what is not newer is ignored.
    package var sequence: UInt64
    /// Only while no other path works.
    package var isBackup: Bool

    package init(path: PathID, sequence: UInt64, isBackup: Bool) {
        self.path = path
        self.sequence = sequence
        self.isBackup = isBackup
    }
}

/// A path that will not be used again.
package struct PathAbandonFrame: Hashable, Sendable, BitwiseCopyable {
    package var path: PathID
    package var code: UInt64

    package init(path: PathID, code: UInt64) {
        self.path = path
        self.code = code
    }
}

/// Why a server will not talk, in clear: anybody can forge it, so it is a hint and no more.
package struct RefusalFrame: Hashable, Sendable {
    package var code: UInt64
    /// What the server could do instead: see the codes in `docs/WIRE.md`.
    package var details: Range<Int>

    package init(code: UInt64, details: Range<Int>) {
        self.code = code
        self.details = details
    }
}
