/// GF(256): bytes as polynomials over GF(2), modulo x^8 + x^4 + x^3 + x^2 + 1 (0x11D), which has 2 as a generator.
///
/// Sums are exclusive ors. Products go by logarithms to the base 2; both tables are made at their first use.
package enum GaloisField {
    /// The reduction polynomial.
    package static let polynomial: UInt16 = 0x11d

    /// 2^i, twice over, so that a sum of two logarithms needs no reduction; and the logarithm of each byte but 0.
    private struct Tables: Sendable {
        var powers = InlineArray<510, UInt8>(repeating: 0)
        var logarithms = InlineArray<256, UInt8>(repeating: 0)

        init() {
            var power: UInt16 = 1
            for exponent in 0..<255 {
                powers[exponent] = UInt8(power)
                powers[exponent + 255] = UInt8(power)
                logarithms[Int(power)] = UInt8(exponent)
                power <<= 1
                if power > 0xff { power ^= GaloisField.polynomial }
            }
        }
    }

    private static let tables = Tables()

    /// The product of two bytes.
    package static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        guard left != 0, right != 0 else { return 0 }
        return tables.powers[Int(tables.logarithms[Int(left)]) + Int(tables.logarithms[Int(right)])]
    }

    /// What gives 1 when multiplied with `byte`.
    package static func inverse(_ byte: UInt8) -> UInt8 {
        precondition(byte != 0, "0 has no inverse")
        return tables.powers[255 - Int(tables.logarithms[Int(byte)])]
    }
}
