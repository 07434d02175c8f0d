/// A model walked through whole, counted and judged, where its graph would be too large to keep: states stay, steps do
/// not.
package struct TwinWalk<M: Model>: Sendable {
    package private(set) var states = 0
    /// Each step once, whatever state it leads to.
    package private(set) var steps = 0
    /// The longest of the shortest ways, counted in states as TLC does.
    package private(set) var depth = 0
    /// False if somebody wanted no more of it.
    package private(set) var isComplete = true
    /// Properties that some state or step violates, by name. Those of whole runs are not judged.
    package private(set) var violated: [String] = []
    private let properties: [ModelProperty<M.State>]

    /// Breadth-first from the initial states. `goesOn` is asked after each layer, and told how many states there are.
    package init(_ model: M, goesOn: (Int) -> Bool = { _ in true }) {
        properties = model.judgedProperties
        var known = Set<M.State>()
        var layer: [M.State] = []
        for state in model.initialStates where known.insert(state).inserted {
            judge(state)
            layer.append(state)
        }
        while !layer.isEmpty {
            depth += 1
            var next: [M.State] = []
            for state in layer {
                for action in model.candidates(in: state) {
                    guard let target = model.step(action, from: state) else { continue }
                    steps += 1
                    judge(state, target)
                    guard known.insert(target).inserted else { continue }
                    judge(target)
                    next.append(target)
                }
            }
            layer = next
            states = known.count
            guard goesOn(states) else {
                isComplete = layer.isEmpty
                return
            }
        }
    }

    private mutating func judge(_ state: M.State) {
        for property in properties {
            if case .always(_, let holds) = property.statement, !holds(state) { note(property.name) }
        }
    }

    private mutating func judge(_ from: M.State, _ to: M.State) {
        for property in properties {
            if case .step(_, let holds) = property.statement, !holds(from, to) { note(property.name) }
        }
    }

    private mutating func note(_ name: String) { if !violated.contains(name) { violated.append(name) } }
}
