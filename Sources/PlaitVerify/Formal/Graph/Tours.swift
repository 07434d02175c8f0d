/// A way through a graph: an initial state, then transitions.
package struct Behaviour: Hashable, Sendable {
    /// A place in the graph's `states`.
    package let start: Int
    /// Places in its `edges`, each beginning where the one before it ended.
    package let edges: [Int]

    package init(start: Int, edges: [Int]) {
        self.start = start
        self.edges = edges
    }
}

/// The shortest ways from the initial states to everywhere.
package struct ShortestWays: Sendable {
    private let graph: TextGraph
    /// The transition by which each state is first reached; -1 for initial states, -2 for what cannot be reached.
    private let arrivals: [Int]
    /// Reachable states, nearest first.
    package let order: [Int]

    package init(_ graph: TextGraph) {
        var arrivals = [Int](repeating: -2, count: graph.states.count)
        var order: [Int] = []
        for state in graph.initial where arrivals[state] == -2 {
            arrivals[state] = -1
            order.append(state)
        }
        var next = 0
        while next < order.count {
            for edge in graph.edges(from: order[next]) where arrivals[graph.edges[edge].to] == -2 {
                arrivals[graph.edges[edge].to] = edge
                order.append(graph.edges[edge].to)
            }
            next += 1
        }
        self.graph = graph
        self.arrivals = arrivals
        self.order = order
    }

    /// To a state, by its place; nil if nothing leads there.
    package func way(toState state: Int) -> Behaviour? {
        guard arrivals[state] != -2 else { return nil }
        var reversed: [Int] = []
        var state = state
        while arrivals[state] >= 0 {
            reversed.append(arrivals[state])
            state = graph.edges[arrivals[state]].from
        }
        return Behaviour(start: state, edges: reversed.reversed())
    }

    /// Through a transition, by its place, which is the last of the way.
    package func way(throughEdge edge: Int) -> Behaviour? {
        way(toState: graph.edges[edge].from).map { Behaviour(start: $0.start, edges: $0.edges + [edge]) }
    }
}

/// Behaviours that together take every transition of a graph that can be reached.
///
/// Each goes the shortest way to the nearest state that a transition not yet taken leaves, then on along such
/// transitions as long as there are any. Only the graph decides, so the same graph has the same tours.
package struct Tours: Sendable {
    package let behaviours: [Behaviour]

    package var steps: Int { behaviours.reduce(0) { $0 + $1.edges.count } }

    /// No behaviour is longer than `lengthMax`, unless its way to the first new transition is.
    package init(covering graph: TextGraph, lengthMax: Int = 200) {
        let ways = ShortestWays(graph)
        var isTaken = [Bool](repeating: false, count: graph.edges.count)
        // By state: the first of its transitions that may not be taken yet.
        var firstOpen = graph.states.indices.map { graph.edges(from: $0).lowerBound }
        func nextOpen(from state: Int) -> Int? {
            let end = graph.edges(from: state).upperBound
            while firstOpen[state] < end, isTaken[firstOpen[state]] { firstOpen[state] += 1 }
            return firstOpen[state] < end ? firstOpen[state] : nil
        }
        var behaviours: [Behaviour] = []
        // The nearest first: what is begun there walks on into the distance. The other way round the graph of the
        // streams needs nearly twice as many behaviours.
        for state in ways.order {
            while nextOpen(from: state) != nil {
                guard let way = ways.way(toState: state) else { break }
                var edges = way.edges
                for edge in edges { isTaken[edge] = true }
                var place = state
                while edges.count < lengthMax || place == state, let edge = nextOpen(from: place) {
                    isTaken[edge] = true
                    edges.append(edge)
                    place = graph.edges[edge].to
                }
                behaviours.append(Behaviour(start: way.start, edges: edges))
            }
        }
        self.behaviours = behaviours
    }
}
