/// Slots that wait for their turn: level before level, within a level in a circle.
///
/// Each slot waits in a lane. Whoever serves some of the lanes only finds the first there without a look at those that
/// wait in others, however many; and over several lanes the order is that of one circle.
///
/// Doubly linked through an array indexed by slot, so that a slot is in it at most once, and comes and goes in a few
/// steps wherever it stands. The rows of a level and a lane are kept once they were used; there are 256 levels at most.
package struct SlotQueue: ~Copyable {
    private struct Link: BitwiseCopyable {
        var previous: Int32
        var next: Int32
        /// Where it waits, or `absent`.
        var row: Int32
        /// Counts up with each arrival at the end of a row: what orders those of several lanes.
        var ticket: UInt64
    }

    private struct Row: BitwiseCopyable {
        /// Level and lane, so that rows of a level stand together.
        var key: Int32
        var head: Int32
        var tail: Int32

        var level: UInt8 { UInt8(key >> 8) }
        var lane: Int { Int(key & 0xff) }
    }

    /// Who waits where.
    package struct Place: BitwiseCopyable {
        package var slot: Int
        package var level: UInt8
        /// The smaller, the longer it has waited since its last turn.
        package var ticket: UInt64
    }

    private static let absent: Int32 = -1

    private var links: [Link] = []
    /// The most urgent, the lowest number, first.
    private var rows: [Row] = []
    private var nextTicket: UInt64 = 0
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    package func contains(_ slot: Int) -> Bool { slot < links.count && links[slot].row != Self.absent }

    /// The lane in which it waits; nil if it does not.
    package func lane(of slot: Int) -> Int? { contains(slot) ? Int(links[slot].row & 0xff) : nil }

    /// Whose turn it is, and at which level.
    package var first: (slot: Int, level: UInt8)? { first(in: .all).map { ($0.slot, $0.level) } }

    /// Whose turn it is of those in these lanes.
    package func first(in lanes: Lanes) -> Place? {
        guard count > 0 else { return nil }
        var best: Place?
        for index in rows.indices {
            let level = rows[index].level
            // Rows that are vacant are many where many levels and pins were used.
            if let best, best.level < level { return best }
            guard rows[index].head >= 0, lanes.contains(rows[index].lane) else { continue }
            let slot = Int(rows[index].head)
            if let best, best.ticket < links[slot].ticket { continue }
            best = Place(slot: slot, level: level, ticket: links[slot].ticket)
        }
        return best
    }

    /// Puts `slot` last at `level`. One that waits there already keeps its place.
    package mutating func insert(_ slot: Int, level: UInt8 = 0, lane: Int = 0) {
        let key = Int32(level) << 8 | Int32(lane)
        if contains(slot) {
            guard links[slot].row != key else { return }
            remove(slot)
        }
        while links.count <= slot { links.append(Link(previous: -1, next: -1, row: Self.absent, ticket: 0)) }
        append(slot, at: index(of: key))
        count += 1
    }

    package mutating func remove(_ slot: Int) {
        guard contains(slot) else { return }
        unlink(slot)
        links[slot].row = Self.absent
        count -= 1
    }

    /// Its turn is over: it goes last at its level.
    package mutating func rotate(_ slot: Int) {
        guard contains(slot) else { return }
        let place = index(of: links[slot].row)
        unlink(slot)
        append(slot, at: place)
    }

    private mutating func unlink(_ slot: Int) {
        let link = links[slot]
        let place = index(of: link.row)
        if link.previous >= 0 { links[Int(link.previous)].next = link.next } else { rows[place].head = link.next }
        if link.next >= 0 { links[Int(link.next)].previous = link.previous } else { rows[place].tail = link.previous }
    }

    private mutating func append(_ slot: Int, at place: Int) {
        let tail = rows[place].tail
        links[slot] = Link(previous: tail, next: -1, row: rows[place].key, ticket: nextTicket)
        nextTicket += 1
        if tail >= 0 { links[Int(tail)].next = Int32(slot) } else { rows[place].head = Int32(slot) }
        rows[place].tail = Int32(slot)
    }

    private mutating func index(of key: Int32) -> Int {
        var place = 0
        while place < rows.count, rows[place].key < key { place += 1 }
        if place == rows.count || rows[place].key != key {
            rows.insert(Row(key: key, head: -1, tail: -1), at: place)
        }
        return place
    }
}
