/// A model whose driver lies in one thing, to show that runs of a lying driver do not conform.
///
/// A harness in which nothing can go wrong proves nothing.
struct StandIn<M: ComparableModel>: Model {
    /// What its driver does wrong.
    enum Lie: Hashable, Sendable {
        /// It says that it did actions of this name, and does none.
        case skips(String)
        /// It tells of this variable, by its place, what it was at first.
        case freezes(Int)
    }

    let model: M
    /// By the driver's seed.
    let lies: [Lie]

    typealias State = M.State
    typealias Action = M.Action
    typealias Driver = LyingDriver<M>

    static var name: String { M.name }
    static var graph: StandIn { StandIn(model: M.graph, lies: []) }
    static var properties: [ModelProperty<M.State>] { M.properties }

    var judgedProperties: [ModelProperty<M.State>] { model.judgedProperties }
    var constants: [(name: String, value: TLAValue)] { model.constants }
    var initialStates: [M.State] { model.initialStates }
    func enabled(in state: M.State) -> [M.Action] { model.enabled(in: state) }
    func candidates(in state: M.State) -> [M.Action] { model.candidates(in: state) }
    func step(_ action: M.Action, from state: M.State) -> M.State? { model.step(action, from: state) }
    func isInBounds(_ state: M.State) -> Bool { model.isInBounds(state) }
}

/// A real driver behind one lie.
struct LyingDriver<M: ComparableModel>: ModelDriver {
    typealias Twin = StandIn<M>

    private var driver: M.Driver
    private let lie: StandIn<M>.Lie?
    private let first: [TLAValue]
    private(set) var hasAsked = true

    init(_ model: StandIn<M>, seed: UInt64) {
        driver = M.Driver(model.model, seed: seed)
        lie = model.lies.indices.contains(Int(seed)) ? model.lies[Int(seed)] : nil
        first = driver.state.values
    }

    var state: M.State {
        mutating get {
            let state = driver.state
            guard case .freezes(let variable)? = lie else { return state }
            var values = state.values
            values[variable] = first[variable]
            return M.State(values) ?? state
        }
    }

    mutating func perform(_ action: M.Action) -> Bool {
        if case .skips(action.name)? = lie { return true }
        let isDone = driver.perform(action)
        hasAsked = driver.hasAsked
        return isDone
    }

    mutating func concreteFailures() -> [String] { [] }

    /// Whoever lies is found out on the way, or not at all.
    mutating func settle(bound: Int, telling: (SettlingStep<StandIn<M>>) -> Void) -> Int? { 0 }
}

/// Whether drivers that lie are found out, each by a run that leads to where its lie begins to show.
struct LieTest<M: ComparableModel> {
    private(set) var told = 0
    private(set) var noticed = 0
    /// Lies that nobody noticed, in words.
    private(set) var unnoticed: [String] = []

    /// Of all actions that change something, and all variables that change.
    init(_ graph: TwinGraph<M>, _ feasible: Feasible) {
        var lies: [(lie: StandIn<M>.Lie, words: String, way: [M.Action])] = []
        let ways = graph.shortestWays()
        func add(_ lie: StandIn<M>.Lie, _ words: String, _ shows: (M.State, TwinGraph<M>.Edge, M.State) -> Bool) {
            let first = graph.states[0]
            let edge = graph.edges.indices.first { place in
                let edge = graph.edges[place]
                return feasible.allows(place) && shows(first, edge, graph.states[Int(edge.to)])
            }
            guard let edge, let way = ways.way(to: Int(graph.edges[edge].from)) else { return }
            lies.append((lie, words, (way + [edge]).map { graph.edges[$0].action }))
        }
        for name in M.Action.names {
            add(.skips(name), "skips \(name)") { _, edge, _ in edge.action.name == name && edge.from != edge.to }
        }
        for (place, name) in M.State.variables.enumerated() {
            add(.freezes(place), "freezes \(name)") { first, _, to in to.values[place] != first.values[place] }
        }
        let ground = ModelGround(TwinGraph(StandIn(model: graph.model, lies: lies.map(\.lie))))
        for (number, lie) in lies.enumerated() {
            let seed = UInt64(number)
            var runner = CaseRunner(ground, kind: .guided, seed: seed, driverSeed: seed)
            let failures = runner.follow(lie.way).failures
            let departs = failures.contains { if case .departure = $0.reason { true } else { false } }
            told += 1
            if departs { noticed += 1 } else { unnoticed.append(lie.words) }
        }
    }
}
