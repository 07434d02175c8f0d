/// Why a call about a stream was refused. The stream is as it was before.
public enum StreamError: Error, Hashable, Sendable {
    /// The connection is not established, or over.
    case noConnection
    /// No stream of this id was opened yet by either end.
    case unknown
    /// The stream is over in both directions and forgotten.
    case closed
    /// The peer allows no more streams of this kind for now; an event says when it does.
    case streamLimit
    /// There is nothing to write to: the peer opened this stream for its own bytes only.
    case receiveOnly
    /// There is nothing to read from: this end opened the stream for its own bytes only.
    case sendOnly
    /// Its last byte was already written, or already read.
    case ended
    /// One end gave up sending: the peer when reading, this one when writing.
    case reset(code: UInt64)
    /// One end wants no more bytes: the peer when writing, this one when reading.
    case stopped(code: UInt64)
    /// The live streams are pinned to as many different paths as can be told apart.
    case pinLimit
    /// An application's code has no form on the wire: it is above 2^62 - 1.
    case codeTooLarge
}
