/// What each property says of every state and every edge of a graph, asked once: afterwards it is a bit.
package struct PropertyJudge<M: Model>: Sendable {
    package let properties: [ModelProperty<M.State>]
    /// By state: of `always` the antecedents, of `eventually` the triggers.
    private let stateHits: [UInt64]
    /// By state: of `always` those that fail, of `eventually` those whose goal does not hold.
    private let stateFails: [UInt64]
    /// By edge, of `step`.
    private let edgeHits: [UInt64]
    private let edgeFails: [UInt64]

    /// `model` says with which constants.
    package init(_ graph: TwinGraph<M>, as model: M) {
        let properties = model.judgedProperties
        precondition(properties.count <= 64, "more than 64 properties do not fit into a word")
        let (stateHits, stateFails) = Self.columns(graph.states) { state in Self.judge(properties, state) }
        let (edgeHits, edgeFails) = Self.columns(graph.edges) { edge in
            Self.judge(properties, graph.states[Int(edge.from)], graph.states[Int(edge.to)])
        }
        self.properties = properties
        self.stateHits = stateHits
        self.stateFails = stateFails
        self.edgeHits = edgeHits
        self.edgeFails = edgeFails
    }

    private static func columns<Element>(
        _ elements: [Element],
        _ judge: (Element) -> (hits: UInt64, fails: UInt64)
    ) -> ([UInt64], [UInt64]) {
        let judged = elements.map(judge)
        return (judged.map(\.hits), judged.map(\.fails))
    }

    /// Of a state: bit by property, whether it is exercised and whether it fails. A liveness property is exercised by
    /// its trigger and fails while its goal does not hold, which means something only of the end of a run.
    package static func judge(
        _ properties: [ModelProperty<M.State>],
        _ state: M.State
    ) -> (hits: UInt64, fails: UInt64) {
        var (hits, fails): (UInt64, UInt64) = (0, 0)
        for (place, property) in properties.enumerated() {
            let bit: UInt64 = 1 << UInt64(place)
            switch property.statement {
            case .always(let antecedent, let holds):
                if antecedent(state) { hits |= bit }
                if !holds(state) { fails |= bit }
            case .eventually(let trigger, let goal):
                if trigger(state) { hits |= bit }
                if !goal(state) { fails |= bit }
            case .step: break
            }
        }
        return (hits, fails)
    }

    /// Of a step.
    package static func judge(
        _ properties: [ModelProperty<M.State>],
        _ before: M.State,
        _ after: M.State
    ) -> (hits: UInt64, fails: UInt64) {
        var (hits, fails): (UInt64, UInt64) = (0, 0)
        for (place, property) in properties.enumerated() {
            guard case .step(let antecedent, let holds) = property.statement else { continue }
            let bit: UInt64 = 1 << UInt64(place)
            if antecedent(before, after) { hits |= bit }
            if !holds(before, after) { fails |= bit }
        }
        return (hits, fails)
    }

    package func judge(state place: Int) -> (hits: UInt64, fails: UInt64) { (stateHits[place], stateFails[place]) }

    package func judge(edge place: Int) -> (hits: UInt64, fails: UInt64) { (edgeHits[place], edgeFails[place]) }

    /// Bit by property, whether it speaks of the end of a run.
    package var eventual: UInt64 {
        properties.enumerated().reduce(0) { bits, entry in
            if case .eventually = entry.element.statement { bits | 1 << UInt64(entry.offset) } else { bits }
        }
    }
}
