package import PlaitCore

/// A stream's bytes from when they are written until the peer has them: copied once when written, freed from the front
/// as they are acknowledged.
///
///     start          acknowledged and lost runs        next             end
///       |--------------- were sent before ---------------|-- not yet sent --|
package struct SendBuffer: ~Copyable {
    /// The first byte that the peer may not have.
    package private(set) var start: UInt64 = 0
    /// The first byte that was never sent.
    package private(set) var next: UInt64 = 0
    /// Behind the last byte written.
    package private(set) var end: UInt64 = 0
    /// What the peer has behind `start`.
    private(set) var acknowledged = OffsetRanges()
    /// What must be sent again.
    private(set) var lost = OffsetRanges()
    private var ring = ByteRing()

    /// How many runs are kept of either kind. Beyond it bytes are sent again that need not be: a peer that acknowledges
    /// every other packet costs itself bandwidth, not this end memory.
    package static let runsMax = 2_048

    package init() {}

    package var buffered: UInt64 { end - start }
    package var hasLost: Bool { !lost.isEmpty }
    package var capacity: Int { ring.capacity }

    /// Takes as many bytes as fit. Answers how many.
    package mutating func write(_ bytes: RawSpan, sendMax: Int) -> Int {
        let count = min(bytes.byteCount, sendMax - Int(buffered), Int(Varint.max - end))
        guard count > 0 else { return 0 }
        #if Mutants
            let needed = end - start + UInt64(count)
            if Mutant.isPlanted(.growthLosesBytes) { ring.reserve(OffsetRange(next, end), upTo: next + needed) }
        #endif
        // Applications write until nothing more is taken.
        ring.reserve(OffsetRange(start, end), upTo: end + UInt64(count), by: 4, most: sendMax)
        ring.write(bytes.extracting(0..<count), at: end)
        end += UInt64(count)
        return count
    }

    /// The bytes to send next: lost ones, or new ones below `limit`. Nil if there are none.
    package func pending(limit: UInt64) -> OffsetRange? {
        if let run = lost.first { return run }
        return next < min(end, limit) ? OffsetRange(next, min(end, limit)) : nil
    }

    /// Copies bytes into a packet. They count as sent from now on.
    @_lifetime(writer: copy writer)
    package mutating func send(_ range: OffsetRange, into writer: inout ByteWriter) {
        ring.read(range, into: &writer)
        if range.start >= next { next = range.end } else { lost.remove(range) }
    }

    /// Copies bytes that were sent before into another packet; nothing changes by it.
    @_lifetime(writer: copy writer)
    package mutating func copy(_ range: OffsetRange, into writer: inout ByteWriter) {
        precondition(range.start >= start && range.end <= next, "only sent bytes that are kept can be copied")
        ring.read(range, into: &writer)
    }

    /// The first run of sent bytes in a range that the peer may not have.
    package func firstMissing(in range: OffsetRange) -> OffsetRange? {
        var from = max(range.start, start)
        let end = min(range.end, next)
        var index = acknowledged.firstIndex(endingAt: from + 1)
        while from < end {
            guard index < acknowledged.count, acknowledged[index].start < end else { return OffsetRange(from, end) }
            if acknowledged[index].start > from { return OffsetRange(from, acknowledged[index].start) }
            from = acknowledged[index].end
            index += 1
        }
        return nil
    }

    /// The peer has these bytes. What was freed at the front makes room.
    package mutating func acknowledge(_ range: OffsetRange) {
        let range = OffsetRange(max(range.start, start), max(range.end, start))
        guard range.count > 0 else { return }
        guard acknowledged.countInserting(range) <= Self.runsMax else {
            // Forgotten, so it has to be sent again: see `runsMax`.
            lose(range)
            return
        }
        acknowledged.insert(range)
        lost.remove(range)
        if let run = acknowledged.first, run.start <= start {
            // Bridged runs may have bytes that the peer has.
            lost.remove(OffsetRange(start, run.end))
            start = run.end
            acknowledged.remove(run)
        }
        bridgeLost()
    }

    /// These bytes did not arrive, or so it seems: what the peer does not have of them is to be sent again.
    package mutating func lose(_ range: OffsetRange) {
        var from = max(range.start, start)
        var index = acknowledged.firstIndex(endingAt: from + 1)
        while from < range.end {
            let run = index < acknowledged.count ? acknowledged[index] : OffsetRange(range.end, range.end)
            if run.start > from {
                lost.insert(OffsetRange(from, min(run.start, range.end)))
                bridgeLost()
            }
            from = max(from, run.end)
            index += 1
        }
    }

    private mutating func bridgeLost() {
        guard lost.count > Self.runsMax, let index = lost.narrowestGap() else { return }
        lost.bridge(at: index)
    }

    /// Forgets all bytes, sent or not: nothing of them will be sent again.
    package mutating func release() {
        start = next
        end = next
        acknowledged.release()
        lost.release()
        ring.release()
    }

    /// That offsets are in order and that only sent bytes are acknowledged or lost.
    package func checkInvariants() {
        acknowledged.checkInvariants()
        lost.checkInvariants()
        precondition(start <= next && next <= end, "bytes are acknowledged after they are sent, and sent once written")
        precondition(Int(buffered) <= ring.capacity, "what is not acknowledged is kept")
        precondition(acknowledged.last.map { $0.end <= next } ?? true, "only sent bytes are acknowledged")
        precondition(acknowledged.first.map { $0.start > start } ?? true, "the front is freed")
        precondition(lost.last.map { $0.end <= next } ?? true, "only sent bytes are lost")
        precondition(lost.first.map { $0.start >= start } ?? true, "acknowledged bytes are not sent again")
        precondition(acknowledged.count <= Self.runsMax && lost.count <= Self.runsMax, "few runs are kept")
    }
}
