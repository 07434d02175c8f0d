/// A run of a stream's bytes: from `start` up to, not including, `end`.
package struct OffsetRange: Hashable, Sendable, BitwiseCopyable {
    package var start: UInt64
    package var end: UInt64

    package init(_ start: UInt64, _ end: UInt64) {
        precondition(start <= end, "a run ends after it starts")
        self.start = start
        self.end = end
    }

    package var count: UInt64 { end - start }
}

/// Which bytes of a stream: runs in order, none empty, none touching another.
///
/// Found by bisection. Empty it owns no memory, and it keeps the room that it once needed. The array is shifted when
/// runs come and go before the last one; there are few, and whoever owns it bounds their number.
package struct OffsetRanges: ~Copyable {
    private var runs: [OffsetRange] = []

    package init() {}

    package var count: Int { runs.count }
    package var isEmpty: Bool { runs.isEmpty }
    package var first: OffsetRange? { runs.first }
    package var last: OffsetRange? { runs.last }
    package subscript(index: Int) -> OffsetRange { runs[index] }

    /// How many bytes there are in all.
    package var total: UInt64 {
        var sum: UInt64 = 0
        for index in runs.indices { sum += runs[index].count }
        return sum
    }

    /// The first run that ends at `offset` or behind it: the first that `offset` lies in, touches, or comes before.
    package func firstIndex(endingAt offset: UInt64) -> Int {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].end < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    package func contains(_ offset: UInt64) -> Bool {
        let index = firstIndex(endingAt: offset + 1)
        return index < runs.count && runs[index].start <= offset
    }

    /// How many runs there would be after `insert`.
    package func countInserting(_ range: OffsetRange) -> Int {
        let index = firstIndex(endingAt: range.start)
        var next = index
        while next < runs.count, runs[next].start <= range.end { next += 1 }
        return runs.count - (next - index) + 1
    }

    package mutating func insert(_ range: OffsetRange) {
        guard range.count > 0 else { return }
        let index = firstIndex(endingAt: range.start)
        var merged = range
        var next = index
        while next < runs.count, runs[next].start <= range.end {
            merged.start = min(merged.start, runs[next].start)
            merged.end = max(merged.end, runs[next].end)
            next += 1
        }
        if next == index {
            runs.insert(merged, at: index)
        } else {
            runs[index] = merged
            if next > index + 1 { runs.removeSubrange(index + 1..<next) }
        }
    }

    package mutating func remove(_ range: OffsetRange) {
        guard range.count > 0 else { return }
        var index = firstIndex(endingAt: range.start + 1)
        guard index < runs.count, runs[index].start < range.end else { return }
        if runs[index].start < range.start {
            let old = runs[index]
            runs[index].end = range.start
            index += 1
            if old.end > range.end {
                runs.insert(OffsetRange(range.end, old.end), at: index)
                return
            }
        }
        var next = index
        while next < runs.count, runs[next].end <= range.end { next += 1 }
        if next < runs.count, runs[next].start < range.end { runs[next].start = range.end }
        if next > index { runs.removeSubrange(index..<next) }
    }

    /// Makes the run at `index` and the one behind it one, with what lies between them.
    package mutating func bridge(at index: Int) {
        runs[index].end = runs[index + 1].end
        runs.remove(at: index + 1)
    }

    /// Where the gap between two neighbours is smallest: the first of the two.
    package func narrowestGap() -> Int? {
        guard runs.count > 1 else { return nil }
        var best = 0
        for index in 1..<runs.count - 1
        where runs[index + 1].start - runs[index].end < runs[best + 1].start - runs[best].end {
            best = index
        }
        return best
    }

    /// Forgets everything and gives the memory back.
    package mutating func release() { runs = [] }

    /// That the runs are in order, apart and not empty.
    package func checkInvariants() {
        for index in runs.indices {
            precondition(runs[index].start < runs[index].end, "a run has bytes")
            precondition(index == 0 || runs[index - 1].end < runs[index].start, "runs are in order and apart")
        }
    }
}
