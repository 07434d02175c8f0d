package import PlaitCore

extension StreamSet {
    /// Opens a stream. The peer learns of it with the first frame.
    package mutating func open(_ direction: StreamDirection, priority: UInt8) throws(StreamError) -> StreamID {
        let first = StreamID(index: 0, opener: role, direction: direction)
        let count = opened[Int(first.value & 3)]
        guard count < openMax[Int(direction.rawValue)] else {
            wantsStreams[Int(direction.rawValue)] = true
            throw .streamLimit
        }
        let id = StreamID(index: count, opener: role, direction: direction)
        _ = add(id, priority: priority)
        statistics.openedHere += 1
        return id
    }

    /// Takes as many bytes as the send buffer has room for, and answers how many; of fewer than were offered an event
    /// says when to go on. `isLast` counts only when all were taken.
    package mutating func write(_ id: StreamID, _ bytes: RawSpan, isLast: Bool) throws(StreamError) -> Int {
        let slot = try slot(of: id)
        let count = try streams[slot].send.write(bytes, isLast: isLast, sendMax: sendMax)
        statistics.bytesWritten += UInt64(count)
        lanes[streams[slot].lane].unsent += UInt64(count)
        settle(slot)
        return count
    }

    /// Copies bytes in order into `target`, and answers how many; `isEnd` with the last ones, or after them, once.
    ///
    /// What is read lets the peer send more. `roundTrip` is the connection's estimate, zero if there is none: the
    /// windows grow by it.
    package mutating func read(
        _ id: StreamID,
        into target: inout MutableRawSpan,
        now: Instant,
        roundTrip: Interval
    ) throws(StreamError) -> (count: Int, isEnd: Bool) {
        let slot = try slot(of: id)
        let result: (count: Int, isEnd: Bool)
        do throws(StreamError) { result = try streams[slot].receive.read(into: &target) } catch {
            // A reset that is told here needs no event.
            if case .reset = error { streams[slot].news.remove(.reset) }
            settle(slot)
            throw error
        }
        consume(UInt64(result.count), of: slot, now: now, roundTrip: roundTrip)
        if result.isEnd { streams[slot].news.remove(.readable) }
        statistics.bytesRead += UInt64(result.count)
        settle(slot)
        return result
    }

    /// Gives up sending. What was not sent, or got lost, never will be.
    package mutating func reset(_ id: StreamID, code: UInt64) throws(StreamError) {
        guard code <= Varint.max else { throw .codeTooLarge }
        let slot = try slot(of: id)
        switch streams[slot].send.state {
        case .absent: throw .receiveOnly
        case .finished: throw .ended
        case .resetting(let code, let byPeer, _), .over(let code, let byPeer):
            throw byPeer ? .stopped(code: code) : .reset(code: code)
        case .open, .ending: break
        }
        lanes[streams[slot].lane].unsent -= streams[slot].send.unsent
        streams[slot].send.reset(code: code, byPeer: false)
        streams[slot].news.remove(.writable)
        settle(slot)
    }

    /// Wants no more bytes. Those not yet read are thrown away, and the peer is asked to give up.
    package mutating func stop(_ id: StreamID, code: UInt64) throws(StreamError) {
        guard code <= Varint.max else { throw .codeTooLarge }
        let slot = try slot(of: id)
        let runs = streams[slot].receive.reassembly.runsBeyond
        try streams[slot].receive.stop(code: code)
        runsBeyond -= runs
        discardRest(of: slot)
        streams[slot].news.remove(.readable)
        settle(slot)
    }

    /// Sends a stream before those of higher numbers from now on.
    package mutating func setPriority(of id: StreamID, to priority: UInt8) throws(StreamError) {
        let slot = try slot(of: id)
        streams[slot].priority = priority
        settle(slot)
    }

    func slot(of id: StreamID) throws(StreamError) -> Int {
        if let slot = index[id] { return slot }
        throw id.index < opened[Int(id.value & 3)] ? .closed : .unknown
    }

    private mutating func consume(_ count: UInt64, of slot: Int, now: Instant, roundTrip: Interval) {
        guard count > 0 else { return }
        let moved = streams[slot].receive.window.consume(
            count,
            now: now,
            roundTrip: roundTrip,
            windowMax: buffers.windowMax
        )
        if moved, streams[slot].receive.wantsMore {
            streams[slot].receive.owesLimit = true
            // One stream alone must be able to fill its window twice an update, or both would take turns in waiting.
            let window = streams[slot].receive.window.window
            self.window.widen(to: min(window + window / 2, buffers.dataWindowMax))
        }
        if window.consume(count, now: now, roundTrip: roundTrip, windowMax: buffers.dataWindowMax) {
            owesMaxData = true
        }
    }

    /// Bytes that nobody will read count as read, or the connection's window would shrink for ever.
    mutating func discardRest(of slot: Int) {
        let rest = streams[slot].receive.highest - streams[slot].receive.window.consumed
        _ = streams[slot].receive.window.discard(rest)
        if window.discard(rest) { owesMaxData = true }
    }
}
