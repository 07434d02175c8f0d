import CSodium

/// libsodium's own seal and open of a packet and nothing around them: the floor that packet keys are measured against.
///
/// Numbers are nonces here, and nobody watches them. Only for benches.
package struct CipherFloor: ~Copyable {
    private let cipher: Cipher
    /// The cipher's key, or AES's expanded one.
    private let key: SecretBytes

    /// - Precondition: A key of 32 bytes and a cipher that this machine has.
    package init(_ cipher: Cipher, key: RawSpan) {
        precondition(
            cipher.isAvailable && key.byteCount == Cipher.keyLength,
            "a cipher this machine lacks, or half a key"
        )
        self.cipher = cipher
        switch cipher {
        case .chaChaPoly: self.key = SecretBytes(copying: key)
        case .aesGCM:
            self.key = SecretBytes(count: MemoryLayout<crypto_aead_aes256gcm_state>.size)
            let raw = SecretBytes(copying: key)
            unsafe crypto_aead_aes256gcm_beforenm(
                self.key.address.assumingMemoryBound(to: crypto_aead_aes256gcm_state.self),
                raw.address.assumingMemoryBound(to: UInt8.self)
            )
        }
    }

    /// Seals all of `packet` but `headerLength` bytes before and 16 bytes after, where it lies.
    @_lifetime(packet: copy packet)
    package func seal(_ packet: inout MutableRawSpan, headerLength: Int, number: UInt64) {
        let nonce = Nonce(number: number, of: cipher)
        let place = unsafe key.address
        unsafe packet.withUnsafeMutableBytes { packet in
            unsafe nonce.span.withUnsafeBytes { nonce in
                let header = unsafe packet.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
                let text = unsafe header + headerLength
                let count = UInt64(packet.count - headerLength - Cipher.tagLength)
                let nonce = unsafe ByteRun(nonce).start
                switch cipher {
                case .chaChaPoly:
                    let key = unsafe place.assumingMemoryBound(to: UInt8.self)
                    unsafe crypto_aead_chacha20poly1305_ietf_encrypt(
                        text,
                        nil,
                        text,
                        count,
                        header,
                        UInt64(headerLength),
                        nil,
                        nonce,
                        key
                    )
                case .aesGCM:
                    let key = unsafe place.assumingMemoryBound(to: crypto_aead_aes256gcm_state.self)
                    unsafe crypto_aead_aes256gcm_encrypt_afternm(
                        text,
                        nil,
                        text,
                        count,
                        header,
                        UInt64(headerLength),
                        nil,
                        nonce,
                        key
                    )
                }
            }
        }
    }

    /// Opens what `seal` made into `output`, and says whether it verified.
    @_lifetime(output: copy output)
    package func open(
        _ packet: RawSpan,
        headerLength: Int,
        number: UInt64,
        into output: inout MutableRawSpan
    ) -> Bool {
        let nonce = Nonce(number: number, of: cipher)
        let place = unsafe key.address
        return unsafe output.withUnsafeMutableBytes { output in
            let text = unsafe output.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
            return unsafe packet.withUnsafeBytes { packet in
                unsafe nonce.span.withUnsafeBytes { nonce in
                    let header = unsafe ByteRun(packet).start
                    let sealed = unsafe header + headerLength
                    let count = UInt64(packet.count - headerLength)
                    let nonce = unsafe ByteRun(nonce).start
                    switch cipher {
                    case .chaChaPoly:
                        let key = unsafe place.assumingMemoryBound(to: UInt8.self)
                        return unsafe crypto_aead_chacha20poly1305_ietf_decrypt(
                            text,
                            nil,
                            nil,
                            sealed,
                            count,
                            header,
                            UInt64(headerLength),
                            nonce,
                            key
                        ) == 0
                    case .aesGCM:
                        let key = unsafe place.assumingMemoryBound(to: crypto_aead_aes256gcm_state.self)
                        return unsafe crypto_aead_aes256gcm_decrypt_afternm(
                            text,
                            nil,
                            nil,
                            sealed,
                            count,
                            header,
                            UInt64(headerLength),
                            nonce,
                            key
                        ) == 0
                    }
                }
            }
        }
    }
}
