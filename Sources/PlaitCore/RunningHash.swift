/// 128 bits that fold everything observable, in order. Equal runs have equal hashes in any process and any build.
///
/// Each pair of words goes through one 64x64 to 128-bit product (whose halves are folded together) and one
/// multiplicative chain of its own, so that neither a zero operand nor a cancelled product hides a difference.
/// It tells runs apart; it is no defence against someone who wants two of them to collide.
@frozen public struct RunningHash: Hashable, Sendable {
    @usableFromInline var product: UInt64
    @usableFromInline var chain: UInt64

    @inlinable public init(seed: UInt64 = 0) {
        product = 0x9e37_79b9_7f4a_7c15 ^ seed
        chain = 0xd1b5_4a32_d192_ed03
    }

    @inlinable public mutating func fold(_ first: UInt64, _ second: UInt64) {
        let (high, low) = (product ^ first).multipliedFullWidth(by: second ^ 0xa076_1d64_78bd_642f)
        product = (high ^ low) &+ chain
        chain = (((chain ^ second) << 23 | (chain ^ second) >> 41) &+ first) &* 0x2545_f491_4f6c_dd1d
    }

    @inlinable public mutating func fold(_ event: TraceEvent) {
        let codes =
            UInt64(event.kind.rawValue) | UInt64(event.reason.rawValue) << 8 | UInt64(event.ecn.rawValue) << 16
            | UInt64(event.property.rawValue) << 24 | UInt64(event.length) << 32
        fold(UInt64(bitPattern: event.time.nanoseconds), codes, event.packet, event.detail)
    }

    /// Four words at once: two products side by side, each with the other's words added, so that a zero operand hides
    /// nothing and neither waits for the other.
    @inlinable mutating func fold(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) {
        let first = (product ^ a).multipliedFullWidth(by: b ^ 0xa076_1d64_78bd_642f)
        let second = (chain ^ c).multipliedFullWidth(by: d ^ 0xe703_7ed1_a0b4_28db)
        product = (first.high ^ first.low) &+ (d << 23 | d >> 41) &+ c &+ chain
        chain = (second.high ^ second.low) &+ (b << 41 | b >> 23) &+ a
    }

    public mutating func fold(_ other: RunningHash) { fold(other.product, other.chain) }

    public mutating func fold(_ text: String) {
        fold(UInt64(text.utf8.count), 0x7465_7874)
        for byte in text.utf8 { fold(UInt64(byte), 1) }
    }

    /// The two halves, mixed once more so that the last folded word reaches every bit.
    public var words: (high: UInt64, low: UInt64) {
        var last = self
        last.fold(product, chain)
        last.fold(chain, product)
        return (last.product, last.chain)
    }
}

extension RunningHash: CustomStringConvertible {
    /// 32 hexadecimal digits.
    public var description: String {
        func hex(_ word: UInt64) -> String {
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return hex(words.high) + hex(words.low)
    }
}
