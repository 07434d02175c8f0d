extension ErrorCatalogue {
    static let handshake: [ErrorEntry] = [
        ErrorEntry(
            .noAnswer,
            cause: "not one packet came back",
            meaning: "the server is down, something lies in between, or it is not at this address",
            remedy: """
                check that the server runs and listens at this address and port, and that UDP is let through both ways
                """,
            isRetryable: true
        ),
        ErrorEntry(
            .cookieUnanswered,
            cause: "the server asked for a cookie and then fell silent",
            meaning: "it is under load, or packets of 1,200 bytes are lost on the way",
            remedy: "try again later",
            isRetryable: true
        ),
        ErrorEntry(
            .unverifiedReply,
            cause: "answers came that do not verify",
            meaning: "packets are changed on the way, or something else answers at this address",
            remedy: "check the address and the server's key",
            isRetryable: true
        ),
        ErrorEntry(
            .noCommonVersion,
            cause: "the server speaks none of this client's versions of the protocol",
            meaning: "one of the two ends is older; the answer is not authenticated",
            remedy: "bring the older end up to date"
        ),
        ErrorEntry(
            .noCommonSuite,
            cause: "the server takes none of this client's cipher suites",
            meaning: "the two ends are configured apart; the answer is not authenticated",
            remedy: "allow one of them here"
        ),
        ErrorEntry(
            .downgrade,
            cause: "the server found that somebody talked this client into a weaker choice",
            meaning: "a forged refusal, or two servers that disagree at one address",
            remedy: "let all servers behind one address have the same versions and suites; else look for the forger",
            isRetryable: true
        ),
        ErrorEntry(
            .unreadableOffer,
            cause: "the server could not read the first message",
            meaning: """
                it holds another key than the one given (compare with `plait key show` on the server), or the offer \
                was changed on the way
                """,
            remedy: "give the server's present key"
        ),
        ErrorEntry(
            .patternNotServed,
            cause: "the server does not serve this handshake pattern",
            meaning: "it takes only IK, or only XX",
            remedy: "choose the other one"
        ),
        ErrorEntry(
            .wrongServerKey,
            cause: "somebody with another key than the one given answered",
            meaning: "the server has a new key, or it is another server",
            remedy: """
                compare with `plait key show` on the server; if they are the same, somebody in between answers in its \
                place
                """
        ),
        ErrorEntry(
            .capabilityMissingAtPeer,
            cause: "the peer lacks a capability that is required here",
            meaning: "the handshake is authentic, and the two ends do not agree",
            remedy: "require less, or bring the peer up to date"
        ),
        ErrorEntry(
            .capabilityMissingHere,
            cause: "the peer requires a capability that is missing here",
            meaning: "the handshake is authentic, and the two ends do not agree",
            remedy: "enable it, or bring this end up to date"
        ),
        ErrorEntry(
            .handshakeParameter,
            cause: "the peer's transport parameters break a rule",
            meaning: "the two programs do not fit together",
            remedy: "bring both ends to the same version"
        ),
        ErrorEntry(
            .serverKeyMissing,
            cause: "the handshake IK was asked for without the server's key",
            meaning: "IK needs the server's key beforehand; nothing was sent",
            remedy: "give the server's key, or choose XX"
        ),
        ErrorEntry(
            .noSuiteHere,
            cause: "none of the configured cipher suites works on this processor",
            meaning: "nothing was sent",
            remedy: "allow a suite of ChaCha20-Poly1305, which works everywhere"
        ),
        ErrorEntry(
            .endpointFull,
            cause: "the endpoint has as many connections as it may",
            meaning: "nothing was sent",
            remedy: "close some, or raise the endpoint's limit",
            isRetryable: true
        ),
    ]
}
