import PlaitCore

/// When a key has done enough: what AEAD bounds and caution allow one generation.
package struct KeyLimits: Hashable, Sendable {
    package var packets: UInt64
    package var bytes: UInt64
    /// No packet more than so many, even if the next key may not be taken yet: the connection ends instead.
    package var packetsMax: UInt64

    /// 2^20 packets or 1 GiB, far below the 2^23 packets that AES-GCM allows (RFC 9001, section 6.6).
    package init(packets: UInt64 = 1 << 20, bytes: UInt64 = 1 << 30, packetsMax: UInt64 = 1 << 23) {
        self.packets = packets
        self.bytes = bytes
        self.packetsMax = packetsMax
    }
}

/// Seals the packets of one direction of a connection, and will not use a nonce twice.
///
/// The nonce is the IV, exclusive-or path id and packet number. Per path, each number must be larger than the last one;
/// a path has a dense slot, and a slot may pass on to another path only if that path was never sealed for before. That
/// is checked always: a repeated nonce gives away the plaintexts and, with them, the key that authenticates.
package struct SealingKey: ~Copyable {
    private let key: TrafficKey
    /// One per path in use, indexed by its slot.
    private var marks: [Mark] = []
    /// The largest path id that lost its slot to another. None that is not larger may come anew.
    private var retired: UInt32?
    /// What this generation has sealed.
    package private(set) var packetCount: UInt64 = 0
    /// Payload bytes that this generation has sealed.
    package private(set) var byteCount: UInt64 = 0
    /// How often the key was advanced.
    package private(set) var generation: UInt64 = 0

    private struct Mark {
        var path: UInt32
        /// The smallest number not ruled out.
        var next: UInt64
        var isUsed: Bool
    }

    /// - Precondition: A secret of 32 bytes, which the caller should wipe, and a suite that this machine has.
    package init(secret: RawSpan, suite: Suite, slab: KeySlab) {
        key = TrafficKey(secret: secret, suite: suite, slab: slab)
    }

    package var suite: Suite { key.suite }

    /// Whether it is time for the next generation.
    package func isSpent(_ limits: KeyLimits) -> Bool { packetCount >= limits.packets || byteCount >= limits.bytes }

    /// Whether a path may use a slot: it does already, or it is new and larger than every path that lost its slot.
    ///
    /// To be asked before a path that a peer proposed is given a slot; `seal` takes a `false` here for a bug.
    package func accepts(path: UInt32, in slot: Int) -> Bool {
        precondition(slot >= 0, "path slots are counted from 0")
        if slot < marks.count, marks[slot].isUsed, marks[slot].path == path { return true }
        if let retired, path <= retired { return false }
        for mark in marks where mark.isUsed && mark.path == path { return false }
        guard slot < marks.count, marks[slot].isUsed else { return true }
        return path > marks[slot].path
    }

    /// Seals a packet where it lies: `headerLength` bytes stay readable and are authenticated, `payloadLength` bytes
    /// after them are encrypted, and the tag follows.
    ///
    /// - Parameters:
    ///   - packet: Room for all of it, header and payload in place.
    ///   - headerLength: Where the payload starts.
    ///   - payloadLength: Where the tag will be, from there.
    ///   - path: The path's id on the wire.
    ///   - slot: The path's dense number, below a small bound: the marks are an array.
    ///   - number: Larger than the last one sealed on this path, or the process ends.
    /// - Returns: The packet's length, tag included.
    @_lifetime(packet: copy packet)
    package mutating func seal(
        _ packet: inout MutableRawSpan,
        headerLength: Int,
        payloadLength: Int,
        path: UInt32,
        slot: Int,
        number: UInt64
    ) -> Int {
        precondition(headerLength >= 0 && payloadLength >= 0, "lengths are counted from 0")
        let room = packet.byteCount - Cipher.tagLength
        precondition(headerLength <= room && payloadLength <= room - headerLength, "a packet sealed beyond its buffer")
        if slot >= 0, slot < marks.count, marks[slot].path == path, marks[slot].isUsed {
            precondition(number >= marks[slot].next, "a packet number that does not grow would repeat a nonce")
        } else {
            seat(path, in: slot)
        }
        precondition(number < .max, "the last packet number is never used")
        marks[slot].next = number + 1
        let nonce = key.nonce(path: path, number: number)
        unsafe packet.withUnsafeMutableBytes { packet in
            let header = unsafe UnsafeRawBufferPointer(rebasing: packet[..<headerLength])
            let text = unsafe packet.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self) + headerLength
            unsafe key.seal(text, count: payloadLength, header: ByteRun(header), nonce: nonce)
        }
        packetCount += 1
        byteCount += UInt64(payloadLength)
        return headerLength + payloadLength + Cipher.tagLength
    }

    /// The first packet of a path, or of another path in this slot.
    private mutating func seat(_ path: UInt32, in slot: Int) {
        precondition(accepts(path: path, in: slot), "a path id that comes back would repeat a nonce")
        while marks.count <= slot { marks.append(Mark(path: 0, next: 0, isUsed: false)) }
        if marks[slot].isUsed { retired = max(retired ?? 0, marks[slot].path) }
        marks[slot] = Mark(path: path, next: 0, isUsed: true)
    }

    /// Becomes the next generation; the old key is gone from memory. Numbers go on rising.
    package mutating func advance() {
        key.advance()
        generation += 1
        packetCount = 0
        byteCount = 0
    }

    /// This generation's traffic secret, for a simulation's key log.
    package var secret: RawSpan {
        @_lifetime(borrow self)
        get { key.secret }
    }
}
