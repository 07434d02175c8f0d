package import PlaitCore

/// Numbers left out at random, so that a peer which acknowledges what it has not received is found out.
///
/// One in 256 to 1,024 after the first, which comes among the first 256. The last `keptMax` are remembered: for older
/// ones the packets around them are mostly forgotten, and whoever claims a whole window claims some of the last ones
/// too.
package struct SkippedNumbers: ~Copyable {
    private let random: RandomStream
    private var next: UInt64
    private var draws: UInt64 = 0
    /// In ascending order.
    private var kept: RingBuffer<UInt64>

    package init(random: RandomStream) {
        self.random = random
        next = 16 + random.draw(0).uniform(below: 240)
        kept = RingBuffer(capacity: 2)
    }

    /// Whether `number` is to be left out; if so, it is remembered, and the next one is chosen.
    mutating func skips(_ number: UInt64) -> Bool {
        guard number == next else { return false }
        if kept.count == Self.keptMax { _ = kept.popFirst() }
        kept.append(number)
        draws += 1
        next = number + 256 + random.draw(draws).uniform(below: 768)
        return true
    }

    func contains(anyOf range: AckRange) -> Bool {
        var low = 0
        var high = kept.count
        while low < high {
            let middle = (low + high) / 2
            if kept[middle] < range.first { low = middle + 1 } else { high = middle }
        }
        return low < kept.count && kept[low] <= range.last
    }

    private static let keptMax = 16
}
