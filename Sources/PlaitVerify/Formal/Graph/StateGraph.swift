/// All states and transitions of a model, as values of its twin, with the texts by which graphs are compared.
package struct StateGraph<M: Model>: Sendable {
    package let text: TextGraph
    /// As in `text.states`.
    package let states: [M.State]
    /// As in `text.actions`.
    package let actions: [M.Action]
    private let numbers: [M.State: Int]
    private let actionNumbers: [M.Action: Int]

    /// What the twin itself can reach.
    ///
    /// - Returns: `nil` if there are more than `statesMax` states: the twin's constants do not bound it.
    package init?(of model: M, statesMax: Int = 2_000_000) {
        var states: [M.State] = []
        var numbers: [M.State: Int] = [:]
        var actions: [M.Action] = []
        var actionNumbers: [M.Action: Int] = [:]
        var edges: [TextGraph.Edge] = []
        func number(_ state: M.State) -> Int {
            if let known = numbers[state] { return known }
            numbers[state] = states.count
            states.append(state)
            return states.count - 1
        }
        let initial = model.initialStates.map(number)
        var next = 0
        while next < states.count {
            guard states.count <= statesMax else { return nil }
            for action in model.enabled(in: states[next]) {
                guard let target = model.step(action, from: states[next]) else {
                    preconditionFailure("the twin calls an action enabled and cannot take it: \(action)")
                }
                let label = actionNumbers[action] ?? actions.count
                if label == actions.count {
                    actionNumbers[action] = label
                    actions.append(action)
                }
                edges.append(TextGraph.Edge(from: next, action: label, to: number(target)))
            }
            next += 1
        }
        let texts = states.map { TLAValue.tuple($0.values).text }
        let labels = actions.map(\.value.text)
        text = TextGraph(states: texts, actions: labels, initial: initial, edges: edges)
        self.states = Self.arranged(states, as: text.states, by: texts)
        self.actions = Self.arranged(actions, as: text.actions, by: labels)
        self.numbers = Self.numbered(self.states)
        self.actionNumbers = Self.numbered(self.actions)
    }

    /// What TLC exported, read as values of the twin.
    package init(reading text: TextGraph) throws(GraphMismatch) {
        self.text = text
        var states: [M.State] = []
        for state in text.states {
            guard case .tuple(let values)? = try? TLAValue(parsing: state), let read = M.State(values) else {
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
        self.states = states
        self.actions = actions
        numbers = Self.numbered(states)
        actionNumbers = Self.numbered(actions)
    }

    /// A state's place in `states`; nil if the graph does not have it.
    package func number(of state: M.State) -> Int? { numbers[state] }

    /// An action's place in `actions`; nil if it is never taken.
    package func number(of action: M.Action) -> Int? { actionNumbers[action] }

    /// A transition's place in `text.edges`; nil if there is no such.
    package func edge(from: Int, action: Int, to: Int) -> Int? {
        let wanted = TextGraph.Edge(from: from, action: action, to: to)
        var range = text.edges(from: from)
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if text.edges[middle] == wanted { return middle }
            range = text.edges[middle] < wanted ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    private static func arranged<Value>(_ values: [Value], as sorted: [String], by texts: [String]) -> [Value] {
        // Two values of one text would be one state to TLC.
        precondition(values.count == sorted.count)
        let order = texts.indices.sorted { texts[$0] < texts[$1] }
        return order.map { values[$0] }
    }

    private static func numbered<Value: Hashable>(_ values: [Value]) -> [Value: Int] {
        var numbers: [Value: Int] = [:]
        numbers.reserveCapacity(values.count)
        for (number, value) in values.enumerated() { numbers[value] = number }
        return numbers
    }
}

/// A text of TLC's graph that the twin does not know.
package struct GraphMismatch: Error, Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package let words: String

    package var description: String { "\(words): \(text)" }
}
