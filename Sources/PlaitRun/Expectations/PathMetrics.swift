import PlaitCore
import PlaitReport
import PlaitScenario

/// The metrics of a workload's paths; `results/METRICS.md` defines each. NAME is the client's link of a path.
///
///     paths.count                                          validated, of all connections
///     paths.failover.gap                                   from the first cut or failure on
///     paths.NAME.sent | share | noticed | vacated | restored
enum PathMetrics {
    static let family = "paths"

    static let ofAll: [(name: String, unit: MetricName.Unit)] = [("count", .count), ("failover.gap", .time)]

    static let ofLink: [(name: String, unit: MetricName.Unit)] = [
        ("sent", .bytes), ("share", .share), ("noticed", .time), ("vacated", .time), ("restored", .time),
    ]

    /// What is wrong with an expectation about paths, or nil.
    static func objection(to expectation: Expectation, in scenario: Scenario) -> String? {
        let path = expectation.metric
        let written = path.joined(separator: ".")
        guard !scenario.workload.isEmpty else {
            return "'\(written)' speaks of a workload, and there is none: add workload:"
        }
        let rest = path.dropFirst().joined(separator: ".")
        if let found = ofAll.first(where: { $0.name == rest }) { return mismatch(found, expectation) }
        guard let link = path.dropFirst().first, let index = scenario.links.firstIndex(where: { $0.name == link })
        else {
            return "there is no metric '\(written)'; paths has \(ofAll.map(\.name).joined(separator: ", "))"
                + " and NAME.\(ofLink.map(\.name).joined(separator: ", NAME."))"
        }
        let ends = [scenario.links[index].first, scenario.links[index].second]
        guard scenario.workload.contains(where: { ends.contains($0.client) }) else {
            return "no path is called '\(link)': paths are named by the links of clients"
        }
        guard let found = ofLink.first(where: { $0.name == path.dropFirst(2).joined(separator: ".") }) else {
            return "there is no metric '\(written)'; a path has \(ofLink.map(\.name).joined(separator: ", "))"
        }
        return mismatch(found, expectation)
    }

    private static func mismatch(_ found: (name: String, unit: MetricName.Unit), _ expectation: Expectation) -> String?
    {
        MetricName.fits(found.unit, expectation.condition)
            ? nil : "\(found.name) is measured in \(found.unit.wording)"
    }

    /// Answers nil for a name that is no metric.
    static func value(_ path: [String], _ work: WorkReport, _ scenario: Scenario) -> Metrics.Value? {
        switch path.dropFirst().joined(separator: ".") {
        case "count":
            guard !work.pathRecords.isEmpty else { return .neverExercised("no connection was established") }
            return .count(UInt64(work.pathRecords.count { $0.isClient && !$0.validated.isNever }))
        case "failover.gap":
            let longest = work.gaps.compactMap(\.longest).max()
            return longest.map { .time($0) } ?? .neverExercised("no path was cut or failed while somebody waited")
        default: break
        }
        guard path.count == 3, let link = scenario.links.firstIndex(where: { $0.name == path[1] }) else { return nil }
        let course = LinkCourse(link, work, scenario)
        guard ofLink.contains(where: { $0.name == path[2] }) else { return nil }
        guard course.wasOpened else { return .neverExercised("no path over '\(path[1])' was validated") }
        switch path[2] {
        case "sent": return .bytes(course.sentBytes)
        case "share":
            guard course.allFirstBytes > 0 else { return .neverExercised("no stream data was sent") }
            return .share(part: course.firstBytes, whole: course.allFirstBytes)
        case "noticed": return course.noticed
        case "vacated": return course.vacated
        default: return course.restored
        }
    }
}

/// The paths over one of a client's links, beside all paths of the same connections.
private struct LinkCourse {
    private let scenario: Scenario
    private let link: LinkID
    private let own: [PathRecord]
    private let all: [PathRecord]
    private let ended: Instant

    init(_ link: Int, _ work: WorkReport, _ scenario: Scenario) {
        self.scenario = scenario
        self.link = LinkID(link)
        let own = work.pathRecords.filter { $0.link == link }
        self.own = own
        all = work.pathRecords.filter { record in own.contains { $0.connection == record.connection } }
        ended = work.ended
    }

