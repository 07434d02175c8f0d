/// A graph of states and labelled transitions, as canonical texts: equal graphs are equal here, wherever they come
/// from.
package struct TextGraph: Hashable, Sendable {
    /// One transition, by places in `states` and `actions`.
    package struct Edge: Hashable, Sendable, Comparable {
        package let from: Int
        package let action: Int
        package let to: Int

        package init(from: Int, action: Int, to: Int) {
            self.from = from
            self.action = action
            self.to = to
        }

        package static func < (a: Edge, b: Edge) -> Bool {
            (a.from, a.action, a.to) < (b.from, b.action, b.to)
        }
    }

    /// Sorted: `<<…>>`, the module's tuple `vars`.
    package let states: [String]
    /// Sorted: `[name |-> "Deliver", …]`.
    package let actions: [String]
    /// Sorted places in `states`.
    package let initial: [Int]
    /// Sorted, each once.
    package let edges: [Edge]
    /// Where each state's edges begin in `edges`, and where the last one's end.
    private let starts: [Int]

    /// Takes texts in any order, and edges by places in those, as often as one likes.
    package init(states: [String], actions: [String], initial: [Int], edges: [Edge]) {
        let (states, stateRank) = Self.sorted(states)
        let (actions, actionRank) = Self.sorted(actions)
        var ranked = edges.map { Edge(from: stateRank[$0.from], action: actionRank[$0.action], to: stateRank[$0.to]) }
        ranked.sort()
        var once: [Edge] = []
        once.reserveCapacity(ranked.count)
        for edge in ranked where once.last != edge { once.append(edge) }
        var starts = [Int](repeating: 0, count: states.count + 1)
        for edge in once { starts[edge.from + 1] += 1 }
        for state in states.indices { starts[state + 1] += starts[state] }
        self.states = states
        self.actions = actions
        self.initial = initial.map { stateRank[$0] }.sorted()
        self.edges = once
        self.starts = starts
    }

    /// The places in `edges` of those that leave a state.
    package func edges(from state: Int) -> Range<Int> { starts[state]..<starts[state + 1] }

    /// Whether no state has two transitions of one action, so that actions alone say where a behaviour leads.
    package var isDeterministic: Bool {
        zip(edges, edges.dropFirst()).allSatisfy { $0.from != $1.from || $0.action != $1.action }
    }

    private static func sorted(_ texts: [String]) -> (sorted: [String], rank: [Int]) {
        let order = texts.indices.sorted { texts[$0] < texts[$1] }
        var rank = [Int](repeating: 0, count: texts.count)
        for (place, index) in order.enumerated() { rank[index] = place }
        return (order.map { texts[$0] }, rank)
    }
}
