import PlaitCore

/// The chaining key, the running hash and the cipher key of a handshake: section 5.2 of the Noise specification.
struct SymmetricState: ~Copyable {
    private let suite: NoiseSuite
    /// Chaining key, hash and cipher key, 64, 64 and 32 bytes apart, so that a copy is one move.
    private var memory: SecretBytes
    private var hasKey = false
    private var number: UInt64 = 0

    private var length: Int { suite.hash.length }

    private static var hashPlace: Int { 64 }
    private static var keyPlace: Int { 128 }

    init(protocolName: String, suite: NoiseSuite) {
        self.suite = suite
        memory = SecretBytes(count: Self.keyPlace + Cipher.keyLength)
        let name = protocolName.utf8Span.span.raw
        var hash = SecretBytes(count: HashFunction.lengthMax)
        var bytes = hash.mutableBytes
        if name.byteCount <= suite.hash.length { bytes.copy(name, at: 0) } else { suite.hash.hash(name, into: &bytes) }
        var target = memory.mutableBytes
        target.copy(bytes.bytes, at: 0)
        target.copy(bytes.bytes, at: Self.hashPlace)
    }

    /// Becomes the same as `other`.
    mutating func assign(from other: borrowing SymmetricState) {
        memory.assign(from: other.memory)
        hasKey = other.hasKey
        number = other.number
    }

    /// Zero, where a copy is no longer needed.
    mutating func wipe() { memory.wipe() }

    /// The running hash: what both sides have seen so far.
    var hash: RawSpan {
        @_lifetime(borrow self)
        get { memory.bytes.extracting(Self.hashPlace..<Self.hashPlace + length) }
    }

    /// Bytes that sealing adds now: none before the first key.
    var tagLength: Int { hasKey ? Cipher.tagLength : 0 }

    mutating func mixHash(_ bytes: RawSpan) {
        var hasher = Hasher(suite.hash)
        hasher.update(hash)
        hasher.update(bytes)
        let place = Self.hashPlace..<Self.hashPlace + length
        var target = memory.mutableBytes
        var hash = target._mutatingExtracting(place)
        hasher.finish(into: &hash)
    }

    mutating func mixKey(_ input: RawSpan) {
        let length = length
        let output = derive(input, count: 2)
        var target = memory.mutableBytes
        target.copy(output.bytes.extracting(0..<length), at: 0)
        install(output.bytes.extracting(length..<length + Cipher.keyLength))
    }

    mutating func mixKeyAndHash(_ input: RawSpan) {
        let length = length
        let output = derive(input, count: 3)
        var target = memory.mutableBytes
        target.copy(output.bytes.extracting(0..<length), at: 0)
        mixHash(output.bytes.extracting(length..<2 * length))
        install(output.bytes.extracting(2 * length..<2 * length + Cipher.keyLength))
    }

    /// The specification's HKDF: `count` outputs of the chaining key and `input`.
    private func derive(_ input: RawSpan, count: Int) -> SecretBytes {
        let hkdf = HKDF(suite.hash)
        var extracted = SecretBytes(count: length)
        var key = extracted.mutableBytes
        hkdf.extract(salt: memory.bytes.extracting(0..<length), input: input, into: &key)
        var output = SecretBytes(count: count * length)
        var bytes = output.mutableBytes
        hkdf.expand(key: extracted.bytes, info: RawSpan(), into: &bytes)
        return output
    }

    /// A hash longer than a key is cut off.
    private mutating func install(_ key: RawSpan) {
        var target = memory.mutableBytes
        target.copy(key, at: Self.keyPlace)
        hasKey = true
        number = 0
    }

    /// Writes `text` to the start of `output`, sealed if there is a key, and takes in what was written.
    @_lifetime(output: copy output)
    mutating func encryptAndHash(_ text: RawSpan, into output: inout MutableRawSpan) -> Int {
        guard hasKey else {
            output.copy(text, at: 0)
            mixHash(text)
            return text.byteCount
        }
        let count = suite.cipher.seal(
            text,
            additional: hash,
            nonce: Nonce(number: number, of: suite.cipher),
            key: memory.bytes.extracting(Self.keyPlace..<Self.keyPlace + Cipher.keyLength),
            into: &output
        )
        number += 1
        mixHash(output.bytes.extracting(0..<count))
        return count
    }

    /// Writes what is in `sealed` to the start of `output`. `nil`: it does not verify, and this state is of no use.
    @_lifetime(output: copy output)
    mutating func decryptAndHash(_ sealed: RawSpan, into output: inout MutableRawSpan) -> Int? {
        guard hasKey else {
            output.copy(sealed, at: 0)
            mixHash(sealed)
            return sealed.byteCount
        }
        let count = suite.cipher.open(
            sealed,
            additional: hash,
            nonce: Nonce(number: number, of: suite.cipher),
            key: memory.bytes.extracting(Self.keyPlace..<Self.keyPlace + Cipher.keyLength),
            into: &output
        )
        guard let count else { return nil }
        number += 1
        mixHash(sealed)
        return count
    }

    /// The two keys of the transport phase, the initiator's first.
    consuming func split() -> TrafficSecrets {
        let output = derive(RawSpan(), count: 2)
        return TrafficSecrets(
            initiatorToResponder: output.bytes.extracting(0..<Cipher.keyLength),
            responderToInitiator: output.bytes.extracting(length..<length + Cipher.keyLength)
        )
    }
}
