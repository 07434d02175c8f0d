/// Which of a graph's states and edges runs have visited, and how fast that grew.
package struct Coverage: Sendable {
    package private(set) var states: BitSet
    package private(set) var edges: BitSet
    /// By edge, how often.
    package private(set) var visits: [UInt32]
    /// By state, how often a run came to it or began in it.
    package private(set) var stateVisits: [UInt64]
    package private(set) var steps: UInt64 = 0
    /// New states and edges in each thousand of edge steps.
    package private(set) var growth: [(states: Int, edges: Int)] = []
    private var sinceThousand = (steps: 0, states: 0, edges: 0)

    package init<M: Model>(_ graph: TwinGraph<M>) {
        states = BitSet(capacity: graph.states.count)
        edges = BitSet(capacity: graph.edges.count)
        visits = Array(repeating: 0, count: graph.edges.count)
        stateVisits = Array(repeating: 0, count: graph.states.count)
    }

    /// Adds a run. The order of runs matters to the growth only.
    package mutating func add<M: Model>(_ run: ModelCase<M>, _ graph: TwinGraph<M>) {
        if run.start >= 0 { visit(state: Int(run.start)) }
        for edge in run.edges {
            let place = Int(edge)
            steps += 1
            sinceThousand.steps += 1
            if visits[place] < .max { visits[place] += 1 }
            if edges.insert(place) { sinceThousand.edges += 1 }
            visit(state: Int(graph.edges[place].to))
            if sinceThousand.steps == 1_000 { endThousand() }
        }
    }

    private mutating func visit(state place: Int) {
        stateVisits[place] += 1
        if states.insert(place) { sinceThousand.states += 1 }
    }

    private mutating func endThousand() {
        growth.append((sinceThousand.states, sinceThousand.edges))
        sinceThousand = (0, 0, 0)
    }

    /// Good and Turing: the chance that the next step is along an edge not seen yet, in millionths: the edges seen
    /// once, over the steps seen (Good, Biometrika 40, 1953).
    package var unseenMillionths: Int64 {
        guard steps > 0 else { return 1_000_000 }
        let once = UInt64(visits.count { $0 == 1 })
        return Int64((once * 1_000_000 + steps / 2) / steps)
    }
}
