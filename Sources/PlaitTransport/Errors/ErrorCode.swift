/// Which part of the program an error comes from.
package enum ErrorLayer: UInt16, Hashable, Sendable, CaseIterable {
    case handshake = 1
    case transport = 2
    case streams = 3
    case datagrams = 4
    case paths = 5
    case reconnection = 6
    case operations = 7
}

/// What can go wrong, as a number that stays the same: 100 times the layer, and a number in it.
///
/// Numbers are never used for something else, not even when a case goes. What each means stands in `ErrorCatalogue`.
package enum ErrorCode: UInt16, Hashable, Sendable, CaseIterable {
    case noAnswer = 101
    case cookieUnanswered = 102
    case unverifiedReply = 103
    case noCommonVersion = 104
    case noCommonSuite = 105
    case downgrade = 106
    case unreadableOffer = 107
    case patternNotServed = 108
    case wrongServerKey = 109
    case capabilityMissingAtPeer = 110
    case capabilityMissingHere = 111
    case handshakeParameter = 112
    case serverKeyMissing = 113
    case noSuiteHere = 114
    case endpointFull = 115

    // 200 and the code of CLOSE, as docs/WIRE.md lists them.
    case closedWithoutError = 200
    case internalError = 201
    case flowControl = 202
    case streamsExceeded = 203
    case streamState = 204
    case finalSize = 205
    case frameEncoding = 206
    case missingCapability = 207
    case protocolViolation = 208
    case connectionIDLimit = 209
    case parameter = 210
    case keyUpdate = 211
    case keyLimit = 212
    case resourceLimit = 213
    case noPath = 214
    case unknownCloseCode = 260
    case closedHere = 261
    case closedByPeer = 262
    case idle = 263
    case hostRestarted = 264

    case streamNoConnection = 301
    case streamUnknown = 302
    case streamClosed = 303
    case streamLimit = 304
    case streamReceiveOnly = 305
    case streamSendOnly = 306
    case streamEnded = 307
    case streamReset = 308
    case streamStopped = 309
    case streamPinLimit = 310
    case streamCodeTooLarge = 311

    case datagramNoConnection = 401
    case datagramUnsupported = 402
    case datagramTooLarge = 403
    case datagramFull = 404
    case datagramExpired = 405

    case pathNoConnection = 501
    case pathNotTheClient = 502
    case pathOpen = 503
    case pathLimit = 504
    case pathUnknown = 505
    case pathLast = 506

    case attemptSilence = 601
    case attemptUnproven = 602
    case attemptRejected = 603
    case attemptNoNetwork = 604
    case gaveUpAfterTime = 605
    case gaveUpAfterAttempts = 606
    case gaveUpRejected = 607
    case gaveUpCancelled = 608

    case operationsFull = 701
    case operationBytesFull = 702
    case operationTooLarge = 703
    case operationTooLate = 704
    case operationsClosed = 705
    case operationExpired = 706
    case operationCancelled = 707
    case operationInterrupted = 708
    case operationRefused = 709
    case operationUnsent = 710

    package var layer: ErrorLayer {
        guard let layer = ErrorLayer(rawValue: rawValue / 100) else { preconditionFailure("a code of no layer") }
        return layer
    }

    /// What is said of it.
    package var entry: ErrorEntry { ErrorCatalogue.entry(of: self) }
}

extension ErrorCode: CustomStringConvertible {
    /// As it is printed and looked for: `E101`.
    package var description: String { "E\(rawValue)" }
}
