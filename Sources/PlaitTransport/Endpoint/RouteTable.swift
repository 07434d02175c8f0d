import PlaitCore

/// Which connection a datagram is for: connection ids to slots, by open addressing.
///
/// The ids are this end's own random choice, so an id is its own hash: nobody outside can aim at one bucket.
package struct RouteTable: ~Copyable {
    private var entries = Table<RouteEntry>(capacity: 16)
    package private(set) var count = 0

    package init() {
        for _ in 0..<16 { entries.append(RouteEntry()) }
    }

    /// The slot of the connection that gave out `id`.
    package subscript(id: ConnectionID) -> Int? {
        var place = home(of: id)
        while entries[place].id != .unknown {
            if entries[place].id == id { return Int(entries[place].slot) }
            place = next(place)
        }
        return nil
    }

    /// Answers whether the id was free; a taken one is left alone.
    package mutating func insert(_ id: ConnectionID, slot: Int) -> Bool {
        precondition(id != .unknown, "the id that stands for none leads nowhere")
        if 2 * (count + 1) > entries.count { grow() }
        return place(RouteEntry(id: id, slot: Int32(slot)))
    }

    package mutating func remove(_ id: ConnectionID) {
        precondition(id != .unknown, "the id that stands for none was never put in")
        var hole = home(of: id)
        while entries[hole].id != id {
            guard entries[hole].id != .unknown else { return }
            hole = next(hole)
        }
        count -= 1
        // Close the gap: whatever was pushed past it moves back, so that no search ends too early.
        var place = next(hole)
        while entries[place].id != .unknown {
            let wanted = home(of: entries[place].id)
            if distance(from: wanted, to: place) >= distance(from: hole, to: place) {
                entries[hole] = entries[place]
                hole = place
            }
            place = next(place)
        }
        entries[hole] = RouteEntry()
    }

    private mutating func place(_ entry: RouteEntry) -> Bool {
        var place = home(of: entry.id)
        while entries[place].id != .unknown {
            if entries[place].id == entry.id { return false }
            place = next(place)
        }
        entries[place] = entry
        count += 1
        return true
    }

    private mutating func grow() {
        var old = Table<RouteEntry>(capacity: entries.count)
        for index in entries.indices where entries[index].id != .unknown { old.append(entries[index]) }
        let size = 2 * entries.count
        entries = Table(capacity: size)
        for _ in 0..<size { entries.append(RouteEntry()) }
        count = 0
        for index in old.indices { _ = place(old[index]) }
    }

    private func home(of id: ConnectionID) -> Int { Int(truncatingIfNeeded: id.value) & (entries.count - 1) }
    private func next(_ place: Int) -> Int { (place + 1) & (entries.count - 1) }
    private func distance(from: Int, to: Int) -> Int { (to - from) & (entries.count - 1) }
}

/// One place of the table; free while its id is unknown.
struct RouteEntry: BitwiseCopyable {
    var id = ConnectionID.unknown
    var slot: Int32 = -1
}
