import CSodium

/// The hash functions of the suites. Their raw values appear nowhere on the wire.
package enum HashFunction: UInt8, Sendable, CaseIterable {
    case sha256
    case sha512
    /// BLAKE2b with 64 bytes of output and no key.
    case blake2b

    /// Bytes of output: HASHLEN of the Noise specification.
    package var length: Int { self == .sha256 ? 32 : 64 }

    /// Bytes that one step takes in: BLOCKLEN, which HMAC pads its key to.
    package var blockLength: Int { self == .sha256 ? 64 : 128 }

    /// The longest output of any of them.
    package static var lengthMax: Int { 64 }

    /// As the Noise specification spells it in a protocol's name.
    package var name: String {
        switch self {
        case .sha256: "SHA256"
        case .sha512: "SHA512"
        case .blake2b: "BLAKE2b"
        }
    }

    /// The hash of `bytes`, written to the start of `output`.
    @_lifetime(output: copy output)
    package func hash(_ bytes: RawSpan, into output: inout MutableRawSpan) {
        var hasher = Hasher(self)
        hasher.update(bytes)
        hasher.finish(into: &output)
    }
}

/// A hash of bytes that come in pieces. Its state is wiped when it ends: under HMAC it stands for the key.
package struct Hasher: ~Copyable {
    private let function: HashFunction
    /// libsodium's state for `function`. BLAKE2b's wants an alignment that Swift's structs cannot have.
    private let state: SecretBytes

    /// Nothing taken in yet.
    package init(_ function: HashFunction) {
        self.function = function
        switch function {
        case .sha256:
            state = SecretBytes(count: MemoryLayout<crypto_hash_sha256_state>.size)
            unsafe crypto_hash_sha256_init(state.address.assumingMemoryBound(to: crypto_hash_sha256_state.self))
        case .sha512:
            state = SecretBytes(count: MemoryLayout<crypto_hash_sha512_state>.size)
            unsafe crypto_hash_sha512_init(state.address.assumingMemoryBound(to: crypto_hash_sha512_state.self))
        case .blake2b:
            state = SecretBytes(count: crypto_generichash_blake2b_statebytes())
            unsafe crypto_generichash_blake2b_init(OpaquePointer(state.address), nil, 0, 64)
        }
    }

    /// Takes in the next bytes.
    package mutating func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { bytes in
            let bytes = unsafe ByteRun(bytes)
            let state = unsafe state.address
            switch function {
            case .sha256:
                let state = unsafe state.assumingMemoryBound(to: crypto_hash_sha256_state.self)
                unsafe crypto_hash_sha256_update(state, bytes.start, bytes.count)
            case .sha512:
                let state = unsafe state.assumingMemoryBound(to: crypto_hash_sha512_state.self)
                unsafe crypto_hash_sha512_update(state, bytes.start, bytes.count)
            case .blake2b:
                unsafe crypto_generichash_blake2b_update(OpaquePointer(state), bytes.start, bytes.count)
            }
        }
    }

    /// The hash of all that came in, written to the start of `output`.
    @_lifetime(output: copy output)
    package consuming func finish(into output: inout MutableRawSpan) {
        precondition(output.byteCount >= function.length, "a hash needs more room")
        let state = unsafe state.address
        let function = function
        unsafe output.withUnsafeMutableBytes { output in
            let start = unsafe output.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
            switch function {
            case .sha256:
                let state = unsafe state.assumingMemoryBound(to: crypto_hash_sha256_state.self)
                unsafe crypto_hash_sha256_final(state, start)
            case .sha512:
                let state = unsafe state.assumingMemoryBound(to: crypto_hash_sha512_state.self)
                unsafe crypto_hash_sha512_final(state, start)
            case .blake2b:
                unsafe crypto_generichash_blake2b_final(OpaquePointer(state), start, 64)
            }
        }
    }
}
