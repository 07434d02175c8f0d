/// Makes the actions of a failing run fewer, as long as it fails the same way.
///
/// It works on the model's actions, not on choices: what is left can be shown to the model as it is.
package struct ModelShrinker<M: Model> {
    private let ground: ModelGround<M>
    package private(set) var best: ModelFailure<M>
    /// Runs that shrinking took.
    package private(set) var tries = 0
    private let triesMax: Int

    package init(_ failure: ModelFailure<M>, on ground: ModelGround<M>, triesMax: Int = 5_000) {
        self.ground = ground
        best = failure
        self.triesMax = triesMax
    }

    /// Leaves away runs of actions, long ones first, until no single one can be spared.
    package mutating func shrink() {
        var size = max(1, best.actions.count / 2)
        while size >= 1, tries < triesMax {
            var shrank = false
            var start = 0
            while start < best.actions.count, tries < triesMax {
                var actions = best.actions
                actions.removeSubrange(start..<min(actions.count, start + size))
                if take(actions) { shrank = true } else { start += size }
            }
            if !shrank { size = size == 1 ? 0 : size / 2 }
        }
    }

    private mutating func take(_ actions: [M.Action]) -> Bool {
        tries += 1
        var runner = CaseRunner(ground, kind: best.kind, seed: best.seed, driverSeed: best.driverSeed)
        let failures = runner.follow(actions).failures
        guard let same = failures.first(where: { $0.isLike(best) }) else { return false }
        guard same.actions.count < best.actions.count else { return false }
        best = same
        return true
    }
}

extension ModelFailure {
    /// The same thing went wrong, and at an action of the same name where it was an action that did it.
    func isLike(_ other: Self) -> Bool {
        guard reason.isLike(other.reason) else { return false }
        guard case .departure = reason else { return true }
        return actions.last?.name == other.actions.last?.name
    }
}

extension ModelFailure.Reason {
    /// The same thing went wrong, wherever.
    func isLike(_ other: Self) -> Bool {
        switch (self, other) {
        case (.departure(let a), .departure(let b)): a.kind == b.kind
        case (.property(let a), .property(let b)): a == b
        case (.concrete(let a), .concrete(let b)): a.first.map(Self.plain) == b.first.map(Self.plain)
        case (.beginning, .beginning): true
        default: false
        }
    }
}

extension ModelFailure.Reason {
    /// Without the numbers, which a shorter run has others of.
    private static func plain(_ words: String) -> String { words.filter { !$0.isNumber } }
}

/// What the model says of a run of the code that failed: each answer has one owner.
package enum ModelOpinion: Hashable, Sendable {
    /// The model takes the same steps and its property fails too: the protocol is wrong.
    case alsoFails
    /// The model has no such step, counted from 1: the code is wrong, or the model, or the abstraction.
    case forbids(step: Int)
    /// The model takes the same steps and sees nothing wrong: the abstraction or a predicate is.
    case allows

    package var words: String {
        switch self {
        case .alsoFails: "the model also fails"
        case .forbids(let step): "the model forbids step \(step)"
        case .allows: "the model allows it, and its invariants hold"
        }
    }
}

/// The abstract states that a run of the code went through.
package struct StateTrace<M: Model>: Sendable {
    /// One more than actions.
    package let states: [M.State]
    /// Actions that the code accepted; refusals change nothing and are left out.
    package let actions: [M.Action]

    package init(states: [M.State], actions: [M.Action]) {
        self.states = states
        self.actions = actions
    }

    /// Leads machines through actions and writes down where they came.
    package init(_ actions: [M.Action], on model: M, driverSeed: UInt64) {
        var driver = M.Driver(model, seed: driverSeed)
        var states = [driver.state]
        var taken: [M.Action] = []
        for action in actions {
            let accepted = driver.perform(action)
            let state = driver.state
            // One that was refused and left a trace is a step nevertheless: the one to look at.
            guard accepted || state != states[states.count - 1] else { continue }
            states.append(state)
            taken.append(action)
        }
        self.states = states
        self.actions = taken
    }

    /// What the twin says of it. `failing`: the property that the code failed, if it was one.
    package func opinion(of model: M, failing: ModelProperty<M.State>?) -> ModelOpinion {
        for (place, action) in actions.enumerated() {
            if model.step(action, from: states[place]) != states[place + 1] { return .forbids(step: place + 1) }
        }
        guard let failing else { return .allows }
        let properties = [failing]
        let fails =
            states.contains { PropertyJudge<M>.judge(properties, $0).fails != 0 }
            || zip(states, states.dropFirst()).contains { PropertyJudge<M>.judge(properties, $0, $1).fails != 0 }
        return fails ? .alsoFails : .allows
    }
}
