/// Why a connection ended.
package enum CloseReason: Hashable, Sendable {
    /// This end's application closed it.
    case local(code: UInt64)
    /// The peer's application did.
    case peer(code: UInt64, reason: String)
    /// The peer's protocol did: it found a violation, or refuses to go on.
    case peerProtocol(CloseCode, reason: String)
    /// This end found a violation.
    case violation(CloseCode, reason: String)
    /// Nothing came for as long as the two ends had agreed on.
    case idle
    /// The handshake did not come about.
    case handshake(HandshakeFailure)
    /// The host lost its memory.
    case restarted
}

extension CloseReason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .local(let code): "closed by this end with code \(code)"
        case .peer(let code, let reason): "closed by the peer with code \(code)\(Self.quoted(reason))"
        case .peerProtocol(let code, let reason): "the peer's protocol closed: \(code)\(Self.quoted(reason))"
        case .violation(let code, let reason): "the peer broke the protocol: \(code)\(Self.quoted(reason))"
        case .idle: "idle timeout: nothing came from the peer"
        case .handshake(let failure):
            "the handshake failed" + (failure.closeCode == .none ? "" : " with \(failure.closeCode)") + ": \(failure)"
        case .restarted: "the host restarted"
        }
    }

    private static func quoted(_ reason: String) -> String { reason.isEmpty ? "" : " (\(reason))" }
}
