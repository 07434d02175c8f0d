/// What one step of the code is in the model's terms.
package enum ModelStep<State: ModelState>: Sendable {
    /// An edge of the graph, by its place.
    case edge(Int)
    /// A step of the model with larger constants, which the graph's cannot hold.
    case outOfBounds
    /// A step that no constants have room for: nobody can say whether it should be.
    case unjudged
    /// The code refused what the model forbids, and nothing changed.
    case refused
    /// The driver would not even ask the code for what the model forbids, and nothing changed.
    case untried
    /// The code accepted what the model forbids, and nothing changed.
    case stutter
    /// The code refused what the model allows, as `infeasible.csv` says it does.
    case infeasible(Int)
    /// Nothing that the model allows.
    case nonConforming(Departure<State>)
}

/// Where the code left the model: before, what the model expects, and what the code did.
package struct Departure<State: ModelState>: Hashable, Sendable {
    /// How it left.
    package enum Kind: String, Hashable, Sendable {
        case refused = "refused what the model allows"
        case refusedAndChanged = "refused, yet its state changed"
        case accepted = "did what the model forbids"
        case elsewhere = "came to another state than the model"
        case infeasible = "did what infeasible.csv says it cannot do"
    }

    package let kind: Kind
    package let before: State
    /// Nil if the model forbids the action.
    package let expected: State?
    package let after: State
}

/// Everything about a model that runs are judged by. Made once, shared by all threads.
package final class ModelGround<M: Model>: Sendable {
    /// What the driver is built for and steps are judged by; larger than the graph's, or the same.
    package let model: M
    package let graph: TwinGraph<M>
    package let judge: PropertyJudge<M>
    package let infeasible: [Infeasible]
    package let feasible: Feasible
    let candidates: CandidateTable<M>
    /// Bit by property: those that speak of a run's end.
    let eventual: UInt64

    package init(_ graph: TwinGraph<M>, larger: M? = nil, infeasible: [Infeasible] = []) {
        model = larger ?? graph.model
        self.graph = graph
        self.infeasible = infeasible
        judge = PropertyJudge(graph, as: model)
        eventual = judge.eventual
        feasible = Feasible(graph, list: infeasible)
        candidates = CandidateTable(model, of: graph.states)
    }
}

