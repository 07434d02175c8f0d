import PlaitVerify
import Testing

extension Basin: ComparableModel {
    static let ground = ModelGround(TwinGraph(Basin.graph), larger: larger)
    static let larger: Basin? = Basin(flaw: .none, room: 5)
}

/// The corpus that the tests replay: a way to every edge of a flawless twin.
private func corpus() -> [ModelWay<Basin>] {
    let graph = TwinGraph(Basin())
    let ways = graph.shortestWays()
    return graph.edges.indices.map { graph.behaviour((ways.way(to: Int(graph.edges[$0].from)) ?? []) + [$0]) }
}

private func ground(_ flaw: Basin.Flaw = .none, infeasible: [Infeasible] = []) -> ModelGround<Basin> {
    ModelGround(TwinGraph(Basin(flaw: flaw)), infeasible: infeasible)
}

private func wrong(_ outcome: ReplayOutcome<Basin>) { Issue.record("\(outcome)") }

@Suite("A twin's graph")
struct TwinGraphTests {
    @Test("states stand in the order of their distance, and a shortest way leads to each")
    func ways() throws {
        let graph = TwinGraph(Basin())
        let ways = graph.shortestWays()
        #expect(graph.isComplete && graph.initialCount == 1)
        for place in graph.states.indices {
            let way = try #require(ways.way(to: place))
            #expect(way.count == Int(graph.depths[place]))
            var state = graph.states[0]
            for edge in way { state = graph.model.step(graph.edges[edge].action, from: state) ?? state }
            #expect(state == graph.states[place])
        }
        #expect(graph.depths == graph.depths.sorted())
        #expect(graph.depth == 1 + Int(graph.depths.max() ?? 0))
    }

    @Test("a walk that is cut off says so")
    func bounded() {
        let graph = TwinGraph(Basin(), statesMax: 4)
        #expect(!graph.isComplete && graph.states.count == 4)
    }
}

@Suite("Comparison A: TLC's graph and the twin's")
struct GraphComparisonTests {
    /// As TLC would print it: some edges twice, in another order.
    private var exported: GraphComparison.Exported<Basin> {
        let graph = TwinGraph(Basin())
        var edges = graph.edges.map {
            (from: graph.states[Int($0.from)], action: $0.action, to: graph.states[Int($0.to)])
        }
        edges.reverse()
        return GraphComparison.Exported(initial: [graph.states[0]], edges: edges + [edges[0]])
    }

    @Test("the same graph is the same, however it is ordered and however often an edge is named")
    func exact() {
        let comparison = GraphComparison(exported, twin: TwinGraph(Basin()))
        let twin = TwinGraph(Basin())
        #expect(comparison.isExact)
        #expect(comparison.states == twin.states.count && comparison.edges == twin.edges.count)
    }

    @Test("an edge that the twin forgot is shown")
    func missingEdge() {
        let comparison = GraphComparison(exported, twin: TwinGraph(Basin(flaw: .twinForgetsAnEdge)))
        #expect(!comparison.isExact)
        #expect(comparison.differences.allSatisfy { !$0.isInTwin })
        #expect(comparison.differences.contains { $0.kind == "transition" && $0.text.contains("Fall") })
    }

    @Test("states, edges and initial states that only the twin has are shown")
    func foreign() {
        var less = exported
        less.edges.removeAll { $0.to.pulled || $0.from.pulled }
        less.initial = []
        let comparison = GraphComparison(less, twin: TwinGraph(Basin()))
        for kind in ["initial state", "state", "transition"] {
            #expect(comparison.differences.contains { $0.kind == kind && $0.isInTwin })
        }
    }

    @Test("an edge to another state than the twin's is a difference on both sides")
    func elsewhere() {
        var other = exported
        let edge = exported.edges[0]
        other.edges.removeAll { $0.from == edge.from && $0.action == edge.action }
        other.edges.append((edge.from, edge.action, edge.from))
        let comparison = GraphComparison(other, twin: TwinGraph(Basin()))
        #expect(comparison.differences.contains { $0.kind == "transition" && $0.isInTwin })
        #expect(comparison.differences.contains { $0.kind == "transition" && !$0.isInTwin })
    }
}

@Suite("Comparison B: behaviours of the model on the code")
struct ReplayTests {
    @Test("good machines take every edge, with every seed, and refuse the rest in every state")
    func complete() {
        let replay = Replay(corpus(), on: ground(), seeds: [1, 2, 3], workers: 1)
        #expect(replay.isComplete)
        #expect(replay.edges.count == ground().graph.edges.count)
        #expect(replay.refusedIn.count == ground().graph.states.count)
        // A second pull, and nothing else, is not tried.
        let graph = ground().graph
        let forbidden = graph.states.map { state in
            Basin().candidates(in: state).filter { Basin().step($0, from: state) == nil }
        }
        #expect(replay.untried == 3 * UInt64(graph.states.count(where: \.pulled)))
        #expect(replay.refusals + replay.untried == 3 * UInt64(forbidden.reduce(0) { $0 + $1.count }))
    }

