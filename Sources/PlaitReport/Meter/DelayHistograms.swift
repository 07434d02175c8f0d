/// Quantiles of delays, one histogram a flow, with memory only for the magnitudes that occur.
///
/// A delay of v nanoseconds falls into a bucket that keeps its eight leading bits: for v < 256 the value itself, else
/// s = floor(log2 v) - 7 and bucket (s, floor(v / 2^s)). The q-quantile of n delays is the largest value of the bucket
/// that holds the ceil(q n)-th smallest one, but at most the largest delay seen: never below the exact
/// nearest-rank quantile, and less than 1/128 of it above.
struct DelayHistograms {
    private static let chunkCount = 58
    private static let chunkSize = 128

    /// For each histogram, where each magnitude's buckets start in `counts`, or -1.
    private var chunks: [Int32]
    private var counts: [UInt64] = []

    init(count: Int) { chunks = Array(repeating: -1, count: count * Self.chunkCount) }

    mutating func add(_ delay: Int64, to histogram: Int) {
        let value = UInt64(bitPattern: delay)
        let shift = max(0, 56 &- value.leadingZeroBitCount)
        let bucket = shift &* Self.chunkSize &+ Int(truncatingIfNeeded: value &>> UInt64(shift))
        let chunk = histogram &* Self.chunkCount &+ bucket &>> 7
        var start = chunks[chunk]
        if start < 0 {
            start = Int32(counts.count)
            chunks[chunk] = start
            counts.append(contentsOf: repeatElement(0, count: Self.chunkSize))
        }
        counts[Int(start) &+ bucket & 127] &+= 1
    }

    /// - Returns: The quantiles at `percents` of all delays of these histograms together; `nil` without any delay.
    func quantiles(_ percents: [UInt64], of histograms: Range<Int>, largest: Int64) -> [Int64]? {
        var merged = [UInt64](repeating: 0, count: Self.chunkCount * Self.chunkSize)
        for histogram in histograms {
            for chunk in 0..<Self.chunkCount {
                let start = Int(chunks[histogram * Self.chunkCount + chunk])
                guard start >= 0 else { continue }
                for place in 0..<Self.chunkSize { merged[chunk * Self.chunkSize + place] += counts[start + place] }
            }
        }
        let total = merged.reduce(0, +)
        guard total > 0 else { return nil }
        return percents.map { percent in
            let rank = max(1, (total * percent + 99) / 100)
            var seen: UInt64 = 0
            for bucket in merged.indices {
                seen += merged[bucket]
                if seen >= rank { return min(Self.largestValue(of: bucket), largest) }
            }
            preconditionFailure("fewer delays than were counted")
        }
    }

    private static func largestValue(of bucket: Int) -> Int64 {
        guard bucket >= 256 else { return Int64(bucket) }
        // The leading part runs from 128 to 255, so a bucket's number is its shift's start plus 128..255.
        let shift = (bucket >> 7) - 1
        let leading = UInt64(bucket - shift * chunkSize)
        return Int64(((leading + 1) << UInt64(shift)) - 1)
    }
}
