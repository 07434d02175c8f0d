import PlaitCore

/// Datagrams in a row, their bytes in one ring.
///
/// Where one in the middle was taken out, its bytes stay until those before it are gone.
struct DatagramRing: ~Copyable {
    struct Entry: BitwiseCopyable {
        let number: UInt64
        let start: UInt64
        let length: Int
        let expires: Instant
    }

    let countMax: Int
    let bytesMax: Int
    private var entries: RingBuffer<Entry>
    private var ring = ByteRing()
    /// Behind the last byte put in.
    private var end: UInt64 = 0

    init(countMax: Int, bytesMax: Int) {
        self.countMax = countMax
        self.bytesMax = bytesMax
        entries = RingBuffer(capacity: 2)
    }

    var count: Int { entries.count }
    var first: Entry? { entries.isEmpty ? nil : entries[0] }
    subscript(index: Int) -> Entry { entries[index] }

    private var start: UInt64 { first?.start ?? end }

    func hasRoom(for length: Int) -> Bool { count < countMax && Int(end - start) <= bytesMax - length }

    mutating func append(_ bytes: RawSpan, number: UInt64, expires: Instant) {
        precondition(hasRoom(for: bytes.byteCount), "the owner makes room first")
        ring.reserve(OffsetRange(start, end), upTo: end + UInt64(bytes.byteCount))
        ring.write(bytes, at: end)
        entries.append(Entry(number: number, start: end, length: bytes.byteCount, expires: expires))
        end += UInt64(bytes.byteCount)
    }

    mutating func removeFirst() {
        let entry = entries.popFirst()
        precondition(entry != nil, "there is a first one")
    }

    mutating func remove(at index: Int) {
        // From the front, as most expire, without moving those behind.
        if index == 0 { removeFirst() } else { _ = entries.remove(at: index) }
    }

    func read(_ offset: UInt64, _ length: Int, into target: inout MutableRawSpan) {
        ring.read(OffsetRange(offset, offset + UInt64(length)), into: &target)
    }

    @_lifetime(writer: copy writer)
    func read(_ offset: UInt64, _ length: Int, into writer: inout ByteWriter) {
        ring.read(OffsetRange(offset, offset + UInt64(length)), into: &writer)
    }

    func checkInvariants() {
        precondition(count <= countMax, "few datagrams wait")
        precondition(Int(end - start) <= bytesMax, "few bytes wait")
        precondition(ring.capacity <= max(256, 2 * bytesMax), "memory is bounded")
    }
}
