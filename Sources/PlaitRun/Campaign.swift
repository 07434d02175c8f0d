package import PlaitCore
import PlaitReport
import PlaitScenario
import Synchronization

/// All seeds of a request, side by side, merged in the order of the seeds: the number of workers changes nothing.
package struct Campaign: Sendable {
    /// In the order of the request's seeds.
    package let runs: [SeedRun]

    package var holds: Bool { runs.allSatisfy(\.holds) }

    /// Told by workers how far each run is; answers whether to go on.
    package typealias Progress = @Sendable (_ run: Int, _ now: Instant, _ events: UInt64) -> Bool

    /// Runs at least one seed on at least one worker, and writes all files. `progress` is called from the workers;
    /// `nanoseconds` is a clock that only measures how long the whole took.
    package static func run(
        _ request: RunRequest,
        workers: Int,
        progress: Progress? = nil,
        nanoseconds: @Sendable () -> Int64
    ) throws(RunError) -> Campaign {
        precondition(!request.seeds.isEmpty && workers > 0, "a campaign without a seed or a worker")
        let begun = nanoseconds()
        do throws(FileError) {
            try RunFolder.clear(request.folder)
        } catch {
            throw .file(error)
        }
        let results = perform(request, workers: workers, progress: progress)
        var runs: [SeedRun] = []
        for result in results { runs.append(try result.get()) }
        let campaign = Campaign(runs: runs)
        do throws(FileError) {
            try campaign.write(request, wall: nanoseconds() - begun)
        } catch {
            throw .file(error)
        }
        return campaign
    }

    private static func perform(
        _ request: RunRequest,
        workers: Int,
        progress: Progress?
    ) -> [Result<SeedRun, RunError>] {
        let results = Results(count: request.seeds.count)
        Threads.run(min(workers, request.seeds.count)) {
            while let index = results.next() {
                let result = perform(request, number: index, progress)
                results.put(result, at: index)
                // What cannot be reported whole is not worth finishing.
                if case .failure = result { results.stop() }
            }
        }
        return results.all
    }

    private static func perform(
        _ request: RunRequest,
        number index: Int,
        _ progress: Progress?
    ) -> Result<SeedRun, RunError> {
        let seed = request.seeds[index]
        let folder = request.seeds.count == 1 ? request.folder : request.folder + "/seed-\(seed)"
        let tell = progress.map { progress in
            { (now: Instant, events: UInt64) in progress(index, now, events) }
        }
        do throws(RunError) {
            let run = try SeedRun.perform(request, seed: seed, in: folder, progress: tell)
            // A run that falls silent ends before its time; whoever counts finished runs learns it here, and may have
            // been told to stop meanwhile: short runs ask for nothing else.
            let goesOn = progress?(index, .never, run.summary.engineEvents) ?? true
            return goesOn ? .success(run) : .failure(.interrupted)
        } catch {
            return .failure(error)
        }
    }

    /// The files of the whole: one row a run, and the manifest last. As an earlier one was taken away at the beginning,
    /// a folder with a manifest is complete.
    private func write(_ request: RunRequest, wall: Int64) throws(FileError) {
        try ResultTable.writeRuns(runs.map(\.summary), in: request.folder)
        let isSingle = runs.count == 1
        let hashes = runs.flatMap { run in
            run.hashes.map { (name: isSingle ? $0.name : "seed-\(run.summary.seed)/" + $0.name, digits: $0.digits) }
        }
        let files = runs.flatMap { run in
            run.files.map { isSingle ? $0 : "seed-\(run.summary.seed)/" + $0 }
        }
        try Manifest(
            plaitVersion: PlaitVersion.current,
            scenario: request.scenario.name,
            resolvedScenario: request.scenario.text,
            seeds: request.seeds,
            hashes: hashes,
            platform: Self.platform,
            reproduce: request.reproduce,
            samplingInterval: request.scenario.interval,
            labels: RunLabels(request.scenario),
            files: ["runs.csv"] + files,
            timing: [(name: "wall", nanoseconds: wall)]
        ).write(in: request.folder)
    }

    /// Hashes are the same wherever the quantile tables are; golden ones name their platform.
    package static var platform: String {
        #if arch(x86_64)
            "linux-x86_64"
        #elseif arch(arm64)
            "linux-aarch64"
        #else
            "linux-other"
        #endif
    }
}

/// What the workers share: whose turn it is, and what came out.
private final class Results: Sendable {
    private struct State {
        var taken = 0
        var results: [Result<SeedRun, RunError>?]
    }

    private let state: Mutex<State>

    init(count: Int) { state = Mutex(State(results: Array(repeating: nil, count: count))) }

    /// Numbers from zero on, each once; nil when all are taken.
    func next() -> Int? {
        state.withLock { state in
            guard state.taken < state.results.count else { return nil }
            state.taken += 1
            return state.taken - 1
        }
    }

    func put(_ result: Result<SeedRun, RunError>, at index: Int) { state.withLock { $0.results[index] = result } }

    /// Nobody gets another turn.
    func stop() { state.withLock { $0.taken = $0.results.count } }

    var all: [Result<SeedRun, RunError>] { state.withLock { $0.results.compactMap(\.self) } }
}
