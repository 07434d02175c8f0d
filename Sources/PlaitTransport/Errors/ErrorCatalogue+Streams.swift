extension ErrorCatalogue {
    static let streams: [ErrorEntry] = [
        ErrorEntry(
            .streamNoConnection,
            cause: "a call about a stream while the connection is not established, or over",
            meaning: "there are no streams at this time",
            remedy: "wait for the connection's event `established`, or connect again",
            isRetryable: true
        ),
        ErrorEntry(
            .streamUnknown,
            cause: "a call about a stream that neither end has opened",
            meaning: "the id is wrong, or it is too early",
            remedy: "open the stream, or wait for the event that the peer did"
        ),
        ErrorEntry(
            .streamClosed,
            cause: "a call about a stream that is over in both directions",
            meaning: "everything on it was delivered or given up, and it is forgotten",
            remedy: "open a new stream"
        ),
        ErrorEntry(
            .streamLimit,
            cause: "the peer allows no more streams of this kind for now",
            meaning: "as many are open as may be",
            remedy: "finish some, and wait for the event `creditRaised`",
            isRetryable: true
        ),
        ErrorEntry(
            .streamReceiveOnly,
            cause: "a write to a stream that the peer opened for its own bytes only",
            meaning: "this end only reads there",
            remedy: "open a stream of this end, or have the peer open one both ways"
        ),
        ErrorEntry(
            .streamSendOnly,
            cause: "a read from a stream that this end opened for its own bytes only",
            meaning: "the peer writes nothing there",
            remedy: "open a stream both ways instead"
        ),
        ErrorEntry(
            .streamEnded,
            cause: "a write after the last byte was written, or a read after it was read",
            meaning: "this direction of the stream is complete",
            remedy: "open a new stream for more"
        ),
        ErrorEntry(
            .streamReset,
            cause: "one end gave up sending on the stream",
            meaning: "bytes not yet read are gone; the code is the application's own",
            remedy: "see what the code means to the application, and open a new stream"
        ),
        ErrorEntry(
            .streamStopped,
            cause: "one end wants no more bytes of the stream",
            meaning: "sending on it was given up; the code is the application's own",
            remedy: "see what the code means to the application, and open a new stream"
        ),
        ErrorEntry(
            .streamPinLimit,
            cause: "the live streams are pinned to as many different paths as can be told apart",
            meaning: "the stream is as it was, and not pinned to this path",
            remedy: "pin it to a path that others are pinned to, or wait for some of them to end",
            isRetryable: true
        ),
        ErrorEntry(
            .streamCodeTooLarge,
            cause: "an application's code above 2^62 - 1",
            meaning: "it has no form on the wire",
            remedy: "use a smaller number"
        ),
    ]

    static let datagrams: [ErrorEntry] = [
        ErrorEntry(
            .datagramNoConnection,
            cause: "a datagram while the connection is not established, or over",
            meaning: "it was not taken",
            remedy: "wait for the connection's event `established`, or connect again",
            isRetryable: true
        ),
        ErrorEntry(
            .datagramUnsupported,
            cause: "a datagram to a peer that takes none",
            meaning: "it was not taken; the peer said so in the handshake",
            remedy: "use a stream, or let the peer take datagrams"
        ),
        ErrorEntry(
            .datagramTooLarge,
            cause: "a datagram that no packet, or not this peer, can take",
            meaning: "it was not taken",
            remedy: "send less than the maximum given with the error, or use a stream"
        ),
        ErrorEntry(
            .datagramFull,
            cause: "too many datagrams wait, or too many bytes of them",
            meaning: "the network takes them more slowly than they come",
            remedy: "send fewer, or later",
            isRetryable: true
        ),
        ErrorEntry(
            .datagramExpired,
            cause: "a datagram whose time is over",
            meaning: "it would be too late already",
            remedy: "give it a later time"
        ),
    ]

    static let paths: [ErrorEntry] = [
        ErrorEntry(
            .pathNoConnection,
            cause: "a call about a path while the connection is not established, or over",
            meaning: "there are no paths at this time",
            remedy: "wait for the connection's event `established`, or connect again",
            isRetryable: true
        ),
        ErrorEntry(
            .pathNotTheClient,
            cause: "a server asked for a new path",
            meaning: "only the client opens paths: the server cannot know which of its addresses the client reaches",
            remedy: "open it from the client"
        ),
        ErrorEntry(
            .pathOpen,
            cause: "a new path between addresses that have one",
            meaning: "the path there goes on as it was",
            remedy: "use that path, or abandon it first"
        ),
        ErrorEntry(
            .pathLimit,
            cause: "the two ends allow no more paths at a time",
            meaning: "no path was opened",
            remedy: "abandon another one, or raise the limit at both ends",
            isRetryable: true
        ),
        ErrorEntry(
            .pathUnknown,
            cause: "a call about a path that is not there, or was abandoned",
            meaning: "nothing changed",
            remedy: "ask for the paths that there are"
        ),
        ErrorEntry(
            .pathLast,
            cause: "the only path that works was to be given up",
            meaning: "nothing changed: without it there would be no connection",
            remedy: "open another path first, or close the connection"
        ),
    ]
}
