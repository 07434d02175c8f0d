/// In which slot a live stream is kept, by its id.
///
/// Open addressing with linear probing, at most half full. Taking one out moves the ones behind it up, so that no
/// number of streams over a connection's life leaves anything behind. Nothing ever goes through it in its order. A
/// peer that picks ids to collide can make a look-up as long as the list of live streams, which its limit bounds.
package struct StreamIndex: ~Copyable {
    private var ids: [UInt64]
    private var slots: [Int32]
    package private(set) var count = 0

    /// No id has all 64 bits.
    private static let none = UInt64.max

    package init() {
        ids = []
        slots = []
    }

    package subscript(id: StreamID) -> Int? {
        guard count > 0 else { return nil }
        var place = home(id.value)
        while ids[place] != id.value {
            if ids[place] == Self.none { return nil }
            place = (place + 1) & (ids.count - 1)
        }
        return Int(slots[place])
    }

    package mutating func insert(_ id: StreamID, slot: Int) {
        if 2 * (count + 1) > ids.count { grow() }
        place(id.value, Int32(slot))
        count += 1
    }

    package mutating func remove(_ id: StreamID) {
        var hole = home(id.value)
        while ids[hole] != id.value {
            precondition(ids[hole] != Self.none, "only a live stream is removed")
            hole = (hole + 1) & (ids.count - 1)
        }
        count -= 1
        var next = hole
        while true {
            next = (next + 1) & (ids.count - 1)
            guard ids[next] != Self.none else { break }
            // It may move up into the hole unless its own home lies behind the hole.
            let distance = (next &- home(ids[next])) & (ids.count - 1)
            if distance >= (next &- hole) & (ids.count - 1) {
                ids[hole] = ids[next]
                slots[hole] = slots[next]
                hole = next
            }
        }
        ids[hole] = Self.none
    }

    private func home(_ id: UInt64) -> Int {
        // Fibonacci hashing: ids that count up spread evenly, and all four kinds differ.
        let spread = id &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: spread >> 32) & (ids.count - 1)
    }

    private mutating func place(_ id: UInt64, _ slot: Int32) {
        var place = home(id)
        while ids[place] != Self.none { place = (place + 1) & (ids.count - 1) }
        ids[place] = id
        slots[place] = slot
    }

    private mutating func grow() {
        let (oldIDs, oldSlots) = (ids, slots)
        let capacity = max(8, 2 * ids.count)
        ids = [UInt64](repeating: Self.none, count: capacity)
        slots = [Int32](repeating: 0, count: capacity)
        for index in oldIDs.indices where oldIDs[index] != Self.none { place(oldIDs[index], oldSlots[index]) }
    }
}
