import PlaitCore

/// The 96 bits that may occur only once under a key.
package struct Nonce: Sendable {
    private var bytes: InlineArray<12, UInt8>

    /// As given.
    ///
    /// - Precondition: Twelve bytes.
    package init(_ span: RawSpan) {
        precondition(span.byteCount == 12, "a nonce of the wrong length")
        bytes = InlineArray { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }

    /// A packet's: the IV, exclusive-or path id and packet number (draft-ietf-quic-multipath, section 2.4).
    ///
    /// - Precondition: An IV of twelve bytes.
    @inline(__always)
    package init(iv: RawSpan, path: UInt32, number: UInt64) {
        precondition(iv.byteCount == 12, "an IV of the wrong length")
        let high = unsafe iv.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)
        let low = unsafe iv.unsafeLoadUnaligned(fromByteOffset: 4, as: UInt64.self)
        bytes = InlineArray(repeating: 0)
        var span = bytes.mutableSpan
        var target = span.mutableRaw
        target.storeBytes(of: high ^ path.bigEndian, toByteOffset: 0, as: UInt32.self)
        target.storeBytes(of: low ^ number.bigEndian, toByteOffset: 4, as: UInt64.self)
    }

    /// A Noise message's: 32 zero bits and the number, little-endian for ChaCha20-Poly1305 and big-endian for AES-GCM
    /// (revision 34, sections 12.3 and 12.4).
    package init(number: UInt64, of cipher: Cipher) {
        let word = cipher == .chaChaPoly ? number.littleEndian : number.bigEndian
        bytes = InlineArray(repeating: 0)
        var span = bytes.mutableSpan
        var target = span.mutableRaw
        target.storeBytes(of: word, toByteOffset: 4, as: UInt64.self)
    }

    /// The twelve bytes.
    package var span: RawSpan {
        @_lifetime(borrow self)
        borrowing get { bytes.span.raw }
    }
}

/// Bytes as libsodium wants them.
@unsafe struct ByteRun {
    /// Of no bytes, too: libsodium's declarations do not allow for none.
    let start: UnsafePointer<UInt8>
    let count: UInt64

    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? Self.nowhere
        unsafe count = UInt64(bytes.count)
    }

    /// An address that is never read from.
    private static var nowhere: UnsafePointer<UInt8> { unsafe UnsafePointer(bitPattern: 1).unsafelyUnwrapped }
}

/// Four spans as pointers at once, so that a call of libsodium does not sit at the bottom of a staircase.
enum Pointers {
    @inline(__always)
    static func of<Result>(
        _ first: RawSpan,
        _ second: RawSpan,
        _ third: RawSpan,
        _ fourth: RawSpan,
        _ body: (ByteRun, ByteRun, ByteRun, ByteRun) -> Result
    ) -> Result {
        unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in
                unsafe third.withUnsafeBytes { third in
                    unsafe fourth.withUnsafeBytes { fourth in
                        unsafe body(ByteRun(first), ByteRun(second), ByteRun(third), ByteRun(fourth))
                    }
                }
            }
        }
    }
}
