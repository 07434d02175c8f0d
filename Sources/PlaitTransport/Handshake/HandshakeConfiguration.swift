package import PlaitCrypto

/// What an end brings to a handshake.
package struct HandshakeConfiguration: Sendable {
    /// The versions of the protocol it speaks, best first.
    package var versions: [UInt32]
    /// The suites it may use, best first; those that this machine lacks are left out of every offer.
    package var suites: [Suite]
    package var capabilities: Capabilities
    package var timing: HandshakeTiming
    /// How many handshakes may wait at a server before it asks newcomers for a cookie.
    package var halfOpenMax: Int
    /// What this end allows its peer.
    package var parameters: TransportParameters

    package init(
        versions: [UInt32] = [1],
        suites: [Suite] = [.chaChaPolySHA256, .chaChaPolyBLAKE2b, .aesGCMSHA256],
        capabilities: Capabilities = .none,
        timing: HandshakeTiming = .usual,
        halfOpenMax: Int = 128,
        parameters: TransportParameters = .usual
    ) {
        precondition(!versions.isEmpty && versions.count <= Offer.choicesMax, "one to eight versions")
        precondition(!suites.isEmpty && suites.count <= Offer.choicesMax, "one to eight suites")
        precondition(timing.isValid && parameters.isValid, "a handshake's times or parameters are out of range")
        precondition(halfOpenMax > 0, "a server that may not wait for anybody serves nobody")
        self.versions = versions
        self.suites = suites
        self.capabilities = capabilities
        self.timing = timing
        self.halfOpenMax = halfOpenMax
        self.parameters = parameters
    }

    /// The suites that this machine can compute.
    var availableSuites: [Suite] { suites.filter(\.isAvailable) }
}

/// Optional parts of the protocol, one bit each.
package struct Capabilities: Hashable, Sendable, BitwiseCopyable {
    package let supported: UInt64
    /// A peer without one of these is not talked to.
    package let required: UInt64

    /// What is required is supported too.
    package init(supported: UInt64, required: UInt64 = 0) {
        self.supported = supported | required
        self.required = required
    }

    package static let none = Capabilities(supported: 0)

    /// Which of them this end requires and `peer` lacks.
    package func missing(at peer: Capabilities) -> UInt64 { required & ~peer.supported }
}

/// Which Noise pattern opens a connection.
package enum HandshakeMode: UInt8, Hashable, Sendable, BitwiseCopyable {
    /// The server's key is learnt, and the client is known to the server only with the third message.
    case xx = 0
    /// The client knows the server's key: keys after two messages.
    case ik = 1

    package var pattern: HandshakePattern { self == .xx ? .xx : .ik }
}