    var wasOpened: Bool { own.contains { $0.isClient && !$0.validated.isNever } }
    var sentBytes: UInt64 { own.reduce(0) { $0 + $1.sent.bytes } }
    var firstBytes: UInt64 { own.reduce(0) { $0 + $1.firstBytes } }
    var allFirstBytes: UInt64 { all.reduce(0) { $0 + $1.firstBytes } }

    // MARK: What the scenario did to the link

    /// The instants at which the link was touched, and whether nothing arrived from then on; in order.
    private var changes: [(time: Instant, action: LinkAction)] {
        scenario.timeline.compactMap { item in
            guard case .link(let directions, let action) = item.action, directions.first?.link == link else {
                return nil
            }
            var time = Instant.start + item.at
            if case .ramp(let ramp) = action { time = time + ramp.over }
            return time < ended ? (time, action) : nil
        }
    }

    private var lastCut: Instant? { changes.last { $0.action.stopsPackets }?.time }

    // MARK: Metrics

    /// From the last cut until either end gave a path over the link up.
    var noticed: Metrics.Value {
        guard let cut = lastCut else { return .neverExercised("the link was not cut") }
        let failures = own.flatMap(\.failures).filter { $0 >= cut }
        return failures.min().map { .time($0 - cut) } ?? .neverExercised("no path over the link failed after its cut")
    }

    /// From the last change of the link until the first window from which on it carries at most a tenth of what is sent
    /// for the first time.
    var vacated: Metrics.Value {
        guard let change = changes.map(\.time).max() else { return .neverExercised("the link was not changed") }
        let before = max(change - .seconds(1), .start)
        guard let usual = share(from: before, to: change), usual > 1 else {
            return .neverExercised("it did not carry a tenth of what was sent in the second before its change")
        }
        var since: Instant?
        var start = change
        while start + Self.window <= ended {
            if let tenths = share(from: start, to: start + Self.window) {
                since = tenths > 1 ? nil : since ?? start
            }
            start = start + Self.window
        }
        return since.map { .time($0 - change) } ?? .neverExercised("it never carried a tenth or less for good")
    }

    /// Tenths of first transmissions, rounded up; nil when there were none.
    private func share(from start: Instant, to end: Instant) -> UInt64? {
        let whole = sum(all, \.first, from: start, to: end)
        guard whole > 0 else { return nil }
        return (10 * sum(own, \.first, from: start, to: end) + whole - 1) / whole
    }

    /// From the last time that the link came up until it carried, over a second, eight tenths of its mean in the five
    /// seconds before the cut.
    var restored: Metrics.Value {
        guard let up = changes.last(where: { !$0.action.stopsPackets })?.time,
            let cut = changes.last(where: { $0.action.stopsPackets && $0.time <= up })?.time
        else { return .neverExercised("the link was not cut and brought back") }
        let before = max(cut - .seconds(5), .start)
        let usual = sum(own, \.received, from: before, to: cut)
        let length = UInt64((cut - before).nanoseconds)
        guard usual > 0, length > 0 else { return .neverExercised("nothing arrived over it before it was cut") }
        var time = up
        while time <= ended {
            let recent = sum(own, \.received, from: max(time - .seconds(1), .start), to: time)
            // recent / 1 s >= 8/10 usual / length
            let (left, right) = (
                (10 * recent).multipliedFullWidth(by: length), (8 * usual).multipliedFullWidth(by: 1_000_000_000)
            )
            if (left.high, left.low) >= (right.high, right.low) { return .time(time - up) }
            time = time + PathProgress.step
        }
        return .neverExercised("it did not carry eight tenths of what it had before")
    }

    private func sum(
        _ paths: [PathRecord],
        _ count: (PathProgress.Counts) -> UInt64,
        from start: Instant,
        to end: Instant
    ) -> UInt64 {
        paths.reduce(0) { $0 + count($1.progress.counts(at: end)) - count($1.progress.counts(at: start)) }
    }

    private static let window = Interval.milliseconds(100)
}
