/// A behaviour of a model, step by step: a counterexample of TLC's, or what the code did.
package struct ModelTrace: Hashable, Sendable {
    /// A state, and the action that led to it.
    package struct Step: Hashable, Sendable {
        /// `[name |-> "Deliver", …]`; nil for the first state, and where nobody knows.
        package let action: TLAValue?
        /// In the order of `variables`.
        package let values: [TLAValue]

        package init(action: TLAValue?, values: [TLAValue]) {
            self.action = action
            self.values = values
        }
    }

    /// `Stream`
    package let module: String
    /// Where it comes from, in words: `TLC, Mut_EARLY_FIN violates InOrder`.
    package let source: String
    package let variables: [String]
    package let steps: [Step]
    /// The place in `steps` to which the last one leads back; nil if the behaviour ends.
    package let loop: Int?

    package init(module: String, source: String, variables: [String], steps: [Step], loop: Int? = nil) {
        self.module = module
        self.source = source
        self.variables = variables
        self.steps = steps
        self.loop = loop
    }

    /// A counterexample of TLC's.
    ///
    /// - Returns: `nil` if there is none, or a state lacks one of the variables.
    package init?(_ result: TLCResult, module: String, source: String, variables: [String]) {
        var steps: [Step] = []
        for state in result.trace {
            let values = variables.compactMap { state[$0] }
            guard values.count == variables.count else { return nil }
            // The variable `act` holds the action with its parameters; without it, only its name is known.
            let named = state.action.map { TLAValue.record(of: [("name", .text($0))]) }
            steps.append(Step(action: state.number == 1 ? nil : state.act ?? named, values: values))
        }
        guard !steps.isEmpty else { return nil }
        var loop: Int?
        switch result.ending {
        case .open: loop = nil
        case .stuttering: loop = steps.count - 1
        case .loop(let number): loop = min(max(number - 1, 0), steps.count - 1)
        }
        self.init(module: module, source: source, variables: variables, steps: steps, loop: loop)
    }
}
