/// What of the graph was covered, by action, and what never was.
struct CoverageLists<M: Model> {
    private let ground: ModelGround<M>
    private let campaigns: [ModelCampaign<M>]
    private let replayed: BitSet?
    private var graph: TwinGraph<M> { ground.graph }

    init(_ ground: ModelGround<M>, _ campaigns: [ModelCampaign<M>], replayed: BitSet?) {
        self.ground = ground
        self.campaigns = campaigns
        self.replayed = replayed
    }

    /// `exported`: TLC's graph.
    func actions(_ exported: TextGraph?) -> [ActionLine] {
        let exported = exported.map(Self.transitions)
        return actions(exported)
    }

    /// By action's name.
    private static func transitions(of graph: TextGraph) -> [String: Int] {
        let names = graph.actions.map { text in
            guard case .text(let name)? = (try? TLAValue(parsing: text))?["name"] else { return text }
            return name
        }
        var counts: [String: Int] = [:]
        for edge in graph.edges { counts[names[edge.action], default: 0] += 1 }
        return counts
    }

    private func actions(_ exported: [String: Int]?) -> [ActionLine] {
        M.Action.names.map { name in
            var line = ActionLine()
            line.name = name
            line.covered = campaigns.map { _ in 0 }
            line.exported = exported.map { $0[name] ?? 0 }
            for (place, edge) in graph.edges.enumerated() where edge.action.name == name {
                line.edges += 1
                if !ground.feasible.allows(place) { line.infeasible += 1 }
                if replayed?.contains(place) ?? false { line.replayed += 1 }
                for campaign in campaigns.indices where campaigns[campaign].coverage.edges.contains(place) {
                    line.covered[campaign] += 1
                }
            }
            return line
        }
    }

    /// Feasible edges that no run took, the nearest first; so many of them with the way there.
    func unvisited(shown: Int) -> UnvisitedLine {
        var line = UnvisitedLine()
        var never: [Int] = []
        for edge in graph.edges.indices where ground.feasible.allows(edge) {
            let takers = campaigns.filter { $0.coverage.edges.contains(edge) }
            if takers.isEmpty {
                never.append(edge)
            } else if takers.allSatisfy({ $0.kind == .guided }) {
                line.onlyGuided += 1
            }
        }
        line.count = never.count
        let near = never.sorted {
            (graph.depths[Int(graph.edges[$0].from)], $0) < (graph.depths[Int(graph.edges[$1].from)], $1)
        }
        let ways = graph.shortestWays()
        line.nearest = near.prefix(shown).map { edge in
            let from = Int(graph.edges[edge].from)
            let way = ground.feasible.ways.way(to: from) ?? ways.way(to: from) ?? []
            return UnvisitedLine.Edge(
                action: graph.edges[edge].action.value.text,
                from: graph.states[from].text,
                way: (way + [edge]).map { "\(graph.edges[$0].action)" }
            )
        }
        return line
    }
}

extension ReplayLine {
    /// `seeds`: how often the corpus was replayed.
    init<M: Model>(_ replay: Replay<M>, seeds: Int) {
        edges = replay.edges.count
        behaviours = replay.behaviours
        self.seeds = seeds
        steps = replay.steps
        refusals = replay.refusals
        untried = replay.untried
        refusedIn = replay.refusedIn.count
        infeasibleRefused = replay.infeasible.count
        failureCount = replay.failureCount
        failures = replay.failures.map { "machines of seed \($0.seed) " + $0.outcome.description }
        missingInCorpus = replay.missingInCorpus.count
        unreplayed = replay.unreplayed.count
        isComplete = replay.isComplete
    }
}

extension CampaignLine {
    /// What is told of a campaign.
    init<M: Model>(_ campaign: ModelCampaign<M>) {
        kind = campaign.kind
        runs = campaign.runs
        counts = campaign.counts
        settling = campaign.settling
        states = campaign.coverage.states.count
        edges = campaign.coverage.edges.count
        unseenMillionths = campaign.coverage.unseenMillionths
        growthStates = campaign.coverage.growth.map(\.states)
        growthEdges = campaign.coverage.growth.map(\.edges)
        settled = campaign.settled
        settledMax = campaign.settledMax
        failed = campaign.failureCount
    }
}

extension FailureLine {
    /// A shrunk run, and what the model says of it.
    init<M: Model>(_ failure: ModelFailure<M>, on ground: ModelGround<M>) {
        kind = failure.kind
        seed = failure.seed
        driverSeed = failure.driverSeed
        actions = failure.actions.map { "\($0)" }
        let trace = StateTrace<M>(failure.actions, on: ground.model, driverSeed: failure.driverSeed)
        var shown = trace
        switch failure.reason {
        case .departure(let departure):
            what = M.name.lowercased() + ".conforms"
            words =
                "the code \(departure.kind.rawValue)\n\(departure.text)"
            opinion = trace.opinion(of: ground.model, failing: nil).words
            if departure.kind == .refused, let expected = departure.expected, let last = failure.actions.last {
                opinion = "the model takes the step that the code refuses"
                shown = StateTrace(states: trace.states + [expected], actions: trace.actions + [last])
            }
        case .property(let place):
            let property = ground.judge.properties[place]
            what = property.id
            words = "\(property.name): \(property.words)"
            opinion = trace.opinion(of: ground.model, failing: property).words
        case .concrete(let failures):
            what = M.name.lowercased() + ".concrete"
            words = failures.joined(separator: "\n")
            opinion = trace.opinion(of: ground.model, failing: nil).words
        case .beginning(let state):
            what = M.name.lowercased() + ".conforms"
            words = "the machines begin in a state that is no initial one\n\(state.lines)"
            opinion = "the model forbids step 0"
        }
        self.trace = shown.trace("the code, \(what), machines of seed \(driverSeed)")
    }
}
