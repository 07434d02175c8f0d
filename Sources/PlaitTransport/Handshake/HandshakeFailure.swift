package import PlaitCore

/// Why a handshake came to nothing. Its description says the cause and what to do.
///
/// Whatever is not authenticated cannot end a handshake, because anybody may have sent it: it is only remembered, and
/// told when the time is over.
package enum HandshakeFailure: Error, Hashable, Sendable {
    /// Not one packet came back.
    case noAnswer(after: Interval)
    /// Packets came, but none that completes the handshake; the hint is the latest of them.
    case timedOut(after: Interval, HandshakeHint)
    /// One end requires what the other lacks, as bits. The peer's word is authenticated.
    case missingCapability(atPeer: UInt64, here: UInt64)
    /// Who answered in XX holds another key than the one expected.
    case wrongServerKey(after: Interval)
    /// The authenticated peer sent parameters that break a rule.
    case parameter(PeerViolation)

    /// Whether anything at all was heard from the server.
    package var wasHeard: Bool {
        if case .noAnswer = self { false } else { true }
    }

    /// Its number among the close codes, if it has one. Both ends find it out by themselves: there is no connection yet
    /// on which one could tell the other.
    package var closeCode: CloseCode {
        switch self {
        case .missingCapability: .missingCapability
        case .parameter(let violation): violation.code
        case .noAnswer, .timedOut, .wrongServerKey: .none
        }
    }
}

/// What was heard of a server without proof that it was the server.
package enum HandshakeHint: Hashable, Sendable {
    /// It asked for a cookie, and then said nothing more.
    case cookie
    /// An answer that does not verify.
    case unverifiedReply
    /// It speaks none of the client's versions, but these.
    case versions([UInt32])
    /// It computes none of the client's suites, but these.
    case suites([UInt16])
    /// It found that the client could have been offered something better.
    case downgrade
    /// It could not read the first message.
    case unreadable
    /// It does not serve this pattern.
    case pattern
    /// Somebody answered with another key than the server's.
    case otherKey
}

extension HandshakeFailure: CustomStringConvertible {
    package var description: String {
        let entry = errorCode.entry
        return switch self {
        case .noAnswer(let time):
            "no answer within \(time): \(entry.remedy)"
        case .timedOut(let time, let hint): "no handshake within \(time): \(hint)"
        case .missingCapability(let atPeer, 0):
            "\(entry.cause) (bits 0x\(String(atPeer, radix: 16))): \(entry.remedy)"
        case .missingCapability(_, let here):
            "\(entry.cause) (bits 0x\(String(here, radix: 16))): \(entry.remedy)"
        case .wrongServerKey(let time):
            "within \(time) only \(entry.cause): \(entry.remedy)"
        case .parameter(let violation):
            "\(entry.cause) (\(violation.reason)): \(entry.meaning)"
        }
    }
}

extension HandshakeHint: CustomStringConvertible {
    package var description: String {
        let entry = errorCode.entry
        return switch self {
        case .cookie, .unverifiedReply: "\(entry.cause): \(entry.meaning); \(entry.remedy)"
        case .versions(let theirs): "the server speaks only version \(list(theirs)) of the protocol: \(entry.remedy)"
        case .suites(let theirs): "the server takes only suite \(list(theirs)): \(entry.remedy)"
        case .downgrade, .unreadable: "\(entry.cause): \(entry.meaning)"
        case .pattern, .otherKey: "\(entry.cause): \(entry.remedy)"
        }
    }

    private func list(_ numbers: [some FixedWidthInteger]) -> String {
        numbers.isEmpty ? "(none named)" : numbers.map { String($0) }.joined(separator: ", ")
    }
}
