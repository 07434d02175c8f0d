import PlaitCore

/// Which operation is the last of each stream and priority: where the next one joins. Buckets of chains, made once.
struct OperationLanes: ~Copyable {
    /// The last operation of a lane in each, which leads to those of other lanes.
    private var buckets: [Int32]

    init(countMax: Int) {
        var count = 2
        while count < 2 * countMax { count *= 2 }
        buckets = [Int32](repeating: -1, count: count)
    }

    /// Puts the operation in `slot` behind the others of its lane.
    mutating func append(_ slot: Int32, in records: inout Table<OperationRecord>) {
        let request = records[Int(slot)].request
        let bucket = bucket(of: request)
        var last = buckets[bucket]
        while last >= 0, !records[Int(last)].isOfLane(of: request) { last = records[Int(last)].bucketNext }
        if last >= 0 { takeOut(last, of: bucket, in: &records) }
        records[Int(slot)].lanePrevious = last
        records[Int(slot)].laneNext = -1
        if last >= 0 { records[Int(last)].laneNext = slot }
        putIn(slot, bucket, in: &records)
    }

    /// Takes it out of its lane; those before and behind close up.
    mutating func remove(_ slot: Int32, in records: inout Table<OperationRecord>) {
        let record = records[Int(slot)]
        if record.laneNext >= 0 {
            records[Int(record.laneNext)].lanePrevious = record.lanePrevious
        } else {
            let bucket = bucket(of: record.request)
            takeOut(slot, of: bucket, in: &records)
            if record.lanePrevious >= 0 { putIn(record.lanePrevious, bucket, in: &records) }
        }
        if record.lanePrevious >= 0 { records[Int(record.lanePrevious)].laneNext = record.laneNext }
    }

    private mutating func putIn(_ slot: Int32, _ bucket: Int, in records: inout Table<OperationRecord>) {
        records[Int(slot)].bucketNext = buckets[bucket]
        buckets[bucket] = slot
    }

    private mutating func takeOut(_ slot: Int32, of bucket: Int, in records: inout Table<OperationRecord>) {
        guard buckets[bucket] != slot else {
            buckets[bucket] = records[Int(slot)].bucketNext
            return
        }
        var before = buckets[bucket]
        while records[Int(before)].bucketNext != slot { before = records[Int(before)].bucketNext }
        records[Int(before)].bucketNext = records[Int(slot)].bucketNext
    }

    /// Streams are numbered by the application itself, so nobody else can choose them to fall together.
    private func bucket(of request: OperationRequest) -> Int {
        let mixed = (request.stream &* 8 &+ UInt64(request.priority)) &* 0x9E37_79B9_7F4A_7C15
        return Int((mixed >> 32) & UInt64(buckets.count - 1))
    }
}
