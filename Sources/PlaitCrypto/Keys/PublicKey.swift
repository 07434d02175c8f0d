import PlaitCore

/// The public half of a Curve25519 key pair: who somebody is. Anyone may know it.
package struct PublicKey: Hashable, Sendable, CustomStringConvertible {
    private let words: InlineWords

    /// Four words, so that equality and hashing are the compiler's.
    private struct InlineWords: Hashable, Sendable {
        let first: UInt64
        let second: UInt64
        let third: UInt64
        let fourth: UInt64
    }

    /// Bytes of a key.
    package static var length: Int { 32 }

    /// As on the wire.
    ///
    /// - Precondition: 32 bytes.
    package init(_ bytes: RawSpan) {
        precondition(bytes.byteCount == Self.length, "a public key of the wrong length")
        words = InlineWords(
            first: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self),
            second: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self),
            third: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 16, as: UInt64.self),
            fourth: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// The bytes as on the wire, by value.
    package var bytes: InlineArray<32, UInt8> {
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        var target = span.mutableRaw
        write(into: &target, at: 0)
        return bytes
    }

    /// Writes the bytes as on the wire to `place`.
    @_lifetime(target: copy target)
    package func write(into target: inout MutableRawSpan, at place: Int) {
        precondition(place >= 0 && place <= target.byteCount - Self.length, "a public key written outside")
        target.storeBytes(of: words.first, toByteOffset: place, as: UInt64.self)
        target.storeBytes(of: words.second, toByteOffset: place + 8, as: UInt64.self)
        target.storeBytes(of: words.third, toByteOffset: place + 16, as: UInt64.self)
        target.storeBytes(of: words.fourth, toByteOffset: place + 24, as: UInt64.self)
    }

    /// Base64, as in a key file.
    package var description: String { text }
}
