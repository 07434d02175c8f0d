/// Comparison A: the graph that TLC found is the twin's, state by state and edge by edge.
///
/// It proves that the twin is the model, and it judges TLC's evaluator by a second, independent one.
package struct GraphComparison: Sendable {
    /// One thing that only one of the two has, in canonical text.
    package struct Difference: Hashable, Sendable {
        /// `initial state`, `state` or `transition`
        package let kind: String
        package let isInTwin: Bool
        package let text: String
    }

    /// A graph as TLC exported it. An edge may occur more than once: TLC evaluates an action once for each way to do
    /// it.
    package struct Exported<M: Model>: Sendable {
        package var initial: [M.State]
        package var edges: [(from: M.State, action: M.Action, to: M.State)]

        package init(initial: [M.State], edges: [(from: M.State, action: M.Action, to: M.State)]) {
            self.initial = initial
            self.edges = edges
        }
    }

    /// What TLC found.
    package let states: Int
    package let edges: Int
    package let initial: Int
    /// The first few, of each kind.
    package let differences: [Difference]
    /// All.
    package let differenceCount: Int
    /// Edges that only the twin has.
    package let missingEdges: Int

    package var isExact: Bool { differenceCount == 0 }

    private static let shownMax = 4

    package init<M: Model>(_ exported: Exported<M>, twin: TwinGraph<M>) {
        var differences = Differences()
        var seenStates = BitSet(capacity: twin.states.count)
        var seenEdges = BitSet(capacity: twin.edges.count)
        var seenInitial = BitSet(capacity: twin.initialCount)
        var foreignStates: Set<M.State> = []
        var foreignEdges: Set<ForeignEdge<M>> = []
        var foreignInitial = 0
        func see(_ state: M.State) -> Int? {
            guard let place = twin.place(of: state) else {
                if foreignStates.insert(state).inserted { differences.add("state", inTwin: false, state.text) }
                return nil
            }
            seenStates.insert(place)
            return place
        }
        for state in exported.initial {
            if let place = see(state), place < twin.initialCount {
                seenInitial.insert(place)
            } else {
                foreignInitial += 1
                differences.add("initial state", inTwin: false, state.text)
            }
        }
        for edge in exported.edges {
            let (from, to) = (see(edge.from), see(edge.to))
            if let from, let to, let place = twin.edge(from: from, by: edge.action), Int(twin.edges[place].to) == to {
                seenEdges.insert(place)
            } else if foreignEdges.insert(ForeignEdge(from: edge.from, action: edge.action, to: edge.to)).inserted {
                differences.add("transition", inTwin: false, Self.text(edge.from, edge.action, edge.to))
            }
        }
        for place in twin.states.indices where !seenStates.contains(place) {
            differences.add("state", inTwin: true, twin.states[place].text)
        }
        for place in 0..<twin.initialCount where !seenInitial.contains(place) {
            differences.add("initial state", inTwin: true, twin.states[place].text)
        }
        for (place, edge) in twin.edges.enumerated() where !seenEdges.contains(place) {
            let text = Self.text(twin.states[Int(edge.from)], edge.action, twin.states[Int(edge.to)])
            differences.add("transition", inTwin: true, text)
        }
        states = seenStates.count + foreignStates.count
        edges = seenEdges.count + foreignEdges.count
        initial = seenInitial.count + foreignInitial
        missingEdges = twin.edges.count - seenEdges.count
        self.differences = differences.first
        differenceCount = differences.count
    }

    /// Of an export that has values that the twin does not know.
    package init(unreadable words: String) {
        (states, edges, initial, missingEdges) = (0, 0, 0, 0)
        differences = [Difference(kind: "text", isInTwin: false, text: words)]
        differenceCount = 1
    }

    private struct ForeignEdge<M: Model>: Hashable {
        let from: M.State
        let action: M.Action
        let to: M.State
    }

    private struct Differences {
        var first: [Difference] = []
        var count = 0

        mutating func add(_ kind: String, inTwin: Bool, _ text: @autoclosure () -> String) {
            count += 1
            guard first.count(where: { $0.kind == kind && $0.isInTwin == inTwin }) < shownMax else { return }
            first.append(Difference(kind: kind, isInTwin: inTwin, text: text()))
        }
    }

    private static func text(_ from: some ModelState, _ action: some ModelAction, _ to: some ModelState) -> String {
        "\(from.text) --\(action.value.text)-> \(to.text)"
    }
}

extension GraphComparison.Exported {
    /// TLC's graph, as values of the twin.
    package init(reading text: TextGraph) throws(GraphMismatch) {
        var states: [M.State] = []
        for state in text.states {
            guard let read = M.State(text: state) else {
                throw GraphMismatch(text: state, words: "this is no state of the twin of \(M.name)")
            }
            states.append(read)
        }
        var actions: [M.Action] = []
        for action in text.actions {
            guard let value = try? TLAValue(parsing: action), let read = M.Action(value) else {
                throw GraphMismatch(text: action, words: "this is no action of the twin of \(M.name)")
            }
            actions.append(read)
        }
        initial = text.initial.map { states[$0] }
        edges = text.edges.map { (states[$0.from], actions[$0.action], states[$0.to]) }
    }
}

/// A text of TLC's graph that the twin does not know.
package struct GraphMismatch: Error, Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package let words: String

    package var description: String { "\(words): \(text)" }
}
