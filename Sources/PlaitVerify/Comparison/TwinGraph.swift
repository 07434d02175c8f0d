/// Every state that a model reaches, and every step between them, found breadth-first from the initial states.
///
/// Places of states and of edges are small numbers in an order that depends on the model only, so that coverage is a
/// bit for each and a walk is a list of them.
package struct TwinGraph<M: Model>: Sendable {
    /// A step: where from, what, and where to.
    package struct Edge: Sendable {
        package let from: Int32
        package let to: Int32
        package let action: M.Action
    }

    package let model: M
    /// The initial ones first, then by their distance.
    package private(set) var states: [M.State] = []
    package private(set) var initialCount = 0
    /// Those of the first state, then those of the second, ...
    package private(set) var edges: [Edge] = []
    /// Steps from the nearest initial state.
    package private(set) var depths: [Int32] = []
    /// False if there was more than the bound allowed for.
    package private(set) var isComplete = true
    /// By state, where its edges begin; one more for the end.
    private var firstEdge: [Int32] = [0]
    private var places: [M.State: Int32] = [:]

    /// Walks through the whole model, or until it has `statesMax` states.
    package init(_ model: M, statesMax: Int = 1_000_000) {
        self.model = model
        for state in model.initialStates where places[state] == nil { add(state, depth: 0) }
        initialCount = states.count
        var place = 0
        while place < states.count {
            let state = states[place]
            for action in model.enabled(in: state) {
                guard let next = model.step(action, from: state) else {
                    preconditionFailure("\(M.name)'s twin calls an action enabled and cannot do it: \(action)")
                }
                var to = places[next]
                if to == nil, states.count < statesMax {
                    to = add(next, depth: depths[place] + 1)
                }
                guard let to else {
                    isComplete = false
                    continue
                }
                edges.append(Edge(from: Int32(place), to: to, action: action))
            }
            firstEdge.append(Int32(edges.count))
            place += 1
        }
    }

    @discardableResult
    private mutating func add(_ state: M.State, depth: Int32) -> Int32 {
        let place = Int32(states.count)
        places[state] = place
        states.append(state)
        depths.append(depth)
        return place
    }

    /// Where a state stands; nil if the model does not reach it.
    package func place(of state: M.State) -> Int? { places[state].map(Int.init) }

    /// The edges that leave a state.
    package func edges(from place: Int) -> Range<Int> { Int(firstEdge[place])..<Int(firstEdge[place + 1]) }

    /// The edge that an action is; nil if the state does not allow it.
    package func edge(from place: Int, by action: M.Action) -> Int? {
        edges(from: place).first { edges[$0].action == action }
    }

    /// From the initial states to everywhere, by the edges that are allowed.
    package func shortestWays(allowing isAllowed: (Int) -> Bool = { _ in true }) -> ShortestWays {
        shortestWays(from: 0..<initialCount, allowing: isAllowed, isWanted: { _ in false })
    }

    /// From some states, by the edges that are allowed, to the nearest edge that is wanted.
    func shortestWays(
        from places: some Sequence<Int>,
        allowing isAllowed: (Int) -> Bool,
        isWanted: (Int) -> Bool
    ) -> ShortestWays {
        ShortestWays(
            states: states.count,
            from: places,
            edges: edges(from:),
            target: { isAllowed($0) ? Int(edges[$0].to) : nil },
            isWanted: isWanted
        )
    }

    /// The longest of the shortest ways, counted in states as TLC does.
    package var depth: Int { Int(depths.max() ?? -1) + 1 }
}

/// A set of small numbers.
package struct BitSet: Hashable, Sendable {
    private var words: [UInt64]
    package private(set) var count = 0

    /// An empty set that has room for the numbers below `capacity`.
    package init(capacity: Int) { words = Array(repeating: 0, count: (capacity + 63) / 64) }

    package func contains(_ number: Int) -> Bool { words[number >> 6] >> UInt64(number & 63) & 1 == 1 }

    /// Answers whether it was new.
    @discardableResult
    package mutating func insert(_ number: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(number & 63)
        guard words[number >> 6] & bit == 0 else { return false }
        words[number >> 6] |= bit
        count += 1
        return true
    }
}
