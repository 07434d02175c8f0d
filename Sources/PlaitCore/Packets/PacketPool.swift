/// A packet's place in the pool while it exists in the network. Small, so that queues hold these.
@frozen public struct PacketSlot: Hashable, Sendable, BitwiseCopyable {
    public let index: UInt32
    @inlinable public init(_ index: UInt32) { self.index = index }

    /// Stored instead of `nil`.
    @inlinable public static var none: PacketSlot { PacketSlot(.max) }
    @inlinable public var isNone: Bool { index == .max }
}

/// What the network knows about a packet besides its bytes.
@frozen public struct PacketRecord: BitwiseCopyable, Sendable {
    /// Unique in the run; a copy has its own.
    public var serial: UInt64 = 0
    /// Stands for the bytes as they are now.
    public var digest: UInt64 = 0
    /// Its number among the packets offered to the direction it is on: what its fates there are drawn for.
    public var index: UInt64 = 0
    /// When it joined the queue of the direction it is on.
    public var enqueuedAt: Instant = .start
    public var source = SocketAddress(interface: 0, port: 0)
    public var destination = SocketAddress(interface: 0, port: 0)
    public var flow: Int32 = -1
    /// Bytes of UDP payload.
    public var length: UInt32 = 0
    public var ecn: ECN = .notCapable

    @inlinable public init() {}
}

/// Every packet in the network: records and bytes in slots that are reused, last given back first.
///
/// Grows by chunks that never move, so that a span of bytes stays valid while others are taken; in steady state nothing
/// is allocated.
@safe public struct PacketPool: ~Copyable {
    @usableFromInline var records: Table<PacketRecord>
    @usableFromInline var chunks: Table<UnsafeMutableRawPointer>
    @usableFromInline var free: Table<PacketSlot>
    @usableFromInline let slotSize: Int

    /// - Parameter largestPacket: Bytes of the longest packet that will ever be stored.
    public init(largestPacket: Int) {
        precondition(largestPacket > 0, "a pool of empty packets")
        slotSize = (largestPacket + 63) / 64 * 64
        records = Table(capacity: 256)
        unsafe chunks = Table(capacity: 16)
        free = Table(capacity: 256)
    }

    deinit {
        for index in unsafe chunks.indices { unsafe chunks[index].deallocate() }
    }

    /// Packets that exist now.
    public var count: Int { records.count - free.count }

    /// Room for one packet, in bytes.
    @inlinable public var capacity: Int { slotSize }

    @inlinable public mutating func take() -> PacketSlot {
        if let slot = free.popLast() { return slot }
        return addChunk()
    }

    @inlinable public mutating func give(_ slot: PacketSlot) { free.append(slot) }

    @inlinable public subscript(slot: PacketSlot) -> PacketRecord {
        unsafeAddress { unsafe UnsafePointer(records.base + checked(slot)) }
        unsafeMutableAddress { unsafe records.base + checked(slot) }
    }

    /// The packet's bytes, as long as its record says.
    @_lifetime(borrow self)
    @inlinable public func bytes(_ slot: PacketSlot) -> RawSpan {
        let length = Int(self[slot].length)
        let start = unsafe UnsafeRawBufferPointer(start: address(slot), count: length)
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: start), borrowing: self)
    }

    /// The whole slot, to be written to; the record's length says afterwards how much of it counts.
    @_lifetime(&self)
    @inlinable public mutating func storage(_ slot: PacketSlot) -> MutableRawSpan {
        let start = unsafe UnsafeMutableRawBufferPointer(start: address(slot), count: slotSize)
        return unsafe _overrideLifetime(MutableRawSpan(_unsafeBytes: start), mutating: &self)
    }

    /// A second packet with the same bytes and record. The caller gives it a serial of its own.
    public mutating func duplicate(_ slot: PacketSlot) -> PacketSlot {
        let copy = take()
        self[copy] = self[slot]
        unsafe address(copy).copyMemory(from: address(slot), byteCount: Int(self[slot].length))
        return copy
    }

    /// Inverts one bit, counted from the first byte's highest.
    public mutating func flip(bit: Int, of slot: PacketSlot) {
        precondition(bit >= 0 && bit < Int(self[slot].length) * 8, "no such bit")
        let byte = unsafe address(slot).assumingMemoryBound(to: UInt8.self) + bit / 8
        unsafe byte.pointee ^= 0x80 >> UInt8(bit % 8)
    }

    @inlinable func checked(_ slot: PacketSlot) -> Int {
        precondition(Int(slot.index) < records.count, "no such packet")
        return Int(slot.index)
    }

    @inlinable func address(_ slot: PacketSlot) -> UnsafeMutableRawPointer {
        let index = checked(slot)
        return unsafe chunks[index >> 8] + (index & 255) &* slotSize
    }

    /// Adds 256 slots and takes the first of them.
    @usableFromInline mutating func addChunk() -> PacketSlot {
        let first = records.count
        unsafe chunks.append(.allocate(byteCount: slotSize * 256, alignment: 64))
        for _ in 0..<256 { records.append(PacketRecord()) }
        for index in (first + 1..<first + 256).reversed() { free.append(PacketSlot(UInt32(index))) }
        return PacketSlot(UInt32(first))
    }
}
