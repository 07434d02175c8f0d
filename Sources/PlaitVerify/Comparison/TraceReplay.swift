extension StateTrace {
    /// Leads the code along a trace, whoever made it, and says where it left it.
    ///
    /// The states to come to are the trace's own, not the twin's: the trace may be the counterexample of a model with a
    /// mistake planted in it.
    package func replay(on model: M, driverSeed: UInt64) -> ReplayOutcome<M> {
        var driver = M.Driver(model, seed: driverSeed)
        guard let first = states.first, first == driver.state else {
            return .began(expected: states.first, actual: driver.state)
        }
        for (place, action) in actions.enumerated() {
            let accepted = driver.perform(action)
            let (expected, actual) = (states[place + 1], driver.state)
            if !accepted, actual == states[place] {
                // A step that changes nothing in the model either is refused as well as taken.
                if expected == actual { continue }
                return .refused(step: place + 1, action: action, state: actual)
            }
            if actual != expected {
                return .diverged(step: place + 1, action: action, expected: expected, actual: actual)
            }
        }
        let words = driver.concreteFailures()
        return words.isEmpty ? .reproduced : .broken(words)
    }

    /// The same trace with one state put in the place of the one after step `step`, such that the model has no step
    /// there. Nil if every state of the graph would do there.
    package func corrupted(at step: Int, by graph: TwinGraph<M>) -> StateTrace? {
        guard step >= 1, step < states.count else { return nil }
        let before = states[step - 1]
        guard let place = graph.place(of: before) else { return nil }
        let reached = graph.edges(from: place).map { Int(graph.edges[$0].to) }
        // Far from the state before: larger constants than the graph's, with which TLC judges traces, shall not lead
        // there.
        var (wrong, distance) = (-1, 0)
        for other in graph.states.indices where other != place && !reached.contains(other) {
            let differing = zip(before.values, graph.states[other].values).count { $0 != $1 }
            if differing >= distance { (wrong, distance) = (other, differing) }
        }
        guard wrong >= 0 else { return nil }
        var states = states
        states[step] = graph.states[wrong]
        return StateTrace(states: states, actions: actions)
    }
}

extension StateTrace {
    /// TLC's counterexample. Nil if its states or actions are not the twin's, or the module does not keep `act`.
    package init?(_ trace: [TLCState]) {
        var states: [M.State] = []
        var actions: [M.Action] = []
        for (place, entry) in trace.enumerated() {
            let values = M.State.variables.compactMap { entry[$0] }
            guard values.count == M.State.variables.count, let state = M.State(values) else { return nil }
            states.append(state)
            guard place > 0 else { continue }
            guard let act = entry.act, let action = M.Action(act) else { return nil }
            actions.append(action)
        }
        guard !states.isEmpty else { return nil }
        self.init(states: states, actions: actions)
    }
}

extension StateTrace {
    /// A trace in a file; nil if its variables or actions are not the twin's.
    package init?(_ trace: ModelTrace) {
        let places = M.State.variables.map { trace.variables.firstIndex(of: $0) }
        var states: [M.State] = []
        var actions: [M.Action] = []
        for (number, step) in trace.steps.enumerated() {
            let values = places.compactMap { $0.map { step.values[$0] } }
            guard values.count == places.count, let state = M.State(values) else { return nil }
            states.append(state)
            guard number > 0 else { continue }
            guard let value = step.action, let action = M.Action(value) else { return nil }
            actions.append(action)
        }
        guard !states.isEmpty else { return nil }
        self.init(states: states, actions: actions)
    }

    /// For a file.
    package func trace(_ source: String) -> ModelTrace {
        ModelTrace(
            module: M.name,
            source: source,
            variables: M.State.variables,
            steps: states.enumerated().map { place, state in
                ModelTrace.Step(action: place == 0 ? nil : actions[place - 1].value, values: state.values)
            }
        )
    }
}

/// What the code and the model say of a trace from a file.
package struct TraceAnswer: Hashable, Sendable {
    package let isReproduced: Bool
    /// Where the code left the trace, in words.
    package let outcome: String
    package let opinion: String
}
