/// Ways that together take every transition of a graph that can be reached.
///
/// Each goes the shortest way to the nearest state that a transition not yet taken leaves, then on along such
/// transitions as long as there are any. Only the graph decides, so the same graph has the same tours.
package struct Tours: Sendable {
    /// Places in the graph's `edges`: each way begins in an initial state and has at least one.
    package let ways: [[Int]]

    /// No way is longer than `lengthMax`, unless what leads to its first new transition is.
    package init(covering graph: TextGraph, lengthMax: Int = 200) {
        let shortest = graph.shortestWays
        var isTaken = [Bool](repeating: false, count: graph.edges.count)
        // By state: the first of its transitions that may not be taken yet.
        var firstOpen = graph.states.indices.map { graph.edges(from: $0).lowerBound }
        func nextOpen(from state: Int) -> Int? {
            let end = graph.edges(from: state).upperBound
            while firstOpen[state] < end, isTaken[firstOpen[state]] { firstOpen[state] += 1 }
            return firstOpen[state] < end ? firstOpen[state] : nil
        }
        var ways: [[Int]] = []
        // The nearest first: what is begun there walks on into the distance. The other way round the graph of the
        // streams needs nearly twice as many ways.
        for state in shortest.order {
            while nextOpen(from: state) != nil {
                guard var way = shortest.way(to: state) else { break }
                for edge in way { isTaken[edge] = true }
                var place = state
                while way.count < lengthMax || place == state, let edge = nextOpen(from: place) {
                    isTaken[edge] = true
                    way.append(edge)
                    place = graph.edges[edge].to
                }
                ways.append(way)
            }
        }
        self.ways = ways
    }
}
