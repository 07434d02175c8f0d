/// A chance in whole parts per billion, so that `0.1 %` is exact and prints as it was written.
@frozen public struct Probability: Hashable, Sendable {
    public let partsPerBillion: UInt32

    public init(partsPerBillion: UInt32) {
        precondition(partsPerBillion <= 1_000_000_000, "a probability above one")
        self.partsPerBillion = partsPerBillion
    }

    public static let never = Probability(partsPerBillion: 0)
    public static let always = Probability(partsPerBillion: 1_000_000_000)

    public static func percent(_ count: UInt32) -> Probability { Probability(partsPerBillion: count * 10_000_000) }

    /// Whether an event of this probability happens for a uniform 64-bit draw.
    @inlinable public func happens(_ draw: UInt64) -> Bool {
        draw.multipliedFullWidth(by: 1_000_000_000).high < UInt64(partsPerBillion)
    }
}
