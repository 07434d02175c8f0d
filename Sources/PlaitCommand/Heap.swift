import Glibc

/// Where this process's memory comes from.
enum Heap {
    /// Less than the largest block that glibc ever takes from its heap, 32 MiB.
    private static var size: Int { 24 << 20 }
    private static var largePage: UInt { 1 << 21 }

    /// Has the allocator keep a heap for buffers of megabytes too, and the kernel back it with large pages.
    ///
    /// Otherwise each such buffer is a mapping of its own that goes when it is freed, and a run of a tenth of a second
    /// spends a tenth of that on page faults. Memory that nobody touches costs nothing.
    static func prepare() {
        // Who frees a block that was mapped on its own makes blocks up to its size part of the heap, and twice as much
        // of that is kept: mallopt(3), under M_MMAP_THRESHOLD.
        unsafe free(block(size + 1 << 20))
        // So this one is the end of the heap, and stays there.
        guard let last = unsafe block(size) else { return }
        let (start, end) = unsafe (UInt(bitPattern: last), UInt(bitPattern: last + size))
        unsafe free(last)
        let first = (start + largePage - 1) & ~(largePage - 1)
        guard let from = unsafe UnsafeMutableRawPointer(bitPattern: first) else { return }
        // A kernel without large pages says no, and nothing is lost.
        _ = unsafe madvise(from, Int((end & ~(largePage - 1)) - first), MADV_HUGEPAGE)
    }

    /// Not inlined: an allocation that is freed at once would be left out.
    @inline(never)
    private static func block(_ count: Int) -> UnsafeMutableRawPointer? { unsafe malloc(count) }
}
