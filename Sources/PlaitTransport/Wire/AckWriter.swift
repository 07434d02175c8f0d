package import PlaitCore

extension ByteWriter {
    /// Writes an ACK with as many of the highest ranges as fit, and says how many those are; nil, and nothing
    /// written, if not even the highest one does.
    ///
    /// - Precondition: `ranges` is not empty, the highest first, at least one number missing between neighbours.
    @_lifetime(self: copy self)
    package mutating func writeAck(
        path: PathID,
        delay: UInt64,
        ranges: Span<AckRange>,
        ecn: ECNCounts? = nil,
        rangesMax: Int = 32
    ) -> Int? {
        precondition(!ranges.isEmpty, "an ACK says at least one range")
        precondition(rangesMax >= 1 && rangesMax <= AckFrame.rangesMax, "an ACK with more ranges would be refused")
        let highest = ranges[0]
        let type = ecn == nil ? FrameType.ack : FrameType.ackECN
        var length = Self.length([type, UInt64(path.value), highest.last, delay])
        // The count of further ranges is at most 63: one byte, whatever it turns out to be.
        length += 1 + Varint.length(highest.last - highest.first)
        if let ecn { length += Self.length([ecn.capable0, ecn.capable1, ecn.congestionExperienced]) }
        guard length <= remaining else { return nil }

        var count = 1
        while count < Swift.min(ranges.count, rangesMax) {
            let (gap, size) = Self.step(from: ranges[count - 1], to: ranges[count])
            length += Varint.length(gap) + Varint.length(size)
            guard length <= remaining else { break }
            count += 1
        }

        put([type, UInt64(path.value), highest.last, delay, UInt64(count - 1), highest.last - highest.first])
        for index in 1..<Swift.max(count, 1) {
            let (gap, size) = Self.step(from: ranges[index - 1], to: ranges[index])
            put([gap, size])
        }
        if let ecn { put([ecn.capable0, ecn.capable1, ecn.congestionExperienced]) }
        return count
    }

    /// What stands on the wire for a range below another one (RFC 9000, section 19.3.1).
    @inline(__always)
    private static func step(from upper: AckRange, to lower: AckRange) -> (gap: UInt64, size: UInt64) {
        precondition(lower.first <= lower.last && lower.last < upper.first, "ranges come the highest first")
        precondition(upper.first - lower.last >= 2, "neighbouring ranges are one range")
        return (upper.first - lower.last - 2, lower.last - lower.first)
    }
}
