/// What is remembered of each packet in flight, by serial: open addressing with linear probing, in one block of memory
/// that grows only when more packets are in flight than ever before.
package struct SerialTable<Value: BitwiseCopyable> {
    private struct Slot: BitwiseCopyable {
        var serial: UInt64
        var value: Value
    }

    private var slots: [Slot]
    private var shift: UInt64
    package private(set) var count = 0
    private let filler: Value

    private static var nobody: UInt64 { .max }

    /// `filler` is any value; it stands in empty slots.
    package init(filler: Value, capacityBits: Int = 10) {
        slots = Array(repeating: Slot(serial: Self.nobody, value: filler), count: 1 << capacityBits)
        shift = UInt64(64 - capacityBits)
        self.filler = filler
    }

    package subscript(serial: UInt64) -> Value? {
        let place = find(serial)
        return slots[place].serial == serial ? slots[place].value : nil
    }

    /// Remembers or replaces.
    package mutating func set(_ serial: UInt64, _ value: Value) {
        precondition(serial != Self.nobody, "no packet has this serial")
        let place = find(serial)
        let isNew = slots[place].serial != serial
        slots[place] = Slot(serial: serial, value: value)
        guard isNew else { return }
        count += 1
        if count * 2 > slots.count { grow() }
    }

    /// Forgets, and tells what it was.
    package mutating func remove(_ serial: UInt64) -> Value? {
        var hole = find(serial)
        guard slots[hole].serial == serial else { return nil }
        let value = slots[hole].value
        let mask = slots.count &- 1
        // Close the gap (Knuth 6.4, algorithm R), so that no tombstones pile up over a long run.
        var next = (hole &+ 1) & mask
        while slots[next].serial != Self.nobody {
            let distance = (next &- home(slots[next].serial)) & mask
            if distance >= (next &- hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next &+ 1) & mask
        }
        slots[hole].serial = Self.nobody
        count -= 1
        return value
    }

    /// Where `serial` is, or the empty slot where it would be.
    private func find(_ serial: UInt64) -> Int {
        let mask = slots.count &- 1
        var place = home(serial)
        while slots[place].serial != serial, slots[place].serial != Self.nobody { place = (place &+ 1) & mask }
        return place
    }

    /// Fibonacci hashing: consecutive serials spread evenly.
    private func home(_ serial: UInt64) -> Int { Int(truncatingIfNeeded: (serial &* 0x9E37_79B9_7F4A_7C15) &>> shift) }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(serial: Self.nobody, value: filler), count: old.count * 2)
        shift -= 1
        for slot in old where slot.serial != Self.nobody { slots[find(slot.serial)] = slot }
    }
}
