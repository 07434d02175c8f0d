import PlaitCore

/// Opens the packets of one direction of a connection.
package struct OpeningKey: ~Copyable {
    private let key: TrafficKey
    /// Packets that did not verify under this generation: forgeries, for what anyone can tell.
    package private(set) var failureCount: UInt64 = 0
    /// How often the key was advanced before this one.
    package let generation: UInt64

    /// - Precondition: A secret of 32 bytes, which the caller should wipe, and a suite that this machine has.
    package init(secret: RawSpan, suite: Suite, slab: KeySlab) {
        key = TrafficKey(secret: secret, suite: suite, slab: slab)
        generation = 0
    }

    private init(_ key: consuming TrafficKey, generation: UInt64) {
        self.key = key
        self.generation = generation
    }

    package var suite: Suite { key.suite }

    /// Whether so many forgeries were tried that the cipher's integrity bound is near and the connection must end: 2^36
    /// with ChaCha20-Poly1305, 2^52 with AES-GCM (RFC 9001, section 6.6).
    package var isExhausted: Bool { failureCount >= (suite.noise.cipher == .chaChaPoly ? 1 << 36 : 1 << 52) }

    /// Opens a packet.
    ///
    /// - Parameters:
    ///   - packet: As it arrived.
    ///   - headerLength: Where the sealed payload starts in it.
    ///   - path: The path's id on the wire.
    ///   - number: The packet's whole number.
    ///   - header: The header without its protection: the additional data.
    ///   - output: Room for the payload, at least `packet` without header and tag. Not overlapping `packet`.
    /// - Returns: The payload's length, or `nil` if the packet does not verify. `output` holds nothing of use then.
    @_lifetime(output: copy output)
    package mutating func open(
        _ packet: RawSpan,
        headerLength: Int,
        path: UInt32,
        number: UInt64,
        header: RawSpan,
        into output: inout MutableRawSpan
    ) -> Int? {
        precondition(headerLength >= 0, "lengths are counted from 0")
        // Too short for a tag: nothing to verify, and so no attempt on the key.
        guard packet.byteCount - Cipher.tagLength >= headerLength else { return nil }
        let length = packet.byteCount - headerLength - Cipher.tagLength
        precondition(length <= output.byteCount, "an opened packet needs its room")
        let nonce = key.nonce(path: path, number: number)
        let isGenuine = unsafe output.withUnsafeMutableBytes { output in
            let target =
                unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                ?? UnsafeMutablePointer(bitPattern: 1).unsafelyUnwrapped
            return unsafe packet.extracting(headerLength...).withUnsafeBytes { sealed in
                unsafe header.withUnsafeBytes { header in
                    unsafe key.open(ByteRun(sealed), header: ByteRun(header), nonce: nonce, into: target)
                }
            }
        }
        guard isGenuine else {
            failureCount += 1
            return nil
        }
        return length
    }

    /// The next generation's key. This one stays, for packets that are still on their way.
    package func next() -> OpeningKey { OpeningKey(key.next(), generation: generation + 1) }

    /// This generation's traffic secret, for a simulation's key log.
    package var secret: RawSpan {
        @_lifetime(borrow self)
        get { key.secret }
    }
}
