import CSodium
import PlaitCore

/// Masks what a packet's header would tell an onlooker: RFC 9001, section 5.4.4, with ChaCha20 for every suite.
///
/// Expanded from generation 0's secret and kept through key updates, for the phase bit under the mask says which
/// generation a packet is.
package struct HeaderKey: ~Copyable {
    private let slab: KeySlab
    private let slot: KeySlab.Slot

    /// - Precondition: The 32-byte traffic secret of generation 0, which the caller should wipe.
    package init(secret: RawSpan, suite: Suite, slab: KeySlab) {
        precondition(secret.byteCount == 32, "a traffic secret is 32 bytes")
        let key = KeyLabel.header.expand(secret, count: 32, suite: suite)
        self.slab = slab
        slot = Self.fill(slab, with: key.bytes)
    }

    /// Of the 32-byte key itself.
    package init(key: RawSpan, slab: KeySlab) {
        precondition(key.byteCount == 32, "a header key is 32 bytes")
        self.slab = slab
        slot = Self.fill(slab, with: key)
    }

    private static func fill(_ slab: KeySlab, with key: RawSpan) -> KeySlab.Slot {
        let slot = slab.take(.small)
        var memory = unsafe MutableRawSpan(_unsafeStart: slot.memory, byteCount: slot.size.rawValue)
        memory.copy(key, at: 0)
        return slot
    }

    deinit { slab.give(slot) }

    /// The mask for a header whose packet has `sample` in its ciphertext: the first 16 bytes of the ChaCha20 block with
    /// the sample's first four bytes as counter and the others as nonce, as two big-endian words.
    ///
    /// - Precondition: A sample of 16 bytes.
    @inline(__always)
    package func mask(sample: RawSpan) -> (UInt64, UInt64) {
        precondition(sample.byteCount == 16, "a sample is 16 bytes")
        return unsafe ChaCha20.firstWords(key: slot.memory, sample: sample)
    }
}
