/// The actions that could be meant in a state, by name, the enabled ones of each name first.
package struct Candidates<M: Model>: Sendable {
    private var actions: [M.Action]
    /// By name, where its actions begin and where its enabled ones end; and the end of all.
    private var bounds: [Int32]

    /// `model` says what is enabled.
    package init(_ model: M, in state: M.State) {
        actions = []
        bounds = []
        append(model, state)
        bounds.append(Int32(actions.count))
    }

    fileprivate init(_ model: M, in states: [M.State]) {
        actions = []
        bounds = []
        for state in states { append(model, state) }
        bounds.append(Int32(actions.count))
    }

    private mutating func append(_ model: M, _ state: M.State) {
        let all = model.candidates(in: state)
        for name in M.Action.names {
            bounds.append(Int32(actions.count))
            let named = all.filter { $0.name == name }
            for action in named where model.step(action, from: state) != nil { actions.append(action) }
            bounds.append(Int32(actions.count))
            for action in named where model.step(action, from: state) == nil { actions.append(action) }
        }
    }

    fileprivate func all(_ name: Int, _ block: Int) -> ArraySlice<M.Action> {
        let place = 2 * (block * M.Action.names.count + name)
        return actions[Int(bounds[place])..<Int(bounds[place + 2])]
    }

    fileprivate func enabled(_ name: Int, _ block: Int) -> ArraySlice<M.Action> {
        let place = 2 * (block * M.Action.names.count + name)
        return actions[Int(bounds[place])..<Int(bounds[place + 1])]
    }

    /// All of the name with this place.
    package func all(_ name: Int) -> ArraySlice<M.Action> { all(name, 0) }

    /// Those that the model allows.
    package func enabled(_ name: Int) -> ArraySlice<M.Action> { enabled(name, 0) }
}

/// The candidates of every state of a graph, worked out once: a run asks for them before every step.
package struct CandidateTable<M: Model>: Sendable {
    private let candidates: Candidates<M>

    package init(_ model: M, of states: [M.State]) { candidates = Candidates(model, in: states) }

    package func all(_ name: Int, in place: Int) -> ArraySlice<M.Action> { candidates.all(name, place) }

    package func enabled(_ name: Int, in place: Int) -> ArraySlice<M.Action> { candidates.enabled(name, place) }
}

extension ModelRun {
    /// One of the candidates that have a name; nil if there is none. Three of four times an enabled one, where there is
    /// one.
    mutating func draw(_ name: Int, _ choices: inout Choices) -> M.Action? {
        if let place {
            let table = ground.candidates
            return Self.pick(table.enabled(name, in: place), table.all(name, in: place), &choices)
        }
        let candidates = Candidates(ground.model, in: state)
        return Self.pick(candidates.enabled(name), candidates.all(name), &choices)
    }

    /// A candidate of any name, as likely as the weights say; nil if every name that has one is switched off.
    ///
    /// Three of four times only enabled ones are looked at: refusals teach something, but they lead nowhere.
    mutating func draw(weights: [Int64], _ choices: inout Choices) -> M.Action? {
        let beyond = place == nil ? Candidates(ground.model, in: state) : nil
        let table = ground.candidates
        func all(_ name: Int) -> ArraySlice<M.Action> { beyond?.all(name) ?? table.all(name, in: place ?? 0) }
        func enabled(_ name: Int) -> ArraySlice<M.Action> {
            beyond?.enabled(name) ?? table.enabled(name, in: place ?? 0)
        }
        let wantsEnabled = choices.number(0...3) < 3
        var number = choices.number(0...(1 << 40))
        for onlyEnabled in wantsEnabled ? [true, false] : [false] {
            var total: Int64 = 0
            for name in weights.indices where weights[name] > 0 {
                if !(onlyEnabled ? enabled(name) : all(name)).isEmpty { total += weights[name] }
            }
            guard total > 0 else { continue }
            number %= total
            for name in weights.indices where weights[name] > 0 {
                let found = onlyEnabled ? enabled(name) : all(name)
                guard !found.isEmpty else { continue }
                if number < weights[name] {
                    return found[found.startIndex + Int(choices.number(0...Int64(found.count - 1)))]
                }
                number -= weights[name]
            }
        }
        return nil
    }

    private static func pick(
        _ enabled: ArraySlice<M.Action>,
        _ all: ArraySlice<M.Action>,
        _ choices: inout Choices
    ) -> M.Action? {
        let wantsEnabled = choices.number(0...3) < 3
        let from = wantsEnabled && !enabled.isEmpty ? enabled : all
        let number = choices.number(0...Int64(max(0, from.count - 1)))
        return from.isEmpty ? nil : from[from.startIndex + Int(number)]
    }
}