    @Test("the number of workers changes nothing")
    func workers() {
        let one = Replay(corpus(), on: ground(.machineDrainsTwo), seeds: [1, 2], workers: 1)
        let two = Replay(corpus(), on: ground(.machineDrainsTwo), seeds: [1, 2], workers: 2)
        #expect(one.failures.map(\.outcome.description) == two.failures.map(\.outcome.description))
        #expect(one.steps == two.steps && one.edges == two.edges)
    }

    @Test("a machine that comes elsewhere diverges at a step, with both states")
    func diverged() throws {
        let replay = Replay(corpus(), on: ground(.machineDrainsTwo), seeds: [1], workers: 1)
        #expect(!replay.isComplete)
        let outcome = try #require(replay.failures.first?.outcome)
        guard case .diverged(_, .drain, let expected, let actual) = outcome else { return wrong(outcome) }
        #expect(expected.level == actual.level + 1)
    }

    @Test("a machine that refuses what the model allows is refused at a step")
    func refused() throws {
        let replay = Replay(corpus(), on: ground(.machineRefusesPull), seeds: [1], workers: 1)
        let outcome = try #require(replay.failures.first?.outcome)
        guard case .refused(let step, .pull, let state) = outcome else { return wrong(outcome) }
        #expect(step > 2 && state.drained > 1)
        #expect(!replay.unreplayed.isEmpty)
    }

    @Test("a machine that does what the model forbids is found out in the states where it does")
    func unrefused() throws {
        for flaw in [Basin.Flaw.machineOverflows, .machineFallsAfterPull] {
            let replay = Replay(corpus(), on: ground(flaw), seeds: [1], workers: 1)
            let outcome = try #require(replay.failures.first?.outcome)
            guard case .unrefused = outcome else { return wrong(outcome) }
        }
    }

    @Test("edges that the corpus lacks are named")
    func corpusLacks() {
        let graph = TwinGraph(Basin())
        let short = corpus().filter { $0.actions.last != .pull }
        let replay = Replay(short, on: ground(), seeds: [1], workers: 1)
        #expect(!replay.isComplete)
        #expect(replay.missingInCorpus.allSatisfy { graph.edges[$0].action == .pull })
    }

    @Test("a listed edge that the code refuses is fine, and what lies behind it is reached another way")
    func infeasible() {
        let listed = Infeasible(action: "Pull", from: "*", reason: "the plug is stuck once something was drained")
        let rows = TwinGraph(Basin()).states.filter { $0.drained > 1 && !$0.pulled }.map {
            Infeasible(action: listed.action, from: $0.text, reason: listed.reason)
        }
        let ground = ground(.machineRefusesPull, infeasible: rows)
        #expect(ground.feasible.matches.allSatisfy { $0 == 1 })
        let replay = Replay(corpus(), on: ground, seeds: [1], workers: 1)
        #expect(replay.isComplete, "\(replay.failures.map(\.outcome.description)) \(replay.unreplayed)")
        #expect(replay.infeasible.count == rows.count)
    }

    @Test("a listed edge that the code takes is an error")
    func infeasibleVisited() throws {
        let ground = ground(infeasible: [Infeasible(action: "Pull", from: "*", reason: "wrong")])
        let replay = Replay(corpus(), on: ground, seeds: [1], workers: 1)
        let outcome = try #require(replay.failures.first?.outcome)
        guard case .infeasibleVisited = outcome else { return wrong(outcome) }
    }
}

@Suite("Comparison C: runs of the code on the model")
struct ModelCampaignTests {
    private func campaign(_ kind: RunKind, _ ground: ModelGround<Basin>, cases: Int = 300) -> ModelCampaign<Basin> {
        ModelCampaign.run(kind, on: ground, ModelCampaign.Plan(cases: cases, stepsMax: 30, workers: 1))
    }

    @Test("good machines conform; guided runs cover every edge with few steps")
    func conform() {
        let ground = ground()
        for kind in [RunKind.random, .swarm, .guided] {
            let campaign = campaign(kind, ground)
            #expect(campaign.failures.isEmpty && campaign.counts.nonConforming == 0)
            #expect(campaign.counts.edges == campaign.coverage.steps)
        }
        let guided = campaign(.guided, ground)
        #expect(guided.coverage.edges.count == ground.graph.edges.count)
        #expect(guided.runs < 20 && guided.counts.edges < 4 * UInt64(ground.graph.edges.count))
        let counts = campaign(.random, ground).counts
        #expect(counts.refused > 100 && counts.untried > 100)
        #expect(counts.all == counts.edges + counts.refused + counts.untried)
    }

    @Test("constants larger than the graph's lead out of its bounds, and conform there too")
    func larger() {
        let ground = ModelGround(TwinGraph(Basin()), larger: Basin.larger)
        let campaign = campaign(.larger, ground)
        #expect(campaign.counts.outOfBounds > 0 && campaign.failures.isEmpty && campaign.counts.unjudged == 0)
        #expect(campaign.hitsBeyond[0] > 0)
    }

