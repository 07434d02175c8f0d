import PlaitCore
import TestSupport
import Testing

@Suite("Quantile tables")
struct QuantileTableTests {
    private static let one: Int64 = 1 << 32

    /// The uniform distribution on 0 to 1: its quantile at p is p, so every sample can be told in advance.
    private static let uniform = QuantileTable(name: "uniform") { knot in
        let value = Int64((knot.probability * Double(one)).rounded())
        return knot.isUpper ? one - value : value
    }

    /// Value 2^20 per octave of distance from the nearer end: constant steps in the logarithm, so tails show.
    private static let tails = QuantileTable(name: "tails") { knot in
        let octave = knot.probability == 0 ? -42 : Int64(knot.probability.exponent)
        return (knot.isUpper ? -octave : octave) << 20
    }

    @Test("a uniform table gives back the draw's own position, to the last bit of its units")
    func identity() {
        let stream = RandomStream(seed: 1, name: "identity")
        var draws: [UInt64] = [0, 1, .max, .max - 1, 1 << 63, 1 << 63 - 1]
        for shift in 0..<64 as Range<UInt64> {
            draws += [
                1 << shift, 1 << shift - 1, ~(1 << shift), stream.draw(shift) >> shift,
                ~(stream.draw(shift, 1) >> shift),
            ]
        }
        for draw in draws {
            let error = Self.uniform.sample(draw) - Int64(draw >> 32)
            // Half a unit from each rounded end, half from the interpolation, one from `draw >> 32` itself.
            #expect((-1...2).contains(error), "draw \(draw)")
        }
    }

    @Test("samples never fall as the draw grows, across every cell and octave border")
    func monotone() {
        for table in [Self.uniform, Self.tails] {
            var borders: Set<UInt64> = [0, .max]
            for knot in QuantileTable.knots where knot.probability < 0.5 {
                let tail = UInt64(knot.probability * 0x1p64)
                for near in [tail &- 1, tail, tail + 1] where near < 1 << 63 { borders.formUnion([near, ~near]) }
            }
            let samples = borders.sorted().map { table.sample($0) }
            #expect(zip(samples, samples.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }

    @Test("a draw that stands on a knot gives the knot's own value, in both tails down to 2^-41")
    func knots() {
        let knots = QuantileTable.knots
        #expect(knots.count == Self.tails.words.count)
        for (knot, word) in zip(knots, Self.tails.words) where knot.probability < 0.5 {
            let tail = UInt64(knot.probability * 0x1p64)
            #expect(Self.tails.sample(knot.isUpper ? ~tail : tail) == word)
        }
        #expect(knots.lazy.map(\.probability).filter { $0 > 0 }.min() == 0x1p-41)
    }

    @Test("halfway between two knots is the mean of their values")
    func interpolation() {
        let words = Self.uniform.words.count / 2
        // Steps of growing size: an interpolation that uses the wrong cell or the wrong bits cannot hit the middle.
        var values: [Int64] = (0..<Int64(words)).map { $0 * $0 << 12 }
        values += (0..<Int64(words)).map { (1 << 50) - ($0 * $0 << 12) }
        let table = QuantileTable(name: "parabola", words: values)
        let knots = QuantileTable.knots
        for place in 0..<words - 1 {
            let middle = UInt64((knots[place].probability + knots[place + 1].probability) * 0x1p63)
            #expect(table.sample(middle) == (values[place] + values[place + 1]) / 2)
            #expect(table.sample(~middle) == (values[words + place] + values[words + place + 1]) / 2)
        }
    }

    @Test("a scaled sample is rounded to nearest, through 128 bits")
    func scale() {
        let draw: UInt64 = 3 << 62  // exactly 3/4
        #expect(Self.uniform.sample(draw) == 3 << 30)
        #expect(Self.uniform.sample(draw, scale: 1_000) == 750)
        #expect(Self.uniform.sample(draw, scale: -1_000) == -750)
        #expect(Self.uniform.sample(draw, scale: 1) == 1)
        #expect(Self.uniform.sample(1 << 62, scale: 1) == 0)
        #expect(Self.uniform.sample(draw, scale: 1 << 62) == 3 << 60)
        #expect(Self.uniform.sample(draw, scale: .max) == 6_917_529_027_641_081_855)
    }

    @Test("sampling allocates nothing", .enabled(if: isOptimized))
    func allocations() {
        let stream = RandomStream(seed: 1, name: "sampling")
        var sum: Int64 = 0
        let tables = [Self.uniform, Self.tails]
        let count = TestSupport.allocations {
            for index in 0..<100_000 as Range<UInt64> {
                sum &+= tables[Int(index & 1)].sample(stream.draw(index), scale: 4_000_000)
            }
        }
        #expect(sum != 0)
        if let count { #expect(count == 0) }
    }

    @Test("a table that falls, or of the wrong size, is refused")
    func refused() async {
        await #expect(processExitsWith: .failure) { _ = QuantileTable(name: "short", words: [0, 1]) }
        await #expect(processExitsWith: .failure) { _ = QuantileTable(name: "falling") { $0.isUpper ? 0 : 1 } }
        await #expect(processExitsWith: .failure) {
            _ = QuantileTable(name: "falling inside") { $0.probability == 0.25 && !$0.isUpper ? 1 : 0 }
        }
        await #expect(processExitsWith: .failure) {
            _ = QuantileTable(name: "too large") { $0.isUpper ? .max : .min }
        }
    }
}
