import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitSimulator
import PlaitStatistics

/// What `plait run` says: a table for a person, JSON for a program, and what did not hold.
struct RunReport {
    let campaign: Campaign
    let request: RunRequest

    init(_ campaign: Campaign, _ request: RunRequest) {
        self.campaign = campaign
        self.request = request
    }

    private var isSingle: Bool { campaign.runs.count == 1 }

    // MARK: For people

    var text: String {
        var text = ""
        if isSingle, let run = campaign.runs.first {
            text += run.summaryText
            text += verdicts(of: run)
        } else {
            text += seedsTable
        }
        return text + "written to \(request.folder)\n"
    }

    private func verdicts(of run: SeedRun) -> String {
        run.verdicts.map { verdict in
            switch verdict.result {
            case .holds(let found): "  ✓ \(verdict.expectation.text)   (\(found))\n"
            case .fails(let found): "  ✗ \(verdict.expectation.text)   (\(found))\n"
            case .neverExercised(let why): "  ✗ \(verdict.expectation.text)   (never exercised: \(why))\n"
            case .unusable(let why): "  ✗ \(verdict.expectation.text)   (\(why))\n"
            }
        }.joined()
    }

    /// Means over seeds with their 95 % intervals (Student's t), a row per flow and per item of a workload.
    private var seedsTable: String {
        var text = "\(request.scenario.name)   \(campaign.runs.count) seeds\n"
        var rows = [["flow", "goodput Mbps", "lost %", "delay ms"]]
        for (index, flow) in request.scenario.flows.enumerated() {
            let totals = campaign.runs.map { $0.summary.totals.flows[index] }
            rows.append([
                flow.name,
                Self.interval(totals.map { Double($0.goodput) / 1e6 }),
                Self.interval(
                    totals.compactMap { flow in
                        let all = flow.counts.sent.packets + flow.counts.copied.packets
                        return all == 0 ? nil : 100 * Double(flow.counts.dropped.packets) / Double(all)
                    }
                ),
                Self.interval(totals.compactMap { $0.counts.delays.mean.map { Double($0) / 1e6 } }),
            ])
        }
        if !request.scenario.flows.isEmpty || request.scenario.workload.isEmpty { text += Self.aligned(rows) }
        if !request.scenario.workload.isEmpty { text += Self.aligned(workRows()) }
        let failing = campaign.runs.filter { !$0.holds }
        text +=
            failing.isEmpty
            ? "all seeds hold\n"
            : "\(failing.count) of \(campaign.runs.count) seeds fail: "
                + failing.prefix(10).map { String($0.summary.seed) }.joined(separator: ", ")
                + (failing.count > 10 ? ", ..." : "") + "\n"
        return text
    }

    static func interval(_ values: [Double]) -> String {
        guard let interval = ConfidenceInterval.ofMean(values, level: 0.95) else {
            return values.first.map { fixed($0) } ?? "-"
        }
        return "\(fixed(interval.estimate)) ± \(fixed(interval.halfWidth))"
    }

    private static func fixed(_ value: Double) -> String {
        let thousandths = Int64((abs(value) * 1_000).rounded())
        let digits = String(thousandths % 1_000)
        let sign = value < 0 && thousandths > 0 ? "-" : ""
        return sign + "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    private static func aligned(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + gap : gap + cell
            }.joined(separator: "   ") + "\n"
        }.joined()
    }

    // MARK: What did not hold

    var complaints: String {
        var text = ""
        for run in campaign.runs {
            let name = isSingle ? "" : "seed \(run.summary.seed): "
            for failure in run.workFailures { text += "plait: \(name)\(failure)\n" }
            let more = run.workFailureCount - run.workFailures.count
            if more > 0 { text += "plait: \(name)and \(more) more\n" }
            if case .stalled(let culprit) = run.stop {
                text += "plait: \(name)virtual time stopped advancing; most events were of \(culprit)\n"
            }
            if run.stop == .eventLimit { text += "plait: \(name)stopped after the scenario's limit of events\n" }
            for violation in run.violations.prefix(10) { text += "plait: \(name)\(violation)\n" }
            if run.violationCount > 10 { text += "plait: \(name)\(run.violationCount) violations in all\n" }
            guard !isSingle else { continue }
            for verdict in run.verdicts where !verdict.holds {
                text += "plait: \(name)does not hold: \(verdict.expectation.text)\n"
            }
        }
        return text
    }

    // MARK: For programs

    var json: String {
        var json = JSONWriter(pretty: true)
        json.object { json in
            json.key("scenario")
            json.value(request.scenario.name)
            json.key("folder")
            json.value(request.folder)
            json.key("holds")
            json.value(campaign.holds)
            json.key("runs")
            json.array { json in for run in campaign.runs { write(run, &json) } }
        }
        return json.document.string
    }

    private func write(_ run: SeedRun, _ json: inout JSONWriter) {
        json.object { json in
            json.key("seed")
            json.value(run.summary.seed)
            json.key("hash")
            json.value(run.summary.hash)
            json.key("stop")
            json.value(run.stop.word)
            json.key("ended_ms")
            json.value((run.summary.totals.ended - .start).nanoseconds, places: 6)
            json.key("engine_events")
            json.value(run.summary.engineEvents)
            json.key("holds")
            json.value(run.holds)
            if request.checksLaws {
                json.key("law_violations")
                json.value(UInt64(run.violationCount))
            }
            json.key("expectations")
            json.array { json in for verdict in run.verdicts { write(verdict, &json) } }
            if let work = run.summary.work {
                json.key("work")
                write(work, &json)
            }
            json.key("flows")
            json.array { json in
                for (flow, totals) in zip(request.scenario.flows, run.summary.totals.flows) {
                    write(flow.name, totals, &json)
                }
            }
        }
    }

    private func write(_ verdict: Verdict, _ json: inout JSONWriter) {
        let (result, found): (String, String) =
            switch verdict.result {
            case .holds(let found): ("holds", found)
            case .fails(let found): ("fails", found)
            case .neverExercised(let why): ("never exercised", why)
            case .unusable(let why): ("unusable", why)
            }
        json.object { json in
            json.key("expectation")
            json.value(verdict.expectation.text)
            json.key("result")
            json.value(result)
            json.key("found")
            json.value(found)
        }
    }

    private func write(_ name: String, _ flow: FlowTotals, _ json: inout JSONWriter) {
        json.object { json in
            json.key("name")
            json.value(name)
            json.key("sent_packets")
            json.value(flow.counts.sent.packets)
            json.key("good_packets")
            json.value(flow.counts.good.packets)
            json.key("dropped_packets")
            json.value(flow.counts.dropped.packets)
            json.key("goodput_mbps")
            json.value(flow.goodput, places: 6)
            if let mean = flow.counts.delays.mean {
                json.key("delay_mean_ms")
                json.value(mean, places: 6)
            }
        }
    }
}

extension StopReason {
    /// As in JSON.
    fileprivate var word: String {
        switch self {
        case .timeReached: "time"
        case .eventLimit: "events"
        case .quiescent: "quiet"
        case .stalled: "stalled"
        case .interrupted: "interrupted"
        }
    }
}
