import PlaitCore

/// What the operations of a queue carry: blocks of equal size, chained, so that nothing moves when some of them end.
///
/// Made once. An operation wastes less than one block, so with one block for each operation more than the bytes need,
/// there is always room for bytes that are within the bound.
struct OperationBytes: ~Copyable {
    static var blockSize: Int { 128 }

    private var bytes: [UInt8]
    /// By block: the next of its chain, or of the free ones.
    private var next: [Int32]
    private var free: Int32
    private(set) var blocksFree: Int

    init(countMax: Int, bytesMax: Int) {
        let blocks = countMax + (bytesMax + Self.blockSize - 1) / Self.blockSize
        bytes = [UInt8](repeating: 0, count: blocks * Self.blockSize)
        next = (0..<Int32(blocks)).map { $0 + 1 < blocks ? $0 + 1 : -1 }
        free = 0
        blocksFree = blocks
    }

    var blockCount: Int { next.count }

    static func blocks(for length: Int) -> Int { (length + blockSize - 1) / blockSize }

    /// Keeps a copy. The chain's first block; -1 for no bytes.
    mutating func store(_ source: RawSpan) -> Int32 {
        precondition(Self.blocks(for: source.byteCount) <= blocksFree, "the owner keeps to the bounds")
        var first: Int32 = -1
        var last: Int32 = -1
        var done = 0
        while done < source.byteCount {
            let block = free
            free = next[Int(block)]
            next[Int(block)] = -1
            if last >= 0 { next[Int(last)] = block } else { first = block }
            last = block
            let count = min(Self.blockSize, source.byteCount - done)
            var span = bytes.mutableSpan
            var raw = span.mutableRaw
            raw.copy(source.extracting(done..<done + count), at: Int(block) * Self.blockSize)
            done += count
            blocksFree -= 1
        }
        return first
    }

    /// Copies the first `length` bytes of a chain to the start of `target`.
    func read(_ first: Int32, _ length: Int, into target: inout MutableRawSpan) {
        var block = first
        var done = 0
        while done < length {
            let count = min(Self.blockSize, length - done)
            let start = Int(block) * Self.blockSize
            target.copy(bytes.span.raw.extracting(start..<start + count), at: done)
            done += count
            block = next[Int(block)]
        }
    }

    mutating func release(_ first: Int32) {
        var block = first
        while block >= 0 {
            let following = next[Int(block)]
            next[Int(block)] = free
            free = block
            blocksFree += 1
            block = following
        }
    }
}
