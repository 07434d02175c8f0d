/// The packets that wait at one direction, in the order of their acceptance. Grows by doubling, never shrinks.
struct WaitingRing: ~Copyable {
    struct Entry {
        var serial: UInt64
        var length: UInt32
    }

    private var entries: Block<Entry>
    private var head = 0
    private(set) var count = 0
    /// Of UDP payload.
    private(set) var bytes: Int64 = 0

    init() { entries = Block(count: 8) { _ in Entry(serial: 0, length: 0) } }

    var first: Entry? { count > 0 ? entries[head] : nil }

    mutating func append(_ entry: Entry) {
        if count == entries.count { grow() }
        entries[slot(count)] = entry
        count += 1
        bytes += Int64(entry.length)
    }

    /// Takes a packet out wherever it is: the first when it starts, any when a management or a flush drops it.
    mutating func remove(_ serial: UInt64) -> Bool {
        guard count > 0 else { return false }
        if entries[head].serial == serial {
            bytes -= Int64(entries[head].length)
            head = slot(1)
            count -= 1
            return true
        }
        // From the back: after the first, the last is the likeliest.
        var index = count - 1
        while index > 0, entries[slot(index)].serial != serial { index -= 1 }
        guard index > 0 else { return false }
        bytes -= Int64(entries[slot(index)].length)
        while index < count - 1 {
            entries[slot(index)] = entries[slot(index + 1)]
            index += 1
        }
        count -= 1
        return true
    }

    private func slot(_ index: Int) -> Int { (head &+ index) & (entries.count &- 1) }

    private mutating func grow() {
        let larger = Block(count: 2 * entries.count) { index in
            index < count ? entries[slot(index)] : Entry(serial: 0, length: 0)
        }
        entries = larger
        head = 0
    }
}
