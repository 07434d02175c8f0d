import CSodium
import PlaitCore

// A key that seals many packets is prepared once: ChaCha20's is the key itself, AES's its expanded form of 512 bytes.
// Who keeps it gives its address; what is sealed and opened is told by pointers, since here every nanosecond is a
// packet's.
extension Cipher {
    /// How many bytes a prepared key takes, aligned to 16.
    var preparedLength: Int {
        self == .chaChaPoly ? Self.keyLength : MemoryLayout<crypto_aead_aes256gcm_state>.size
    }

    /// Makes 32 bytes of key ready for use at `place`.
    func prepare(_ key: borrowing SecretBytes, at place: UnsafeMutableRawPointer) {
        precondition(key.count == Self.keyLength, "a cipher key is 32 bytes")
        switch self {
        case .chaChaPoly: unsafe place.copyMemory(from: key.address, byteCount: Self.keyLength)
        case .aesGCM:
            unsafe crypto_aead_aes256gcm_beforenm(
                place.assumingMemoryBound(to: crypto_aead_aes256gcm_state.self),
                key.address.assumingMemoryBound(to: UInt8.self)
            )
        }
    }

    /// Seals `count` bytes at `text` where they lie; the tag follows them. The header is the additional data.
    @inline(__always)
    func seal(
        _ text: UnsafeMutablePointer<UInt8>,
        count: Int,
        header: ByteRun,
        nonce: Nonce,
        preparedKey place: UnsafeMutableRawPointer
    ) {
        unsafe nonce.span.withUnsafeBytes { nonce in
            let nonce = unsafe ByteRun(nonce).start
            switch self {
            case .chaChaPoly:
                let key = unsafe place.assumingMemoryBound(to: UInt8.self)
                unsafe crypto_aead_chacha20poly1305_ietf_encrypt(
                    text,
                    nil,
                    text,
                    UInt64(count),
                    header.start,
                    header.count,
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
                    UInt64(count),
                    header.start,
                    header.count,
                    nil,
                    nonce,
                    key
                )
            }
        }
    }

    /// Opens `sealed`, tag included, into `text`, and says whether it verified.
    @inline(__always)
    func open(
        _ sealed: ByteRun,
        header: ByteRun,
        nonce: Nonce,
        preparedKey place: UnsafeMutableRawPointer,
        into text: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        unsafe nonce.span.withUnsafeBytes { nonce in
            let nonce = unsafe ByteRun(nonce).start
            switch self {
            case .chaChaPoly:
                let key = unsafe place.assumingMemoryBound(to: UInt8.self)
                return unsafe crypto_aead_chacha20poly1305_ietf_decrypt(
                    text,
                    nil,
                    nil,
                    sealed.start,
                    sealed.count,
                    header.start,
                    header.count,
                    nonce,
                    key
                ) == 0
            case .aesGCM:
                let key = unsafe place.assumingMemoryBound(to: crypto_aead_aes256gcm_state.self)
                return unsafe crypto_aead_aes256gcm_decrypt_afternm(
                    text,
                    nil,
                    nil,
                    sealed.start,
                    sealed.count,
                    header.start,
                    header.count,
                    nonce,
                    key
                ) == 0
            }
        }
    }
}
