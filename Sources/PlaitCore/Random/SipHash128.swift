/// SipHash-2-4 with a 128-bit output: a keyed hash of short strings (Aumasson and Bernstein 2012, with the
/// double-length finalisation of the authors' reference implementation).
///
/// Swift's own `Hasher` is seeded per process, so its values may not decide anything that must repeat.
public struct SipHash128: Hashable, Sendable {
    /// The first eight bytes of the reference output, as a little-endian number.
    public let low: UInt64
    /// The last eight.
    public let high: UInt64

    /// Hashes `bytes` under the key `(key0, key1)`.
    public init(key0: UInt64, key1: UInt64, _ bytes: Span<UInt8>) {
        var state = State(key0, key1)
        let tail = bytes.count & ~7
        for offset in stride(from: 0, to: tail, by: 8) {
            state.absorb(Self.word(of: bytes, at: offset, count: 8))
        }
        // The last word carries what is left and, in its top byte, the length modulo 256.
        let last = Self.word(of: bytes, at: tail, count: bytes.count - tail)
        state.absorb(last | UInt64(truncatingIfNeeded: bytes.count) << 56)
        state.v2 ^= 0xEE
        for _ in 0..<4 { state.round() }
        low = state.folded
        state.v1 ^= 0xDD
        for _ in 0..<4 { state.round() }
        high = state.folded
    }

    /// Hashes the UTF-8 bytes of `text`.
    public init(key0: UInt64, key1: UInt64, _ text: String) {
        self.init(key0: key0, key1: key1, text.utf8.span)
    }

    private static func word(of bytes: Span<UInt8>, at offset: Int, count: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<count {
            word |= UInt64(bytes[offset + index]) << UInt64(8 * index)
        }
        return word
    }

    private struct State {
        var v0, v1, v2, v3: UInt64

        init(_ key0: UInt64, _ key1: UInt64) {
            // "somepseudorandomlygeneratedbytes", as the algorithm prescribes; 0xEE asks for the long output.
            v0 = 0x736F_6D65_7073_6575 ^ key0
            v1 = 0x646F_7261_6E64_6F6D ^ key1 ^ 0xEE
            v2 = 0x6C79_6765_6E65_7261 ^ key0
            v3 = 0x7465_6462_7974_6573 ^ key1
        }

        var folded: UInt64 { v0 ^ v1 ^ v2 ^ v3 }

        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func round() {
            v0 &+= v1
            v1 = rotated(v1, 13) ^ v0
            v0 = rotated(v0, 32)
            v2 &+= v3
            v3 = rotated(v3, 16) ^ v2
            v0 &+= v3
            v3 = rotated(v3, 21) ^ v0
            v2 &+= v1
            v1 = rotated(v1, 17) ^ v2
            v2 = rotated(v2, 32)
        }

        private func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 { word &<< count | word &>> (64 - count) }
    }
}
