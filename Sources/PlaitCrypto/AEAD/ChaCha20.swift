/// The block function of RFC 8439, section 2.3, for the few bytes of a header mask: setting up libsodium's stream for
/// one block takes longer than the block.
enum ChaCha20 {
    /// The first 16 bytes of the block that `sample` names, as two big-endian words.
    ///
    /// In plain registers: without the vector instructions that only newer processors have, four words side by side
    /// take longer to turn and to rotate than to compute.
    @inline(__always)
    static func firstWords(key: UnsafeRawPointer, sample: RawSpan) -> (UInt64, UInt64) {
        var (x0, x1, x2, x3): (UInt32, UInt32, UInt32, UInt32) = (0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574)
        var (x4, x5, x6, x7) = unsafe row(key, 0)
        var (x8, x9, x10, x11) = unsafe row(key, 16)
        var (x12, x13, x14, x15) = unsafe sample.withUnsafeBytes { unsafe row($0.baseAddress.unsafelyUnwrapped, 0) }
        for _ in 0..<10 {
            quarterRound(&x0, &x4, &x8, &x12)
            quarterRound(&x1, &x5, &x9, &x13)
            quarterRound(&x2, &x6, &x10, &x14)
            quarterRound(&x3, &x7, &x11, &x15)
            quarterRound(&x0, &x5, &x10, &x15)
            quarterRound(&x1, &x6, &x11, &x12)
            quarterRound(&x2, &x7, &x8, &x13)
            quarterRound(&x3, &x4, &x9, &x14)
        }
        x0 &+= 0x6170_7865
        x1 &+= 0x3320_646e
        x2 &+= 0x7962_2d32
        x3 &+= 0x6b20_6574
        return (
            UInt64(x0.byteSwapped) << 32 | UInt64(x1.byteSwapped),
            UInt64(x2.byteSwapped) << 32 | UInt64(x3.byteSwapped)
        )
    }

    /// Four little-endian words.
    @inline(__always)
    private static func row(_ memory: UnsafeRawPointer, _ place: Int) -> (UInt32, UInt32, UInt32, UInt32) {
        (
            UInt32(littleEndian: unsafe memory.loadUnaligned(fromByteOffset: place, as: UInt32.self)),
            UInt32(littleEndian: unsafe memory.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)),
            UInt32(littleEndian: unsafe memory.loadUnaligned(fromByteOffset: place + 8, as: UInt32.self)),
            UInt32(littleEndian: unsafe memory.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self))
        )
    }

    @inline(__always)
    private static func quarterRound(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32, _ d: inout UInt32) {
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
    private static func rotated(_ word: UInt32, by bits: UInt32) -> UInt32 { word &<< bits | word &>> (32 &- bits) }
}
