package import PlaitCore

/// Whole numbers from 0 to 2^62 - 1 in 1, 2, 4 or 8 bytes (RFC 9000, section 16).
///
/// The two top bits of the first byte say how many bytes there are. A longer form than needed is accepted, so that a
/// writer may leave room for a length that it learns later; only frame types must be as short as possible.
package enum Varint {
    package static let max: UInt64 = 1 << 62 - 1

    /// How many bytes `value` takes.
    ///
    /// - Precondition: `value` is at most `max`.
    @inline(__always)
    package static func length(_ value: UInt64) -> Int {
        precondition(value <= max, "a number above 2^62 - 1 has no form on the wire")
        if value < 1 << 6 { return 1 }
        if value < 1 << 14 { return 2 }
        return value < 1 << 30 ? 4 : 8
    }
}

extension ByteReader {
    /// Reads a number of 1, 2, 4 or 8 bytes. A failed read moves nothing.
    @_lifetime(self: copy self)
    package mutating func varint() throws(ByteError) -> UInt64 {
        var ahead = self
        let first: UInt8 = try ahead.integer()
        switch first >> 6 {
        case 0:
            self = ahead
            return UInt64(first)
        case 1: return UInt64(try integer(UInt16.self)) & (1 << 14 - 1)
        case 2: return UInt64(try integer(UInt32.self)) & (1 << 30 - 1)
        default: return try integer(UInt64.self) & Varint.max
        }
    }
}

extension ByteWriter {
    /// Writes a number in as few bytes as it takes. A failed write changes nothing.
    ///
    /// - Precondition: `value` is at most `Varint.max`.
    @_lifetime(self: copy self)
    package mutating func write(varint value: UInt64) throws(ByteError) {
        switch Varint.length(value) {
        case 1: try write(UInt8(truncatingIfNeeded: value))
        case 2: try write(UInt16(truncatingIfNeeded: value) | 1 << 14)
        case 4: try write(UInt32(truncatingIfNeeded: value) | 2 << 30)
        default: try write(value | 3 << 62)
        }
    }
}
