import Glibc

/// How long one fetch took.
package struct PairTime: Hashable, Sendable {
    /// Virtual; the patience of the row when the fetch was not over by then.
    package let nanoseconds: Int64
    package let isComplete: Bool

    package init(nanoseconds: Int64, isComplete: Bool = true) {
        self.nanoseconds = nanoseconds
        self.isComplete = isComplete
    }
}

/// What the fetches of one row took, by contender and seed.
package struct PairTimes: Hashable, Sendable {
    package let seeds: ClosedRange<UInt64>
    /// The preset of the better path alone.
    package let single: String
    package let singleTimes: [PairTime]
    /// In the order of the table's columns, the one that is judged first.
    package var schedulers: [(name: String, times: [PairTime])] = []

    package init(
        seeds: ClosedRange<UInt64>,
        single: String,
        singleTimes: [PairTime],
        schedulers: [(name: String, times: [PairTime])] = []
    ) {
        self.seeds = seeds
        self.single = single
        self.singleTimes = singleTimes
        self.schedulers = schedulers
    }

    package static func == (one: PairTimes, other: PairTimes) -> Bool { one.text == other.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// Of the natural logarithms of seconds.
    static func meanLog(_ times: [PairTime]) -> Double {
        times.reduce(0) { $0 + log(Double($1.nanoseconds) / 1e9) } / Double(max(times.count, 1))
    }

    /// The geometric mean, in seconds.
    package static func mean(_ times: [PairTime]) -> Double { exp(meanLog(times)) }

    // MARK: As text

    /// A line a fetch: `contender,seed,nanoseconds,complete`.
    package var text: String {
        var text = "contender,seed,time_ns,complete\n"
        for (name, times) in [("alone: " + single, singleTimes)] + schedulers.map({ ($0.name, $0.times) }) {
            for (seed, time) in zip(seeds, times) {
                text += "\(name),\(seed),\(time.nanoseconds),\(time.isComplete)\n"
            }
        }
        return text
    }

    /// What `text` said; nil when it is of other seeds or schedulers, or is not whole.
    package init?(_ text: String, seeds: ClosedRange<UInt64>, schedulers: [String]) {
        let lines = text.split(separator: "\n").dropFirst()
        guard lines.count == seeds.count * (schedulers.count + 1) else { return nil }
        var names: [String] = []
        var columns: [[PairTime]] = []
        for (index, line) in lines.enumerated() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            guard cells.count == 4, UInt64(cells[1]) == seeds.lowerBound + UInt64(index % seeds.count),
                let nanoseconds = Int64(cells[2]), nanoseconds > 0, let isComplete = Bool(String(cells[3]))
            else { return nil }
            if index % seeds.count == 0 {
                names.append(String(cells[0]))
                columns.append([])
            }
            guard names.last == String(cells[0]) else { return nil }
            columns[columns.count - 1].append(PairTime(nanoseconds: nanoseconds, isComplete: isComplete))
        }
        guard names.dropFirst().elementsEqual(schedulers), let single = names.first, single.hasPrefix("alone: ") else {
            return nil
        }
        self.init(
            seeds: seeds,
            single: String(single.dropFirst(7)),
            singleTimes: columns[0],
            schedulers: zip(schedulers, columns.dropFirst()).map { (name: $0, times: $1) }
        )
    }
}
