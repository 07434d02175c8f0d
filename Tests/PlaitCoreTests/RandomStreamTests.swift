import PlaitCore
import TestSupport
import Testing

@Suite("Random streams")
struct RandomStreamTests {
    /// Pairs of streams that must know nothing of each other: other seeds, other names, and names that nearly agree.
    private static let pairs: [(RandomStream, RandomStream)] = [
        (RandomStream(seed: 1, name: "link/wifi/loss"), RandomStream(seed: 2, name: "link/wifi/loss")),
        (RandomStream(seed: 0, name: "link/wifi/loss"), RandomStream(seed: 1 << 63, name: "link/wifi/loss")),
        (RandomStream(seed: 1, name: "link/wifi/loss"), RandomStream(seed: 1, name: "link/wifj/loss")),
        (RandomStream(seed: 1, name: "loss"), RandomStream(seed: 1, name: "loss ")),
    ]

    @Test("one block holds the four draws of an index that follow each other")
    func lanes() {
        let stream = RandomStream(seed: 7, name: "lanes")
        for block in [0, 1, 5, .max / 4] as [UInt64] {
            let four = stream.draws(3, block)
            #expect([four.0, four.1, four.2, four.3] == (0..<4).map { stream.draw(3, 4 * block + $0) })
        }
    }

    @Test("streams of other names or seeds agree in half of their bits", arguments: 0..<pairs.count)
    func unrelated(pair: Int) {
        let (a, b) = Self.pairs[pair]
        // 4,096 words: 262,144 fair coins with deviation 256. Six deviations either way are wrong 2 times in 10^9.
        var agreeing = 0
        for index in 0..<4_096 as Range<UInt64> { agreeing += (~(a.draw(index) ^ b.draw(index))).nonzeroBitCount }
        #expect(abs(agreeing - 131_072) < 6 * 256)
        // And not by a shift of the index either.
        agreeing = 0
        for index in 0..<4_096 as Range<UInt64> { agreeing += (~(a.draw(index + 1) ^ b.draw(index))).nonzeroBitCount }
        #expect(abs(agreeing - 131_072) < 6 * 256)
    }

    @Test("draws of neighbouring indexes and numbers fill all cells evenly")
    func even() {
        let stream = RandomStream(seed: 1, name: "even")
        // Pairs (index's top 4 bits, next index's top 4 bits) in 256 cells, and the same over draw numbers.
        var byIndex = [Int](repeating: 0, count: 256)
        var byNumber = byIndex
        for index in 0..<25_600 as Range<UInt64> {
            byIndex[Int((stream.draw(2 * index) >> 60) << 4 | stream.draw(2 * index + 1) >> 60)] += 1
            byNumber[Int((stream.draw(5, 2 * index) >> 60) << 4 | stream.draw(5, 2 * index + 1) >> 60)] += 1
        }
        for counts in [byIndex, byNumber] {
            let squares = counts.reduce(0) { $0 + ($1 - 100) * ($1 - 100) }
            // Chi-square with 255 degrees of freedom is outside 136...410 less than 3 times in 10^9 (scipy's chi2).
            #expect((13_600...41_000).contains(squares))
        }
    }

    @Test("a bounded draw stays below its bound and reaches every value evenly")
    func bounded() {
        #expect((0 as UInt64).uniform(below: 10) == 0)
        #expect(UInt64.max.uniform(below: 10) == 9)
        #expect(UInt64.max.uniform(below: 1) == 0)
        #expect(UInt64.max.uniform(below: UInt64.max) == UInt64.max - 1)
        // The first and last draw of each value of ten: their spacing is 2^64 / 10, never more than one off.
        let step = UInt64.max / 10
        for value in 1..<10 as Range<UInt64> {
            #expect((value * step - 10).uniform(below: 10) == value - 1)
            #expect((value * step + 10).uniform(below: 10) == value)
        }
    }

    @Test("a draw allocates nothing", .enabled(if: isOptimized))
    func allocations() {
        let stream = RandomStream(seed: 1, name: "a name that is longer than fifteen bytes")
        var sum: UInt64 = 0
        let count = TestSupport.allocations {
            for index in 0..<100_000 as Range<UInt64> {
                sum &+= stream.draw(index, index & 7).uniform(below: 1_000)
                sum &+= stream.draws(index, 2).3
            }
        }
        #expect(sum != 0)
        if let count { #expect(count == 0) }
    }
}
