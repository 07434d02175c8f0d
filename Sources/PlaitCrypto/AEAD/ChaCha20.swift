import CSodium

/// The block function of RFC 8439, section 2.3, for the few bytes of a header mask: setting up libsodium's stream for one
/// block takes longer than the block.
enum ChaCha20 {
    private typealias Row = SIMD4<UInt32>

    /// The first 16 bytes of the block that `sample` names, as two big-endian words.
    @inline(__always)
    static func firstWords(key: UnsafeRawPointer, sample: RawSpan) -> (UInt64, UInt64) {
        let first = Row(0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574)
        var a = first
        var b = unsafe key.loadUnaligned(as: Row.self)
        var c = unsafe key.loadUnaligned(fromByteOffset: 16, as: Row.self)
        var d = unsafe sample.unsafeLoadUnaligned(as: Row.self)
        for _ in 0..<10 {
            quarterRounds(&a, &b, &c, &d)
            b = Row(b[1], b[2], b[3], b[0])
            c = Row(c[2], c[3], c[0], c[1])
            d = Row(d[3], d[0], d[1], d[2])
            quarterRounds(&a, &b, &c, &d)
            b = Row(b[3], b[0], b[1], b[2])
            c = Row(c[2], c[3], c[0], c[1])
            d = Row(d[1], d[2], d[3], d[0])
        }
        let words = unsafe unsafeBitCast(a &+ first, to: SIMD2<UInt64>.self)
        return (words[0].byteSwapped, words[1].byteSwapped)
    }

    @inline(__always)
    private static func quarterRounds(_ a: inout Row, _ b: inout Row, _ c: inout Row, _ d: inout Row) {
        a &+= b
        d = rotated(d ^ a, by: 16)
        c &+= d
        b = rotated(b ^ c, by: 12)
        a &+= b
        d = rotated(d ^ a, by: 8)
        c &+= d
        b = rotated(b ^ c, by: 7)
    }

    @inline(__always)
    private static func rotated(_ row: Row, by bits: UInt32) -> Row {
        row &<< Row(repeating: bits) | row &>> Row(repeating: 32 - bits)
    }
}
