import PlaitCore
import PlaitReport
import PlaitScenario

/// The metrics of a workload. `results/METRICS.md` defines each; NAME is an item's.
///
///     transfer[.NAME].complete | goodput | bytes      of gets, puts and requests
///     streams[.NAME].count | complete | p50 | p95 | p99 | max | mean
///     datagrams[.NAME].sent | received | lost | late | refused | duplicate | loss | delay.p50 ...
///     handshake.time | count
///     connections.count | lost | closed                connection.closed: when the last one was
///     packets.lost | spurious      probes.timeouts     bytes.lost | retransmitted    keys.updates
///     paths...                                          see `PathMetrics`
enum WorkMetrics {
    /// The first names of a workload's metrics.
    static let families = [
        "transfer", "streams", "datagrams", "handshake", "connections", "connection", "packets", "probes", "bytes",
        "keys", PathMetrics.family,
    ]

    /// Those that may name an item in between.
    private static let ofItems = ["transfer", "streams", "datagrams"]

    static func metrics(of family: String) -> [(name: String, unit: MetricName.Unit)] {
        switch family {
        case "transfer": [("complete", .time), ("goodput", .rate), ("bytes", .bytes)]
        case "streams":
            [
                ("count", .count), ("complete", .count), ("mean", .time), ("p50", .time), ("p95", .time),
                ("p99", .time), ("max", .time),
            ]
        case "datagrams":
            [
                ("sent", .packets), ("received", .packets), ("lost", .packets), ("late", .packets),
                ("refused", .packets), ("duplicate", .packets), ("loss", .share), ("delay.mean", .time),
                ("delay.min", .time), ("delay.p50", .time), ("delay.p95", .time), ("delay.p99", .time),
                ("delay.max", .time),
            ]
        case "handshake": [("time", .time), ("count", .count)]
        case "connections": [("count", .count), ("lost", .count), ("closed", .count)]
        case "connection": [("closed", .time)]
        case "packets": [("lost", .packets), ("spurious", .packets)]
        case "probes": [("timeouts", .count)]
        case "bytes": [("lost", .bytes), ("retransmitted", .bytes)]
        case "keys": [("updates", .count)]
        default: []
        }
    }

    /// The item that a path names, if any, and the metric.
    private static func split(_ path: [String], _ items: [String]) -> (item: Int?, metric: String) {
        if path.count >= 3, ofItems.contains(path[0]), let item = items.firstIndex(of: path[1]) {
            return (item, path[2...].joined(separator: "."))
        }
        return (nil, path.dropFirst().joined(separator: "."))
    }

    /// What is wrong with an expectation of one of the families, or nil.
    static func objection(to expectation: Expectation, in scenario: Scenario) -> String? {
        let path = expectation.metric
        if path[0] == PathMetrics.family { return PathMetrics.objection(to: expectation, in: scenario) }
        guard !scenario.workload.isEmpty else {
            return "'\(path.joined(separator: "."))' speaks of a workload, and there is none: add workload:"
        }
        let known = metrics(of: path[0])
        let names = scenario.workload.map(\.name)
        let (item, metric) = split(path, names)
        guard let found = known.first(where: { $0.name == metric }) else {
            let items = ofItems.contains(path[0]) ? "; items are \(names.prefix(30).joined(separator: ", "))" : ""
            return "there is no metric '\(path.joined(separator: "."))'; \(path[0]) has "
                + known.map(\.name).joined(separator: ", ") + items
        }
        if let item {
            let isDatagrams = scenario.workload[item].work.kind == "datagrams"
            if isDatagrams != (path[0] == "datagrams") {
                return
                    "'\(names[item])' has no metrics of \(path[0]): it is a \(scenario.workload[item].work.kind) item"
            }
        }
        return MetricName.fits(found.unit, expectation.condition)
            ? nil : "\(found.name) is measured in \(found.unit.wording)"
    }

    /// Answers nil for a name that is no metric.
    static func value(_ path: [String], _ work: WorkReport, _ scenario: Scenario) -> Metrics.Value? {
        if path[0] == PathMetrics.family { return PathMetrics.value(path, work, scenario) }
        let (item, metric) = split(path, scenario.workload.map(\.name))
        guard metrics(of: path[0]).contains(where: { $0.name == metric }) else { return nil }
        switch path[0] {
        case "transfer": return transfer(metric, item, work, scenario)
        case "streams": return streams(metric, item, work, scenario)
        case "datagrams": return datagrams(metric, item, work)
        case "handshake":
            if metric == "count" { return .count(UInt64(work.handshakes.count)) }
            return work.handshakes.max().map { .time($0) } ?? .neverExercised("no handshake was completed")
        case "connections", "connection", "packets", "probes", "bytes", "keys":
            return connections(path[0], metric, work)
        default: return nil
        }
    }

