import CISAL
import PlaitFEC
import Testing

@Suite("GF(256) and Cauchy matrices")
struct FieldTests {
    /// Long multiplication of polynomials, reduced at the end.
    private static func slowProduct(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var sum: UInt16 = 0
        for bit in 0..<8 where right >> UInt8(bit) & 1 == 1 { sum ^= UInt16(left) << UInt16(bit) }
        for bit in (8..<15).reversed() where sum >> UInt16(bit) & 1 == 1 {
            sum ^= 0x11d << UInt16(bit - 8)
        }
        return UInt8(sum)
    }

    @Test("all products are those of polynomials modulo 0x11D, and ISA-L's")
    func products() {
        for left in UInt8.min...UInt8.max {
            for right in UInt8.min...UInt8.max {
                let product = GaloisField.product(left, right)
                guard product == Self.slowProduct(left, right), product == gf_mul(left, right) else {
                    Issue.record("\(left) times \(right) is not \(product)")
                    return
                }
            }
        }
    }

    @Test("the powers of 2 are all 255 bytes but 0, and 2^8 is 0x1D")
    func generator() {
        var power: UInt8 = 1
        var seen: Set<UInt8> = []
        for exponent in 0..<255 {
            if exponent == 8 { #expect(power == 0x1d) }
            seen.insert(power)
            power = GaloisField.product(power, 2)
        }
        #expect(power == 1)
        #expect(seen.count == 255 && !seen.contains(0))
    }

    @Test("products and inverses are those of another implementation")
    func published() throws {
        var (products, inverses) = (0, 0)
        for words in try table("codes") {
            let numbers = words.dropFirst().compactMap(UInt8.init)
            switch words[0] {
            case "product":
                #expect(GaloisField.product(numbers[0], numbers[1]) == numbers[2], "\(words)")
                products += 1
            case "inverse":
                #expect(GaloisField.inverse(numbers[0]) == numbers[1], "\(words)")
                inverses += 1
            default: continue
            }
        }
        #expect(products == 261 && inverses == 255)
    }

    @Test(
        "the generator is ISA-L's Cauchy matrix",
        arguments: [(1, 1), (10, 3), (20, 6), (200, 55), (1, 254), (254, 1)]
    )
    func cauchy(sources: Int, repairs: Int) {
        let code = BlockCode.reedSolomon(sources: sources, repairs: repairs)
        var theirs = [UInt8](repeating: 0, count: (sources + repairs) * sources)
        unsafe theirs.withUnsafeMutableBufferPointer {
            unsafe gf_gen_cauchy1_matrix($0.baseAddress, CInt(sources + repairs), CInt(sources))
        }
        let ours = (0..<repairs).flatMap { row in
            (0..<sources).map { code.coefficient(repair: row, source: $0) }
        }
        #expect(ours == Array(theirs[(sources * sources)...]))
    }
}
