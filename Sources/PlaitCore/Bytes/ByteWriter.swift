/// A cursor that fills bytes somebody else owns: writes forward, never past the end, and cannot outlive them.
///
/// Integers are big-endian, as on the wire. A failed write changes nothing.
@frozen public struct ByteWriter: ~Copyable, ~Escapable {
    /// All of them, written or not.
    @usableFromInline var bytes: MutableRawSpan
    /// Never past the end.
    @usableFromInline var position: Int

    /// Starts before the first byte.
    @inlinable @_lifetime(copy bytes)
    public init(_ bytes: consuming MutableRawSpan) {
        self.bytes = bytes
        position = 0
    }

    /// How many bytes were written, counted from the start of the target.
    @inlinable public var offset: Int { position }

    /// How many bytes there is still room for.
    @inlinable public var remaining: Int { bytes.byteCount &- position }

    /// Writes a big-endian integer.
    @inlinable @_lifetime(self: copy self)
    public mutating func write<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) throws(ByteError) {
        let start = try advance(MemoryLayout<T>.size)
        bytes.storeBytes(of: value.bigEndian, toByteOffset: start, as: T.self)
    }

    /// Writes a run of bytes.
    @inlinable @_lifetime(self: copy self)
    public mutating func write(_ source: RawSpan) throws(ByteError) {
        bytes.copy(source, at: try advance(source.byteCount))
    }

    /// Writes `byte` `count` times.
    @inlinable @_lifetime(self: copy self)
    public mutating func write(repeating byte: UInt8, count: Int) throws(ByteError) {
        let start = try advance(count)
        for place in start..<start &+ count { bytes.storeBytes(of: byte, toByteOffset: place, as: UInt8.self) }
    }

    /// Writes an integer over bytes already written: a length that is only known at the end.
    ///
    /// - Precondition: `place` and the integer's size lie within the first `offset` bytes.
    @inlinable @_lifetime(self: copy self)
    public mutating func overwrite<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at place: Int) {
        precondition(place >= 0 && place <= position &- MemoryLayout<T>.size, "only written bytes are overwritten")
        bytes.storeBytes(of: value.bigEndian, toByteOffset: place, as: T.self)
    }

    /// What was written so far.
    @inlinable public var written: RawSpan {
        @_lifetime(borrow self)
        get { bytes.bytes.extracting(0..<position) }
    }

    /// Moves the cursor, and says where it stood.
    @usableFromInline @_lifetime(self: copy self)
    mutating func advance(_ count: Int) throws(ByteError) -> Int {
        precondition(count >= 0, "a cursor only moves forward")
        guard count <= remaining else { throw .full(needed: count, remaining: remaining) }
        let start = position
        position = start &+ count
        return start
    }
}
