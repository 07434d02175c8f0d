package import PlaitCore

/// The deadlines of many connections, the earliest in front. A slot has one deadline, which moves; `.never` takes none
/// of the heap's time.
package struct DeadlineHeap: ~Copyable {
    /// A binary heap of slots, ordered by `deadlines`.
    private var heap = Table<Int32>()
    /// By slot.
    private var deadlines = Table<Instant>()
    /// By slot: where it is in the heap, -1 when it is not.
    private var places = Table<Int32>()

    package init() {}

    /// The earliest deadline of all.
    package var first: Instant { heap.isEmpty ? .never : deadlines[Int(heap[0])] }

    /// The slot whose deadline is earliest.
    package var firstSlot: Int? { heap.isEmpty ? nil : Int(heap[0]) }

    package subscript(slot: Int) -> Instant { slot < deadlines.count ? deadlines[slot] : .never }

    package mutating func set(_ slot: Int, to deadline: Instant) {
        while deadlines.count <= slot {
            deadlines.append(.never)
            places.append(-1)
        }
        guard deadlines[slot] != deadline else { return }
        let wasEarlier = deadline < deadlines[slot]
        deadlines[slot] = deadline
        if deadline.isNever {
            remove(slot)
        } else if places[slot] < 0 {
            places[slot] = Int32(heap.count)
            heap.append(Int32(slot))
            rise(heap.count - 1)
        } else if wasEarlier {
            rise(Int(places[slot]))
        } else {
            sink(Int(places[slot]))
        }
    }

    private mutating func remove(_ slot: Int) {
        let place = Int(places[slot])
        guard place >= 0, let last = heap.popLast() else { return }
        places[slot] = -1
        guard place < heap.count else { return }
        heap[place] = last
        places[Int(last)] = Int32(place)
        rise(place)
        sink(Int(places[Int(last)]))
    }

    private mutating func rise(_ start: Int) {
        var place = start
        while place > 0, isBefore(place, (place - 1) / 2) {
            swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var least = place
            let left = 2 * place + 1
            if left < heap.count, isBefore(left, least) { least = left }
            if left + 1 < heap.count, isBefore(left + 1, least) { least = left + 1 }
            guard least != place else { return }
            swap(place, least)
            place = least
        }
    }

    /// Equal deadlines go by slot, so that the order depends on nothing else.
    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        let (first, second) = (Int(heap[a]), Int(heap[b]))
        return (deadlines[first], first) < (deadlines[second], second)
    }

    private mutating func swap(_ a: Int, _ b: Int) {
        let moved = heap[a]
        heap[a] = heap[b]
        heap[b] = moved
        places[Int(heap[a])] = Int32(a)
        places[Int(heap[b])] = Int32(b)
    }
}
