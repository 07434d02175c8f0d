import PlaitCore

/// A way through the model, as the corpus holds it.
package struct ModelWay<M: Model>: Sendable {
    package let start: M.State
    package let actions: [M.Action]
    package let end: M.State

    package init(start: M.State, actions: [M.Action], end: M.State) {
        self.start = start
        self.actions = actions
        self.end = end
    }
}

/// What became of a way through the model when the real code was led along it.
package enum ReplayOutcome<M: Model>: Sendable {
    /// The code took every step and was in the model's state after each.
    case reproduced
    /// The machines do not begin where the way does.
    case began(expected: M.State?, actual: M.State)
    /// The code did not do what the model allows; counted from 1.
    case refused(step: Int, action: M.Action, state: M.State)
    /// The code came to another state than the model.
    case diverged(step: Int, action: M.Action, expected: M.State, actual: M.State)
    /// The code did what it must refuse, or refused it and changed nevertheless.
    case unrefused(step: Int, action: M.Action, before: M.State, after: M.State)
    /// The code took a step that `infeasible.csv` says it cannot take.
    case infeasibleVisited(step: Int, action: M.Action, state: M.State)
    /// The model itself has no such way: the corpus is out of date.
    case notAWay(step: Int, action: M.Action, state: M.State)
    /// Bytes or invariants of the concrete machines were wrong at the end.
    case broken([String])

    package var isReproduced: Bool { if case .reproduced = self { true } else { false } }
}

extension ReplayOutcome: CustomStringConvertible {
    package var description: String {
        switch self {
        case .reproduced: "reproduced"
        case .began(let expected, let actual):
            "began elsewhere\n"
                + StateTable.text((expected.map { [("model", $0)] } ?? []) + [("code", actual)])
        case .refused(let step, let action, let state):
            "refused at step \(step): \(action.value.text)\n\(state.lines)"
        case .diverged(let step, let action, let expected, let actual):
            "diverged at step \(step): \(action.value.text)\n"
                + StateTable.text([("model", expected), ("code", actual)])
        case .unrefused(let step, let action, let before, let after):
            "not refused at step \(step): \(action.value.text)\n"
                + StateTable.text([("before", before), ("after", after)])
        case .infeasibleVisited(let step, let action, let state):
            "took an infeasible step at step \(step): \(action.value.text)\n\(state.lines)"
        case .notAWay(let step, let action, let state):
            "no way of the model from step \(step): \(action.value.text)\n\(state.lines)"
        case .broken(let words): "wrong in the end: " + words.joined(separator: "; ")
        }
    }
}

