/// Why an attempt to reach a server came to nothing.
package enum AttemptFailure: Hashable, Sendable, BitwiseCopyable, CaseIterable {
    /// Nothing was heard from any of its addresses: the server is down, or the network is, and nobody can tell which.
    case silence
    /// Somebody answered, but without proof of being the server, or only to put this client off.
    case unproven
    /// The server, proven to be it, says no. It would say so again.
    case rejected
    /// Not one packet could be sent: this host has no network. It tells nothing of the server.
    case noNetwork

    /// What a handshake's failure means for the next attempt.
    package init(_ failure: HandshakeFailure) {
        switch failure {
        case .noAnswer: self = .silence
        // Anybody can forge these, so they must not end all attempts.
        case .timedOut, .wrongServerKey: self = .unproven
        case .missingCapability, .parameter: self = .rejected
        }
    }
}
