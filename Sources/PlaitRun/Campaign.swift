package import PlaitCore
import PlaitReport
import PlaitScenario
import Synchronization

/// All seeds of a request, side by side, merged in the order of the seeds: the number of workers changes nothing.
package struct Campaign: Sendable {
    /// In the order of the request's seeds.
    package let runs: [SeedRun]

    package var holds: Bool { runs.allSatisfy(\.holds) }

    /// Told by workers how far each is: finished runs, the share of the present one in millionths, events so far.
    package typealias Progress = @Sendable (_ seed: UInt64, _ now: Instant, _ events: UInt64) -> Bool

    /// - Parameters:
    ///   - request: With at least one seed.
    ///   - workers: Runs at the same time, at least one.
    ///   - progress: Called from the workers; answers whether to go on.
    ///   - nanoseconds: A clock that only measures how long the whole took.
    package static func run(
        _ request: RunRequest,
        workers: Int,
        progress: Progress? = nil,
        nanoseconds: @Sendable () -> Int64
    ) async throws(RunError) -> Campaign {
        precondition(!request.seeds.isEmpty && workers > 0, "a campaign without a seed or a worker")
        let begun = nanoseconds()
        let results = await perform(request, workers: workers, progress: progress)
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
    ) async -> [Result<SeedRun, RunError>] {
        let turns = Turns()
        return await withTaskGroup(of: [(Int, Result<SeedRun, RunError>)].self) { group in
            for _ in 0..<min(workers, request.seeds.count) {
                group.addTask {
                    var mine: [(Int, Result<SeedRun, RunError>)] = []
                    while true {
                        let index = turns.next()
                        guard index < request.seeds.count else { return mine }
                        mine.append((index, perform(request, number: index, progress)))
                    }
                }
            }
            var all: [(Int, Result<SeedRun, RunError>)] = []
            for await part in group { all += part }
            return all.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func perform(
        _ request: RunRequest,
        number index: Int,
        _ progress: Progress?
    ) -> Result<SeedRun, RunError> {
        let seed = request.seeds[index]
        let folder = request.seeds.count == 1 ? request.folder : request.folder + "/seed-\(seed)"
        let tell = progress.map { progress in
            { (now: Instant, events: UInt64) in progress(seed, now, events) }
        }
        do throws(RunError) {
            return .success(try SeedRun.perform(request, seed: seed, in: folder, progress: tell))
        } catch {
            return .failure(error)
        }
    }

    /// The files of the whole: one row a run, and the manifest last, so that a folder with a manifest is complete.
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

/// Hands out the numbers from zero on, each once.
private final class Turns: Sendable {
    private let taken = Mutex(0)

    func next() -> Int {
        taken.withLock { taken in
            defer { taken += 1 }
            return taken
        }
    }
}
