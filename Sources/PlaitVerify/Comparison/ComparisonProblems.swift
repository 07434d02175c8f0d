/// Everything in a report that makes the comparison fail.
package struct ComparisonProblems {
    private(set) var all: [String] = []
    private let report: ModuleReport

    /// Of a hundred feasible transitions, so many guided runs must take.
    static let guidedPercentMin = 95

    init(
        _ report: ModuleReport,
        _ request: ComparisonRequest,
        _ checked: CheckedModule,
        rows: [Infeasible],
        _ feasible: Feasible
    ) {
        self.report = report
        judgeGraph()
        judgeReplay()
        judgeRuns()
        judgeHarness()
        judgeProperties(request.folder)
        judgeConfigurations()
        judgeList(rows, feasible, request.folder)
    }

    /// Of comparison C alone.
    package static func ofRuns(_ report: ModuleReport) -> [String] {
        var problems = ComparisonProblems(of: report)
        problems.judgeRuns()
        return problems.all
    }

    private init(of report: ModuleReport) { self.report = report }

    private mutating func judgeGraph() {
        if let graph = report.graph, !graph.isExact {
            all.append("A: TLC's graph and the twin's differ in \(graph.differenceCount) places")
        }
        if !report.twin.isComplete { all.append("A: the twin has more than \(report.twin.states) states") }
        if report.graph == nil, report.checker.notRun == nil { all.append("A: TLC exported no graph") }
    }

    private mutating func judgeReplay() {
        guard let replay = report.replay else { return all.append("B: there is no corpus to replay") }
        if replay.failureCount > 0 { all.append("B: \(replay.failureCount) behaviours were not reproduced") }
        if replay.unreplayed > 0 { all.append("B: \(replay.unreplayed) feasible transitions were never replayed") }
        if replay.missingInCorpus > 0 {
            all.append("B: the corpus lacks \(replay.missingInCorpus) transitions of the twin's graph; make it anew")
        }
    }

    private mutating func judgeRuns() {
        for line in report.campaigns {
            if line.counts.nonConforming > 0 {
                all.append("C: \(line.counts.nonConforming) non-conforming steps in \(line.kind.rawValue) runs")
            }
            for (counts, whose) in [(line.counts, "steps"), (line.settling, "steps to come to rest")] {
                if counts.stutters > 0 {
                    all.append("C: \(counts.stutters) \(whose) of \(line.kind.rawValue) runs stutter")
                }
                if counts.unjudged > 0 {
                    all.append("C: \(counts.unjudged) \(whose) of \(line.kind.rawValue) runs lie beyond all constants")
                }
            }
            if line.failed > 0 { all.append("C: \(line.failed) \(line.kind.rawValue) runs failed") }
        }
        if let guided = report.campaigns.first(where: { $0.kind == .guided }),
            guided.edges * 100 < report.twin.feasibleEdges * Self.guidedPercentMin
        {
            let share = ModuleReport.share(guided.edges, report.twin.feasibleEdges)
            all.append("C: guided runs took \(share) of the transitions, and must take \(Self.guidedPercentMin) %")
        }
    }

    private mutating func judgeHarness() {
        if let traces = report.traces {
            if traces.accepted < traces.sampled || traces.sampled == 0 {
                all.append("C: TLC accepted \(traces.accepted) of \(traces.sampled) traces")
            }
            if traces.larger == 0, report.campaigns.contains(where: { $0.kind == .larger && $0.runs > 0 }) {
                all.append("C: no trace with larger constants was shown to TLC")
            }
            if !traces.isBadRejected {
                all.append("unproven harness: TLC did not reject the bad trace where it is bad")
            }
        } else if report.checker.notRun == nil {
            all.append("unproven harness: no trace was shown to TLC")
        }
        if !(report.selfTest?.isProven ?? false) {
            all.append("unproven harness: a corrupted trace or graph, or a driver's lie, was not noticed")
        }
    }

    private mutating func judgeProperties(_ folder: ModelFolder?) {
        for line in report.properties {
            if line.failsInTwin { all.append("D: \(line.id) fails in a state of the twin") }
            switch line.agreement {
            case .agreeHolds, .bounded: break
            case .notRun where report.checker.notRun != nil:
                if line.tested == "fails" { all.append("D: \(line.id) fails in runs of the code") }
                if line.exercised == 0 { all.append("D: \(line.id) was never exercised") }
            case .notRun: all.append("D: \(line.id) is \(line.checked) by TLC")
            case .vacuous: all.append("D: \(line.id) is vacuous: its antecedent was never met")
            case .agreeFails, .tlcOnly, .testsOnly: all.append("D: \(line.id) is \(line.agreement.word)")
            }
        }
        guard let folder else { return }
        let rows = folder.properties.map { "\($0.id) \($0.kind.rawValue) \($0.name)" }
        let twins = report.properties.map { "\($0.id) \($0.kind) \($0.name)" }
        for row in rows where !twins.contains(row) { all.append("D: properties.csv has \(row), the twin has not") }
        for row in twins where !rows.contains(row) { all.append("D: the twin has \(row), properties.csv has not") }
    }

    private mutating func judgeConfigurations() {
        for line in report.configurations where !line.isAsExpected {
            all.append("TLC: \(line.name): \(line.complaint)")
        }
        for line in report.configurations where line.name.hasPrefix("Mut_") && line.onCode?.isReproduced ?? false {
            all.append("D: the code does what the mistake planted in \(line.name) does")
        }
    }

    private mutating func judgeList(_ rows: [Infeasible], _ feasible: Feasible, _ folder: ModelFolder?) {
        for (row, count) in zip(rows, feasible.matches) where count == 0 {
            all.append("B: no transition is \(row.action) from \(row.from), which is listed as infeasible")
        }
        guard let folder else { return }
        let files = folder.infeasible.filter { $0.module == report.module }.map {
            Infeasible(action: $0.action, from: $0.from, reason: $0.reason)
        }
        if Set(files) != Set(rows) { all.append("B: infeasible.csv and the twin's list differ") }
    }
}
