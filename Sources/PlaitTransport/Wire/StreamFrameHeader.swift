package import PlaitCore

/// What stands in front of a stream's bytes. Offset 0 is left out; the length is always written.
package enum StreamFrameHeader {
    /// How many bytes it takes for so much data.
    package static func length(_ id: StreamID, offset: UInt64, dataLength: Int) -> Int {
        1 + Varint.length(id.value) + (offset == 0 ? 0 : Varint.length(offset)) + Varint.length(UInt64(dataLength))
    }

    /// The most data that fits, with its header, into `room` bytes; nil if not even the header of an empty frame does.
    package static func dataMax(_ id: StreamID, offset: UInt64, room: Int) -> Int? {
        let withoutLength = length(id, offset: offset, dataLength: 0) - 1
        let left = room - withoutLength
        guard left >= 1 else { return nil }
        // A longer length takes from what it counts: of 65 bytes, 63 are data whichever length is chosen.
        let byTwo = Swift.max(Swift.min(left - 1, 1 << 6 - 1), Swift.min(left - 2, 1 << 14 - 1))
        return Swift.max(byTwo, Swift.min(left - 4, 1 << 30 - 1))
    }
}

extension ByteWriter {
    /// Writes the header of a stream's next `length` bytes, which the caller writes right after it, all of them.
    ///
    /// False, and nothing written, if header and bytes do not fit together.
    @_lifetime(self: copy self)
    package mutating func writeStreamHeader(
        _ id: StreamID,
        offset: UInt64,
        length: Int,
        isLast: Bool
    ) -> Bool {
        precondition(UInt64(length) <= Varint.max - offset, "a stream has at most 2^62 - 1 bytes")
        guard StreamFrameHeader.length(id, offset: offset, dataLength: length) + length <= remaining else {
            return false
        }
        let type = FrameType.stream | (offset == 0 ? 0 : 4) | 2 | (isLast ? 1 : 0)
        put([type, id.value])
        if offset != 0 { put([offset]) }
        put([UInt64(length)])
        return true
    }

    /// Writes a whole stream frame, if it fits.
    @_lifetime(self: copy self)
    package mutating func writeStream(_ id: StreamID, offset: UInt64, bytes: RawSpan, isLast: Bool) -> Bool {
        guard writeStreamHeader(id, offset: offset, length: bytes.byteCount, isLast: isLast) else { return false }
        do throws(ByteError) { try write(bytes) } catch {
            preconditionFailure("a stream frame is measured before its first byte is written")
        }
        return true
    }
}
