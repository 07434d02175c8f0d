import PlaitCore
import PlaitSimulator
import Testing

@Suite("The event heap")
struct EventHeapTests {
    /// Numbers that repeat in every run, from SplitMix64.
    private struct Numbers {
        var state: UInt64
        mutating func next(below bound: UInt64) -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            return (word ^ (word >> 31)).multipliedFullWidth(by: bound).high
        }
    }

    /// Sizes around every way a last group of siblings can be cut off, and beyond what fits in a cache.
    @Test("events come out by time, ties by insertion order", arguments: [1, 2, 3, 4, 5, 6, 7, 20, 21, 1_000, 60_000])
    func order(pending: Int) {
        var heap = EventHeap(capacity: 16)
        var numbers = Numbers(state: UInt64(pending))
        var expected: [(time: Int64, order: UInt64)] = []
        for order in 1...UInt64(pending) {
            // Few different times, so that most events tie.
            let time = Int64(numbers.next(below: UInt64(pending / 4 + 2)))
            expected.append((time, order))
            heap.insert(.init(time: Instant(nanoseconds: time), order: order, timer: UInt32(order % 1_000)))
        }
        expected.sort { $0 < $1 }
        var wrong = 0
        for next in expected {
            let entry = heap.popFirst()
            if entry?.time != next.time || entry?.order != next.order || entry?.timer != UInt32(next.order % 1_000) {
                wrong += 1
            }
        }
        #expect(wrong == 0)
        let rest = heap.popFirst()
        #expect(rest == nil && heap.count == 0)
    }

    @Test("an event that is due now comes before one that never is, and time may be negative")
    func extremes() {
        var heap = EventHeap()
        for (order, time) in [Int64.max, 0, -1, Int64.min, 1].enumerated() {
            heap.insert(.init(time: Instant(nanoseconds: time), order: UInt64(order + 1), timer: 0))
        }
        var times: [Int64] = []
        while let entry = heap.popFirst() { times.append(entry.time) }
        #expect(times == [.min, -1, 0, 1, .max])
    }

    @Test("an event costs at most 2 log2(pending) comparisons", arguments: [1_000, 10_000, 100_000])
    func comparisons(pending: Int) {
        var heap = EventHeap(capacity: pending)
        var numbers = Numbers(state: 7)
        var order: UInt64 = 0
        func later(than time: Int64) -> EventHeap.Entry {
            order += 1
            let time = time + Int64(numbers.next(below: 1_000_000))
            return .init(time: Instant(nanoseconds: time), order: order, timer: 0)
        }
        for _ in 0..<pending { heap.insert(later(than: 0)) }
        let before = heap.comparisons
        let events = 100_000
        for _ in 0..<events {
            guard let first = heap.popFirst() else { break }
            heap.insert(later(than: first.time))
        }
        let count = heap.comparisons - before
        // 2^(2 log2(n)) = n^2: in integers, count/events <= 2 log2(n) is 2^(count/events) <= n^2.
        var power = 0
        while 1 << power < pending * pending { power += 1 }
        #expect(count <= UInt64(events * power))
        // A count that is not kept would pass, too.
        #expect(count > UInt64(events * power / 4))
        #expect(heap.count == pending)
    }
}
