/// A set of lanes: streams that are pinned to the same path wait in one, all that are not in the first.
package struct Lanes: Hashable, Sendable, BitwiseCopyable {
    private var bits: UInt64

    private init(bits: UInt64) { self.bits = bits }

    package init(only lane: Int) {
        precondition(lane >= 0 && lane < Self.countMax, "a lane that does not exist")
        bits = 1 << UInt64(lane)
    }

    /// The first lane is that of streams without a pin.
    package static let countMax = 64
    package static let all = Lanes(bits: .max)
    package static let unpinned = Lanes(only: 0)

    package func contains(_ lane: Int) -> Bool { bits & (1 << UInt64(lane)) != 0 }

    package mutating func insert(_ lane: Int) { bits |= Lanes(only: lane).bits }
}

/// Streams that are pinned to the same path, whether it is there or not.
struct StreamLane: BitwiseCopyable {
    /// Nil for the first lane, and for one that is vacant.
    var pin: PathID?
    var streams = 0
    /// How many bytes of them were written and never sent.
    var unsent: UInt64 = 0
}
