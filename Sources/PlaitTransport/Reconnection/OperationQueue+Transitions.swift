import PlaitCore

extension OperationRecord {
    var hasEnded: Bool { if case .ended = state { true } else { false } }
}

extension OperationQueue {
    /// Whatever leaves `queued` or `inFlight` for good does it here: so that it does it once.
    mutating func end(_ slot: Int32, _ how: OperationEnd) {
        let record = records[Int(slot)]
        switch record.state {
        case .queued: if record.isHead { ready[Int(record.request.priority)].remove(slot, in: &records) }
        case .inFlight: inFlight.remove(slot, in: &records)
        case .ended, nil: preconditionFailure("an operation ends once")
        }
        lanes.remove(slot, in: &records)
        // Last of its priority: the other streams had no turn meanwhile.
        if record.isHead, record.laneNext >= 0 {
            ready[Int(record.request.priority)].append(record.laneNext, in: &records)
        }
        bytes.release(record.firstBlock)
        bytesHeld -= record.length
        deadlines.set(Int(slot), to: .never)
        records[Int(slot)].state = .ended(how)
        ended.append(slot, in: &records)
        switch how {
        case .done: statistics.done += 1
        case .expired: statistics.expired += 1
        case .cancelled: statistics.cancelled += 1
        case .failed: statistics.failed += 1
        }
    }

    /// Back to where it was before it was handed out: it is the first of its lane still.
    mutating func requeue(_ slot: Int32) {
        inFlight.remove(slot, in: &records)
        records[Int(slot)].state = .queued
        ready[Int(records[Int(slot)].request.priority)].prepend(slot, in: &records)
        statistics.requeued += 1
    }

    mutating func expire(now: Instant) {
        while deadlines.first <= now, let slot = deadlines.firstSlot {
            end(Int32(slot), .expired(mayHaveHappened: records[slot].wasTaken))
        }
    }

    /// That each operation is in exactly the lists of its state, and that nothing is lost or held too long.
    package func checkInvariants() {
        var counts = (free: 0, ready: 0, inFlight: 0, ended: 0)
        var (held, blocks) = (0, 0)
        for slot in records.indices {
            let record = records[slot]
            switch record.state {
            case nil: counts.free += 1
            case .queued: if record.isHead { counts.ready += 1 }
            case .inFlight:
                counts.inFlight += 1
                precondition(record.isHead && record.wasTaken, "under way before its turn")
            case .ended: counts.ended += 1
            }
            guard let state = record.state, !record.hasEnded else {
                precondition(deadlines[slot].isNever, "a deadline of nothing")
                continue
            }
            held += record.length
            blocks += OperationBytes.blocks(for: record.length)
            precondition(deadlines[slot] == record.request.deadline, "an operation without its deadline")
            precondition(state == .queued || record.isHead, "two of a lane under way")
            if record.laneNext >= 0 {
                let next = records[Int(record.laneNext)]
                precondition(next.lanePrevious == slot && next.isOfLane(of: record.request), "a lane that is torn")
                precondition(next.number > record.number && next.state == .queued, "a lane out of order")
            }
        }
        var ready = 0
        for priority in 0..<Self.priorities { ready += self.ready[priority].count(in: records) }
        precondition(ready == counts.ready, "whose turn it is stands in the list of its priority")
        precondition(inFlight.count(in: records) == counts.inFlight, "what is under way is in its list")
        precondition(ended.count(in: records) == counts.ended, "what has ended is in its list")
        precondition(free.count(in: records) == counts.free, "free slots are in their list")
        precondition(held == bytesHeld && held <= bytesMax, "bytes are counted, and bounded")
        precondition(blocks == bytes.blockCount - bytes.blocksFree, "no block is lost")
        let told = statistics.done + statistics.expired + statistics.cancelled + statistics.failed
        let live = UInt64(records.count - counts.free - counts.ended)
        precondition(statistics.taken == told + live, "every operation ends exactly once")
    }
}
