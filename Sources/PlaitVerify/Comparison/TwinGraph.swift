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
    /// By state, the edge by which it was found first; -1 for initial ones.
    private var arrival: [Int32] = []
    private var places: [M.State: Int32] = [:]

    /// Walks through the whole model, or until it has `statesMax` states.
    package init(_ model: M, statesMax: Int = 1_000_000) {
        self.model = model
        for state in model.initialStates where places[state] == nil { add(state, by: -1, depth: 0) }
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
                    to = add(next, by: Int32(edges.count), depth: depths[place] + 1)
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
    private mutating func add(_ state: M.State, by edge: Int32, depth: Int32) -> Int32 {
        let place = Int32(states.count)
        places[state] = place
        states.append(state)
        arrival.append(edge)
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

    /// The edges of a shortest way to a state.
    package func way(to place: Int) -> [Int] {
        var way: [Int] = []
        var place = place
        while arrival[place] >= 0 {
            let edge = Int(arrival[place])
            way.append(edge)
            place = Int(edges[edge].from)
        }
        return way.reversed()
    }

    /// The longest of the shortest ways, counted in states as TLC does.
    package var depth: Int { Int(depths.max() ?? -1) + 1 }
}

/// Ways that keep off some edges.
extension TwinGraph {
    /// By state, the edge by which a shortest way arrives that uses no edge of `avoiding`; -1 for initial states, nil
    /// for states that no such way leads to.
    package func arrivals(avoiding: BitSet) -> [Int?] {
        var arrivals: [Int?] = Array(repeating: nil, count: states.count)
        var queue = Array(0..<initialCount)
        for place in queue { arrivals[place] = -1 }
        var next = 0
        while next < queue.count {
            for edge in edges(from: queue[next]) where !avoiding.contains(edge) {
                let to = Int(edges[edge].to)
                guard arrivals[to] == nil else { continue }
                arrivals[to] = edge
                queue.append(to)
            }
            next += 1
        }
        return arrivals
    }

    /// The way that such arrivals stand for, without its last step.
    package func way(to place: Int, by arrivals: [Int?]) -> [Int]? {
        var way: [Int] = []
        var place = place
        while let edge = arrivals[place] {
            guard edge >= 0 else { return way.reversed() }
            way.append(edge)
            place = Int(edges[edge].from)
        }
        return nil
    }
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
