extension ErrorCatalogue {
    private static func violation(_ code: ErrorCode, _ cause: StaticString) -> ErrorEntry {
        ErrorEntry(
            code,
            cause: cause,
            meaning: "one end broke the protocol: a mistake in its program, since the packet was authentic",
            remedy: "bring both ends to the same version; report it with the reason that was given"
        )
    }

    static let transport: [ErrorEntry] = [
        ErrorEntry(
            .closedWithoutError,
            cause: "the peer's protocol closed without an error",
            meaning: "the peer is done",
            remedy: "nothing is wrong; connect again if there is more to do",
            isRetryable: true
        ),
        ErrorEntry(
            .internalError,
            cause: "one end made a mistake of its own",
            meaning: "its program has a bug; the other end did nothing wrong",
            remedy: "report it with the reason that was given"
        ),
        violation(.flowControl, "more data was sent than the receiver allowed"),
        violation(.streamsExceeded, "more streams were opened than the receiver allowed"),
        violation(.streamState, "a frame came that the stream's state does not allow"),
        violation(.finalSize, "the end of a stream was moved, or passed"),
        violation(.frameEncoding, "a frame could not be read"),
        ErrorEntry(
            .missingCapability,
            cause: "a capability that one end requires is missing at the other",
            meaning: "found out in the handshake, by both ends by themselves",
            remedy: "require less, or bring the other end up to date"
        ),
        violation(.protocolViolation, "something forbidden was sent, for instance an ACK of a packet never sent"),
        violation(.connectionIDLimit, "more connection ids came than were allowed, or one was used wrongly"),
        violation(.parameter, "a parameter of the handshake was malformed or out of range"),
        violation(.keyUpdate, "a key update came too early, or with a wrong generation"),
        ErrorEntry(
            .keyLimit,
            cause: "a key protected, or failed to open, as many packets as it may",
            meaning: "no key update came in time, or somebody sent very many forged packets",
            remedy: "connect again: new keys have new limits",
            isRetryable: true
        ),
        ErrorEntry(
            .resourceLimit,
            cause: "a list that a peer can make grow reached its limit",
            meaning: "the peer asks for more than this end is willing to remember; perhaps it is hostile",
            remedy: "connect again; if it happens again, look at what the peer does",
            isRetryable: true
        ),
        ErrorEntry(
            .noPath,
            cause: "all paths were abandoned",
            meaning: "the two ends gave up every way between them",
            remedy: "connect again, over an address that works",
            isRetryable: true
        ),
        ErrorEntry(
            .unknownCloseCode,
            cause: "the peer's protocol closed with a code that this version does not know",
            meaning: "the peer is newer than this end",
            remedy: "look the code up in the peer's documentation; bring this end up to date"
        ),
        ErrorEntry(
            .closedHere,
            cause: "this end's application closed the connection",
            meaning: "the code is the application's own",
            remedy: "connect again if that was not meant",
            isRetryable: true
        ),
        ErrorEntry(
            .closedByPeer,
            cause: "the peer's application closed the connection",
            meaning:
                "the code and the reason are the application's own; what was not acknowledged may not have arrived",
            remedy: "see what the code means to the application",
            isRetryable: true
        ),
        ErrorEntry(
            .idle,
            cause: "nothing came from the peer for as long as the two ends had agreed on",
            meaning: "every path is dead, or the peer is; what was not acknowledged may have arrived",
            remedy: "connect again; for links that are away for longer raise the idle timeout at both ends",
            isRetryable: true
        ),
        ErrorEntry(
            .hostRestarted,
            cause: "the host lost its memory",
            meaning: "keys and streams are gone; what was not acknowledged may have arrived",
            remedy: "connect again",
            isRetryable: true
        ),
    ]
}