/// The real machines on their way through a model: one action after the other, each classified.
package struct ModelRun<M: Model> {
    let ground: ModelGround<M>
    package private(set) var driver: M.Driver
    /// The code's state as the abstraction tells it; without sampling, the model's.
    package private(set) var state: M.State
    /// Where that stands in the graph; nil beyond it.
    package private(set) var place: Int?

    /// The machines as `seed` makes them. They must stand in an initial state.
    package init(_ ground: ModelGround<M>, seed: UInt64) {
        self.ground = ground
        driver = M.Driver(ground.model, seed: seed)
        state = driver.state
        place = ground.graph.place(of: state)
    }

    /// Whether the machines began where the model does.
    package var beganRight: Bool {
        place.map { $0 < ground.graph.initialCount } ?? ground.model.initialStates.contains(state)
    }

    /// Leads the machines through one action, enabled or not.
    package mutating func attempt(_ action: M.Action) -> ModelStep<M.State> {
        let accepted = driver.perform(action)
        return classify(action, accepted: accepted, isAsked: driver.hasAsked, after: driver.state)
    }

    private mutating func classify(
        _ action: M.Action,
        accepted: Bool,
        isAsked: Bool,
        after: M.State
    ) -> ModelStep<M.State> {
        let before = state
        let from = place
        state = after
        // Most steps stay within the graph, where the edge says all that the model would.
        if let from, let edge = ground.graph.edge(from: from, by: action) {
            let expected = Int(ground.graph.edges[edge].to)
            if accepted, ground.graph.states[expected] == after {
                place = expected
                guard ground.feasible.listed.contains(edge) else { return .edge(edge) }
                return .nonConforming(
                    Departure(kind: .infeasible, before: before, expected: ground.graph.states[expected], after: after)
                )
            }
            if !accepted, after == before, ground.feasible.listed.contains(edge) { return .infeasible(edge) }
        }
        if after == before {
            let expected = ground.model.step(action, from: before)
            if expected == nil { return accepted ? .stutter : isAsked ? .refused : .untried }
            if !accepted {
                return .nonConforming(Departure(kind: .refused, before: before, expected: expected, after: after))
            }
        }
        place = ground.graph.place(of: after)
        return beyondGraph(action, before: before, after: after, accepted: accepted)
    }

    private func beyondGraph(
        _ action: M.Action,
        before: M.State,
        after: M.State,
        accepted: Bool
    ) -> ModelStep<M.State> {
        let expected = ground.model.step(action, from: before)
        let kind: Departure<M.State>.Kind? =
            !accepted ? .refusedAndChanged : expected == nil ? .accepted : expected != after ? .elsewhere : nil
        guard let kind else { return .outOfBounds }
        // A step that leads out of every constant that anybody gave the model cannot be judged by it.
        if kind == .accepted, !ground.model.isInBounds(after) || !ground.model.isInBounds(before) { return .unjudged }
        return .nonConforming(Departure(kind: kind, before: before, expected: expected, after: after))
    }

    /// Leads the machines through one action and believes the model about what came of it: the campaign without
    /// sampling, which tells what sampling costs.
    package mutating func attemptUnseen(_ action: M.Action) {
        if let from = place, let edge = ground.graph.edge(from: from, by: action) {
            let to = Int(ground.graph.edges[edge].to)
            guard driver.perform(action, believing: (state, ground.graph.states[to])) else { return }
            place = to
            state = ground.graph.states[to]
        } else {
            let next = ground.model.step(action, from: state)
            guard driver.perform(action, believing: (state, next ?? state)), let next else { return }
            state = next
            place = nil
        }
    }

    /// Settles without a look.
    package mutating func settleUnseen(bound: Int) -> Int? { driver.settle(bound: bound, believing: state) }

    package mutating func concreteFailures() -> [String] { driver.concreteFailures() }

    /// How a run came to rest.
    package struct Settled {
        /// Nil if the bound was not enough.
        package fileprivate(set) var steps: Int?
        package fileprivate(set) var end: M.State
        /// Nil beyond the graph.
        package fileprivate(set) var endPlace: Int?
        /// What was tried, up to a step that the model does not allow if there was one.
        package fileprivate(set) var actions: [M.Action] = []
        package fileprivate(set) var departure: Departure<M.State>?
        /// What the steps were.
        package fileprivate(set) var counts = StepCounts()
        /// Bit by property: liveness that was triggered on the way, and what failed there.
        package fileprivate(set) var triggered: UInt64 = 0
        package fileprivate(set) var failed: UInt64 = 0
    }

    /// No more faults, until nothing is left to do. Each step is held against the model, and what it led to against the
    /// properties.
    package mutating func settle(bound: Int) -> Settled {
        // Taken out meanwhile: what it tells is judged at once.
        var driver = self.driver
        var settled = Settled(end: state)
        settled.steps = driver.settle(bound: bound) { told in
            guard settled.departure == nil else { return }
            settled.actions.append(told.action)
            let before = state
            let step = classify(told.action, accepted: told.isDone, isAsked: told.hasAsked, after: told.state)
            settled.counts.count(step)
            if case .nonConforming(let departure) = step { settled.departure = departure }
            judge(step, from: before, &settled)
        }
        self.driver = driver
        settled.end = driver.state
        settled.endPlace = settled.end == state ? place : ground.graph.place(of: settled.end)
        return settled
    }

    private func judge(_ step: ModelStep<M.State>, from before: M.State, _ settled: inout Settled) {
        let judge = ground.judge
        switch step {
        case .edge(let edge): settled.failed |= judge.judge(edge: edge).fails
        case .outOfBounds, .unjudged:
            settled.failed |= PropertyJudge<M>.judge(judge.properties, before, state).fails
        case .refused, .untried, .stutter, .infeasible, .nonConforming: return
        }
        let (hits, fails) =
            place.map { judge.judge(state: $0) } ?? PropertyJudge<M>.judge(judge.properties, state)
        settled.triggered |= hits & ground.eventual
        settled.failed |= fails & ~ground.eventual
    }
}
