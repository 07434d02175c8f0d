import PlaitVerify

/// The twin's graph, walked through from its beginning.
struct HandshakeGraph {
    /// In the order in which they were found.
    private(set) var states: [HandshakeState] = []
    /// By state: which action leads where.
    private(set) var edges: [[(action: HandshakeAction, to: Int)]] = []
    /// By state, but the first: the edge by which it was found.
    private(set) var origin: [(state: Int, edge: Int)] = []
    let model: HandshakeModel

    var edgeCount: Int { edges.reduce(0) { $0 + $1.count } }

    init(_ model: HandshakeModel) {
        self.model = model
        var places: [HandshakeState: Int] = [:]
        for state in model.initialStates {
            places[state] = states.count
            states.append(state)
            origin.append((-1, -1))
        }
        var next = 0
        while next < states.count {
            var out: [(action: HandshakeAction, to: Int)] = []
            for action in model.enabled(in: states[next]) {
                guard let after = model.step(action, from: states[next]) else { continue }
                let place = places[after] ?? states.count
                if place == states.count {
                    places[after] = place
                    states.append(after)
                    origin.append((next, out.count))
                }
                out.append((action, place))
            }
            edges.append(out)
            next += 1
        }
    }

    /// How long the longest of the shortest ways is, in states: what TLC calls the depth.
    var depth: Int {
        var depths = [Int](repeating: 1, count: states.count)
        for place in states.indices where origin[place].state >= 0 { depths[place] = depths[origin[place].state] + 1 }
        return depths.max() ?? 0
    }

    /// The shortest way to a state.
    func way(to place: Int) -> [HandshakeAction] {
        var way: [HandshakeAction] = []
        var place = place
        while origin[place].state >= 0 {
            let (state, edge) = origin[place]
            way.append(edges[state][edge].action)
            place = state
        }
        return way.reversed()
    }
}
