import PlaitCore

/// What a queue knows of one operation. Its place in the table is its slot.
struct OperationRecord: BitwiseCopyable {
    /// Counts up each time the slot is given back.
    var generation: UInt64 = 0
    /// Nil while the slot is free.
    var state: OperationState?
    var request = OperationRequest()
    /// In the order in which they were taken.
    var number: UInt64 = 0
    /// Whether it was ever handed out: then it may have happened.
    var wasTaken = false
    var length = 0
    var firstBlock: Int32 = -1
    /// In the one list that it is in, if any.
    var previous: Int32 = -1
    var next: Int32 = -1
    /// In its lane: those of the same stream and priority that have not ended, in order.
    var lanePrevious: Int32 = -1
    var laneNext: Int32 = -1
    /// The next lane's last operation of the same bucket.
    var bucketNext: Int32 = -1

    /// Whether it is the one of its lane whose turn it is.
    var isHead: Bool { lanePrevious < 0 }

    func isOfLane(of other: OperationRequest) -> Bool {
        request.stream == other.stream && request.priority == other.priority
    }
}

/// Slots in a row, linked through their records.
struct SlotList: BitwiseCopyable {
    var head: Int32 = -1
    var tail: Int32 = -1

    var isEmpty: Bool { head < 0 }

    mutating func append(_ slot: Int32, in records: inout Table<OperationRecord>) {
        records[Int(slot)].previous = tail
        records[Int(slot)].next = -1
        if tail >= 0 { records[Int(tail)].next = slot } else { head = slot }
        tail = slot
    }

    mutating func prepend(_ slot: Int32, in records: inout Table<OperationRecord>) {
        records[Int(slot)].previous = -1
        records[Int(slot)].next = head
        if head >= 0 { records[Int(head)].previous = slot } else { tail = slot }
        head = slot
    }

    mutating func remove(_ slot: Int32, in records: inout Table<OperationRecord>) {
        let record = records[Int(slot)]
        if record.previous >= 0 { records[Int(record.previous)].next = record.next } else { head = record.next }
        if record.next >= 0 { records[Int(record.next)].previous = record.previous } else { tail = record.previous }
    }

    /// Walks the list: how many there are.
    func count(in records: borrowing Table<OperationRecord>) -> Int {
        var count = 0
        var slot = head
        while slot >= 0 {
            precondition(count < records.count, "a list in a circle")
            let next = records[Int(slot)].next
            precondition(next < 0 ? slot == tail : records[Int(next)].previous == slot, "a list that is torn")
            slot = next
            count += 1
        }
        return count
    }
}
