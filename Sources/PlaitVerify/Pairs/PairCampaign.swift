package import PlaitCore
import PlaitReport
package import PlaitRun
import PlaitScenario

/// Schedulers held against each other and against the better path alone, on pairs of the ladder's links.
package struct PairCampaign: Sendable {
    package let verdicts: [PairVerdict]

    package var tables: [PairTable] {
        PairRow.Work.allCases.flatMap { work in
            PairRow.Buffer.allCases.map { PairTable(work, $0, verdicts) }
        }.filter { !$0.verdicts.isEmpty }
    }

    package var holds: Bool { !verdicts.isEmpty && tables.allSatisfy(\.holds) }

    /// What is run, and with what.
    package struct Request: Sendable {
        package var rows: [PairRow]
        package var seeds: ClosedRange<UInt64>
        /// The first one is judged.
        package var schedulers: [String]
        package var workers: Int
        /// Where each row's scenario and times are kept.
        package var folder: String
        /// Of the program: times that another one measured are not taken for its own.
        package var program: String
        package var registry: Registry
        package var distributions: Distributions
        package var files: FileScenarioSource

        package init(
            rows: [PairRow],
            seeds: ClosedRange<UInt64>,
            schedulers: [String],
            workers: Int,
            folder: String,
            program: String,
            registry: Registry,
            distributions: Distributions,
            files: FileScenarioSource
        ) {
            self.rows = rows
            self.seeds = seeds
            self.schedulers = schedulers
            self.workers = workers
            self.folder = folder
            self.program = program
            self.registry = registry
            self.distributions = distributions
            self.files = files
        }
    }

    package init(verdicts: [PairVerdict]) { self.verdicts = verdicts }

    /// Runs the rows that the folder does not hold yet. Nil when `goesOn` said no: what is done is kept.
    package static func run(
        _ request: Request,
        goesOn: @escaping @Sendable () -> Bool = { true },
        progress: (_ done: Int) -> Void = { _ in }
    ) throws(PairError) -> PairCampaign? {
        do throws(FileError) {
            try makeFolder(request.folder)
        } catch {
            throw .file(error)
        }
        var verdicts: [PairVerdict] = []
        for (index, row) in request.rows.enumerated() {
            guard let times = try times(of: row, request, goesOn) else { return nil }
            if let verdict = PairVerdict(row, times) { verdicts.append(verdict) }
            progress(index + 1)
        }
        return PairCampaign(verdicts: verdicts)
    }

    private static func times(
        of row: PairRow,
        _ request: Request,
        _ goesOn: @escaping @Sendable () -> Bool
    ) throws(PairError) -> PairTimes? {
        let kept = "\(request.folder)/\(row.name).csv"
        let trial = PairTrial(
            row: row,
            seeds: request.seeds,
            workers: request.workers,
            registry: request.registry,
            distributions: request.distributions,
            files: request.files,
            path: "\(request.folder)/\(row.name).yaml"
        )
        let mark = "program \(request.program) presets \(try trial.presetsMark())\n"
        if let text = try contents(of: kept, request), text.hasPrefix(mark),
            let times = PairTimes(
                String(text.dropFirst(mark.count)),
                seeds: request.seeds,
                schedulers: request.schedulers
            )
        {
            return times
        }
        guard let times = try trial.perform(request.schedulers, goesOn: goesOn) else { return nil }
        do throws(FileError) {
            try ScratchFile.write(mark + times.text, to: kept)
        } catch {
            throw .file(error)
        }
        return times
    }

    private static func contents(of path: String, _ request: Request) throws(PairError) -> String? {
        do throws(ScenarioSourceError) {
            return try request.files.bytes(of: path).map { String(decoding: $0, as: UTF8.self) }
        } catch {
            throw .scenario("\(path): \(error.message)")
        }
    }
}
