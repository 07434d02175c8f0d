import Glibc
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitVerify

extension VerifyAction {
    /// Compares every module, or the one that is asked for, with TLC and with the code.
    func compare() throws(CommandError) -> ExitStatus {
        for option in ["seeds", "packets", "property"] where arguments.value(option) != nil {
            throw CommandError(.usage, "--\(option) means nothing to --compare", remedy: "leave it out")
        }
        if let file = arguments.value("trace") { return try lead(along: file) }
        let plan = try ComparePlan(self)
        // What cannot be written is told before minutes of work.
        do throws(FileError) { try makeFolder(folder) } catch {
            throw CommandError(.cannotCreate, error.description)
        }
        try plan.tellOfTheLast()
        let notes = try plan.notes()
        Interruption.arm()
        var reports: [ModuleReport] = []
        for folder in try modelFolders() {
            let report = try plan.report(on: folder, notes)
            if Interruption.isRequested { throw Self.interrupted }
            reports.append(report)
            // One after the other: the first module's table can be read while the second is compared.
            if !arguments.flag("json") { print(report.text + "\n") }
        }
        do throws(FileError) {
            try notes.check()
            try ReportTable.write(reports, to: folder)
        } catch {
            throw CommandError(.cannotCreate, error.description)
        }
        if arguments.flag("json") {
            print(ModuleReport.json(reports).pretty)
        } else {
            let seconds = Decimals.thousandths(watch.nanoseconds / 1_000_000)
            print(
                "\(reports.count) module\(reports.count == 1 ? "" : "s") in \(seconds) s, "
                    + "tables in \(Printable.plain(folder))\n"
            )
        }
        return reports.allSatisfy(\.holds) ? .success : .failed
    }

    /// Leads the code along a trace in a file, and says where it left it.
    private func lead(along file: String) throws(CommandError) -> ExitStatus {
        guard let bytes = try? context.files.bytes(of: file) ?? nil else {
            throw CommandError(.noInput, "the trace \(Printable.quoted(file)) cannot be read")
        }
        let trace: ModelTrace
        do throws(FormalFileError) {
            trace = try ModelTrace(parsingITF: bytes, path: file)
        } catch {
            throw CommandError(.badData, Printable.plain(error.description))
        }
        guard let model = Models.all.first(where: { $0.name == trace.module }) else {
            throw CommandError(.badData, "the trace is of \(Printable.quoted(trace.module)), which has no twin")
        }
        let seed = try ComparePlan.seed(arguments)
        guard let answer = model.lead(along: trace, seed: seed) else {
            throw CommandError(.badData, "the trace has other variables or actions than \(trace.module)'s twin")
        }
        print("\(trace.module), \(trace.steps.count - 1) steps, machines of seed \(seed)\n")
        let outcome = answer.outcome.split(whereSeparator: \.isNewline).map { Printable.plain(String($0)) }
        print("the code:  \(outcome.joined(separator: "\n           "))\n")
        print("the model: \(answer.opinion)\n")
        return answer.isReproduced ? .success : .failed
    }
}

/// How the command line wants models compared.
struct ComparePlan {
    private let action: VerifyAction
    private let request: ComparisonRequest
    private let runner: TLCRunner?
    private let missing: String?

    /// Of each kind of runs, unless the command line says how many.
    static let casesUsual = 2_000

