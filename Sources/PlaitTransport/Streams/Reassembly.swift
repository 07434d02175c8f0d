import PlaitCore

/// A stream's bytes from when they arrive until they are read: copied once, into their final place, in whatever order
/// they come.
///
/// Where bytes come twice, the first ones stay: a peer that sends others the second time changes nothing that was
/// received, read or not.
package struct Reassembly: ~Copyable {
    /// The next byte to be read.
    package private(set) var start: UInt64 = 0
    /// The first byte that is missing.
    package private(set) var complete: UInt64 = 0
    /// What came behind a gap.
    private(set) var beyond = OffsetRanges()
    private var ring = ByteRing()

    package init() {}

    package var readable: Int { Int(complete - start) }
    package var runsBeyond: Int { beyond.count }
    package var capacity: Int { ring.capacity }

    /// Whether it would leave more than `runsMax` runs behind gaps.
    package func exceeds(_ range: OffsetRange, runsMax: Int) -> Bool {
        guard range.start > complete, range.count > 0 else { return false }
        let after = beyond.countInserting(range)
        return after > beyond.count && after > runsMax
    }

    /// Puts bytes where they belong. Answers how many of them were not there before.
    ///
    /// - Precondition: Flow control let them in: the memory needed is bounded by it.
    package mutating func insert(_ bytes: RawSpan, at offset: UInt64) -> Int {
        let end = offset + UInt64(bytes.byteCount)
        var from = max(offset, complete)
        guard from < end else { return 0 }
        let kept = max(complete, beyond.last?.end ?? 0)
        ring.reserve(OffsetRange(start, kept), upTo: max(kept, end))
        let fresh = OffsetRange(from, end)
        var count = 0
        var index = beyond.firstIndex(endingAt: from + 1)
        while from < end {
            let run = index < beyond.count ? beyond[index] : OffsetRange(end, end)
            let stop = min(run.start, end)
            if stop > from {
                #if Mutants
                    let skipped = Mutant.isPlanted(.overlapMisplaced) ? 0 : Int(from - offset)
                    ring.write(bytes.extracting(skipped..<skipped + Int(stop - from)), at: from)
                #else
                    ring.write(bytes.extracting(Int(from - offset)..<Int(stop - offset)), at: from)
                #endif
                count += Int(stop - from)
            }
            from = max(from, run.end)
            index += 1
        }
        if fresh.start == complete, beyond.isEmpty {
            complete = fresh.end
        } else {
            beyond.insert(fresh)
            #if Mutants
                if Mutant.isPlanted(.deliversOverGap), let run = beyond.first { complete = run.start }
            #endif
            if let run = beyond.first, run.start <= complete {
                complete = run.end
                beyond.remove(run)
            }
        }
        return count
    }

    /// Copies what is there into `target`. Answers how many bytes.
    package mutating func read(into target: inout MutableRawSpan) -> Int {
        let count = min(readable, target.byteCount)
        ring.read(OffsetRange(start, start + UInt64(count)), into: &target)
        start += UInt64(count)
        return count
    }

    /// Forgets all bytes and gives the memory back.
    package mutating func release() {
        start = complete
        beyond.release()
        ring.release()
    }

    /// That offsets are in order and the bytes are kept.
    package func checkInvariants() {
        beyond.checkInvariants()
        precondition(start <= complete, "only what arrived is read")
        precondition(beyond.first.map { $0.start > complete } ?? true, "what is complete is not behind a gap")
        precondition(Int(max(complete, beyond.last?.end ?? 0) - start) <= ring.capacity, "what is not read is kept")
    }
}
