/// A host or router, by its place in the scenario. Dense, so that it indexes arrays.
@frozen public struct HostID: Hashable, Sendable {
    public let index: Int32
    @inlinable public init(_ index: Int) { self.index = Int32(index) }
}

/// A link between two hosts, by its place in the scenario.
@frozen public struct LinkID: Hashable, Sendable {
    public let index: Int32
    @inlinable public init(_ index: Int) { self.index = Int32(index) }

    /// From the first host of `between:` to the second.
    @inlinable public var forward: DirectionID { DirectionID(2 * Int(index)) }
    /// From the second host of `between:` to the first.
    @inlinable public var backward: DirectionID { DirectionID(2 * Int(index) + 1) }
}

/// One direction of a link: `2 * link` forward, `2 * link + 1` backward.
@frozen public struct DirectionID: Hashable, Sendable {
    public let index: Int32
    @inlinable public init(_ index: Int) { self.index = Int32(index) }

    @inlinable public var link: LinkID { LinkID(Int(index) >> 1) }
    @inlinable public var isForward: Bool { index & 1 == 0 }
}

/// A flow of plain traffic, or later a connection, by its place in the scenario.
@frozen public struct FlowID: Hashable, Sendable {
    public let index: Int32
    @inlinable public init(_ index: Int) { self.index = Int32(index) }
}

/// Where a datagram comes from or goes to: an interface of a host and a port on it.
///
/// An interface is a host's end of one link. Its number is what a direction that *leaves* it has: `DirectionID.index`.
@frozen public struct SocketAddress: Hashable, Sendable {
    /// Numbered by the topology; a rebound interface has a new number, and the old one leads nowhere.
    public let interface: UInt32
    public let port: UInt16

    @inlinable public init(interface: UInt32, port: UInt16) {
        self.interface = interface
        self.port = port
    }
}

/// The two bits of RFC 3168, section 5.
@frozen public enum ECN: UInt8, Sendable {
    case notCapable = 0
    case capable1 = 1
    case capable0 = 2
    case congestionExperienced = 3

    @inlinable public var isCapable: Bool { self != .notCapable }
}