    init(_ action: VerifyAction) throws(CommandError) {
        self.action = action
        let arguments = action.arguments
        let time = try arguments.value("time").map(PropertyPlan.time)
        let cases = try arguments.value("cases").map(PropertyPlan.cases)
        var request = ComparisonRequest(
            cases: cases ?? (time == nil ? Self.casesUsual : 1_000_000_000),
            workers: try action.workers()
        )
        request.seed = try Self.seed(arguments)
        // `--time` is for the runs of all kinds of one module together.
        request.timeMax = time
        request.goesOn = { !Interruption.isRequested }
        request.elapsed = { [watch = action.watch] in watch.nanoseconds }
        request.processorTime = { ProcessorTime.nanoseconds }
        let console = action.context.console
        if !arguments.flag("no-progress"), console.errorsAreTerminal {
            request.progress = { console.errors.write("\r\u{1B}[K\($0) …") }
        }
        self.request = request
        do throws(TLCTools.Missing) {
            runner = TLCRunner(try TLCTools.find(console.variable), scratch: console.variable("TMPDIR"))
            missing = nil
        } catch {
            runner = nil
            missing = error.reason
        }
    }

    static func seed(_ arguments: Arguments) throws(CommandError) -> UInt64 {
        guard let text = arguments.value("seed") else { return 1 }
        return try RunOptions.number(text, "--seed")
    }

    /// Where a comparison says which of its runs are under way.
    private var running: String { action.folder + "/running-comparison.txt" }

    /// Says which runs were under way when the last comparison ended, if it did not end by itself.
    func tellOfTheLast() throws(CommandError) {
        do throws(ScenarioSourceError) {
            guard let bytes = try action.context.files.bytes(of: running) else { return }
            for line in RunNotes.lines(bytes) {
                let words = "the last comparison ended in the middle of: \(Printable.plain(line))\n"
                action.context.console.errors.write(words)
            }
        } catch {
            throw CommandError(.noInput, "\(Printable.quoted(running)) cannot be read: \(error.message)")
        }
    }

    func notes() throws(CommandError) -> RunNotes {
        do throws(FileError) { return try RunNotes(running) } catch {
            throw CommandError(.cannotCreate, error.description)
        }
    }

    /// Compares one module.
    func report(on folder: ModelFolder, _ notes: RunNotes) throws(CommandError) -> ModuleReport {
        guard let model = Models.all.first(where: { $0.name == folder.name }) else {
            throw CommandError(.badData, "the module \(folder.name) has no twin in Sources/PlaitVerify/Models")
        }
        var request = request
        request.folder = folder
        request.notes = notes
        do throws(FormalFileError) {
            request.corpus = try folder.corpus()
        } catch {
            throw CommandError(.badData, Printable.plain(error.description))
        }
        var report = model.compare(request, check(folder))
        // Without TLC half of the comparison is missing; where Java is a matter of course that is a failure.
        if let missing, action.context.console.variable("CI") == "true" {
            report.problems.append("TLC did not run, and CI=true demands it: \(missing)")
        }
        clear()
        do throws(FileError) {
            try report.writeTraces(to: action.folder)
        } catch {
            throw CommandError(.cannotCreate, error.description)
        }
        return report
    }

    private func clear() {
        let console = action.context.console
        if !action.arguments.flag("no-progress"), console.errorsAreTerminal { console.errors.write("\r\u{1B}[K") }
    }

    /// TLC's part.
    private func check(_ folder: ModelFolder) -> CheckedModule {
        guard let runner else {
            var checked = CheckedModule()
            checked.notRun = missing
            return checked
        }
        let elapsed = request.elapsed
        let tell = request.progress
        let checks = ModelChecks.run(
            [folder],
            with: runner,
            atOnce: min(2, request.workers),
            elapsed: elapsed,
            isWanted: request.goesOn
        ) { event in
            if case .began(_, let configuration, let module) = event { tell("\(module): TLC, \(configuration.name)") }
        }
        var checked = CheckedModule(checks.checks)
        checked.judge = { variables, states in
            let trace = TraceModule(variables: variables, states: states)
            return CheckedModule.TraceVerdict(runner.judge(trace, of: folder, elapsed: elapsed).outcome)
        }
        return checked
    }
}

/// What this process spent computing, all threads together.
enum ProcessorTime {
    static var nanoseconds: Int64 {
        var time = timespec()
        let code = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        precondition(code == 0, "Linux has a clock of the process's own time")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
