/// Philox4x64-10, a counter-based generator: a keyed mixing of 256-bit counters, without state (Salmon et al. 2011,
/// "Parallel random numbers: as easy as 1, 2, 3", section 4.3).
///
/// Equal counter and key give equal output, on any machine and in any order of asking. Different counters give output
/// that passes BigCrush as if it were independent.
@frozen public enum Philox4x64 {
    /// Four words: a counter, or the output for it. The least significant word of a counter is first.
    public typealias Block = (UInt64, UInt64, UInt64, UInt64)

    /// Ten rounds over `counter` under the key `(key0, key1)`.
    @inlinable public static func block(counter: Block, key0: UInt64, key1: UInt64) -> Block {
        var (c0, c1, c2, c3) = counter
        var (k0, k1) = (key0, key1)
        for _ in 0..<10 {
            let (high0, low0) = c0.multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
            let (high1, low1) = c2.multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
            (c0, c1, c2, c3) = (high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0)
            // Weyl sequences of the golden ratio and of the square root of 3, less 1.
            k0 &+= 0x9E37_79B9_7F4A_7C15
            k1 &+= 0xBB67_AE85_84CA_A73B
        }
        return (c0, c1, c2, c3)
    }
}
