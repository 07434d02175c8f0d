import PlaitCore

/// One generation of one direction's packet key in a slot of the slab: the secret, and what is expanded from it.
///
///     secret ─ "plait key" ─▶ packet key         packet header mask: HeaderKey, from generation 0's secret
///            ─ "plait iv"  ─▶ IV, 12 bytes
///            ─ "plait ku"  ─▶ the next generation's secret
///
/// HKDF-Expand with the suite's hash and the label as info.
struct TrafficKey: ~Copyable {
    let suite: Suite
    private let slab: KeySlab
    private let slot: KeySlab.Slot

    // Where what lies in the slot. The cipher's key is last: AES's expanded key needs 512 bytes and their alignment.
    private static var secretPlace: Int { 0 }
    private static var ivPlace: Int { 32 }
    private static var keyPlace: Int { 64 }

    /// - Precondition: A secret of 32 bytes. The caller should wipe it.
    init(secret: RawSpan, suite: Suite, slab: KeySlab) {
        precondition(secret.byteCount == 32, "a traffic secret is 32 bytes")
        precondition(suite.isAvailable, "a suite that this machine lacks")
        self.suite = suite
        self.slab = slab
        slot = slab.take(suite.noise.cipher == .aesGCM ? .large : .small)
        expand(secret)
    }

    deinit { slab.give(slot) }

    /// The secret of this generation, for the key log of a simulation.
    var secret: RawSpan {
        @_lifetime(borrow self)
        get {
            unsafe _overrideLifetime(
                RawSpan(_unsafeStart: slot.memory + Self.secretPlace, byteCount: 32),
                borrowing: self
            )
        }
    }

    /// The nonce of a packet under this key.
    @inline(__always)
    func nonce(path: UInt32, number: UInt64) -> Nonce {
        let iv = unsafe RawSpan(_unsafeStart: slot.memory + Self.ivPlace, byteCount: 12)
        return Nonce(iv: iv, path: path, number: number)
    }

    /// Seals `count` bytes at `text` where they lie; the tag follows them. The header is the additional data.
    @inline(__always)
    func seal(_ text: UnsafeMutablePointer<UInt8>, count: Int, header: ByteRun, nonce: Nonce) {
        let key = unsafe slot.memory + Self.keyPlace
        unsafe suite.noise.cipher.seal(text, count: count, header: header, nonce: nonce, preparedKey: key)
    }

    /// Opens `sealed`, tag included, into `text`, and says whether it verified.
    @inline(__always)
    func open(_ sealed: ByteRun, header: ByteRun, nonce: Nonce, into text: UnsafeMutablePointer<UInt8>) -> Bool {
        let key = unsafe slot.memory + Self.keyPlace
        return unsafe suite.noise.cipher.open(sealed, header: header, nonce: nonce, preparedKey: key, into: text)
    }

    /// The key of the next generation, in a slot of its own.
    func next() -> TrafficKey {
        #if Mutants
            if Mutant.isPlanted(.updateKeepsKey) { return TrafficKey(secret: secret, suite: suite, slab: slab) }
        #endif
        let secret = KeyLabel.update.expand(secret, count: 32, suite: suite)
        return TrafficKey(secret: secret.bytes, suite: suite, slab: slab)
    }

    /// Becomes the next generation; nothing left in memory leads back to this one.
    func advance() {
        #if Mutants
            if Mutant.isPlanted(.updateKeepsKey) { return }
        #endif
        let secret = KeyLabel.update.expand(secret, count: 32, suite: suite)
        expand(secret.bytes)
    }

    private func expand(_ secret: RawSpan) {
        var memory = unsafe MutableRawSpan(_unsafeStart: slot.memory, byteCount: slot.size.rawValue)
        memory.copy(secret, at: Self.secretPlace)
        memory.copy(KeyLabel.iv.expand(secret, count: 12, suite: suite).bytes, at: Self.ivPlace)
        let key = KeyLabel.key.expand(secret, count: Cipher.keyLength, suite: suite)
        unsafe suite.noise.cipher.prepare(key, at: slot.memory + Self.keyPlace)
    }
}

/// What keeps the keys of one secret apart.
enum KeyLabel: String {
    case key = "plait key"
    case iv = "plait iv"
    case header = "plait hp"
    case update = "plait ku"
    case path = "plait path"

    /// HKDF-Expand of the suite's hash, with the label as info.
    func expand(_ secret: RawSpan, count: Int, suite: Suite) -> SecretBytes {
        var output = SecretBytes(count: count)
        var bytes = output.mutableBytes
        let label = rawValue
        HKDF(suite.noise.hash).expand(key: secret, info: label.utf8Span.span.raw, into: &bytes)
        return output
    }
}
