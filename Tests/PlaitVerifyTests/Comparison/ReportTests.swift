import Foundation
import PlaitReport
import PlaitScenario
import PlaitVerify
import TestSupport
import Testing

/// Compares a basin with what a flawless one, or another, would be to TLC.
private func compare(
    _ basin: Basin = Basin(),
    checked: CheckedModule = PretendedTLC.checked(),
    corpus: Corpus? = PretendedTLC.corpus,
    runs: Bool = true
) -> ModuleReport {
    var request = ComparisonRequest(cases: 200, workers: 1)
    request.goesOn = { runs }
    request.corpus = corpus
    var comparison = ModelComparison<Basin>(basin, request, checked)
    return comparison.run()
}

@Suite("The report of a comparison")
struct ComparisonReportTests {
    @Test("a good model and good machines agree on everything")
    func good() throws {
        let report = compare()
        #expect(report.holds, "\(report.problems)")
        #expect(report.properties.map(\.agreement) == [.agreeHolds, .agreeHolds, .bounded(400)])
        #expect(report.isProven)
        try expectSnapshot(report.text, named: "basin")
    }

    @Test("the text fits into 120 columns, a broken machine's too")
    func width() {
        for flaw in [Basin.Flaw.none, .machineDrainsTwo, .machineRefusesPull] {
            let lines = compare(Basin(flaw: flaw)).text.split(separator: "\n")
            for line in lines where !line.contains("<<") { #expect(line.count <= 120, "\(line)") }
        }
    }

    @Test("the same seed is the same report, however many workers there are")
    func deterministic() {
        var reports: [ModuleReport] = []
        for workers in [1, 3] {
            var request = ComparisonRequest(cases: 100, workers: workers)
            request.corpus = PretendedTLC.corpus
            var comparison = ModelComparison<Basin>(Basin(flaw: .machineDrainsTwo), request, PretendedTLC.checked())
            reports.append(comparison.run())
        }
        #expect(reports[0].text == reports[1].text)
        for table in ReportTable.all { #expect(table.text([reports[0]]).string == table.text([reports[1]]).string) }
        #expect(ModuleReport.json([reports[0]]).pretty == ModuleReport.json([reports[1]]).pretty)
    }

    @Test("a twin with a missing edge fails comparison A")
    func missingEdge() {
        let report = compare(Basin(flaw: .twinForgetsAnEdge))
        #expect(report.problems.contains { $0.hasPrefix("A: ") })
        #expect(report.text.contains("only TLC has the transition"))
    }

    @Test(
        "a machine with a planted bug fails",
        arguments: [
            Basin.Flaw.machineOverflows, .machineDrainsTwo, .machineRefusesPull, .machineFallsAfterPull,
            .machineNeverDrains,
        ]
    )
    func planted(flaw: Basin.Flaw) {
        let report = compare(Basin(flaw: flaw))
        #expect(!report.holds)
        let isLiveness = flaw == .machineNeverDrains
        #expect(report.problems.contains { $0.hasPrefix(isLiveness ? "D: BA-L1" : "B: ") })
        if isLiveness { #expect(report.properties[2].agreement == .testsOnly) }
    }

    @Test("a bad trace that is accepted, or rejected elsewhere, makes the harness unproven")
    func unproven() {
        var checked = PretendedTLC.checked()
        checked.judge = { _, _ in .accepted }
        #expect(
            compare(checked: checked).problems == ["unproven harness: TLC did not reject the bad trace where it is bad"]
        )
        let honest = PretendedTLC.checked().judge
        checked.judge = { honest?($0, $1) == .accepted ? .accepted : .rejected(step: 1) }
        #expect(!compare(checked: checked).isProven)
        checked.judge = { _, _ in .rejected(step: 1) }
        #expect(compare(checked: checked).problems.contains { $0.hasPrefix("C: TLC accepted 0 of 6") })
        checked.judge = nil
        #expect(compare(checked: checked).problems == ["unproven harness: no trace was shown to TLC"])
    }

    @Test("traces of runs with larger constants are shown to TLC, and drivers that lie are found out")
    func liesAndLarger() throws {
        let report = compare()
        let (traces, selfTest) = (try #require(report.traces), try #require(report.selfTest))
        #expect(traces.larger == 3 && traces.sampled == 6 && traces.accepted == 6)
        // Three actions and three variables.
        #expect(selfTest.lies == 6 && selfTest.noticedLies == 6 && selfTest.unnoticed == [])
        var checked = PretendedTLC.checked()
        let honest = checked.judge
        // A twin that knows of no more than three drops.
        checked.judge = { variables, states in
            let step = states.firstIndex { $0[0] == .number(5) || $0[0] == .number(4) }
            return step.map { .rejected(step: $0) } ?? honest?(variables, states) ?? .accepted
        }
        #expect(compare(checked: checked).problems == ["C: TLC accepted 3 of 6 traces"])
    }

    @Test("a step that nobody can judge, and one that is taken and changes nothing, fail the comparison")
    func unjudged() {
        var report = compare()
        report.campaigns[0].counts.stutters = 1
        report.campaigns[1].settling.unjudged = 2
        let problems = ComparisonProblems.ofRuns(report)
        #expect(
            problems == [
                "C: 1 steps of random runs stutter",
                "C: 2 steps to come to rest of swarm runs lie beyond all constants",
            ]
        )
    }

    @Test("without TLC everything else is done, and the verdict is NOT-RUN")
    func withoutTLC() {
        var checked = CheckedModule()
        checked.notRun = "no java"
        let report = compare(checked: checked)
        #expect(report.holds, "\(report.problems)")
        #expect(report.properties.allSatisfy { $0.agreement == .notRun && $0.exercised > 0 })
        #expect(report.text.contains("NOT-RUN") && report.text.contains("TLC not run: no java"))
        #expect(report.text.contains("says nothing of the model") && !report.text.contains("all of it holds"))
        #expect(report.text.contains("harness       in part"))
        let broken = compare(Basin(flaw: .machineDrainsTwo), checked: checked)
        #expect(!broken.holds)
    }

    @Test("a property that nobody exercised is vacuous")
    func vacuous() {
        // Not one run, so nothing was exercised.
        let report = compare(runs: false)
        #expect(report.properties.allSatisfy { $0.agreement == .vacuous })
        #expect(report.problems.contains { $0.contains("vacuous") })
    }

    @Test("a violated configuration is TLC-ONLY when the code holds, and not what was expected")
    func tlcOnly() {
        var checked = PretendedTLC.checked()
        var result = checked.runs[0].result
        result.verdict = .violated(property: "NoOverflow")
        checked.runs[0] = CheckedModule.Run(
            "Safety",
            judges: checked.runs[0].judged,
            expectation: checked.runs[0].expectation,
            result,
            complaint: "violates NoOverflow"
        )
        let report = compare(checked: checked)
        #expect(report.properties[0].agreement == .tlcOnly)
        #expect(report.properties[1].agreement == .notRun, "TLC stopped at the first violation")
        #expect(report.problems.contains("D: BA-S1 is TLC-ONLY"))
        #expect(report.problems.contains("TLC: Safety: violates NoOverflow"))
    }

    @Test("a counterexample of TLC's is led through the code, and its outcome is named")
    func counterexamples() throws {
        let way = TwinGraph(Basin())
        let good = StateTrace<Basin>([.fall(2), .drain, .pull], on: Basin(), driverSeed: 1)
        #expect(good.replay(on: Basin(), driverSeed: 5).isReproduced)
        guard
            case .diverged(3, .drain, let expected, let actual) =
                StateTrace<Basin>([.fall(2), .pull, .drain], on: Basin(), driverSeed: 1)
                .corrupted(at: 3, by: way)?.replay(on: Basin(), driverSeed: 1)
        else {
            Issue.record("no divergence")
            return
        }
        #expect(expected != actual)
        let refused = StateTrace<Basin>([.fall(2), .drain, .drain, .pull], on: Basin(), driverSeed: 1)
        guard case .refused(4, .pull, _) = refused.replay(on: Basin(flaw: .machineRefusesPull), driverSeed: 1) else {
            Issue.record("not refused")
            return
        }
    }

    @Test("a failing run is shown shrunk, with what the model says of it")
    func failures() throws {
        let failure = try #require(compare(Basin(flaw: .machineFallsAfterPull)).failures.first)
        #expect(failure.actions.count == 2 && failure.actions.first == "Pull")
        #expect(failure.opinion.hasPrefix("the model forbids step 2;") && failure.what == "basin.conforms")
    }

    @Test("docs/VERIFY.md names every column of every file, with what it means")
    func documented() throws {
        let page = try String(contentsOf: repositoryRoot.appending(path: "docs/VERIFY.md"), encoding: .utf8)
        for table in ReportTable.all {
            #expect(page.contains("`\(table.file)`"))
            for column in table.columns { #expect(page.contains("| `\(column.name)` | \(column.words) |")) }
        }
    }
}
