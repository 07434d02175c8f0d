// Which code each error has. Every `switch` names every case, so that a new one does not compile before it has a code.

extension HandshakeFailure {
    package var errorCode: ErrorCode {
        switch self {
        case .noAnswer: .noAnswer
        case .timedOut(_, let hint): hint.errorCode
        case .missingCapability(_, 0): .capabilityMissingAtPeer
        case .missingCapability: .capabilityMissingHere
        case .wrongServerKey: .wrongServerKey
        case .parameter: .handshakeParameter
        }
    }
}

extension HandshakeHint {
    package var errorCode: ErrorCode {
        switch self {
        case .cookie: .cookieUnanswered
        case .unverifiedReply: .unverifiedReply
        case .versions: .noCommonVersion
        case .suites: .noCommonSuite
        case .downgrade: .downgrade
        case .unreadable: .unreadableOffer
        case .pattern: .patternNotServed
        case .otherKey: .wrongServerKey
        }
    }
}

extension HandshakeRefusal {
    package var errorCode: ErrorCode {
        switch self {
        case .version: .noCommonVersion
        case .suite: .noCommonSuite
        case .downgrade: .downgrade
        case .unreadable: .unreadableOffer
        case .pattern: .patternNotServed
        }
    }
}

extension ConnectError {
    package var errorCode: ErrorCode {
        switch self {
        case .serverKeyMissing: .serverKeyMissing
        case .noSuite: .noSuiteHere
        case .full: .endpointFull
        }
    }
}

extension CloseCode {
    package var errorCode: ErrorCode {
        // Above 59 are codes of this catalogue that are none of CLOSE's.
        guard value < 60, let code = ErrorCode(rawValue: 200 + UInt16(value)) else { return .unknownCloseCode }
        return code
    }
}

extension PeerViolation {
    package var errorCode: ErrorCode { code.errorCode }
}

extension CloseReason {
    package var errorCode: ErrorCode {
        switch self {
        case .local: .closedHere
        case .peer: .closedByPeer
        case .peerProtocol(let code, _), .violation(let code, _): code.errorCode
        case .idle: .idle
        case .handshake(let failure): failure.errorCode
        case .restarted: .hostRestarted
        }
    }
}

extension StreamError {
    package var errorCode: ErrorCode {
        switch self {
        case .noConnection: .streamNoConnection
        case .unknown: .streamUnknown
        case .closed: .streamClosed
        case .streamLimit: .streamLimit
        case .receiveOnly: .streamReceiveOnly
        case .sendOnly: .streamSendOnly
        case .ended: .streamEnded
        case .reset: .streamReset
        case .stopped: .streamStopped
        case .pinLimit: .streamPinLimit
        case .codeTooLarge: .streamCodeTooLarge
        }
    }
}

extension DatagramError {
    package var errorCode: ErrorCode {
        switch self {
        case .noConnection: .datagramNoConnection
        case .unsupported: .datagramUnsupported
        case .tooLarge: .datagramTooLarge
        case .full: .datagramFull
        case .expired: .datagramExpired
        }
    }
}

extension PathError {
    package var errorCode: ErrorCode {
        switch self {
        case .noConnection: .pathNoConnection
        case .notTheClient: .pathNotTheClient
        case .open: .pathOpen
        case .limit: .pathLimit
        case .unknown: .pathUnknown
        case .last: .pathLast
        }
    }
}

extension AttemptFailure {
    package var errorCode: ErrorCode {
        switch self {
        case .silence: .attemptSilence
        case .unproven: .attemptUnproven
        case .rejected: .attemptRejected
        case .noNetwork: .attemptNoNetwork
        }
    }
}

extension GiveUpReason {
    package var errorCode: ErrorCode {
        switch self {
        case .time: .gaveUpAfterTime
        case .attempts: .gaveUpAfterAttempts
        case .rejected: .gaveUpRejected
        case .cancelled: .gaveUpCancelled
        }
    }
}

extension OperationRefusal {
    package var errorCode: ErrorCode {
        switch self {
        case .countFull: .operationsFull
        case .bytesFull: .operationBytesFull
        case .tooLarge: .operationTooLarge
        case .expired: .operationTooLate
        case .closed: .operationsClosed
        }
    }
}

extension OperationEnd {
    /// Nil for what is no error.
    package var errorCode: ErrorCode? {
        switch self {
        case .done: nil
        case .expired: .operationExpired
        case .cancelled: .operationCancelled
        case .failed(.interrupted): .operationInterrupted
        case .failed(.refused): .operationRefused
        case .failed(.closed): .operationUnsent
        }
    }
}
