package import PlaitCore

/// What an application wants to be woken for, soonest first; of one instant, in the order of asking.
package struct AlarmHeap<Subject> {
    struct Entry {
        let time: Instant
        let order: UInt64
        let subject: Subject

        func precedes(_ other: Entry) -> Bool { (time, order) < (other.time, other.order) }
    }

    var entries: [Entry] = []
    var asked: UInt64 = 0

    package init() {}

    /// `.never` when nothing is asked for.
    package var deadline: Instant { entries.first?.time ?? .never }

    package mutating func add(_ subject: Subject, at time: Instant) {
        guard !time.isNever else { return }
        entries.append(Entry(time: time, order: asked, subject: subject))
        asked += 1
        var place = entries.count - 1
        while place > 0, entries[place].precedes(entries[(place - 1) / 2]) {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// The first that is due, if one is.
    package mutating func popFirst(notAfter now: Instant) -> Subject? {
        guard let first = entries.first, first.time <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty { sink(last) }
        return first.subject
    }

    /// Puts an entry where the first one was.
    private mutating func sink(_ entry: Entry) {
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
            guard entries[child].precedes(entry) else { break }
            entries[place] = entries[child]
            place = child
        }
        entries[place] = entry
    }
}
