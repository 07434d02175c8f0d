import PlaitCore

/// Loses exactly the packets whose numbers are listed: an experiment repeated to the packet.
final class ListedLoss: LossModel {
    /// Sorted, not overlapping.
    private let ranges: [ClosedRange<UInt64>]

    init(_ ranges: [ClosedRange<UInt64>]) {
        var merged: [ClosedRange<UInt64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    func loses(index: UInt64, at now: Instant) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < index { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(index)
    }

    static let registration = LossRegistration(
        signature: ModelSignature(
            name: "list",
            summary: "exactly the packets listed are lost, by their number on this direction, from 0",
            parameters: [.init("packets", .integers, required: true, "numbers of the packets to lose: [3, 7..9]")],
            shorthands: ["packets"]
        )
    ) { choice, _ in
        guard case .integers(let ranges)? = choice["packets"] else { return ListedLoss([]) }
        return ListedLoss(ranges)
    }
}
