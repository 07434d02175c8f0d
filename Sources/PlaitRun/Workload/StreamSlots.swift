package import PlaitTransport

/// Which slot belongs to which open stream. Sorted: streams are opened in rising order and few are open at a time.
package struct StreamSlots {
    private var streams: [UInt64] = []
    private var slots: [Int] = []

    package init() {}

    package func slot(of stream: StreamID) -> Int? {
        let place = lowerBound(stream.value)
        return place < streams.count && streams[place] == stream.value ? slots[place] : nil
    }

    package mutating func insert(_ stream: StreamID, _ slot: Int) {
        let place = lowerBound(stream.value)
        precondition(place == streams.count || streams[place] != stream.value, "a stream that is already open")
        streams.insert(stream.value, at: place)
        slots.insert(slot, at: place)
    }

    package mutating func remove(_ stream: StreamID) {
        let place = lowerBound(stream.value)
        guard place < streams.count, streams[place] == stream.value else { return }
        streams.remove(at: place)
        slots.remove(at: place)
    }

    /// The slots of all streams, in the order of the streams.
    package mutating func removeAll() -> [Int] {
        defer {
            streams.removeAll()
            slots.removeAll()
        }
        return slots
    }

    private func lowerBound(_ stream: UInt64) -> Int {
        var (low, high) = (0, streams.count)
        while low < high {
            let middle = (low + high) / 2
            if streams[middle] < stream { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
