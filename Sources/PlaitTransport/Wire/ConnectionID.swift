/// What a datagram is addressed to besides a socket: eight bytes that its receiver chose.
package struct ConnectionID: Hashable, Sendable, BitwiseCopyable {
    /// Big-endian, as on the wire.
    package let value: UInt64

    package init(_ value: UInt64) { self.value = value }

    /// Stands for "not known yet" in a client's first packets; never given out.
    package static var unknown: ConnectionID { ConnectionID(0) }

    package static let length = 8
}