    /// The items of gets, puts and requests that a metric speaks of.
    private static func items(_ item: Int?, _ scenario: Scenario) -> Set<Int> {
        if let item { return [item] }
        return Set(scenario.workload.indices.filter { scenario.workload[$0].work.kind != "datagrams" })
    }

    private static func transfer(
        _ metric: String,
        _ item: Int?,
        _ work: WorkReport,
        _ scenario: Scenario
    ) -> Metrics.Value {
        let own = items(item, scenario)
        let exchanges = work.exchanges.filter { own.contains($0.item) }
        guard !exchanges.isEmpty else { return .neverExercised("no transfer began") }
        switch metric {
        case "bytes": return .bytes(exchanges.reduce(0) { $0 + $1.goodUp + $1.goodDown })
        case "goodput": return .rate(work.goodput(of: own) ?? 0)
        default:
            let left = exchanges.count { $0.outcome != .complete }
            guard left == 0, own.allSatisfy({ work.finished[$0] }), let last = exchanges.map(\.completed).max(),
                let first = exchanges.map(\.start).min()
            else { return .neverExercised("\(left) of \(exchanges.count) exchanges did not complete") }
            return .time(last - first)
        }
    }

    private static func streams(
        _ metric: String,
        _ item: Int?,
        _ work: WorkReport,
        _ scenario: Scenario
    ) -> Metrics.Value {
        let own = items(item, scenario)
        if metric == "count" { return .count(UInt64(work.exchanges.count { own.contains($0.item) })) }
        let durations = work.durations(of: own)
        if metric == "complete" { return .count(UInt64(durations.count)) }
        guard let longest = durations.last else { return .neverExercised("no exchange was completed") }
        switch metric {
        case "mean":
            let sum = durations.reduce(into: DelaySum()) { sum, duration in sum.include(duration) }
            return .time(Interval(nanoseconds: sum.mean ?? 0))
        case "max": return .time(Interval(nanoseconds: longest))
        default:
            let percent = Int(metric.dropFirst()) ?? 100
            return .time(Interval(nanoseconds: nearestRank(percent, of: durations) ?? longest))
        }
    }

    private static func datagrams(_ metric: String, _ item: Int?, _ work: WorkReport) -> Metrics.Value? {
        let own = work.datagrams.filter { item == nil || $0.item == item }
        let sent = own.reduce(0) { $0 + $1.sent.packets }
        guard sent > 0 else { return .neverExercised("no datagram was sent") }
        let received = own.reduce(0) { $0 + $1.received.packets }
        switch metric {
        case "sent": return .packets(sent)
        case "received": return .packets(received)
        case "lost": return .packets(sent - received)
        case "late": return .packets(own.reduce(0) { $0 + $1.late })
        case "refused": return .packets(own.reduce(0) { $0 + $1.refused })
        case "duplicate": return .packets(own.reduce(0) { $0 + $1.duplicate })
        case "loss": return .share(part: sent - received, whole: sent)
        default:
            guard let record = own.first, own.count == 1 else {
                return .neverExercised("delays of several items are not one distribution: name one")
            }
            guard let quantiles = record.quantiles, let mean = record.delays.mean else {
                return .neverExercised("no datagram arrived")
            }
            let values = [
                "delay.mean": mean, "delay.min": record.delays.least, "delay.p50": quantiles[0],
                "delay.p95": quantiles[1], "delay.p99": quantiles[2], "delay.max": record.delays.largest,
            ]
            return values[metric].map { .time(Interval(nanoseconds: $0)) }
        }
    }

    private static func connections(_ family: String, _ metric: String, _ work: WorkReport) -> Metrics.Value? {
        let clients = work.connections.filter(\.isClient)
        guard !clients.isEmpty else { return .neverExercised("no connection began") }
        let closed = clients.filter { !$0.closed.isNever }
        switch (family, metric) {
        case ("connections", "count"): return .count(UInt64(clients.count))
        case ("connections", "lost"):
            return .count(UInt64(clients.count { $0.isLost }))
        case ("connections", "closed"): return .count(UInt64(closed.count))
        case ("connection", "closed"):
            guard closed.count == clients.count, let last = closed.map(\.closed).max() else {
                return .neverExercised("\(clients.count - closed.count) of \(clients.count) connections stayed open")
            }
            return .time(last - .start)
        case ("packets", "lost"): return .packets(work.sum(\.lostPackets))
        case ("packets", "spurious"): return .packets(work.sum(\.spuriousPackets))
        case ("probes", "timeouts"): return .count(work.sum(\.probeTimeouts))
        case ("bytes", "lost"):
            return work.goodBytes == 0 ? .neverExercised("no byte arrived") : .bytes(work.lostBytes)
        case ("bytes", "retransmitted"): return .bytes(work.sum(\.retransmittedBytes))
        case ("keys", "updates"): return .count(work.sum(\.keyUpdates))
        default: return nil
        }
    }
}
