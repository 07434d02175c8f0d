import PlaitCore
import PlaitReport
import PlaitScenario

/// The names that an `expect:` line can use, and the unit each is measured in. Checked before anything runs.
enum MetricName {
    enum Unit: String {
        case packets
        case count = "a whole number, such as 2"
        case bytes = "bytes, such as 1 MB"
        case share = "a share, such as 1 %"
        case rate = "a rate, such as 5 Mbps"
        case time = "a time, such as 20 ms"

        var wording: String { rawValue }
    }

    static let flows: [(name: String, unit: Unit)] = [
        ("sent", .packets), ("delivered", .packets), ("good", .packets), ("lost", .packets), ("duplicate", .packets),
        ("corrupted", .packets), ("loss", .share), ("goodput", .rate), ("complete", .time), ("delay.mean", .time),
        ("delay.min", .time), ("delay.max", .time), ("delay.p50", .time), ("delay.p95", .time), ("delay.p99", .time),
    ]

    static let links: [(name: String, unit: Unit)] =
        [
            ("offered", .packets), ("departed", .packets), ("arrived", .packets), ("copied", .packets),
            ("corrupted", .packets), ("marked", .packets), ("dropped", .packets), ("utilisation", .share),
            ("rate", .rate),
        ] + TraceEvent.DropReason.allCases.filter { !$0.isAtHost && $0 != .none }.map { ("drops.\($0.word)", .packets) }

    /// What is wrong with an expectation, or nil.
    static func objection(to expectation: Expectation, in scenario: Scenario) -> String? {
        let path = expectation.metric
        if WorkMetrics.families.contains(path[0]) { return WorkMetrics.objection(to: expectation, in: scenario) }
        guard path.count >= 3, path[0] == "flows" || path[0] == "links" else {
            return "there is no metric '\(path.joined(separator: "."))'; write flows.NAME.METRIC, "
                + "links.NAME.METRIC, or one of a workload: \(WorkMetrics.families.joined(separator: ", "))"
        }
        let isFlow = path[0] == "flows"
        let names = isFlow ? scenario.flows.map(\.name) : scenario.links.map(\.name)
        // A flow's name may hold a dot: `bulk.2`, the second of `count: 3`.
        guard let (name, rest) = split(path, names) else {
            return "there is no \(isFlow ? "flow" : "link") '\(path[1])'; there are \(names.joined(separator: ", "))"
        }
        var metric = rest
        if !isFlow, let heading = metric.first, heading.contains(">") {
            guard RunLabels(scenario).directions.contains(where: { $0.link == name && $0.heading == heading }) else {
                return "link '\(name)' has no direction '\(heading)'"
            }
            metric.removeFirst()
        }
        let known = isFlow ? flows : links
        guard let found = known.first(where: { $0.name == metric.joined(separator: ".") }) else {
            return "there is no metric '\(metric.joined(separator: "."))' of a \(isFlow ? "flow" : "link"); there are "
                + known.map(\.name).joined(separator: ", ")
        }
        return fits(found.unit, expectation.condition) ? nil : "\(found.name) is measured in \(found.unit.rawValue)"
    }

    /// The name in a path of which the parts may have been split at dots, and what follows it.
    static func split(_ path: [String], _ names: [String]) -> (name: String, rest: [String])? {
        for length in 1..<max(1, path.count - 1) {
            let name = path[1...length].joined(separator: ".")
            if names.contains(name) { return (name, Array(path[(length + 1)...])) }
        }
        return nil
    }

    static func fits(_ unit: Unit, _ condition: Expectation.Condition) -> Bool {
        switch (unit, condition) {
        case (_, .compare(_, .integer(0))): true
        case (.packets, .compare(_, .packets)), (.packets, .compare(_, .integer)): true
        case (.count, .compare(_, .integer)), (.bytes, .compare(_, .bytes)): true
        case (.share, .compare(_, .probability)): true
        case (.rate, .compare(_, .rate)): true
        case (.time, .compare(_, .interval)), (.time, .within): true
        default: false
        }
    }
}
