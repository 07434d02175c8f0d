import PlaitRun
import Synchronization

/// All configurations of some models, checked by TLC.
package struct ModelChecks: Sendable {
    /// In the order of the folders and their configurations, whatever ended first.
    package let checks: [ModelCheck]

    package var holds: Bool { checks.allSatisfy(\.holds) }

    /// Whether something could not even be tried.
    package var isIncomplete: Bool {
        checks.contains { check in
            if case .notRun = check.result.verdict { true } else { false }
        }
    }

    /// What happens meanwhile, told from any thread. `job` counts from 0.
    package enum Event: Sendable {
        case began(job: Int, ModelConfiguration, module: String)
        case progress(job: Int, TLCProgress)
        case ended(job: Int, ModelCheck)
    }

    /// Checks all of them, so many at a time. What is not wanted any more ends as stopped.
    package static func run(
        _ folders: [ModelFolder],
        with runner: TLCRunner,
        atOnce: Int,
        timeMax: Int64 = 600_000_000_000,
        elapsed: @escaping @Sendable () -> Int64,
        isWanted: @escaping @Sendable () -> Bool = { true },
        tell: @escaping @Sendable (Event) -> Void = { _ in }
    ) -> ModelChecks {
        let jobs = folders.flatMap { folder in folder.checkedAtOnce.map { (folder, $0) } }
        let shared = Mutex<(next: Int, checks: [ModelCheck?])>((0, Array(repeating: nil, count: jobs.count)))
        Threads.run(min(max(1, atOnce), max(1, jobs.count))) {
            while true {
                let job = shared.withLock { state in
                    defer { state.next += 1 }
                    return state.next
                }
                guard job < jobs.count else { return }
                let (folder, configuration) = jobs[job]
                tell(.began(job: job, configuration, module: folder.name))
                let check = runner.check(
                    folder,
                    configuration,
                    timeMax: timeMax,
                    elapsed: elapsed,
                    isWanted: isWanted,
                    progress: { tell(.progress(job: job, $0)) }
                )
                shared.withLock { $0.checks[job] = check }
                tell(.ended(job: job, check))
            }
        }
        return ModelChecks(checks: shared.withLock { $0.checks.compactMap(\.self) })
    }

    /// When there is no TLC: each configuration says so, and none holds.
    package static func notRun(_ folders: [ModelFolder], _ reason: String) -> ModelChecks {
        ModelChecks(
            checks: folders.flatMap { folder in
                folder.checkedAtOnce.map { configuration in
                    let result = TLCResult.notRun(reason)
                    return ModelCheck(
                        module: folder.name,
                        configuration: configuration,
                        result: result,
                        graph: nil,
                        differences: configuration.expectation.differences(from: result)
                    )
                }
            }
        )
    }
}
