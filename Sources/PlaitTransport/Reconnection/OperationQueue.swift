package import PlaitCore

/// What an application wants of a server, kept while there is no connection, and until its outcome is known.
///
///                    next          completed, refused: of this generation
///     ┌────────┐ ────────────▶ ┌───────────┐ ───────────────────────────▶ ┌───────┐  nextEnd   the slot
///     │ queued │               │ in flight │                              │ ended │ ─────────▶ is free
///     └────────┘ ◀──────────── └───────────┘ ───────────────────────────▶ └───────┘
///         │       connection     deadline, cancel, close;                     ▲
///         │       lost, and it   connection lost, and it may not be repeated  │
///         │       may be         (it may have happened)                       │
///         │       repeated                                                    │
///         ╰────────────────── deadline, cancel, close ────────────────────────╯
///
/// Every operation that was taken ends once, and its end is told once. Of those that are not marked as repeatable none
/// is handed out twice: whoever asked learns that it may have happened, and decides.
///
/// Order: the most urgent priority first; among its streams in turns; of one stream and priority one at a time, in the
/// order in which they were taken. One at a time, because with two under way the first may have to be repeated after
/// the second is done, which then undoes it. Whoever wants them side by side gives them streams of their own.
///
/// Bounded in operations and in bytes, and allocated once to these bounds. An end that nobody reads keeps its slot, so
/// that an application which does not look is refused at last, and loses nothing.
package struct OperationQueue: ~Copyable {
    /// Different priorities.
    package static var priorities: Int { 8 }

    package let countMax: Int
    package let bytesMax: Int
    /// Bytes of those that have not ended.
    package internal(set) var bytesHeld = 0
    package internal(set) var statistics = OperationStatistics()
    package internal(set) var isClosed = false

    var records: Table<OperationRecord>
    var bytes: OperationBytes
    var lanes: OperationLanes
    var deadlines: DeadlineHeap
    /// Queued, and the first of its lane, by priority.
    var ready = InlineArray<8, SlotList>(repeating: SlotList())
    /// In the order in which they were handed out.
    var inFlight = SlotList()
    /// In the order of their ends.
    var ended = SlotList()
    var free = SlotList()

    /// - Parameters:
    ///   - countMax: Operations at a time, with those whose ends were not read.
    ///   - bytesMax: Their bytes.
    package init(countMax: Int, bytesMax: Int) {
        // Blocks have numbers of 32 bits.
        precondition(countMax > 0 && countMax < 1 << 24 && bytesMax >= 0 && bytesMax < 1 << 37, "a queue has room")
        self.countMax = countMax
        self.bytesMax = bytesMax
        var records = Table<OperationRecord>(capacity: countMax)
        var free = SlotList()
        var deadlines = DeadlineHeap()
        for slot in 0..<countMax {
            records.append(OperationRecord())
            free.append(Int32(slot), in: &records)
            // So that the heap has had its full size once, and never grows again.
            deadlines.set(slot, to: .start)
        }
        for slot in 0..<countMax { deadlines.set(slot, to: .never) }
        self.records = records
        self.free = free
        self.deadlines = deadlines
        bytes = OperationBytes(countMax: countMax, bytesMax: bytesMax)
        lanes = OperationLanes(countMax: countMax)
    }

    // MARK: The application

    /// Takes an operation with its bytes, which are copied.
    package mutating func enqueue(
        _ request: OperationRequest,
        _ payload: RawSpan,
        now: Instant
    ) throws(OperationRefusal) -> OperationID {
        precondition(request.priority < Self.priorities, "no such priority")
        expire(now: now)
        if let refusal = refusal(request, payload.byteCount, now: now) {
            statistics.refused += 1
            throw refusal
        }
        let slot = free.head
        free.remove(slot, in: &records)
        records[Int(slot)].state = .queued
        records[Int(slot)].request = request
        records[Int(slot)].number = statistics.taken
        records[Int(slot)].wasTaken = false
        records[Int(slot)].length = payload.byteCount
        records[Int(slot)].firstBlock = bytes.store(payload)
        bytesHeld += payload.byteCount
        statistics.taken += 1
        lanes.append(slot, in: &records)
        if records[Int(slot)].isHead { ready[Int(request.priority)].append(slot, in: &records) }
        deadlines.set(Int(slot), to: request.deadline)
        return OperationID(slot: slot, generation: records[Int(slot)].generation)
    }

    private func refusal(_ request: OperationRequest, _ length: Int, now: Instant) -> OperationRefusal? {
        if isClosed { return .closed }
        if length > bytesMax { return .tooLarge(max: bytesMax) }
        if request.deadline <= now { return .expired }
        if free.isEmpty { return .countFull(max: countMax) }
        if length > bytesMax - bytesHeld { return .bytesFull(max: bytesMax, free: bytesMax - bytesHeld) }
        return nil
    }

    /// Nobody wants it any more. False: it has ended already.
    package mutating func cancel(_ id: OperationID, now: Instant) -> Bool {
        expire(now: now)
        guard let record = record(id), !record.hasEnded else { return false }
        end(id.slot, .cancelled(mayHaveHappened: record.wasTaken))
        return true
    }

    /// The next operation that ended, and how. Its id means nothing afterwards.
    package mutating func nextEnd() -> (id: OperationID, end: OperationEnd)? {
        let slot = ended.head
        guard slot >= 0, case .ended(let end) = records[Int(slot)].state else { return nil }
        let id = OperationID(slot: slot, generation: records[Int(slot)].generation)
        ended.remove(slot, in: &records)
        records[Int(slot)].state = nil
        records[Int(slot)].generation += 1
        free.append(slot, in: &records)
        return (id, end)
    }

    /// Where it stands; nil once its end was read.
    package func state(of id: OperationID) -> OperationState? { record(id)?.state }

    // MARK: The connection

    /// Hands out the operation whose turn it is, to be sent over the connection of this generation.
    package mutating func next(generation: UInt64, now: Instant) -> OperationID? {
        expire(now: now)
        for priority in 0..<Self.priorities {
            let slot = ready[priority].head
            guard slot >= 0 else { continue }
            ready[priority].remove(slot, in: &records)
            records[Int(slot)].state = .inFlight(generation: generation)
            records[Int(slot)].wasTaken = true
            inFlight.append(slot, in: &records)
            return OperationID(slot: slot, generation: records[Int(slot)].generation)
        }
        return nil
    }

    /// What was asked; nil once it has ended.
    package func request(of id: OperationID) -> OperationRequest? {
        guard let record = record(id), !record.hasEnded else { return nil }
        return record.request
    }

    /// How many bytes it carries; nil once it has ended.
    package func byteCount(of id: OperationID) -> Int? {
        guard let record = record(id), !record.hasEnded else { return nil }
        return record.length
    }

    /// Copies its bytes to the start of `target`, as far as they fit, and answers how many; nil once it has ended.
    package func read(_ id: OperationID, into target: inout MutableRawSpan) -> Int? {
        guard let record = record(id), !record.hasEnded else { return nil }
        let count = min(record.length, target.byteCount)
        bytes.read(record.firstBlock, count, into: &target)
        return count
    }

    /// It happened: so the peer said over the connection of this generation. False: it was not under way there.
    package mutating func completed(_ id: OperationID, generation: UInt64) -> Bool {
        answer(id, generation: generation, .done)
    }

    /// It did not happen: so the peer said. False: it was not under way there.
    package mutating func refused(_ id: OperationID, generation: UInt64, code: UInt64) -> Bool {
        answer(id, generation: generation, .failed(.refused(code: code)))
    }

    private mutating func answer(_ id: OperationID, generation: UInt64, _ how: OperationEnd) -> Bool {
        guard let record = record(id), record.state == .inFlight(generation: generation) else {
            // A connection that is over tells of what was repeated since, or has ended.
            statistics.lateAnswers += 1
            return false
        }
        end(id.slot, how)
        return true
    }

    /// The connection of this generation is over, and with it all before it: what was under way there is put back in
    /// front, if it may be repeated, or has failed.
    package mutating func connectionLost(generation: UInt64) {
        var slot = inFlight.tail
        // From the last one on, so that the first one is in front in the end.
        while slot >= 0 {
            let record = records[Int(slot)]
            if case .inFlight(let its) = record.state, its <= generation {
                if record.request.isRepeatable { requeue(slot) } else { end(slot, .failed(.interrupted)) }
            }
            slot = record.previous
        }
    }

    // MARK: Time and the end

    /// When `deadlineReached` is due, or `.never`.
    package var deadline: Instant { deadlines.first }

    /// Ends what is too late.
    package mutating func deadlineReached(now: Instant) { expire(now: now) }

    /// There will be no connection any more: everything ends, and nothing is taken.
    package mutating func close() {
        isClosed = true
        for slot in records.indices {
            guard let state = records[slot].state, !records[slot].hasEnded else { continue }
            precondition(state == .queued || records[slot].wasTaken, "under way, and never handed out")
            end(Int32(slot), .failed(.closed(mayHaveHappened: records[slot].wasTaken)))
        }
    }

    /// By id: nil if the slot holds another operation by now, or none.
    private func record(_ id: OperationID) -> OperationRecord? {
        let record = records[Int(id.slot)]
        return record.generation == id.generation && record.state != nil ? record : nil
    }
}
