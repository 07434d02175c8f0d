package import PlaitCore

/// Bytes of a stream under their offsets: a window that moves forward over memory that is used round and round.
///
/// Byte `offset` lies at `offset` modulo the capacity, a power of two, so that nothing moves but when it grows. It owns
/// no memory before the first byte; which of its bytes mean anything, its owner knows.
package struct ByteRing: ~Copyable {
    private var bytes: [UInt8] = []

    package init() {}

    package var capacity: Int { bytes.count }

    /// Has room for the bytes `kept.start ..< end` afterwards; those of `kept` stay.
    ///
    /// It grows by a factor, a power of two, though no further than `most` bytes need. Each growth touches new memory
    /// and copies the old: whoever is likely to fill it to `most` at once does better with a larger factor.
    package mutating func reserve(_ kept: OffsetRange, upTo end: UInt64, by factor: Int = 2, most: Int = .max) {
        let needed = Int(end - kept.start)
        guard needed > bytes.count else { return }
        var capacity = max(256, bytes.count)
        while capacity < needed { capacity *= factor }
        while capacity / 2 >= max(needed, most) { capacity /= 2 }
        var larger = [UInt8](repeating: 0, count: capacity)
        var offset = kept.start
        while offset < kept.end {
            let run = contiguous(from: offset, to: kept.end)
            let target = Int(offset & UInt64(capacity - 1))
            // Two rings of powers of two: what is in one piece in the smaller is in one piece in the larger.
            var span = larger.mutableSpan
            var raw = span.mutableRaw
            raw.copy(bytes.span.raw.extracting(run), at: target)
            offset += UInt64(run.count)
        }
        bytes = larger
    }

    /// Copies `source` to `offset` and behind.
    package mutating func write(_ source: RawSpan, at offset: UInt64) {
        precondition(source.byteCount <= bytes.count || source.isEmpty, "more bytes than there is room for")
        var done = 0
        while done < source.byteCount {
            let run = contiguous(from: offset + UInt64(done), to: offset + UInt64(source.byteCount))
            var span = bytes.mutableSpan
            var raw = span.mutableRaw
            raw.copy(source.extracting(done..<done + run.count), at: run.lowerBound)
            done += run.count
        }
    }

    /// Copies the bytes of `range` to the start of `target`.
    package func read(_ range: OffsetRange, into target: inout MutableRawSpan) {
        var offset = range.start
        while offset < range.end {
            let run = contiguous(from: offset, to: range.end)
            target.copy(bytes.span.raw.extracting(run), at: Int(offset - range.start))
            offset += UInt64(run.count)
        }
    }

    /// Copies the bytes of `range` into a packet under construction, which has room for them.
    @_lifetime(writer: copy writer)
    package func read(_ range: OffsetRange, into writer: inout ByteWriter) {
        var offset = range.start
        while offset < range.end {
            let run = contiguous(from: offset, to: range.end)
            do throws(ByteError) { try writer.write(bytes.span.raw.extracting(run)) } catch {
                preconditionFailure("a frame is measured before its first byte is written")
            }
            offset += UInt64(run.count)
        }
    }

    /// Gives the memory back.
    package mutating func release() { bytes = [] }

    /// The places of the bytes from `offset` on, as far as they lie in one piece, at most up to `end`.
    private func contiguous(from offset: UInt64, to end: UInt64) -> Range<Int> {
        let place = Int(offset & UInt64(bytes.count - 1))
        return place..<place + min(Int(end - offset), bytes.count - place)
    }
}
