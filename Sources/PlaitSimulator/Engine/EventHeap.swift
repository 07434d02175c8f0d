package import PlaitCore

/// Pending events, earliest first, ties by insertion order.
///
/// A heap with four children per node: an entry is 16 bytes, so that four siblings share a cache line. `popFirst` walks
/// the hole down to a leaf and lets the last entry rise from there: 3 comparisons per level of log4(n), plus a short
/// rise, stay below 2 log2(n) comparisons an event.
@safe package struct EventHeap: ~Copyable {
    /// What is due when: `rank` holds the order of insertion above the number of the timer.
    package struct Entry: BitwiseCopyable {
        package let time: Int64
        package let rank: UInt64

        package init(time: Instant, order: UInt64, timer: UInt32) {
            precondition(order < 1 << 40, "more than 2^40 events in one run")
            precondition(timer < 1 << 24, "more than 2^24 timers in one run")
            self.time = time.nanoseconds
            rank = order << 24 | UInt64(timer)
        }

        package var instant: Instant { Instant(nanoseconds: time) }
        package var order: UInt64 { rank >> 24 }
        package var timer: UInt32 { UInt32(truncatingIfNeeded: rank & 0xff_ffff) }

        @inline(__always)
        func precedes(_ other: Entry) -> Bool { time < other.time || (time == other.time && rank < other.rank) }
    }

    /// Index 3 is the root, so that siblings 4k..4k+3 begin on a 64-byte boundary.
    private var base: UnsafeMutablePointer<Entry>
    private var capacity: Int
    package private(set) var count = 0

    #if DEBUG
        /// Comparisons so far, for the test that counts them.
        package private(set) var comparisons = 0
    #endif

    package init(capacity: Int = 1_024) {
        self.capacity = max(capacity, 16)
        unsafe base = Self.allocate(self.capacity)
    }

    deinit { unsafe base.deallocate() }

    package var first: Entry? { count > 0 ? unsafe base[Self.root] : nil }

    package mutating func insert(_ entry: Entry) {
        if count == capacity { grow() }
        count += 1
        rise(entry, from: Self.root + count - 1)
    }

    package mutating func popFirst() -> Entry? {
        guard count > 0 else { return nil }
        let first = unsafe base[Self.root]
        count -= 1
        guard count > 0 else { return first }
        let end = Self.root + count
        let last = unsafe base[end]
        var hole = Self.root
        while true {
            let child = 4 * (hole - Self.root) + Self.root + 1
            guard child < end else { break }
            let best: Int
            if child + 3 < end {
                let left = unsafe precedes(base[child + 1], base[child]) ? child + 1 : child
                let right = unsafe precedes(base[child + 3], base[child + 2]) ? child + 3 : child + 2
                best = unsafe precedes(base[right], base[left]) ? right : left
            } else {
                var least = child
                for other in child + 1..<max(child + 1, end) where unsafe precedes(base[other], base[least]) {
                    least = other
                }
                best = least
            }
            unsafe base[hole] = base[best]
            hole = best
        }
        rise(last, from: hole)
        return first
    }

    @inline(__always)
    private mutating func precedes(_ a: Entry, _ b: Entry) -> Bool {
        #if DEBUG
            comparisons += 1
        #endif
        return a.precedes(b)
    }

    private mutating func rise(_ entry: Entry, from start: Int) {
        var hole = start
        while hole > Self.root {
            let parent = (hole - Self.root - 1) / 4 + Self.root
            guard unsafe precedes(entry, base[parent]) else { break }
            unsafe base[hole] = base[parent]
            hole = parent
        }
        unsafe base[hole] = entry
    }

    private mutating func grow() {
        let larger = unsafe Self.allocate(capacity * 2)
        unsafe (larger + Self.root).update(from: base + Self.root, count: count)
        unsafe base.deallocate()
        unsafe base = larger
        capacity *= 2
    }

    private static func allocate(_ entries: Int) -> UnsafeMutablePointer<Entry> {
        unsafe UnsafeMutableRawPointer.allocate(
            byteCount: (entries + root) * MemoryLayout<Entry>.stride,
            alignment: 64
        ).bindMemory(to: Entry.self, capacity: entries + root)
    }

    private static let root = 3
}
