import CSodium

/// The authenticated ciphers of the suites: a key of 32 bytes, a nonce of 12, a tag of 16.
package enum Cipher: UInt8, Sendable, CaseIterable {
    /// ChaCha20-Poly1305 of RFC 8439.
    case chaChaPoly
    /// AES-256-GCM, which libsodium has only where the processor has AES and carry-less multiplication.
    case aesGCM

    /// Bytes that sealing adds.
    package static var tagLength: Int { 16 }
    package static var keyLength: Int { 32 }

    /// Whether this processor can do it.
    package var isAvailable: Bool {
        Sodium.ready
        return self == .chaChaPoly || crypto_aead_aes256gcm_is_available() == 1
    }

    /// As the Noise specification spells it in a protocol's name.
    package var name: String { self == .chaChaPoly ? "ChaChaPoly" : "AESGCM" }

    /// Seals `text` under a key used by hand: text and tag are written to the start of `output`.
    ///
    /// For keys that seal few things. Packets go through `SealingKey`, which sees to it that no nonce comes twice.
    ///
    /// - Returns: How many bytes were written.
    @_lifetime(output: copy output)
    package func seal(
        _ text: RawSpan,
        additional: RawSpan,
        nonce: Nonce,
        key: RawSpan,
        into output: inout MutableRawSpan
    ) -> Int {
        precondition(isAvailable && key.byteCount == Self.keyLength, "a cipher this machine lacks, or half a key")
        precondition(output.byteCount - Self.tagLength >= text.byteCount, "a sealed text is 16 bytes longer")
        unsafe output.withUnsafeMutableBytes { output in
            unsafe Pointers.of(text, additional, nonce.span, key) { text, additional, nonce, key in
                let target = unsafe output.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
                switch self {
                case .chaChaPoly:
                    unsafe crypto_aead_chacha20poly1305_ietf_encrypt(
                        target,
                        nil,
                        text.start,
                        text.count,
                        additional.start,
                        additional.count,
                        nil,
                        nonce.start,
                        key.start
                    )
                case .aesGCM:
                    unsafe crypto_aead_aes256gcm_encrypt(
                        target,
                        nil,
                        text.start,
                        text.count,
                        additional.start,
                        additional.count,
                        nil,
                        nonce.start,
                        key.start
                    )
                }
            }
        }
        return text.byteCount + Self.tagLength
    }

    /// Opens what `seal` made: the text is written to the start of `output`.
    ///
    /// - Returns: The length of the text, or `nil` if anything was changed on the way; `output` holds no text then.
    @_lifetime(output: copy output)
    package func open(
        _ sealed: RawSpan,
        additional: RawSpan,
        nonce: Nonce,
        key: RawSpan,
        into output: inout MutableRawSpan
    ) -> Int? {
        precondition(isAvailable && key.byteCount == Self.keyLength, "a cipher this machine lacks, or half a key")
        // Shorter than a tag: forged or cut off on the way.
        guard sealed.byteCount >= Self.tagLength else { return nil }
        let length = sealed.byteCount - Self.tagLength
        precondition(output.byteCount >= length, "an opened text needs its room")
        let status = unsafe output.withUnsafeMutableBytes { output in
            unsafe Pointers.of(sealed, additional, nonce.span, key) { sealed, additional, nonce, key in
                let target = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return switch self {
                case .chaChaPoly:
                    unsafe crypto_aead_chacha20poly1305_ietf_decrypt(
                        target,
                        nil,
                        nil,
                        sealed.start,
                        sealed.count,
                        additional.start,
                        additional.count,
                        nonce.start,
                        key.start
                    )
                case .aesGCM:
                    unsafe crypto_aead_aes256gcm_decrypt(
                        target,
                        nil,
                        nil,
                        sealed.start,
                        sealed.count,
                        additional.start,
                        additional.count,
                        nonce.start,
                        key.start
                    )
                }
            }
        }
        return status == 0 ? length : nil
    }
}
