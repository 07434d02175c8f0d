import PlaitCore

/// Where bytes stand in the order of sending: level before level, lost before new ones, then by turns.
struct StreamTurn: Comparable, BitwiseCopyable {
    var level: UInt8
    var isFresh: Bool
    var ticket: UInt64

    static func < (a: StreamTurn, b: StreamTurn) -> Bool {
        if a.level != b.level { return a.level < b.level }
        return a.isFresh == b.isFresh ? a.ticket < b.ticket : b.isFresh
    }
}

// Streams that keep to a path.
extension StreamSet {
    /// Whether any live stream is pinned: without one nobody has to look at lanes.
    var hasPins: Bool { lanes.count > 1 && lanes[0].streams < index.count }

    /// From now on the stream waits for this path, or for any. It goes last at its level.
    package mutating func pin(_ id: StreamID, to path: PathID?) throws(StreamError) {
        let slot = try slot(of: id)
        if case .absent = streams[slot].send.state { throw .receiveOnly }
        let from = streams[slot].lane
        guard lanes[from].pin != path else { return }
        let to = try lane(for: path)
        leave(from, slot)
        lanes[to].streams += 1
        lanes[to].unsent += streams[slot].send.unsent
        streams[slot].lane = to
        settle(slot)
    }

    /// Where a live stream waits.
    func lane(of id: StreamID) -> Int? {
        guard let slot = index[id] else { return nil }
        return streams[slot].lane
    }

    /// What a stream is pinned to; nil for one that is not, or is not alive.
    package func pin(of id: StreamID) -> PathID? {
        guard let slot = index[id] else { return nil }
        return lanes[streams[slot].lane].pin
    }

    private mutating func lane(for path: PathID?) throws(StreamError) -> Int {
        guard let path else { return 0 }
        var vacant: Int?
        for lane in 1..<max(lanes.count, 1) {
            if lanes[lane].pin == path { return lane }
            if lanes[lane].pin == nil, vacant == nil { vacant = lane }
        }
        if let vacant {
            lanes[vacant].pin = path
            return vacant
        }
        guard lanes.count < Lanes.countMax else { throw .pinLimit }
        lanes.append(StreamLane(pin: path))
        return lanes.count - 1
    }

    /// The stream is in this lane no more; a lane without streams is vacant.
    mutating func leave(_ lane: Int, _ slot: Int) {
        lanes[lane].streams -= 1
        lanes[lane].unsent -= streams[slot].send.unsent
        if lanes[lane].streams == 0 { lanes[lane].pin = nil }
    }

    /// Whose turn it is in these lanes, and when that comes; nil when they have no bytes that may be sent now.
    func turn(in lanes: Lanes) -> (slot: Int, turn: StreamTurn)? {
        let again = resends.first(in: lanes)
        if sent < sendLimit, let new = fresh.first(in: lanes), again.map({ new.level < $0.level }) ?? true {
            return (new.slot, StreamTurn(level: new.level, isFresh: true, ticket: new.ticket))
        }
        return again.map { ($0.slot, StreamTurn(level: $0.level, isFresh: false, ticket: $0.ticket)) }
    }

    /// All bytes in these lanes that wait to be sent for the first time, and those of the stream whose turn it is there
    /// that are lost.
    func queuedBytes(in lanes: Lanes) -> UInt64 {
        var sum: UInt64 = 0
        if let again = resends.first(in: lanes) { sum = streams[again.slot].send.buffer.lost.total }
        for lane in self.lanes.indices where lanes.contains(lane) { sum += self.lanes[lane].unsent }
        return sum
    }
}
