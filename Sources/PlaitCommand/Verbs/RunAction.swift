import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitStatistics

/// What `plait run` does: reads, builds, runs, says what came out.
struct RunAction {
    private let options: RunOptions
    private let context: Context

    init(_ options: RunOptions, _ context: Context) {
        self.options = options
        self.context = context
    }

    func perform() throws(CommandError) -> ExitStatus {
        let path = try context.path(of: options.file)
        let distributions = Distributions.standard()
        let read: ReadScenario
        do throws(Diagnostics) {
            read = try self.read(path, distributions)
        } catch {
            return refuse(path, error)
        }
        if !options.isQuiet {
            let warnings = DiagnosticText(usesColor: context.console.usesColor).text(of: read.warnings)
            context.console.errors.write(warnings)
        }
        let request = request(read.scenario, path, distributions)
        Interruption.arm()
        let watch = Stopwatch()
        let bar = ProgressBar(
            console: context.console,
            runs: request.seeds.count,
            end: .start + request.scenario.stop.time,
            isWanted: options.showsProgress,
            elapsed: { watch.nanoseconds }
        )
        let campaign: Campaign
        do throws(RunError) {
            campaign = try Campaign.run(
                request,
                workers: options.workers ?? Processors.count,
                progress: { run, now, events in
                    bar.report(run: run, now: now, events: events)
                    return !Interruption.isRequested
                },
                nanoseconds: { watch.nanoseconds }
            )
        } catch {
            bar.clear()
            return try fail(error, path, read)
        }
        bar.clear()
        report(campaign, request)
        return campaign.holds ? .success : .failed
    }

    // MARK: Before

    private func read(_ path: String, _ distributions: Distributions) throws(Diagnostics) -> ReadScenario {
        let reader = ScenarioReader(source: context.files, vocabulary: context.registry.vocabulary)
        let read = try reader.read(path, overrides: options.overrides)
        do throws(BlueprintErrors) {
            _ = try Blueprint(read.scenario, registry: context.registry, distributions: distributions)
        } catch {
            throw error.diagnostics(beside: read.warnings, file: path)
        }
        return read
    }

    private func refuse(_ path: String, _ diagnostics: Diagnostics) -> ExitStatus {
        let console = context.console
        console.errors.write(DiagnosticText(usesColor: console.usesColor).text(of: diagnostics))
        return .badData
    }

    private func request(_ scenario: Scenario, _ path: String, _ distributions: Distributions) -> RunRequest {
        let seeds: [UInt64] =
            switch options.seeds {
            case .ofScenario: [scenario.seed]
            case .range(let range): Array(range)
            }
        var request = RunRequest(
            scenario: scenario,
            registry: context.registry,
            distributions: distributions,
            seeds: seeds,
            folder: options.folder ?? "results/runs/" + RunRequest.folderName(scenario, seeds: seeds),
            reproduce: reproduce(seeds)
        )
        request.writesPackets = options.writesPackets
        request.writesCapture = options.writesCapture
        request.writesQlog = options.writesQlog
        request.writesDecisions = options.writesDecisions
        request.writesKeys = options.writesKeys
        request.plots = options.plots
        request.checksLaws = options.checksLaws
        request.colour = context.console.usesColor && !options.writesJSON
        return request
    }

    /// The command line that makes the folder again, as a shell reads it.
    private func reproduce(_ seeds: [UInt64]) -> String {
        var words = ["plait", "run", options.file]
        if seeds.count == 1 { words += ["--seed", String(seeds[0])] }
        if seeds.count > 1, let last = seeds.last { words += ["--seeds", "\(seeds[0])..\(last)"] }
        for override in options.overrides { words += ["--set", override] }
        if let folder = options.folder { words += ["--out", folder] }
        if options.writesPackets { words.append("--packets") }
        if options.writesCapture { words.append("--pcap") }
        if options.writesQlog { words.append("--qlog") }
        if options.writesDecisions { words.append("--decisions") }
        if options.writesKeys { words.append("--keylog") }
        if options.plots { words.append("--plot") }
        if options.checksLaws { words.append("--check-laws") }
        return words.map(Self.quoted).joined(separator: " ")
    }

    private static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || "-_./=:,+%@".utf8.contains(byte)
        }
        return plain && !word.isEmpty
            ? word
            : "'"
                + word.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "'\\''") + "'"
    }

    // MARK: After

    private func fail(_ error: RunError, _ path: String, _ read: ReadScenario) throws(CommandError) -> ExitStatus {
        switch error {
        case .scenario(let errors): return refuse(path, errors.diagnostics(beside: read.warnings, file: path))
        case .file(let error): throw CommandError(.cannotCreate, error.description)
        case .interrupted:
            throw CommandError(.interrupted, "interrupted: the folder has no manifest and is not complete")
        }
    }

    private func report(_ campaign: Campaign, _ request: RunRequest) {
        let report = RunReport(campaign, request)
        if options.writesJSON {
            context.console.output.write(report.json)
        } else if !options.isQuiet {
            context.console.output.write(report.text)
        }
        context.console.errors.write(report.complaints)
    }
}

extension BlueprintErrors {
    /// With the places in the file that was read, and what was found while reading it. A preset's mistake shows on both
    /// directions of every link that uses it, and is told once.
    func diagnostics(beside warnings: Diagnostics, file: String) -> Diagnostics {
        var entries: [Diagnostic] = []
        for error in errors {
            let entry = Diagnostic(at: error.origin.place ?? Place(file: file, line: 1, column: 1), error.message)
            if !entries.contains(entry) { entries.append(entry) }
        }
        return Diagnostics(warnings.entries + entries, sources: warnings.sources)
    }
}