    @Test(
        "each planted bug is found, and what is left of the run is short",
        arguments: [
            (Basin.Flaw.machineDrainsTwo, 5), (.machineRefusesPull, 5),
            (.machineFallsAfterPull, 2),
        ]
    )
    func bugs(flaw: Basin.Flaw, most: Int) throws {
        let ground = ground(flaw)
        let campaign = campaign(.random, ground)
        let failure = try #require(campaign.failures.first)
        var shrinker = ModelShrinker(failure, on: ground)
        shrinker.shrink()
        #expect(shrinker.best.actions.count <= most)
        let trace = StateTrace<Basin>(shrinker.best.actions, on: ground.model, driverSeed: shrinker.best.driverSeed)
        if flaw != .machineRefusesPull {
            #expect(trace.opinion(of: Basin(), failing: nil) == .forbids(step: trace.actions.count))
        }
    }

    @Test("a step out of every model's bounds is counted, and the properties still judge where it leads")
    func beyond() throws {
        let overflowing = Basin(flaw: .machineOverflows, room: 5)
        let ground = ModelGround(TwinGraph(Basin()), larger: overflowing)
        let campaign = campaign(.larger, ground)
        #expect(campaign.counts.unjudged > 0 && campaign.counts.nonConforming == 0)
        #expect(campaign.failed(0))
        let failure = try #require(campaign.failures.first)
        var shrinker = ModelShrinker(failure, on: ground)
        shrinker.shrink()
        #expect(shrinker.best.actions.count <= 4)
    }

    @Test("a step that the model allows, and that leads elsewhere, is no step out of bounds wherever it leads")
    func elsewhere() throws {
        let campaign = campaign(.random, ground(.machineOverfills))
        #expect(campaign.counts.nonConforming > 0)
        guard case .departure(let departure)? = campaign.failures.first?.reason else {
            Issue.record("no departure")
            return
        }
        #expect(departure.kind == .elsewhere && departure.after.level == 4)
        let lines = departure.text.split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("* level    before: ") && lines.contains("           model: 3"))
        #expect(lines.contains("           code: 4") && lines.last == "  pulled   FALSE")
        #expect(lines.contains { $0.hasPrefix("  drained  ") && !$0.contains(":") })
    }

    @Test("what is left of a run departs at an action of the same name, though another departs sooner")
    func sameAction() throws {
        let ground = ground(.machineFallsAfterPull)
        let seeds = campaign(.random, ground).failures
        let failure = try #require(seeds.first { $0.actions.last?.name == "Fall" })
        var shrinker = ModelShrinker(failure, on: ground)
        shrinker.shrink()
        #expect(shrinker.best.actions.map(\.name) == ["Pull", "Fall"])
        let other = ModelFailure<Basin>(
            kind: failure.kind,
            seed: failure.seed,
            driverSeed: failure.driverSeed,
            actions: failure.actions + [.drain],
            reason: failure.reason,
            isAtEnd: false
        )
        shrinker = ModelShrinker(other, on: ground)
        shrinker.shrink()
        #expect(shrinker.best.actions == other.actions, "nothing fails at a drain")
    }

    @Test("a run that does not come to its end fails the liveness property that was triggered")
    func liveness() throws {
        let campaign = campaign(.random, ground(.machineNeverDrains))
        #expect(campaign.failed(2) && !campaign.failed(0))
        #expect(try #require(campaign.failures.first).isAtEnd)
        #expect(self.campaign(.random, ground()).reached[2] > 100)
    }

    @Test("a step by which a run comes to rest is held against the model too")
    func atRest() throws {
        let good = campaign(.random, ground())
        #expect(good.settling.edges > 20 && good.settling.all == good.settling.edges)
        let failure = try #require(campaign(.random, ground(.machineSpillsAtRest)).failures.first)
        guard case .departure(let departure) = failure.reason else {
            Issue.record("no departure")
            return
        }
        #expect(failure.actions.last == .drain && departure.kind == .elsewhere)
    }

    @Test("the number of workers changes nothing")
    func workers() {
        let ground = ground(.machineDrainsTwo)
        let campaigns = [1, 2].map { workers in
            ModelCampaign.run(.swarm, on: ground, ModelCampaign.Plan(cases: 200, stepsMax: 30, workers: workers))
        }
        #expect(campaigns[0].counts == campaigns[1].counts)
        #expect(campaigns[0].coverage.visits == campaigns[1].coverage.visits)
        #expect(campaigns[0].failures.map(\.seed) == campaigns[1].failures.map(\.seed))
    }

    @Test("the engine runs the same world, and finds the same bugs")
    func engine() {
        let report = PropertyCampaign.run(Basin.property, cases: 200)
        #expect(report.holds, "\(report.failures.map(\.failure)) \(report.problems)")
        #expect(report.counters.contains { $0.name == "out of bounds" && $0.count > 0 })
    }
}
