/// One byte stream of a connection.
///
/// The lowest bit says who opened it (0 the client, 1 the server), the next one whether it goes one way only (1); the
/// rest counts up from zero within these four kinds.
public struct StreamID: Hashable, Sendable, BitwiseCopyable {
    public let value: UInt64

    package init(_ value: UInt64) { self.value = value }

    package init(index: UInt64, opener: Role, direction: StreamDirection) {
        value = index << 2 | (direction == .unidirectional ? 2 : 0) | (opener == .server ? 1 : 0)
    }

    /// How many streams of one kind there are numbers for: an id has 62 bits on the wire, two of them say the kind.
    package static let countMax: UInt64 = 1 << 60

    /// How many streams of its kind were opened before it.
    package var index: UInt64 { value >> 2 }
    package var opener: Role { value & 1 == 0 ? .client : .server }
    package var direction: StreamDirection { value & 2 == 0 ? .bidirectional : .unidirectional }
}

/// Whether both ends may send on a stream or only the one that opened it.
public enum StreamDirection: UInt8, Hashable, Sendable, BitwiseCopyable {
    case bidirectional
    case unidirectional
}

/// Which end of a connection this is.
public enum Role: UInt8, Hashable, Sendable, BitwiseCopyable {
    /// Sent the first packet.
    case client
    case server

    package var peer: Role { self == .client ? .server : .client }
}
