/// What a sent packet carried, in as few bytes as are needed to send it again or to forget it.
///
/// Whatever is sent again is written anew from the present state: a lost MAX_DATA goes out with today's limit. What is
/// never repeated (PADDING, ACK of an old state, an expired datagram) has no case or only one that says what was told.
package enum SentFrame: Hashable, Sendable, BitwiseCopyable {
    /// Bytes `offset ..< offset + length` of a stream, and whether its end went with them.
    case stream(StreamID, offset: UInt64, length: UInt32, isLast: Bool)
    case resetStream(StreamID)
    case stopSending(StreamID)
    case maxData
    case maxStreamData(StreamID)
    case maxStreams(StreamDirection)
    /// What the peer was told of the packets it sent on a path: once acknowledged, ranges up to here need no repeating.
    case acknowledgement(path: PathID, largest: UInt64)
    case ping
    case newConnectionID(path: PathID, sequence: UInt64)
    case retireConnectionID(path: PathID, sequence: UInt64)
    case pathChallenge(UInt64)
    case pathStatus(PathID)
    case pathAbandon(PathID)
    case keyUpdate(generation: UInt64)
    case handshakeConfirmed
    /// An unreliable datagram, by its number among those sent; losses are counted, never repaired.
    case datagram(UInt64)
}
