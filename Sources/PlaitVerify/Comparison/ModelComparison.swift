/// Compares one model with TLC and with the code, one way after the other.
package struct ModelComparison<M: ComparableModel> {
    private let request: ComparisonRequest
    private let checked: CheckedModule
    private let graph: TwinGraph<M>
    private let ground: ModelGround<M>
    /// For runs beyond the graph's constants.
    private let largerGround: ModelGround<M>?
    private var report: ModuleReport
    private var campaigns: [ModelCampaign<M>] = []
    private var shrunk: [ModelFailure<M>] = []
    /// Edges that the corpus took; nil if it was not replayed.
    private var replayed: BitSet?

    /// Unvisited edges that are shown.
    private static var shownMax: Int { 5 }

    package init(_ model: M, _ request: ComparisonRequest, _ checked: CheckedModule) {
        self.request = request
        self.checked = checked
        let constants = model.constants.map { "\($0.name)=\($0.value.text)" }.joined(separator: " ")
        report = ModuleReport(module: M.name, constants: constants, seed: request.seed)
        graph = TwinGraph(model)
        ground = ModelGround(graph, infeasible: M.infeasible)
        largerGround = M.larger.map { [graph] in ModelGround(graph, larger: $0, infeasible: M.infeasible) }
    }

    package mutating func run() -> ModuleReport {
        compareGraphs()
        replayCorpus()
        runCampaigns()
        measureSampling()
        judgeTraces()
        testHarness()
        judgeProperties()
        listConfigurations()
        listCoverage()
        listFailures()
        report.problems = ComparisonProblems(report, request, checked, rows: M.infeasible, ground.feasible).all
        return report
    }

    /// How many actions a run tries: twice as many as the farthest state needs, and some.
    private var stepsMax: Int { 2 * graph.depth + 8 }

    private mutating func timed(_ what: String, _ body: (inout Self) -> Void) {
        request.progress("\(M.name): \(what)")
        let start = request.elapsed()
        RunNotes.during("\(M.name), \(what)", in: request.notes) { body(&self) }
        report.timings.add(what, nanoseconds: request.elapsed() - start)
    }

    // MARK: A

    private mutating func compareGraphs() {
        report.twin = TwinLine(
            initial: graph.initialCount,
            states: graph.states.count,
            edges: graph.edges.count,
            depth: graph.depth,
            feasibleStates: ground.feasible.stateCount(of: graph),
            feasibleEdges: ground.feasible.edgeCount(of: graph),
            isComplete: graph.isComplete
        )
        report.checker.notRun = checked.notRun
        for run in checked.runs {
            if let version = run.result.version { report.checker.version = "TLC \(version)" }
            if let revision = run.result.revision { report.checker.version = Self.tool(run.result.version, revision) }
            if let hash = run.result.jarHash { report.checker.jarHash = hash }
            report.timings.add("configuration " + run.name, nanoseconds: run.result.nanoseconds)
        }
        guard let text = checked.graph else { return }
        timed("comparison A") { this in
            do throws(GraphMismatch) {
                this.report.graph = GraphComparison(try GraphComparison.Exported(reading: text), twin: this.graph)
            } catch {
                this.report.graph = GraphComparison(unreadable: error.description)
            }
        }
    }

    private static func tool(_ version: String?, _ revision: String) -> String {
        "TLC \(version ?? "") (rev \(revision))"
    }

    // MARK: B

    private mutating func replayCorpus() {
        guard let corpus = request.corpus else { return }
        timed("comparison B") { this in
            let ways = corpus.behaviours.map { ModelWay<M>($0) }
            let seeds = (0..<UInt64(this.request.replaySeeds)).map { this.request.seed &+ $0 }
            let replay = Replay(
                ways.compactMap(\.self),
                on: this.ground,
                seeds: seeds,
                workers: this.request.workers,
                notes: this.request.notes
            )
            this.replayed = replay.edges
            var line = ReplayLine(replay, seeds: seeds.count)
            let unreadable = ways.count { $0 == nil }
            if unreadable > 0 {
                line.failureCount += unreadable
                line.failures.append("\(unreadable) lines of the corpus are no behaviours of \(M.name)")
                line.isComplete = false
            }
            this.report.replay = line
        }
    }

    // MARK: C

    private mutating func runCampaigns() {
        for kind in RunKind.allCases {
            guard let ground = kind == .larger ? largerGround : ground else { continue }
            timed("comparison C, \(kind.rawValue)") { this in
                var plan = ModelCampaign<M>.Plan(
                    firstSeed: this.request.seed,
                    cases: this.request.cases,
                    stepsMax: this.stepsMax,
                    workers: this.request.workers
                )
                // Guided runs end by themselves; each takes a transition that none before it took.
                if kind == .guided { plan.cases = max(plan.cases, this.graph.edges.count) }
                plan.notes = this.request.notes
                plan.goesOn = this.request.goesOn(share: RunKind.allCases.count)
                let campaign = ModelCampaign.run(kind, on: ground, plan)
                this.campaigns.append(campaign)
                this.report.campaigns.append(CampaignLine(campaign))
                for failure in campaign.failures {
                    var shrinker = ModelShrinker(failure, on: ground)
                    RunNotes.during("shrinking the \(M.run(failure.kind, failure.seed))", in: plan.notes) {
                        shrinker.shrink()
                    }
                    this.shrunk.append(shrinker.best)
                }
            }
        }
    }

    private mutating func measureSampling() {
        guard let processorTime = request.processorTime, shrunk.isEmpty else { return }
        timed("cost of sampling") { this in
            let cost = SamplingCost(
                this.ground,
                runs: min(this.request.cases, 400),
                firstSeed: this.request.seed,
                stepsMax: this.stepsMax,
                processorTime: processorTime
            )
            this.report.timings.unsampled = cost.unsampled
            this.report.timings.sampled = cost.sampled
            this.report.timings.sampledRuns = cost.runs
        }
    }

    /// Traces of the first runs with larger constants that have a few steps, and leave the graph.
    private func sampleLarger(_ count: Int) -> [StateTrace<M>] {
        guard let ground = largerGround else { return [] }
        var traces: [StateTrace<M>] = []
        for seed in request.seed..<request.seed &+ 200 where traces.count < count {
            var runner = CaseRunner(ground, kind: .larger, seed: seed)
            let log = runner.wander(stepsMax: stepsMax)
            guard log.failures.isEmpty, log.counts.outOfBounds >= UInt64(min(8, graph.depth)) else { continue }
            traces.append(StateTrace(runner.done, on: ground.model, driverSeed: runner.driverSeed))
        }
        return traces
    }

    /// Traces of the first swarm runs that have a few steps, and stay within the graph.
    private func sampleTraces(_ count: Int) -> [StateTrace<M>] {
        var traces: [StateTrace<M>] = []
        var seed = request.seed
        while traces.count < count, seed < request.seed &+ 200 {
            var runner = CaseRunner(ground, kind: .swarm, seed: seed)
            let log = runner.wander(stepsMax: 8 * stepsMax)
            seed &+= 1
            guard log.failures.isEmpty, log.counts.outOfBounds == 0, log.edges.count >= min(8, graph.depth) else {
                continue
            }
            traces.append(StateTrace(runner.done, on: graph.model, driverSeed: runner.driverSeed))
        }
        return traces
    }

    private mutating func judgeTraces() {
        guard let judge = checked.judge else { return }
        timed("traces shown to TLC") { this in
            var line = TraceLine()
            let traces = this.sampleTraces(this.request.traces)
            let larger = this.sampleLarger(this.request.traces)
            line.larger = larger.count
            for (place, trace) in (traces + larger).enumerated() {
                line.sampled += 1
                line.steps += trace.actions.count
                switch judge(M.State.variables, trace.states.map(\.values)) {
                case .accepted: line.accepted += 1
                case .rejected(let step): line.complaints.append("trace \(place + 1): rejected at step \(step)")
                case .failed(let words): line.complaints.append("trace \(place + 1): \(words)")
                }
            }
            if let (bad, step) = this.badTrace(traces) {
                line.badStep = step
                switch judge(M.State.variables, bad.states.map(\.values)) {
                case .accepted: line.complaints.append("the bad trace was accepted")
                case .rejected(let step): line.rejectedAt = step
                case .failed(let words): line.complaints.append("the bad trace: \(words)")
                }
            }
            this.report.traces = line
        }
    }

    /// The longest of the traces with a state in its middle corrupted.
    private func badTrace(_ traces: [StateTrace<M>]) -> (StateTrace<M>, step: Int)? {
        guard let long = traces.max(by: { $0.actions.count < $1.actions.count }) else { return nil }
        for step in (1...max(1, long.actions.count / 2)).reversed() {
            if let bad = long.corrupted(at: step, by: graph) { return (bad, step) }
        }
        return nil
    }

    /// The same for what needs no TLC: a corrupted trace, and a graph with edges left out.
    private mutating func testHarness() {
        var line = SelfTestLine()
        if let (bad, step) = badTrace(sampleTraces(3)) {
            line.badStep = step
            if case .forbids(let step) = bad.opinion(of: graph.model, failing: nil) { line.rejectedAt = step }
        }
        let kept = graph.edges.indices.filter { $0 % 97 != 0 }
        line.removedEdges = graph.edges.count - kept.count
        let exported = GraphComparison.Exported<M>(
            initial: Array(graph.states[..<graph.initialCount]),
            edges: kept.map { place in
                let edge = graph.edges[place]
                return (graph.states[Int(edge.from)], edge.action, graph.states[Int(edge.to)])
            }
        )
        let comparison = GraphComparison(exported, twin: graph)
        line.noticedEdges = comparison.missingEdges
        let lies = LieTest(graph, ground.feasible)
        (line.lies, line.noticedLies, line.unnoticed) = (lies.told, lies.noticed, lies.unnoticed)
        report.selfTest = line
    }

    // MARK: D

    private mutating func judgeProperties() {
        let matrix = VerdictMatrix(ground, campaigns, shrunk, checked, folder: request.folder)
        report.properties = matrix.lines
    }

    private mutating func listConfigurations() {
        report.configurations = checked.runs.map { run in
            let result = run.result
            var line = ConfigurationLine()
            line.name = run.name
            line.expectedCode = run.expectation.exitStatus
            line.exitCode = result.exitStatus.map(Int.init)
            line.expectedMessage = run.expectation.code
            line.message = result.code
            line.expectedDistinct = run.expectation.distinct
            line.distinct = result.distinct
            line.generated = result.generated
            line.depth = result.depth
            line.workers = result.workers
            if case .violated(let property) = result.verdict {
                line.violates = property ?? run.expectation.violates
            }
            line.complaint = run.complaint
            line.isAsExpected = run.complaint.isEmpty
            line.onCode = replay(run)
            return line
        }
    }

    /// What the code does when it is led along a counterexample of TLC's.
    private func replay(_ run: CheckedModule.Run) -> ReplayLine.Outcome? {
        guard !run.result.trace.isEmpty, let trace = StateTrace<M>(run.result.trace) else { return nil }
        let outcome = trace.replay(on: M.model(for: trace), driverSeed: request.seed)
        return ReplayLine.Outcome(isReproduced: outcome.isReproduced, words: outcome.description)
    }

    private mutating func listCoverage() {
        let coverage = CoverageLists(ground, campaigns, replayed: replayed)
        report.actions = coverage.actions(checked.graph)
        report.unvisited = coverage.unvisited(shown: Self.shownMax)
        report.infeasible = zip(M.infeasible, ground.feasible.matches).map { row, count in
            InfeasibleLine(action: row.action, from: row.from, reason: row.reason, edges: count)
        }
    }

    private mutating func listFailures() {
        report.failures = shrunk.map { failure in
            var line = FailureLine(failure, on: failure.kind == .larger ? largerGround ?? ground : ground)
            // The twin has judged it already; TLC says it once more, by the module itself.
            if let judge = checked.judge, let trace = line.trace {
                switch judge(trace.variables, trace.steps.map(\.values)) {
                case .accepted: line.opinion += "; TLC accepts the trace"
                case .rejected(let step): line.opinion += "; TLC rejects the trace at step \(step)"
                case .failed(let words): line.opinion += "; TLC: \(words)"
                }
            }
            return line
        }
    }
}
