import PlaitCore

/// Packet numbers that follow each other without a gap, both ends included.
package struct AckRange: Hashable, Sendable, BitwiseCopyable {
    package var first: UInt64
    package var last: UInt64

    package init(first: UInt64, last: UInt64) {
        self.first = first
        self.last = last
    }
}

/// How many packets arrived with each mark of RFC 3168, counted from the start of the path.
package struct ECNCounts: Hashable, Sendable, BitwiseCopyable {
    package var capable0: UInt64
    package var capable1: UInt64
    package var congestionExperienced: UInt64

    package init(capable0: UInt64, capable1: UInt64, congestionExperienced: UInt64) {
        self.capable0 = capable0
        self.capable1 = capable1
        self.congestionExperienced = congestionExperienced
    }
}

/// What a peer says it received on one path. Every range was checked when the frame was read.
package struct AckFrame: Hashable, Sendable {
    /// The path on which the acknowledged packets were sent; the frame itself may come on another.
    package var path: PathID
    package var largest: UInt64
    /// Microseconds that the receiver kept the largest number before it sent this.
    package var delay: UInt64
    /// At least 1, at most `rangesMax`.
    package var rangeCount: Int
    /// Where the ranges stand in the payload, for `AckRanges`.
    package var ranges: Range<Int>
    package var ecn: ECNCounts?

    package init(
        path: PathID,
        largest: UInt64,
        delay: UInt64,
        rangeCount: Int,
        ranges: Range<Int>,
        ecn: ECNCounts?
    ) {
        self.path = path
        self.largest = largest
        self.delay = delay
        self.rangeCount = rangeCount
        self.ranges = ranges
        self.ecn = ecn
    }

    /// A frame with more ranges is refused: 64 tell a sender enough, and a list that grows needs an end.
    package static let rangesMax = 64
}

/// Walks through the ranges of an ACK, the highest first; each ends at least two numbers above where the next one ends.
package struct AckRanges: ~Escapable {
    private var reader: ByteReader
    private var left: Int
    /// What the next range ends with, less the gap that its own bytes begin with.
    private var next: UInt64
    private var isFirst = true

    /// - Precondition: `frame` was read from this very payload.
    @_lifetime(copy payload)
    package init(_ frame: AckFrame, in payload: RawSpan) {
        reader = ByteReader(payload.extracting(frame.ranges))
        left = frame.rangeCount
        next = frame.largest
    }

    /// The next lower range, or nil after the lowest.
    @_lifetime(self: copy self)
    package mutating func nextRange() -> AckRange? {
        guard left > 0 else { return nil }
        left -= 1
        do throws(ByteError) {
            // Checked when the frame was read, so the differences do not go below zero; if the payload is another one
            // than the frame's, the trap is deserved.
            let last = isFirst ? next : next - (try reader.varint()) - 2
            let first = last - (try reader.varint())
            isFirst = false
            next = first
            return AckRange(first: first, last: last)
        } catch {
            preconditionFailure("the ranges of an ACK are read from the payload that the frame came from")
        }
    }
}
