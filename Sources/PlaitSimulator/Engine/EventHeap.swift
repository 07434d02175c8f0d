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

        /// Time and rank as one number: compared without a branch that the processor would have to guess.
        @inline(__always)
        var key: Int128 { Int128(time) << 64 | Int128(rank) }
    }

    /// Index 3 is the root, so that siblings 4k..4k+3 begin on a 64-byte boundary.
    private var base: UnsafeMutablePointer<Entry>
    private var capacity: Int
    package private(set) var count = 0
    /// Comparisons of two entries so far.
    package private(set) var comparisons: UInt64 = 0
    /// What `fetchGrandchildren` read. Means nothing.
    private var fetched: UInt64 = 0

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
        let isLarge = count > Self.cached
        var hole = Self.root
        while true {
            let child = 4 * (hole - Self.root) + Self.root + 1
            guard child < end else { break }
            let best: Int
            if child &+ 3 < end {
                if isLarge { fetchGrandchildren(of: child, before: end) }
                best = leastOfFour(from: child)
                comparisons &+= 3
            } else {
                var least = child
                for other in child + 1..<max(child + 1, end) where unsafe base[other].key < base[least].key {
                    least = other
                }
                comparisons &+= UInt64(end - child - 1)
                best = least
            }
            unsafe base[hole] = base[best]
            hole = best
        }
        rise(last, from: hole)
        return first
    }

    /// Begins to read the four lines one of which is compared next, while it is still being found out which.
    ///
    /// Without jumps the processor cannot run ahead of the comparisons, so in a heap that no cache holds each level
    /// would wait for its own memory. The words are kept because the compiler drops a load that nobody uses.
    @inline(__always)
    private mutating func fetchGrandchildren(of child: Int, before end: Int) {
        let first = 4 &* (child &- Self.root) &+ Self.root &+ 1
        guard first &+ 15 < end else { return }
        let (a, b) = unsafe (base[first].rank, base[first &+ 4].rank)
        let (c, d) = unsafe (base[first &+ 8].rank, base[first &+ 12].rank)
        fetched = fetched ^ a ^ b ^ c ^ d
    }

    /// Which of four siblings is first.
    ///
    /// Each comparison is a coin toss, which the processor guesses wrong half the time; so its outcome becomes a bit of
    /// an address, never a jump. The last line is a table of eight places of two bits each.
    @inline(__always)
    private func leastOfFour(from child: Int) -> Int {
        let left = unsafe base[child &+ 1].key < base[child].key ? 1 : 0
        let right = unsafe base[child &+ 3].key < base[child &+ 2].key ? 1 : 0
        let side = unsafe base[child &+ 2 &+ right].key < base[child &+ left].key ? 1 : 0
        return child &+ (0xfa44 &>> (side &<< 3 | right &<< 2 | left &<< 1)) & 3
    }

    private mutating func rise(_ entry: Entry, from start: Int) {
        var hole = start
        while hole > Self.root {
            let parent = (hole - Self.root - 1) / 4 + Self.root
            comparisons &+= 1
            guard unsafe entry.key < base[parent].key else { break }
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
    /// A heap of so many entries (512 KiB) is at home in a second-level cache.
    private static let cached = 1 << 15
}
