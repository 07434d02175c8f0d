import PlaitCore
import PlaitReport
import PlaitScenario

/// The numbers that an `expect:` line can name, read from a run's totals. `results/METRICS.md` defines each.
///
///     flows.NAME.sent | delivered | good | lost | duplicate | corrupted        packets
///     flows.NAME.loss                                                          lost / (sent + copied)
///     flows.NAME.goodput | delay.mean | .min | .max | .p50 | .p95 | .p99 | complete
///     links.NAME.offered | departed | arrived | copied | corrupted | marked | dropped | drops.REASON
///     links.NAME.utilisation | rate                                            of the busier direction
///     links.NAME.FROM>TO....                                                   one direction of it
struct Metrics {
    private let scenario: Scenario
    private let totals: RunTotals
    /// When each flow's source had everything across; nil for flows without an end, or that did not reach it.
    private let completions: [Instant?]
    private let work: WorkReport?

    init(_ scenario: Scenario, _ totals: RunTotals, completions: [Instant?], work: WorkReport? = nil) {
        self.scenario = scenario
        self.totals = totals
        self.completions = completions
        self.work = work
    }

    /// A number of a run, in its own unit.
    enum Value: Hashable {
        case packets(UInt64)
        case count(UInt64)
        case bytes(UInt64)
        /// `part` of `whole` things.
        case share(part: UInt64, whole: UInt64)
        case rate(Int64)
        case time(Interval)
        /// Nothing happened that the metric could speak of.
        case neverExercised(String)
    }

    /// Answers nil for a name that is no metric.
    func value(_ path: [String]) -> Value? {
        if let work, let family = path.first, WorkMetrics.families.contains(family) {
            return WorkMetrics.value(path, work, scenario)
        }
        guard path.count >= 3 else { return nil }
        switch path[0] {
        case "flows":
            guard let (name, rest) = MetricName.split(path, scenario.flows.map(\.name)) else { return nil }
            return scenario.flows.firstIndex { $0.name == name }.flatMap { flow($0, rest) }
        case "links":
            guard let (name, rest) = MetricName.split(path, scenario.links.map(\.name)) else { return nil }
            return scenario.links.firstIndex { $0.name == name }.flatMap { link($0, rest) }
        default:
            return nil
        }
    }

    private func flow(_ index: Int, _ path: [String]) -> Value? {
        let flow = totals.flows[index]
        let counts = flow.counts
        guard counts.sent.packets > 0 else {
            return Self.isFlowMetric(path) ? .neverExercised("the flow sent nothing") : nil
        }
        switch path.joined(separator: ".") {
        case "sent": return .packets(counts.sent.packets)
        case "delivered": return .packets(counts.delivered.packets)
        case "good": return .packets(counts.good.packets)
        case "lost": return .packets(counts.dropped.packets)
        case "duplicate": return .packets(counts.duplicate.packets)
        case "corrupted": return .packets(counts.corrupted.packets)
        case "loss": return .share(part: counts.dropped.packets, whole: counts.sent.packets + counts.copied.packets)
        case "goodput": return .rate(flow.goodput)
        case "complete":
            guard let completion = completions[index] else { return .neverExercised("it did not complete") }
            return .time(completion - .start - scenario.flows[index].start)
        default: return path.count == 2 && path[0] == "delay" ? delay(flow, path[1]) : nil
        }
    }

    private static func isFlowMetric(_ path: [String]) -> Bool {
        MetricName.flows.contains { $0.name == path.joined(separator: ".") }
    }

    private func delay(_ flow: FlowTotals, _ which: String) -> Value? {
        let delays = flow.counts.delays
        guard Self.isFlowMetric(["delay", which]) else { return nil }
        guard let mean = delays.mean, let quantiles = flow.quantiles else {
            return .neverExercised("nothing was delivered")
        }
        let nanoseconds: Int64? =
            switch which {
            case "mean": mean
            case "min": delays.least
            case "max": delays.largest
            case "p50": quantiles[0]
            case "p95": quantiles[1]
            case "p99": quantiles[2]
            default: nil
            }
        return nanoseconds.map { .time(Interval(nanoseconds: $0)) }
    }

    private func link(_ index: Int, _ path: [String]) -> Value? {
        var directions = [LinkID(index).forward, LinkID(index).backward]
        var path = path
        if let heading = path.first, heading.contains(">") {
            let names = RunLabels(scenario).directions
            directions = directions.filter { names[Int($0.index)].heading == heading }
            path.removeFirst()
        }
        guard !directions.isEmpty else { return nil }
        let picked = directions.map { totals.directions[Int($0.index)] }
        guard let metric = direction(picked, path) else { return nil }
        let offered = picked.reduce(0) { $0 + $1.counts.offered.packets }
        return offered == 0 ? .neverExercised("no packet was offered to the link") : metric
    }

    private func direction(_ picked: [DirectionTotals], _ path: [String]) -> Value? {
        func packets(_ count: (DirectionCounts) -> UInt64) -> Value {
            .packets(picked.reduce(0) { $0 + count($1.counts) })
        }
        switch path.joined(separator: ".") {
        case "offered": return packets { $0.offered.packets }
        case "departed": return packets { $0.departed.packets }
        case "arrived": return packets { $0.arrived.packets }
        case "copied": return packets { $0.copied.packets }
        case "corrupted": return packets { $0.corrupted.packets }
        case "marked": return packets { $0.marked.packets }
        case "dropped": return packets { $0.drops.total.packets }
        case "utilisation":
            let busy = picked.map { UInt64($0.counts.busy) }.max() ?? 0
            return .share(part: busy, whole: UInt64(max(1, (totals.ended - .start).nanoseconds)))
        case "rate": return .rate(picked.map(\.rate).max() ?? 0)
        default:
            guard path.count == 2, path[0] == "drops" else { return nil }
            let reason = TraceEvent.DropReason.allCases.first { $0.word == path[1] && !$0.isAtHost && $0 != .none }
            return reason.map { reason in packets { $0.drops[reason].packets } }
        }
    }
}
