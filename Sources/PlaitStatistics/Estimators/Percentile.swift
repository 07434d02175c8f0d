public import PlaitCore

/// Percentiles by nearest rank: always a value that occurred, and the same one everywhere.
///
/// The p-percentile of n sorted values is number `ceil(p n)`, counted from 1, and the first for p = 0. Computed in
/// integers: 0.95 * 20 is 19, not 19.000000000000004 and so 20.
public enum Percentile {
    /// The percentile of values in ascending order; nil if there are none.
    public static func nearestRank<Value: Comparable>(_ share: Probability, ofSorted values: [Value]) -> Value? {
        guard !values.isEmpty else { return nil }
        assert(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, "percentiles of unsorted values")
        let product = UInt64(share.partsPerBillion).multipliedFullWidth(by: UInt64(values.count))
        let (quotient, remainder) = (1_000_000_000 as UInt64).dividingFullWidth(product)
        let rank = Int(quotient) + (remainder > 0 ? 1 : 0)
        return values[max(rank, 1) - 1]
    }

    /// The percentile of values in any order; nil if there are none.
    public static func nearestRank<Value: Comparable>(_ share: Probability, of values: [Value]) -> Value? {
        nearestRank(share, ofSorted: values.sorted())
    }
}
