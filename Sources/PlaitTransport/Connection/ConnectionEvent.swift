package import PlaitCore
package import PlaitCrypto

/// A connection of one endpoint, as the application names it. Never valid for another connection later.
package struct ConnectionHandle: Hashable, Sendable, BitwiseCopyable {
    package let slot: Int32
    package let generation: UInt32

    package init(slot: Int, generation: UInt32) {
        self.slot = Int32(slot)
        self.generation = generation
    }
}

/// What an application should know of one of its connections.
package enum ConnectionEvent: Sendable {
    /// Both ends have keys, and data may flow.
    case established(EstablishedConnection)
    case stream(StreamEvent)
    /// A datagram waits in `readDatagram`.
    case datagramReceived
    /// Both directions' keys have reached this generation.
    case keysUpdated(generation: UInt64)
    case path(PathEvent)
    /// The last event of a connection.
    case closed(CloseReason)
}

/// What the handshake came to.
package struct EstablishedConnection: Sendable {
    package let role: Role
    package let peerKey: PublicKey
    package let suite: Suite
    /// From the first packet to the keys.
    package let handshakeTime: Interval
}

/// An event with the connection it is about.
package struct EndpointEvent: Sendable {
    package let connection: ConnectionHandle
    package let event: ConnectionEvent
}
