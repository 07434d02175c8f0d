import PlaitCore
package import PlaitReport
import PlaitScenario
package import PlaitSimulator

/// One seed's run with all that it writes.
package struct SeedRun: Sendable {
    package let summary: RunSummary
    package let hashes: [(name: String, digits: String)]
    package let stop: StopReason
    package let violations: [LawViolation]
    package let violationCount: Int
    package let verdicts: [Verdict]
    /// What else makes the run a failed one: wrong bytes, lost connections. The first ones.
    package let workFailures: [String]
    package let workFailureCount: Int
    /// For a terminal.
    package let summaryText: String
    /// What was written, without the folder.
    package let files: [String]

    /// Whether the run ended as it should and showed what was asked for.
    package var holds: Bool {
        if case .stalled = stop { return false }
        return violationCount == 0 && workFailureCount == 0 && verdicts.allSatisfy { $0.holds }
    }

    /// Runs `seed` and writes its files into `folder`, each whole or not at all. Those of an earlier run are taken away
    /// first.
    static func perform(
        _ request: RunRequest,
        seed: UInt64,
        in folder: String,
        progress: ((Instant, UInt64) -> Bool)?
    ) throws(RunError) -> SeedRun {
        let blueprint: Blueprint
        do throws(BlueprintErrors) {
            blueprint = try Blueprint(
                request.scenario,
                seed: seed,
                registry: request.registry,
                distributions: request.distributions
            )
        } catch {
            throw .scenario(error)
        }
        let run: SeedRun?
        do throws(FileError) {
            run = try perform(blueprint, request, in: folder, progress)
        } catch {
            throw .file(error)
        }
        guard let run else { throw .interrupted }
        return run
    }

    private static func perform(
        _ blueprint: Blueprint,
        _ request: RunRequest,
        in folder: String,
        _ progress: ((Instant, UInt64) -> Bool)?
    ) throws(FileError) -> SeedRun? {
        try makeFolder(folder)
        try RunFolder.clear(folder, qlogs: request.scenario.hosts.map { QlogFile.name(of: $0.name) })
        let labels = RunLabels(request.scenario)
        let links = try LinksFile(in: folder, labels: labels)
        let flows = try FlowsFile(in: folder, labels: labels)
        let packets = request.writesPackets ? try PacketsFile(in: folder, labels: labels) : nil
        let capture = request.writesCapture ? try captureFile(request.scenario, labels, in: folder) : nil
        let logs = try PlaintextLogs(blueprint, request, in: folder)
        let execution = Execution(
            blueprint,
            checksLaws: request.checksLaws,
            receivers: [links, flows],
            observers: packets.map { [$0] } ?? [],
            capture: capture,
            transportObservers: { logs.observer(of: $0) }
        )
        let outcome = execution.run(progress: progress)
        // Half a run is no result: what was written so far disappears with its files.
        guard outcome.stop != .interrupted else { return nil }
        try links.commit()
        try flows.commit()
        try packets?.commit()
        try capture?.commit()
        try logs.commit()
        if let decisions = logs.decisions { try ResultTable.write(decisions, labels: labels, in: folder) }
        try ResultTable.writeFlowTotals(outcome.summary.totals, labels: labels, in: folder)
        try outcome.summary.work?.write(labels: labels, in: folder)
        let events = outcome.summary.work?.events ?? []
        try ResultTable.writeEvents(outcome.changes, work: events, labels: labels, in: folder)
        if request.plots {
            try RunPlot(outcome.summary, labels: labels, series: outcome.series, changes: outcome.changes)
                .write(to: folder + "/plot.svg")
        }
        return SeedRun(outcome, request, decisions: logs.decisions)
    }

    private static func captureFile(
        _ scenario: Scenario,
        _ labels: RunLabels,
        in folder: String
    ) throws(FileError) -> CaptureFile {
        try CaptureFile(
            at: folder + "/packets.pcapng",
            labels: labels,
            family: scenario.addresses == .ipv6 ? .ipv6 : .ipv4
        )
    }

    /// Connections that ended against everybody's will, unless an `expect:` line speaks of how connections end.
    private static func unexpectedLosses(_ outcome: RunOutcome, _ scenario: Scenario) -> [String] {
        let isExpected = scenario.expectations.contains { ["connections", "connection"].contains($0.metric[0]) }
        guard let work = outcome.summary.work, !isExpected else { return [] }
        return work.connections.filter { $0.isClient && $0.isLost }.map { end in
            "connection \(outcome.labels.connections[end.connection]) was lost: \(end.reason)"
        }
    }

    private init(_ outcome: RunOutcome, _ request: RunRequest, decisions: [DecisionRecord]?) {
        summary = outcome.summary
        hashes = outcome.hashes
        stop = outcome.stop
        violations = outcome.violations
        violationCount = outcome.violationCount
        verdicts = outcome.verdicts
        let lost = Self.unexpectedLosses(outcome, request.scenario)
        workFailures = outcome.workFailures + lost
        workFailureCount = outcome.workFailureCount + lost.count
        summaryText =
            SummaryTable(outcome.summary, labels: outcome.labels, series: outcome.series, colour: request.colour).text
            + (decisions.map { DecisionSummary($0).text } ?? "")
        files =
            ["links.csv", "flows.csv", "flow_totals.csv", "events.csv"] + (request.writesPackets ? ["packets.csv"] : [])
            + (outcome.summary.work == nil ? [] : WorkReport.files)
            + PlaintextLogs.files(request) + (request.writesCapture ? ["packets.pcapng"] : [])
            + (request.plots ? ["plot.svg"] : [])
    }
}

/// Why there is no result.
package enum RunError: Error {
    case scenario(BlueprintErrors)
    case file(FileError)
    case interrupted
}