/// Comparison B: the code can do everything the model says, and refuses what the model forbids.
package struct Replay<M: Model>: Sendable {
    package private(set) var behaviours = 0
    package private(set) var steps: UInt64 = 0
    /// Disabled actions that the code was asked for, and refused.
    package private(set) var refusals: UInt64 = 0
    /// Disabled actions that the driver would not even ask for.
    package private(set) var untried: UInt64 = 0
    /// States in which every disabled candidate was tried.
    package private(set) var refusedIn: BitSet
    /// Edges that the code took.
    package private(set) var edges: BitSet
    /// Listed edges that the code refused, as it must.
    package private(set) var infeasible: BitSet
    /// The first few ways that were not reproduced, with the seed of the machines.
    package private(set) var failures: [(seed: UInt64, behaviour: ModelWay<M>, outcome: ReplayOutcome<M>)] = []
    package private(set) var failureCount = 0
    /// Edges that no behaviour of the corpus has, feasible or not.
    package private(set) var missingInCorpus: [Int] = []
    /// Edges that the code should have taken and did not.
    package private(set) var unreplayed: [Int] = []

    private static var failuresMax: Int { 5 }

    package var isComplete: Bool { failureCount == 0 && unreplayed.isEmpty && missingInCorpus.isEmpty }

    /// Leads the code along every behaviour, once with machines of each seed.
    package init(
        _ corpus: [ModelWay<M>],
        on ground: ModelGround<M>,
        seeds: [UInt64],
        workers: Int,
        notes: RunNotes? = nil
    ) {
        let graph = ground.graph
        edges = BitSet(capacity: graph.edges.count)
        infeasible = edges
        refusedIn = BitSet(capacity: graph.states.count)
        let ways = corpus + Self.detours(corpus, ground)
        // In which behaviour a state's refusals are tried: the first that comes there, with each seed.
        let tasks = ways.isEmpty ? [] : Self.tasks(ways, ground)
        for (round, seed) in seeds.enumerated() where !tasks.isEmpty {
            let logs = SeedPool.map(0...UInt64(tasks.count - 1), workers: workers) { number in
                let task = tasks[Int(number)]
                let driverSeed = RandomStream(seed: seed, name: "replay/\(M.name)").draw(number)
                let words = "\(M.name), behaviour \(number + 1) of the corpus, machines of seed \(driverSeed)"
                return RunNotes.during(words, in: notes) {
                    Self.replay(task.behaviour, refusing: task.refuses, on: ground, seed: driverSeed)
                }
            }
            for (task, log) in zip(tasks, logs ?? []) { add(log, of: task.behaviour, isFirst: round == 0) }
        }
        missingInCorpus = Self.missing(corpus, graph)
        unreplayed = graph.edges.indices.filter { ground.feasible.allows($0) && !edges.contains($0) }
    }

    /// What one replay did.
    struct Log: Sendable {
        var seed: UInt64
        var steps = 0
        var refusals = 0
        var untried = 0
        var refusedIn: [Int32] = []
        var edges: [Int32] = []
        var infeasible: [Int32] = []
        var outcome: ReplayOutcome<M> = .reproduced
    }

    private mutating func add(_ log: Log, of behaviour: ModelWay<M>, isFirst: Bool) {
        if isFirst { behaviours += 1 }
        steps += UInt64(log.steps)
        refusals += UInt64(log.refusals)
        untried += UInt64(log.untried)
        for place in log.refusedIn { refusedIn.insert(Int(place)) }
        for edge in log.edges { edges.insert(Int(edge)) }
        for edge in log.infeasible { infeasible.insert(Int(edge)) }
        guard !log.outcome.isReproduced else { return }
        failureCount += 1
        if failures.count < Self.failuresMax { failures.append((log.seed, behaviour, log.outcome)) }
    }

    private struct Task: Sendable {
        let behaviour: ModelWay<M>
        /// By state of the behaviour, the first included, whether its refusals are tried here.
        let refuses: [Bool]
    }

    private static func tasks(_ ways: [ModelWay<M>], _ ground: ModelGround<M>) -> [Task] {
        var seen = BitSet(capacity: ground.graph.states.count)
        return ways.map { way in
            var place = ground.graph.place(of: way.start)
            var refuses = [place.map { seen.insert($0) } ?? false]
            for action in way.actions {
                let edge = place.flatMap { ground.graph.edge(from: $0, by: action) }
                // The machines never come behind a listed edge.
                place = edge.flatMap { ground.feasible.allows($0) ? Int(ground.graph.edges[$0].to) : nil }
                refuses.append(place.map { seen.insert($0) } ?? false)
            }
            return Task(behaviour: way, refuses: refuses)
        }
    }

    /// Edges of the graph that no behaviour has.
    private static func missing(_ corpus: [ModelWay<M>], _ graph: TwinGraph<M>) -> [Int] {
        var covered = BitSet(capacity: graph.edges.count)
        for behaviour in corpus {
            var place = graph.place(of: behaviour.start)
            for action in behaviour.actions {
                guard let edge = place.flatMap({ graph.edge(from: $0, by: action) }) else { break }
                covered.insert(edge)
                place = Int(graph.edges[edge].to)
            }
        }
        return graph.edges.indices.filter { !covered.contains($0) }
    }

    /// For edges that behaviours have only behind a listed edge: a way that keeps off those.
    private static func detours(_ corpus: [ModelWay<M>], _ ground: ModelGround<M>) -> [ModelWay<M>] {
        let (graph, feasible) = (ground.graph, ground.feasible)
        guard feasible.listed.count > 0 else { return [] }
        var covered = BitSet(capacity: graph.edges.count)
        var cutOff = covered
        for behaviour in corpus {
            var place = graph.place(of: behaviour.start)
            var isCutOff = false
            for action in behaviour.actions {
                guard let edge = place.flatMap({ graph.edge(from: $0, by: action) }) else { break }
                isCutOff = isCutOff || feasible.listed.contains(edge)
                if isCutOff { cutOff.insert(edge) } else { covered.insert(edge) }
                place = Int(graph.edges[edge].to)
            }
        }
        var ways: [ModelWay<M>] = []
        for edge in graph.edges.indices where feasible.allows(edge) && cutOff.contains(edge) && !covered.contains(edge)
        {
            guard let way = feasible.ways.way(to: Int(graph.edges[edge].from)) else { continue }
            let all = way + [edge]
            for edge in all { covered.insert(edge) }
            ways.append(graph.behaviour(all))
        }
        return ways
    }

    /// Leads machines along one way.
    static func replay(
        _ way: ModelWay<M>,
        refusing: [Bool],
        on ground: ModelGround<M>,
        seed: UInt64
    ) -> Log {
        var log = Log(seed: seed)
        var run = ModelRun(ground, seed: seed)
        guard run.state == way.start else {
            log.outcome = .began(expected: way.start, actual: run.state)
            return log
        }
        for (place, action) in way.actions.enumerated() {
            if refusing[place], !tryRefusals(&run, step: place + 1, &log) { return log }
            guard let expected = ground.model.step(action, from: run.state) else {
                log.outcome = .notAWay(step: place + 1, action: action, state: run.state)
                return log
            }
            let before = run.state
            log.steps += 1
            switch run.attempt(action) {
            case .edge(let edge): log.edges.append(Int32(edge))
            case .infeasible(let edge):
                log.infeasible.append(Int32(edge))
                return log
            case .nonConforming(let departure) where departure.kind == .infeasible:
                log.outcome = .infeasibleVisited(step: place + 1, action: action, state: before)
                return log
            case .nonConforming(let departure) where departure.kind == .refused:
                log.outcome = .refused(step: place + 1, action: action, state: before)
                return log
            case .nonConforming, .outOfBounds, .unjudged, .refused, .untried, .stutter:
                log.outcome = .diverged(step: place + 1, action: action, expected: expected, actual: run.state)
                return log
            }
        }
        guard run.state == way.end else {
            let last = way.actions.last ?? ground.graph.edges[0].action
            log.outcome = .diverged(step: way.actions.count, action: last, expected: way.end, actual: run.state)
            return log
        }
        if refusing[way.actions.count], !tryRefusals(&run, step: way.actions.count + 1, &log) { return log }
        let words = run.concreteFailures()
        if !words.isEmpty { log.outcome = .broken(words) }
        return log
    }

    /// Tries every disabled candidate of the present state, and what is listed as infeasible. False if one was done.
    private static func tryRefusals(_ run: inout ModelRun<M>, step: Int, _ log: inout Log) -> Bool {
        guard let place = run.place else { return true }
        let before = run.state
        for name in M.Action.names.indices {
            let enabled = run.ground.candidates.enabled(name, in: place).count
            for action in run.ground.candidates.all(name, in: place).dropFirst(enabled) {
                switch run.attempt(action) {
                case .refused: log.refusals += 1
                case .untried: log.untried += 1
                default:
                    log.outcome = .unrefused(step: step, action: action, before: before, after: run.state)
                    return false
                }
            }
        }
        for edge in run.ground.graph.edges(from: place) where run.ground.feasible.listed.contains(edge) {
            let action = run.ground.graph.edges[edge].action
            guard case .infeasible = run.attempt(action) else {
                log.outcome = .infeasibleVisited(step: step, action: action, state: before)
                return false
            }
            log.infeasible.append(Int32(edge))
        }
        log.refusedIn.append(Int32(place))
        return true
    }
}

extension TwinGraph {
    /// The way along these edges.
    package func behaviour(_ way: [Int]) -> ModelWay<M> {
        let start = way.first.map { Int(edges[$0].from) } ?? 0
        let end = way.last.map { Int(edges[$0].to) } ?? 0
        return ModelWay(start: states[start], actions: way.map { edges[$0].action }, end: states[end])
    }
}

extension ModelWay {
    /// A line of the corpus; nil if it has other states or actions than the model.
    package init?(_ line: Corpus.Behaviour) {
        guard let start = M.State(text: line.start), let end = M.State(text: line.end) else { return nil }
        var actions: [M.Action] = []
        for text in line.actions {
            guard let value = try? TLAValue(parsing: text), let action = M.Action(value) else { return nil }
            actions.append(action)
        }
        self.init(start: start, actions: actions, end: end)
    }
}

extension ModelState {
    /// From the text of the tuple `vars`.
    package init?(text: String) {
        guard case .tuple(let values)? = try? TLAValue(parsing: text) else { return nil }
        self.init(values)
    }
}
