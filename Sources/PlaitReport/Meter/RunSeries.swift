import PlaitCore

/// The time series of a run, kept for pictures: for each interval the few numbers that they show.
package final class RunSeries: SampleObserver {
    /// One direction in one interval, or in several intervals taken together.
    package struct Point: Sendable {
        package var departedBytes: UInt64 = 0
        /// At the end.
        package var queueBytes: UInt64 = 0
        package var queueMaxBytes: UInt64 = 0
        /// Packets, by `DropReason.onLinks`.
        package var drops = InlineArray<7, UInt64>(repeating: 0)

        package init() {}
    }

    /// Where each interval ends; the first one starts at zero.
    package private(set) var ends: [Int64] = []
    /// By direction, then by interval.
    package private(set) var directions: [[Point]]
    /// Good bytes by flow, then by interval.
    package private(set) var flows: [[UInt64]]

    package init(labels: RunLabels) {
        directions = Array(repeating: [], count: labels.directions.count)
        flows = Array(repeating: [], count: labels.flows.count)
    }

    package func observe(_ sample: DirectionSample) {
        note(sample.end)
        var point = Point()
        point.departedBytes = sample.counts.departed.bytes
        point.queueBytes = sample.queue.bytes
        point.queueMaxBytes = sample.counts.queueMax.bytes
        for (place, reason) in TraceEvent.DropReason.onLinks.enumerated() {
            point.drops[place] = sample.counts.drops[reason].packets
        }
        directions[Int(sample.direction.index)].append(point)
    }

    package func observe(_ sample: FlowSample) {
        note(sample.end)
        flows[Int(sample.flow.index)].append(sample.counts.good.bytes)
    }

    private func note(_ end: Instant) {
        if ends.last != end.nanoseconds { ends.append(end.nanoseconds) }
    }

    /// Consecutive intervals, taken together so that there are at most `limit` groups.
    package func groups(atMost limit: Int) -> [Group] {
        let size = max(1, (ends.count + limit - 1) / limit)
        return stride(from: 0, to: ends.count, by: size).map { first in
            let last = min(first + size, ends.count)
            return Group(intervals: first..<last, start: first == 0 ? 0 : ends[first - 1], end: ends[last - 1])
        }
    }

    /// Some intervals that are shown as one.
    package struct Group: Sendable {
        package let intervals: Range<Int>
        /// In nanoseconds.
        package let start: Int64
        package let end: Int64

        /// Bits per second that `bytes` are over this time.
        package func rate(_ bytes: UInt64) -> UInt64 {
            UInt64(bitsPerSecond(bytes, from: Instant(nanoseconds: start), to: Instant(nanoseconds: end)))
        }
    }

    /// Everything that happened on a direction in a group.
    package func point(_ direction: Int, _ group: Group) -> Point {
        var sum = Point()
        for interval in group.intervals {
            let point = directions[direction][interval]
            sum.departedBytes += point.departedBytes
            sum.queueBytes = point.queueBytes
            sum.queueMaxBytes = max(sum.queueMaxBytes, point.queueMaxBytes)
            for place in 0..<7 { sum.drops[place] += point.drops[place] }
        }
        return sum
    }
}
