/// The shortest ways through a graph whose states and transitions have places, from some states to all others.
package struct ShortestWays: Sendable {
    /// By state: the transition by which it is first reached, and where that begins. -1 where the ways begin, and -2
    /// where none leads.
    private var arrivals: [(edge: Int32, from: Int32)]
    /// What is reached, the nearest first.
    package private(set) var order: [Int]
    /// The transition that was looked for, once one is found.
    private var found: (edge: Int, from: Int)?

    /// `edges` are the places of the transitions that leave a state; `target` is where one leads, and nil for one that
    /// must not be taken. Nothing farther is looked at than the first that `isWanted`.
    package init(
        states: Int,
        from beginnings: some Sequence<Int>,
        edges: (Int) -> Range<Int>,
        target: (Int) -> Int?,
        isWanted: (Int) -> Bool = { _ in false }
    ) {
        arrivals = Array(repeating: (-2, -2), count: states)
        order = []
        for state in beginnings where arrivals[state].edge == -2 {
            arrivals[state] = (-1, -1)
            order.append(state)
        }
        var next = 0
        while next < order.count {
            let from = order[next]
            for edge in edges(from) {
                guard let to = target(edge) else { continue }
                if isWanted(edge) {
                    found = (edge, from)
                    return
                }
                guard arrivals[to].edge == -2 else { continue }
                arrivals[to] = (Int32(edge), Int32(from))
                order.append(to)
            }
            next += 1
        }
    }

    package func reaches(_ state: Int) -> Bool { arrivals[state].edge != -2 }

    /// The transitions to a state; nil if nothing leads there.
    package func way(to state: Int) -> [Int]? {
        guard reaches(state) else { return nil }
        var way: [Int] = []
        var state = state
        while arrivals[state].edge >= 0 {
            way.append(Int(arrivals[state].edge))
            state = Int(arrivals[state].from)
        }
        return way.reversed()
    }

    /// The transitions up to the one that was wanted, it included; nil if there is none.
    package var wantedWay: [Int]? { found.flatMap { found in way(to: found.from).map { $0 + [found.edge] } } }
}

extension TextGraph {
    /// From the initial states to everywhere.
    package var shortestWays: ShortestWays {
        ShortestWays(states: states.count, from: initial, edges: edges(from:), target: { edges[$0].to })
    }
}
