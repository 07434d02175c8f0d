/// Bits per second. A link without a rate is `unlimited`: serialisation takes no time.
@frozen public struct Rate: Hashable, Sendable {
    /// Zero stands for unlimited, so that the value stays 8 bytes.
    public let bitsPerSecond: UInt64

    @inlinable public init(bitsPerSecond: UInt64) { self.bitsPerSecond = bitsPerSecond }

    @inlinable public static var unlimited: Rate { Rate(bitsPerSecond: 0) }
    @inlinable public var isUnlimited: Bool { bitsPerSecond == 0 }

    @inlinable public static func kilobits(_ count: UInt64) -> Rate { Rate(bitsPerSecond: count * 1_000) }
    @inlinable public static func megabits(_ count: UInt64) -> Rate { Rate(bitsPerSecond: count * 1_000_000) }
    @inlinable public static func gigabits(_ count: UInt64) -> Rate { Rate(bitsPerSecond: count * 1_000_000_000) }

    /// How long `byteCount` bytes occupy the wire, rounded up to a whole nanosecond.
    public func serialisation(of byteCount: Int) -> Interval {
        precondition(byteCount >= 0, "a packet has no negative length")
        guard !isUnlimited else { return .zero }
        let (high, low) = (UInt64(byteCount) * 8).multipliedFullWidth(by: 1_000_000_000)
        let (quotient, remainder) = bitsPerSecond.dividingFullWidth((high % bitsPerSecond, low))
        return Interval(nanoseconds: Int64(quotient) + (remainder > 0 ? 1 : 0))
    }
}
