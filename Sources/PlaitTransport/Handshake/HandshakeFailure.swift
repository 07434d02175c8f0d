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
        switch self {
        case .noAnswer(let time):
            "no answer within \(time): check that the server runs and listens at this address and port, and that "
                + "UDP is let through both ways"
        case .timedOut(let time, let hint): "no handshake within \(time): \(hint)"
        case .missingCapability(let atPeer, 0):
            "the peer lacks a capability that is required here (bits 0x\(String(atPeer, radix: 16))): require less, "
                + "or bring the peer up to date"
        case .missingCapability(_, let here):
            "the peer requires a capability that is missing here (bits 0x\(String(here, radix: 16))): enable it, or "
                + "bring this end up to date"
        case .wrongServerKey(let time):
            "within \(time) only somebody with another key than the one given answered: compare with `plait key "
                + "show` on the server; if they "
                + "are the same, somebody in between answers in its place"
        case .parameter(let violation):
            "the peer's transport parameters break a rule (\(violation.reason)): the two programs do not fit together"
        }
    }
}

extension HandshakeHint: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cookie:
            "the server asked for a cookie and then fell silent: it is under load, or packets of 1,200 bytes are lost "
                + "on the way; try again later"
        case .unverifiedReply:
            "answers came that do not verify: packets are changed on the way, or something else answers at this "
                + "address; check the address and the server's key"
        case .versions(let theirs):
            "the server speaks only version \(list(theirs)) of the protocol: bring the older end up to date"
        case .suites(let theirs):
            "the server takes only suite \(list(theirs)): allow one of them here"
        case .downgrade:
            "the server found that somebody talked this client into a weaker choice: a forged refusal, or two servers "
                + "that disagree at one address"
        case .unreadable:
            "the server could not read the first message: it holds another key than the one given (compare with `plait "
                + "key show` on the server), or the offer was changed on the way"
        case .pattern:
            "the server does not serve this handshake pattern: choose the other one"
        case .otherKey:
            "somebody with another key than the one given answered: compare it with `plait key show` on the server"
        }
    }

    private func list(_ numbers: [some FixedWidthInteger]) -> String {
        numbers.isEmpty ? "(none named)" : numbers.map { String($0) }.joined(separator: ", ")
    }
}
