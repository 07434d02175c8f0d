/// What an application should know of its streams. Each is told once until it happens anew.
public enum StreamEvent: Hashable, Sendable, BitwiseCopyable {
    /// The peer opened a stream, or a later one of its kind.
    case opened(StreamID)
    /// There are bytes to read, or the end.
    case readable(StreamID)
    /// At least half of the send buffer is free again, after a write that took less than was offered.
    case writable(StreamID)
    /// The peer has everything, the end included.
    case finished(StreamID)
    /// The peer gave up the stream; bytes not yet read are gone.
    case reset(StreamID, code: UInt64)
    /// The peer wants no more; this end has given up sending.
    case stopped(StreamID, code: UInt64)
    /// More streams may be opened, after an `open` that was refused.
    case creditRaised(StreamDirection)
}
