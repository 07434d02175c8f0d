/// A path of one connection, in the order of opening: 0 is the one of the handshake. Never used twice.
package struct PathID: Hashable, Sendable, BitwiseCopyable {
    package let value: UInt32

    package init(_ value: UInt32) { self.value = value }

    package static var first: PathID { PathID(0) }
}
