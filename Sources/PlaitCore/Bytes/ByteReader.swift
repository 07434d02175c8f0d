/// A cursor over bytes that somebody else owns: reads forward, never past the end, and cannot outlive them.
///
/// Integers are big-endian, as on the wire. A failed read moves nothing.
@frozen public struct ByteReader: ~Escapable {
    /// All of them, read or not.
    @usableFromInline let bytes: RawSpan
    /// Never past the end.
    @usableFromInline var position: Int

    /// Starts before the first byte.
    @inlinable @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
        position = 0
    }

    /// How many bytes were read or skipped.
    @inlinable public var offset: Int { position }

    /// How many bytes are left.
    @inlinable public var remaining: Int { bytes.byteCount &- position }

    /// Reads a big-endian integer.
    @inlinable public mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
        _: T.Type = T.self
    ) throws(ByteError) -> T {
        let start = try advance(MemoryLayout<T>.size)
        return T(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: T.self))
    }

    /// Reads the next `count` bytes without copying them.
    @inlinable @_lifetime(copy self)
    public mutating func slice(_ count: Int) throws(ByteError) -> RawSpan {
        let start = try advance(count)
        return bytes.extracting(start..<start &+ count)
    }

    /// Reads all that is left without copying it; nothing is left then.
    @inlinable @_lifetime(copy self)
    public mutating func rest() -> RawSpan {
        let start = position
        position = bytes.byteCount
        return bytes.extracting(start..<position)
    }

    /// Passes over `count` bytes.
    @inlinable public mutating func skip(_ count: Int) throws(ByteError) {
        _ = try advance(count)
    }

    /// Moves the cursor, and says where it stood.
    @usableFromInline mutating func advance(_ count: Int) throws(ByteError) -> Int {
        precondition(count >= 0, "a cursor only moves forward")
        guard count <= remaining else { throw .truncated(needed: count, remaining: remaining) }
        let start = position
        position = start &+ count
        return start
    }
}
