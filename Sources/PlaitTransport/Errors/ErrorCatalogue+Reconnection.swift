extension ErrorCatalogue {
    static let reconnection: [ErrorEntry] = [
        ErrorEntry(
            .attemptSilence,
            cause: "an attempt to reach the server again heard nothing from any of its addresses",
            meaning: "the server is down, or the network is, and nobody can tell which",
            remedy: "none: it is tried again after a wait",
            isRetryable: true
        ),
        ErrorEntry(
            .attemptUnproven,
            cause: "an attempt was answered, but not by somebody proven to be the server",
            meaning: "the server is crowded, or somebody else answers in its place",
            remedy: "none: it is tried again after a wait; the handshake's own error says more",
            isRetryable: true
        ),
        ErrorEntry(
            .attemptRejected,
            cause: "the server, proven to be it, refused an attempt",
            meaning: "it would do so again",
            remedy: "see the handshake's own error"
        ),
        ErrorEntry(
            .attemptNoNetwork,
            cause: "not one packet of an attempt could be sent",
            meaning: "this host has no network; nothing is said of the server",
            remedy: "none: it is tried again after a wait, and at once when the network changes",
            isRetryable: true
        ),
        ErrorEntry(
            .gaveUpAfterTime,
            cause: "the server was not reached within the time allowed for it",
            meaning: "no further attempt is made; operations that wait have failed",
            remedy: "check server and network, then connect anew; allow more time if such outages are usual",
            isRetryable: true
        ),
        ErrorEntry(
            .gaveUpAfterAttempts,
            cause: "as many attempts as are allowed failed, or were followed by another loss at once",
            meaning: "no further attempt is made; operations that wait have failed",
            remedy: "check server and network, then connect anew; allow more attempts if links flap",
            isRetryable: true
        ),
        ErrorEntry(
            .gaveUpRejected,
            cause: "the server, proven to be it, said no",
            meaning: "no further attempt is made: the two ends do not agree",
            remedy: "see the handshake's own error"
        ),
        ErrorEntry(
            .gaveUpCancelled,
            cause: "the application wants no connection any more",
            meaning: "no further attempt is made",
            remedy: "connect anew if that was not meant",
            isRetryable: true
        ),
    ]

    static let operations: [ErrorEntry] = [
        ErrorEntry(
            .operationsFull,
            cause: "as many operations as the queue holds wait, are under way, or have an end that nobody read",
            meaning: "this one was not taken",
            remedy: "read the ends, and wait for one; or make the queue larger",
            isRetryable: true
        ),
        ErrorEntry(
            .operationBytesFull,
            cause: "the bytes of this operation are more than are free in the queue",
            meaning: "it was not taken; the error says how many are free",
            remedy: "wait for the end of another one; or make the queue larger",
            isRetryable: true
        ),
        ErrorEntry(
            .operationTooLarge,
            cause: "an operation with more bytes than the queue ever holds",
            meaning: "it was not taken",
            remedy: "divide it, or make the queue larger"
        ),
        ErrorEntry(
            .operationTooLate,
            cause: "an operation whose deadline had passed when it was asked for",
            meaning: "it was not taken",
            remedy: "give it a later deadline"
        ),
        ErrorEntry(
            .operationsClosed,
            cause: "an operation for a queue that was closed",
            meaning: "it was not taken: there will be no connection any more",
            remedy: "connect anew, with a new queue"
        ),
        ErrorEntry(
            .operationExpired,
            cause: "the deadline of an operation passed before its outcome was known",
            meaning: "if it was handed out it may have happened, which the error says; else it did not",
            remedy: "where it may have happened, ask the server; else ask for it again, with more time",
            isRetryable: true
        ),
        ErrorEntry(
            .operationCancelled,
            cause: "the application cancelled an operation",
            meaning: "if it was handed out it may have happened, which the error says; else it did not",
            remedy: "where it may have happened, and must not have, ask the server",
            isRetryable: true
        ),
        ErrorEntry(
            .operationInterrupted,
            cause: "the connection was lost while an operation was under way that may not be repeated",
            meaning: "it may have happened",
            remedy:
                "ask the server first; mark operations as repeatable where twice is as good as once"
        ),
        ErrorEntry(
            .operationRefused,
            cause: "the peer did not do an operation, and says so",
            meaning: "it did not happen; the code is the application's own",
            remedy: "see what the code means to the application"
        ),
        ErrorEntry(
            .operationUnsent,
            cause: "the queue was closed before the outcome of an operation was known",
            meaning: "if it was handed out it may have happened, which the error says; else it did not",
            remedy: "connect anew; where it may have happened, ask the server first",
            isRetryable: true
        ),
    ]
}
