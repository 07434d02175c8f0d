/// A model that can be compared with TLC and with the code.
///
/// `compare` and the others that do the work are requirements with one implementation, so that each model gets its own
/// specialised copy: through an existential the loops over millions of steps would call everything by table.
package protocol ComparableModel: Model {
    /// What the runs of `plait verify --property` are judged by. Made once.
    static var ground: ModelGround<Self> { get }
    /// Larger constants than those of `Graph.cfg`, if the driver can do with them.
    static var larger: Self? { get }
    /// The constants of `Large.cfg`, if there is one, and what of them the driver can do with.
    static var large: (checked: Self, led: Self)? { get }
    /// Models for a trace that begins so: TLC's configurations have constants of their own.
    static func starting(in state: State) -> [Self]
    /// Actions after which little is left to do; random runs take them less often than others.
    static var seldom: [String] { get }
    /// Actions that the constants of all models that the code is led through forbid.
    static var forbidden: [String] { get }
    /// What random runs must sometimes come to, or their success means little.
    static var sometimes: [Sometime<State>] { get }
    /// The rows of `infeasible.csv`.
    static var infeasible: [Infeasible] { get }
    /// The property that random runs of the code conform to this model.
    static var property: Property { get }

    /// Comparisons A to D.
    static func compare(_ request: ComparisonRequest, _ checked: CheckedModule) -> ModuleReport
    /// Leads machines of a seed along a trace; nil if it is none of this model.
    static func lead(along trace: ModelTrace, seed: UInt64) -> TraceAnswer?
    /// Walks through all of `large`, and leads the code through random runs in it; nil if there is none.
    static func checkLarge(_ plan: LargeReport.Plan) -> LargeReport?
}

extension ComparableModel {
    package static var larger: Self? { nil }
    package static var large: (checked: Self, led: Self)? { nil }
    package static var seldom: [String] { [] }
    package static var forbidden: [String] { [] }
    package static var sometimes: [Sometime<State>] { [] }
    package static var infeasible: [Infeasible] { [] }

    package static func starting(in state: State) -> [Self] {
        ((larger.map { [$0] } ?? []) + [graph]).filter { $0.initialStates.contains(state) }
    }

    /// The one that takes most of a trace's steps, the first of several.
    static func model(for trace: StateTrace<Self>) -> Self {
        func taken(_ model: Self) -> Int {
            if case .forbids(let step) = trace.opinion(of: model, failing: nil) { step } else { .max }
        }
        let models = trace.states.first.map(starting) ?? []
        return models.reduce(models.first ?? graph) { taken($1) > taken($0) ? $1 : $0 }
    }

    package static func compare(_ request: ComparisonRequest, _ checked: CheckedModule) -> ModuleReport {
        var comparison = ModelComparison<Self>(graph, request, checked)
        return comparison.run()
    }

    package static func checkLarge(_ plan: LargeReport.Plan) -> LargeReport? { LargeReport(large, of: graph, plan) }

    package static func lead(along trace: ModelTrace, seed: UInt64) -> TraceAnswer? {
        guard let trace = StateTrace<Self>(trace) else { return nil }
        let model = model(for: trace)
        let outcome = trace.replay(on: model, driverSeed: seed)
        return TraceAnswer(
            isReproduced: outcome.isReproduced,
            outcome: outcome.description,
            opinion: trace.opinion(of: model, failing: nil).words
        )
    }
}

/// Something that a state may show, with a name for tables.
package struct Sometime<State: ModelState>: Sendable {
    package let name: String
    package let holds: @Sendable (State) -> Bool

    package init(_ name: String, _ holds: @escaping @Sendable (State) -> Bool) {
        self.name = name
        self.holds = holds
    }
}

/// All models that have a module under `formal/`.
package enum Models {
    package static let all: [any ComparableModel.Type] = [
        StreamModel.self, HandshakeModel.self, MultipathModel.self,
    ]
}

extension StreamModel: ComparableModel {
    package static let ground = ModelGround(TwinGraph(graph), larger: larger, infeasible: infeasible)
}

extension StreamModel {
    package static let seldom = ["Reset", "Stop"]
    package static let sometimes: [Sometime<StreamState>] = [
        Sometime("something was read") { $0.delivered > 0 },
        Sometime("a gap") { $0.arrived & ($0.arrived &+ 1) != 0 },
        Sometime("no credit") { $0.isBlocked },
        Sometime("finished") { $0.sendState == .finished },
        Sometime("reset") { $0.receiveState == .reset },
        Sometime("stopped") { $0.receiveState == .stopped },
        Sometime("fault") { $0.faults > 0 },
    ]

    /// The first state says how large the window is; nothing else of the constants bounds a trace.
    package static func starting(in state: StreamState) -> [StreamModel] {
        guard 1...4 ~= state.limit else { return [] }
        let model = StreamModel(units: 7, window: state.limit, chunk: 2, maxFaults: 1_000)
        return [graph, model].filter { $0.initialStates.contains(state) }
    }
}

extension HandshakeModel: ComparableModel {
    /// A state does not say how many places the gate has: one, or the two of `Safety.cfg`.
    package static func starting(in state: HandshakeState) -> [HandshakeModel] {
        [1, 2].compactMap { places in
            var model = larger
            model?.halfOpenMax = places
            return model
        }.filter { $0.initialStates.contains(state) }
    }

    package static let sometimes: [Sometime<HandshakeState>] = [
        Sometime("XX established") { $0.mode == .xx && $0.bothEstablished },
        Sometime("IK established") { $0.mode == .ik && $0.bothEstablished },
        Sometime("cookie round") { $0.cookie == .right },
        Sometime("given up") { $0.clientStage == .failed },
        Sometime("closed at both ends") { $0.bothOver && $0.sessions != 0 },
        Sometime("a second attempt") { $0.hasSecondAttempt },
        Sometime("fault") { $0.faults > 0 },
    ]

    package static let ground = ModelGround(TwinGraph(graph), larger: larger, infeasible: infeasible)
}
