package import PlaitCore

/// One direction over the whole run.
package struct DirectionTotals: Sendable {
    package let counts: DirectionCounts
    package let end: Instant

    package init(counts: DirectionCounts, end: Instant) {
        self.counts = counts
        self.end = end
    }

    /// Departed bits per second.
    package var rate: Int64 { bitsPerSecond(counts.departed.bytes, from: .start, to: end) }
}

/// One flow, or all of them, over the whole run.
package struct FlowTotals: Sendable {
    package let counts: FlowCounts
    /// Quantiles of one-way delay in nanoseconds at 50, 95 and 99 percent; `nil` when nothing was delivered.
    package let quantiles: [Int64]?
    package let end: Instant

    init(_ counts: FlowCounts, _ histograms: DelayHistograms, _ places: Range<Int>, end: Instant) {
        self.counts = counts
        self.end = end
        quantiles = histograms.quantiles([50, 95, 99], of: places, largest: counts.delays.largest)
    }

    /// Good bits per second.
    package var goodput: Int64 { bitsPerSecond(counts.good.bytes, from: .start, to: end) }
}

/// What the meter has to say about a whole run.
package struct RunTotals: Sendable {
    package let ended: Instant
    package let traceEvents: UInt64
    /// At links and hosts.
    package let drops: DropCounts
    /// All flows together, and packets without one.
    package let flow: FlowTotals
    /// By `DirectionID.index`.
    package let directions: [DirectionTotals]
    /// By `FlowID.index`.
    package let flows: [FlowTotals]

    /// Queued, on a wire or at a paused host when the run ended.
    package var unfinishedPackets: UInt64 {
        let counts = flow.counts
        return counts.sent.packets + counts.copied.packets - counts.delivered.packets - counts.dropped.packets
    }
}

/// One row of `runs.csv`.
package struct RunSummary: Sendable {
    package let scenario: String
    package let seed: UInt64
    /// 32 hexadecimal digits.
    package let hash: String
    /// Events the simulator's engine executed.
    package let engineEvents: UInt64
    package let totals: RunTotals
    /// `nil` in a run without a workload.
    package let work: WorkReport?

    package init(
        scenario: String,
        seed: UInt64,
        hash: String,
        engineEvents: UInt64,
        totals: RunTotals,
        work: WorkReport? = nil
    ) {
        self.scenario = scenario
        self.seed = seed
        self.hash = hash
        self.engineEvents = engineEvents
        self.totals = totals
        self.work = work
    }
}
