import CSodium

/// 128 bits that only the holder of a key can make for given bytes: what proves a cookie to be our own.
package struct MessageTag: Sendable {
    /// Bytes of a tag.
    package static var length: Int { 16 }

    private var first: UInt64
    private var second: UInt64

    /// BLAKE2b of 128 bits over `bytes` under `key` (RFC 7693, section 2.9). Allocates nothing.
    package init(of bytes: RawSpan, key: borrowing SecretKey) {
        Sodium.ready
        var words: (UInt64, UInt64) = (0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { output in
            unsafe Pointers.of(bytes, key.bytes, RawSpan(), RawSpan()) { bytes, key, _, _ in
                let status = unsafe crypto_generichash_blake2b(
                    output.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self),
                    Self.length,
                    bytes.start,
                    bytes.count,
                    key.start,
                    Int(key.count)
                )
                precondition(status == 0, "libsodium refuses only lengths that are constants here")
            }
        }
        (first, second) = words
    }

    /// As it arrived: 16 bytes from `place`, or `nil` if there are not as many.
    package init?(_ bytes: RawSpan, at place: Int = 0) {
        guard place >= 0, place <= bytes.byteCount - Self.length else { return nil }
        first = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
        second = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place + 8, as: UInt64.self)
    }

    /// Writes the 16 bytes to `place`.
    @_lifetime(target: copy target)
    package func write(into target: inout MutableRawSpan, at place: Int) {
        precondition(place >= 0 && place <= target.byteCount - Self.length, "a tag written outside")
        target.storeBytes(of: first, toByteOffset: place, as: UInt64.self)
        target.storeBytes(of: second, toByteOffset: place + 8, as: UInt64.self)
    }

    /// Whether both are the same, in constant time: how long it takes must not say how much of a forgery is right.
    package func equalsInConstantTime(_ other: MessageTag) -> Bool {
        (first ^ other.first) | (second ^ other.second) == 0
    }
}
