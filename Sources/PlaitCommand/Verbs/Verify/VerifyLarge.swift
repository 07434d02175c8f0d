import PlaitReport
import PlaitRun
import PlaitVerify

extension VerifyAction {
    /// Checks what has a `Large.cfg`: TLC, the twin, and random runs of the code, all with its constants.
    func checkLarge() throws(CommandError) -> ExitStatus {
        let foreign = ["seeds", "packets", "property", "time", "trace", "replay", "out"]
        for option in foreign where arguments.value(option) != nil { throw Self.foreign(option, to: "--large") }
        for option in ["record", "json"] where arguments.flag(option) { throw Self.foreign(option, to: "--large") }
        let folders = try modelFolders().map { $0.only(.large) }.filter { !$0.configurations.isEmpty }
        guard !folders.isEmpty else { throw CommandError(.usage, "none of the modules has a Large.cfg") }
        Interruption.arm()
        var (holds, isIncomplete) = (true, false)
        for folder in folders {
            guard let model = Models.all.first(where: { $0.name == folder.name }),
                let report = model.checkLarge(try largePlan())
            else { throw CommandError(.badData, "\(folder.name) has a Large.cfg, and its twin no constants for it") }
            print("\(folder.name)  \(report.constants)\n\n" + Self.text(report) + "\n")
            if Interruption.isRequested { throw Self.interrupted }
            let checks = modelChecks(of: [folder], atOnce: 1, timeMax: Self.largeTimeMax) { _ in }
            for check in checks.checks {
                print(Self.text(check, beside: report) + "\n")
                holds =
                    holds && check.holds && check.result.distinct == report.states && check.result.depth == report.depth
            }
            holds = holds && report.holds
            isIncomplete = isIncomplete || checks.isIncomplete
        }
        if isIncomplete { return .unavailable }
        return holds ? .success : .failed
    }

    /// A day: no such check should take that long.
    private static var largeTimeMax: Int64 { 86_400_000_000_000 }

    private func largePlan() throws(CommandError) -> LargeReport.Plan {
        let cases = try arguments.value("cases").map(PropertyPlan.cases)
        var plan = LargeReport.Plan(cases: cases ?? ComparePlan.casesUsual, workers: try workers())
        plan.seed = try ComparePlan.seed(arguments)
        plan.goesOn = { !Interruption.isRequested }
        let console = context.console
        if !arguments.flag("no-progress"), console.errorsAreTerminal {
            plan.progress = { console.errors.write("\r\u{1B}[K\($0) …") }
        }
        return plan
    }

    private static func count(_ value: Int) -> String { Readable.count(UInt64(max(0, value))) }

    private static func text(_ report: LargeReport) -> String {
        let judgement =
            report.violated.isEmpty
            ? "\(report.judged) predicates hold in all" : "VIOLATED: \(report.violated.joined(separator: ", "))"
        var lines = [
            "twin  \(count(report.states)) states, \(count(report.steps)) steps, depth \(report.depth); \(judgement)",
            "code  \(Readable.count(report.runs)) random runs of \(Readable.count(report.tried)) actions, "
                + "\(Readable.count(report.beyondGraph)) beyond Graph.cfg; "
                + (report.failed == 0 ? "all conform" : "\(report.failed) DEPART from the model"),
        ]
        if !report.isComplete { lines.append("      the twin was not walked through whole") }
        lines += report.failures.map { "      \($0)" }
        return lines.joined(separator: "\n")
    }

    private static func text(_ check: ModelCheck, beside report: LargeReport) -> String {
        let result = check.result
        if case .notRun(let reason) = result.verdict { return "TLC   NOT-RUN: \(Printable.plain(reason))" }
        let judged = check.configuration.invariants.count + check.configuration.properties.count
        var lines = [
            "TLC   \(result.verdict.words), \(count(result.distinct ?? 0)) states, "
                + "\(count(result.generated ?? 0)) generated, depth \(result.depth.map(String.init) ?? "?"); "
                + "\(judged) properties; \(Readable.duration(result.nanoseconds))"
        ]
        let isEqual = result.distinct == report.states && result.depth == report.depth
        lines.append("      states and depth are \(isEqual ? "those of the twin" : "NOT those of the twin")")
        lines += check.differences.map { "      DIFFERS: \(Printable.plain($0))" }
        return lines.joined(separator: "\n")
    }
}
