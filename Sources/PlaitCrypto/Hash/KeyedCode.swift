import CSodium
import PlaitCore

/// A short code that only the holder of a key can compute: BLAKE2b with a key and 16 bytes of output (RFC 7693).
package struct KeyedCode: Hashable, Sendable, BitwiseCopyable {
    package let high: UInt64
    package let low: UInt64

    /// The code of `bytes`. Allocates nothing: a flood of packets is answered with it.
    ///
    /// - Precondition: A key of 32 bytes.
    package init(key: RawSpan, _ bytes: RawSpan) {
        precondition(key.byteCount == 32, "the key of a code is 32 bytes")
        Sodium.ready
        var output: (UInt64, UInt64) = (0, 0)
        unsafe withUnsafeMutableBytes(of: &output) { output in
            unsafe key.withUnsafeBytes { key in
                unsafe bytes.withUnsafeBytes { bytes in
                    let status = unsafe crypto_generichash_blake2b(
                        output.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self),
                        16,
                        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                        UInt64(bytes.count),
                        key.baseAddress?.assumingMemoryBound(to: UInt8.self),
                        key.count
                    )
                    precondition(status == 0, "BLAKE2b takes any bytes")
                }
            }
        }
        high = UInt64(bigEndian: output.0)
        low = UInt64(bigEndian: output.1)
    }
}
