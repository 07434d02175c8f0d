/// A step of the model that the code can never take, and why: a row of `infeasible.csv`.
package struct Infeasible: Hashable, Sendable {
    /// An action's name, or an action with its parameters.
    package let action: String
    /// A state's canonical text; `*` for any.
    package let from: String
    package let reason: String

    package init(action: String, from: String, reason: String) {
        self.action = action
        self.from = from
        self.reason = reason
    }

    func matches<M: Model>(_ edge: TwinGraph<M>.Edge, of graph: TwinGraph<M>) -> Bool {
        guard action == edge.action.name || action == edge.action.value.text else { return false }
        return from == "*" || from == graph.states[Int(edge.from)].text
    }
}

extension ModelState {
    /// The canonical text of the tuple `vars`.
    package var text: String { TLAValue.tuple(values).text }
}

/// What of a graph the code can do: all but the edges that are listed as infeasible, and what lies behind only those.
package struct Feasible: Sendable {
    /// Edges that the list names.
    package let listed: BitSet
    /// Edges that start where only listed edges lead.
    package let behind: BitSet
    /// States that only listed edges lead to.
    package let unreachable: BitSet
    /// How to come to states without a listed edge.
    package let ways: ShortestWays
    /// By row of the list, how many edges it names; a row that names none is out of date.
    package let matches: [Int]

    package init<M: Model>(_ graph: TwinGraph<M>, list: [Infeasible]) {
        var listed = BitSet(capacity: graph.edges.count)
        var matches = Array(repeating: 0, count: list.count)
        if !list.isEmpty {
            for (place, edge) in graph.edges.enumerated() {
                for (row, entry) in list.enumerated() where entry.matches(edge, of: graph) {
                    listed.insert(place)
                    matches[row] += 1
                }
            }
        }
        let ways = graph.shortestWays { [listed] in !listed.contains($0) }
        var behind = BitSet(capacity: graph.edges.count)
        var unreachable = BitSet(capacity: graph.states.count)
        for state in graph.states.indices where !ways.reaches(state) {
            unreachable.insert(state)
            for edge in graph.edges(from: state) where !listed.contains(edge) { behind.insert(edge) }
        }
        self.listed = listed
        self.behind = behind
        self.unreachable = unreachable
        self.ways = ways
        self.matches = matches
    }

    /// Whether the code should be able to take this edge.
    package func allows(_ edge: Int) -> Bool { !listed.contains(edge) && !behind.contains(edge) }

    package func edgeCount<M: Model>(of graph: TwinGraph<M>) -> Int { graph.edges.count - listed.count - behind.count }

    package func stateCount<M: Model>(of graph: TwinGraph<M>) -> Int { graph.states.count - unreachable.count }
}
