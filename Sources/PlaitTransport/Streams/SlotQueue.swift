/// Slots that wait for their turn: level before level, within a level in a circle.
///
/// Doubly linked through an array indexed by slot, so that a slot is in it at most once, and comes and goes in a few
/// steps wherever it stands. Levels are kept once they were used; there are 256 at most.
package struct SlotQueue: ~Copyable {
    private struct Link: BitwiseCopyable {
        var previous: Int32
        var next: Int32
        /// Where it waits, or `absent`.
        var level: Int16
    }

    private struct Level: BitwiseCopyable {
        var level: Int16
        var head: Int32
        var tail: Int32
    }

    private static let absent: Int16 = -1

    private var links: [Link] = []
    /// The most urgent, the lowest number, first.
    private var levels: [Level] = []
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    package func contains(_ slot: Int) -> Bool { slot < links.count && links[slot].level != Self.absent }

    /// Whose turn it is, and at which level.
    package var first: (slot: Int, level: UInt8)? {
        guard count > 0 else { return nil }
        for index in levels.indices where levels[index].head >= 0 {
            return (Int(levels[index].head), UInt8(levels[index].level))
        }
        return nil
    }

    /// Puts `slot` last at `level`. One that waits there already keeps its place.
    package mutating func insert(_ slot: Int, level: UInt8 = 0) {
        if contains(slot) {
            guard links[slot].level != Int16(level) else { return }
            remove(slot)
        }
        while links.count <= slot { links.append(Link(previous: -1, next: -1, level: Self.absent)) }
        append(slot, at: index(of: Int16(level)))
        count += 1
    }

    package mutating func remove(_ slot: Int) {
        guard contains(slot) else { return }
        unlink(slot)
        links[slot].level = Self.absent
        count -= 1
    }

    /// Its turn is over: it goes last at its level.
    package mutating func rotate(_ slot: Int) {
        guard contains(slot) else { return }
        let place = index(of: links[slot].level)
        unlink(slot)
        append(slot, at: place)
    }

    private mutating func unlink(_ slot: Int) {
        let link = links[slot]
        let place = index(of: link.level)
        if link.previous >= 0 { links[Int(link.previous)].next = link.next } else { levels[place].head = link.next }
        if link.next >= 0 { links[Int(link.next)].previous = link.previous } else { levels[place].tail = link.previous }
    }

    private mutating func append(_ slot: Int, at place: Int) {
        let tail = levels[place].tail
        links[slot] = Link(previous: tail, next: -1, level: levels[place].level)
        if tail >= 0 { links[Int(tail)].next = Int32(slot) } else { levels[place].head = Int32(slot) }
        levels[place].tail = Int32(slot)
    }

    private mutating func index(of level: Int16) -> Int {
        var place = 0
        while place < levels.count, levels[place].level < level { place += 1 }
        if place == levels.count || levels[place].level != level {
            levels.insert(Level(level: level, head: -1, tail: -1), at: place)
        }
        return place
    }
}
