/// One configuration checked by TLC: what came out, and how that differs from what is expected.
package struct ModelCheck: Sendable {
    package let module: String
    package let configuration: ModelConfiguration
    package let result: TLCResult
    /// What a configuration of the kind `Graph` exported.
    package let graph: TextGraph?
    /// Empty when everything is as expected.
    package let differences: [String]

    package var holds: Bool { differences.isEmpty }
}

extension TLCRunner {
    /// Checks one configuration of a model.
    package func check(
        _ folder: ModelFolder,
        _ configuration: ModelConfiguration,
        timeMax: Int64 = 600_000_000_000,
        elapsed: () -> Int64,
        isWanted: () -> Bool = { true },
        progress: (TLCProgress) -> Void = { _ in }
    ) -> ModelCheck {
        var job = Job(folders: folder.sources, module: configuration.module, configuration: configuration.name)
        job.workers = configuration.expectation.workers
        job.counts = configuration.kind == .safety
        job.checksDeadlock = configuration.expectation.checksDeadlock
        job.timeMax = timeMax
        if configuration.kind == .large { job.heap = 6_144 }
        // What must be violated is found before much is seen.
        job.isShort = [.witness, .mutant].contains(configuration.kind)
        if configuration.properties.count == 1 { job.onlyProperty = configuration.properties.first }
        var graph: TextGraph?
        var complaints: [String] = []
        let result = run(job, elapsed: elapsed, isWanted: isWanted, progress: progress) { printed in
            guard configuration.kind == .graph else { return }
            do throws(FormalFileError) {
                graph = try GraphExport.graph(of: printed, path: "export of \(folder.name)/\(configuration.name)")
            } catch {
                complaints.append(error.description)
            }
        }
        if configuration.kind == .graph, case .holds = result.verdict, let graph, graph.states.count != result.distinct
        {
            complaints.append("\(graph.states.count) states are exported, \(result.distinct ?? 0) were found")
        }
        if job.counts, case .holds = result.verdict { complaints += result.idleActions }
        return ModelCheck(
            module: folder.name,
            configuration: configuration,
            result: result,
            graph: graph,
            differences: configuration.expectation.differences(from: result) + complaints
        )
    }
}
