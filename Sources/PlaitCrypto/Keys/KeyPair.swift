import CSodium
import PlaitCore

/// 32 secret bytes that live long: a static key's private half, or the key of tickets or cookies.
package struct SecretKey: ~Copyable {
    private let secret: SecretBytes

    /// Bytes of a key.
    package static var length: Int { 32 }

    /// A copy of 32 bytes, which the caller should wipe.
    package init(copying bytes: RawSpan, storage: SecretStorage = .guarded) {
        precondition(bytes.byteCount == Self.length, "a secret key of the wrong length")
        secret = SecretBytes(copying: bytes, storage: storage)
    }

    /// The next 32 bytes of `stream`.
    package init(from stream: inout SecretStream, storage: SecretStorage = .guarded) {
        var secret = SecretBytes(count: Self.length, storage: storage)
        var bytes = secret.mutableBytes
        stream.fill(&bytes)
        self.secret = secret
    }

    /// The key itself, for as long as its owner is not touched.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get { secret.bytes }
    }

    /// Where it really lies.
    package var storage: SecretStorage { secret.storage }
}

/// A Curve25519 key pair.
package struct KeyPair: ~Copyable {
    /// May be shown to anyone.
    package let publicKey: PublicKey
    /// Never leaves this process but into a key file.
    package let secret: SecretKey

    /// The pair of 32 secret bytes, which the caller should wipe.
    package init(copying secret: RawSpan, storage: SecretStorage = .guarded) {
        self.init(SecretKey(copying: secret, storage: storage))
    }

    /// A new pair of the next 32 bytes of `stream`.
    package init(from stream: inout SecretStream, storage: SecretStorage = .guarded) {
        self.init(SecretKey(from: &stream, storage: storage))
    }

    private init(_ secret: consuming SecretKey) {
        publicKey = X25519.publicKey(of: secret.bytes)
        self.secret = secret
    }

    /// The same pair again, for a second owner.
    package func copy(storage: SecretStorage = .guarded) -> KeyPair {
        KeyPair(publicKey: publicKey, secret: SecretKey(copying: secret.bytes, storage: storage))
    }

    private init(publicKey: PublicKey, secret: consuming SecretKey) {
        self.publicKey = publicKey
        self.secret = secret
    }
}

/// Diffie-Hellman on Curve25519 (RFC 7748).
package enum X25519 {
    /// The public half of 32 secret bytes.
    package static func publicKey(of secret: RawSpan) -> PublicKey {
        precondition(secret.byteCount == SecretKey.length, "a secret key of the wrong length")
        Sodium.ready
        var output = InlineArray<32, UInt8>(repeating: 0)
        var span = output.mutableSpan
        unsafe span.withUnsafeMutableBufferPointer { output in
            unsafe secret.withUnsafeBytes { secret in
                let run = unsafe ByteRun(secret)
                let status = unsafe crypto_scalarmult_curve25519_base(
                    output.baseAddress.unsafelyUnwrapped,
                    run.start
                )
                precondition(status == 0, "libsodium makes a public key of any 32 bytes")
            }
        }
        return PublicKey(output.span.raw)
    }

    /// What both sides know in common, 32 bytes at the start of `output`.
    ///
    /// - Returns: Whether `publicKey` is any good. A point of low order gives zero for every secret: whoever sends one
    ///   would know the result, so it is refused (RFC 7748, section 6.1).
    @_lifetime(output: copy output)
    package static func agree(
        secret: RawSpan,
        publicKey: PublicKey,
        into output: inout MutableRawSpan
    ) -> Bool {
        precondition(secret.byteCount == SecretKey.length, "a secret key of the wrong length")
        precondition(output.byteCount >= SecretKey.length, "an agreement needs 32 bytes of room")
        Sodium.ready
        let point = publicKey.bytes
        return unsafe output.withUnsafeMutableBytes { output in
            unsafe Pointers.of(secret, point.span.raw, RawSpan(), RawSpan()) { secret, point, _, _ in
                unsafe crypto_scalarmult_curve25519(
                    output.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self),
                    secret.start,
                    point.start
                ) == 0
            }
        }
    }
}
