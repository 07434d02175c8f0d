import PlaitCore

/// What the checker knows of one packet that has not ended.
package struct PacketTrail {
    enum Stage: UInt8 {
        case atHost
        case queued
        case inService
        case onWire
    }

    package var serial: UInt64
    var digest: UInt64 = 0
    /// When it entered its stage.
    var since: Int64 = 0
    /// On the wire: the first and the last lawful arrival.
    var notBefore: Int64 = 0
    var notAfter: Int64 = 0
    /// Its place among the departures of its direction. Compared by difference, so it may wrap.
    var wireOrder: UInt32 = 0
    package var length: UInt32 = 0
    /// A host at `atHost`, otherwise a direction.
    var place: Int32 = 0
    var sender: Int32 = 0
    var stage: Stage = .atHost
    var ecn: ECN = .notCapable
    var isCorrupted = false
    /// Whether it has crossed a link.
    var hasMoved = false

    package init(serial: UInt64) { self.serial = serial }
}

/// The packets in flight by serial: open addressing, linear probing, half full at most, no tombstones.
///
/// Its size follows the packets in flight, not the span of their serials: one packet held for an hour costs one slot.
package struct PacketTable: ~Copyable {
    private static let vacant = UInt64.max

    private var slots: Block<PacketTrail>
    private var shift: Int
    package private(set) var count = 0

    package init() {
        slots = Self.emptySlots(1 << 6)
        shift = 64 - 6
    }

    package var capacity: Int { slots.count }

    /// The slot of a packet, or -1. Valid until the next insertion or removal.
    package func find(_ serial: UInt64) -> Int {
        var slot = home(serial)
        while true {
            let found = slots[slot].serial
            // An impossible serial that equals the mark of a vacant slot must not be found there.
            if found == serial { return serial == Self.vacant ? -1 : slot }
            if found == Self.vacant { return -1 }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
    }

    package subscript(slot: Int) -> PacketTrail {
        _read { yield slots[slot] }
        _modify { yield &slots[slot] }
    }

    package func isLive(_ slot: Int) -> Bool { slots[slot].serial != Self.vacant }

    /// Adds a packet whose serial is not in the table.
    package mutating func insert(_ record: PacketTrail) {
        assert(find(record.serial) < 0, "a serial is in the table once")
        if 2 * (count + 1) > slots.count { grow() }
        place(record)
        count += 1
    }

    /// Takes a packet out and closes the gap, so that no later search passes a dead slot.
    package mutating func remove(at removed: Int) {
        var gap = removed
        var slot = removed
        while true {
            slot = (slot &+ 1) & (slots.count &- 1)
            let serial = slots[slot].serial
            if serial == Self.vacant { break }
            let travelled = (slot &- home(serial)) & (slots.count &- 1)
            let toGap = (slot &- gap) & (slots.count &- 1)
            if travelled >= toGap {
                slots[gap] = slots[slot]
                gap = slot
            }
        }
        slots[gap].serial = Self.vacant
        count -= 1
    }

    /// Fibonacci hashing spreads consecutive serials evenly and keeps long-lived ones out of the way of new ones.
    private func home(_ serial: UInt64) -> Int {
        Int(truncatingIfNeeded: (serial &* 0x9E37_79B9_7F4A_7C15) &>> UInt64(shift))
    }

    private mutating func place(_ record: PacketTrail) {
        var slot = home(record.serial)
        while slots[slot].serial != Self.vacant { slot = (slot &+ 1) & (slots.count &- 1) }
        slots[slot] = record
    }

    private mutating func grow() {
        var old = Self.emptySlots(2 * slots.count)
        swap(&old, &slots)
        shift -= 1
        for slot in 0..<old.count where old[slot].serial != Self.vacant { place(old[slot]) }
    }

    private static func emptySlots(_ count: Int) -> Block<PacketTrail> {
        Block(count: count) { _ in PacketTrail(serial: vacant) }
    }
}
