package import PlaitCore
package import PlaitCrypto

/// What a finished handshake leaves: keys, and what both ends know of each other.
package struct HandshakeResult: ~Copyable {
    package let secrets: TrafficSecrets
    package let suite: Suite
    package let version: UInt32
    /// Equal at both ends, and at no other two.
    package let handshakeHash: [UInt8]
    package let peerKey: PublicKey
    package let peerParameters: TransportParameters
    /// What the peer writes in front of its packets to this end.
    package let localID: ConnectionID
    package let peerID: ConnectionID
    /// What both ends support.
    package let capabilities: UInt64
    /// Nil if anything was repeated: which copy was answered is not known then.
    package let roundTrip: Interval?
}

/// What an event did to a handshake.
package enum HandshakeProgress: Hashable, Sendable {
    case nothing
    /// The keys are there to be taken.
    case established
    case failed(HandshakeFailure)
}
