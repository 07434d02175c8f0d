import CSodium
import PlaitCore

/// Secret random bytes from a seed given as a value: the ChaCha20 keystream with fast key erasure.
///
/// Each batch's first 32 bytes become the next key, the rest is handed out and wiped, so that whoever reads the memory
/// later learns nothing about bytes handed out before. Equal seeds give equal bytes, which is how a simulation repeats
/// its handshakes; who needs real secrets passes 32 bytes of the operating system's generator.
package struct SecretStream: ~Copyable {
    /// The next key, then what is left of the batch; used bytes are zero.
    private var memory: SecretBytes
    /// The first byte of `memory` not handed out yet.
    private var position: Int

    private static var batch: Int { 512 }

    /// - Precondition: A seed of 32 bytes. The caller should wipe it.
    package init(seed: RawSpan, storage: SecretStorage = .guarded) {
        precondition(seed.byteCount == 32, "a secret stream's seed is 32 bytes")
        var memory = SecretBytes(count: Self.batch, storage: storage)
        var bytes = memory.mutableBytes
        bytes.copy(seed, at: 0)
        self.memory = memory
        position = Self.batch
    }

    /// A stream for simulation only: 64 bits are no secret. `name` says who asks, so that no two draw the same bytes.
    package init(simulationSeed: UInt64, name: String) {
        var hasher = Hasher(.blake2b)
        hasher.update("plait simulation secrets".utf8Span.span.raw)
        let word: InlineArray<1, UInt64> = [simulationSeed.littleEndian]
        hasher.update(unsafe word.span.bytes)
        hasher.update(name.utf8Span.span.raw)
        var seed = SecretBytes(count: HashFunction.blake2b.length)
        var bytes = seed.mutableBytes
        hasher.finish(into: &bytes)
        self.init(seed: seed.bytes.extracting(0..<32), storage: .heap)
    }

    /// Fills `target` with the next bytes.
    @_lifetime(target: copy target)
    package mutating func fill(_ target: inout MutableRawSpan) {
        var offset = 0
        while offset < target.byteCount {
            if position == Self.batch { refill() }
            let count = min(Self.batch - position, target.byteCount - offset)
            target.copy(memory.bytes.extracting(position..<position + count), at: offset)
            unsafe sodium_memzero(memory.address + position, count)
            position += count
            offset += count
        }
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        var word: InlineArray<8, UInt8> = [0, 0, 0, 0, 0, 0, 0, 0]
        var span = word.mutableSpan
        var bytes = span.mutableRaw
        fill(&bytes)
        return UInt64(littleEndian: unsafe word.span.raw.unsafeLoadUnaligned(as: UInt64.self))
    }

    private mutating func refill() {
        // The nonce may be constant: each key makes one batch.
        let nonce = InlineArray<12, UInt8>(repeating: 0)
        unsafe nonce.span.withUnsafeBufferPointer { nonce in
            let start = unsafe memory.address.assumingMemoryBound(to: UInt8.self)
            let key = unsafe SecretBytes(copying: RawSpan(_unsafeStart: memory.address, byteCount: 32))
            unsafe crypto_stream_chacha20_ietf(
                start,
                UInt64(Self.batch),
                nonce.baseAddress.unsafelyUnwrapped,
                key.address.assumingMemoryBound(to: UInt8.self)
            )
        }
        position = 32
    }
}
