/// A model's driver as a world of the property engine: the rules are the model's actions, enabled or not.
package struct ModelWorld<M: ComparableModel>: StatefulWorld {
    private var run: ModelRun<M>
    private var before: M.State
    private var triggered: UInt64 = 0
    /// What the machines are in now is no state of theirs: their preconditions may not hold.
    private var isDeparted = false

    package static var rules: [String] { M.Action.names }

    package init(_ choices: inout Choices, swarm: Swarm) {
        run = ModelRun(M.ground, seed: UInt64(choices.number(0...0xFFFF_FFFF)))
        before = run.state
    }

    package mutating func attempt(_ rule: Int, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        guard let action = run.draw(rule, &choices) else { return .notAllowed }
        before = run.state
        let step = run.attempt(action)
        // The graph is that of smaller constants: what was reached is told by states, and by what was tried in them.
        record.cover(run.state.key)
        record.cover(CoverageKey.mixed(before.key, CoverageKey.of("\(action)")))
        switch step {
        case .edge:
            record.count("edges")
            record.event("\(action)")
            return .accepted
        case .outOfBounds:
            record.count("out of bounds")
            record.event("\(action) (out of bounds)")
            return .accepted
        case .unjudged:
            record.event("\(action) (beyond all constants)")
            departs(by: action, "\(action): the code came to where no model has a state\n\(run.state.text)", &record)
            return .accepted
        case .stutter:
            record.event("\(action) (changes nothing)")
            departs(by: action, "\(action): the code did what the model forbids, and changed nothing", &record)
            return .accepted
        case .refused, .infeasible:
            record.count("refused")
            record.event("\(action) (refused)")
            return .rejected
        case .untried:
            record.count("untried")
            record.event("\(action) (not tried)")
            return .rejected
        case .nonConforming(let departure):
            record.count("non-conforming")
            record.event("\(action): \(departure.kind.rawValue)")
            fail(action, departure, &record)
            return .accepted
        }
    }

    private mutating func fail(_ action: M.Action, _ departure: Departure<M.State>, _ record: inout RunRecord) {
        departs(
            by: action,
            "\(action): the code \(departure.kind.rawValue)\n\(departure.text)",
            &record
        )
    }

    /// By the action's name, so that a run that is made smaller keeps failing where it failed.
    private mutating func departs(by action: M.Action, _ words: String, _ record: inout RunRecord) {
        isDeparted = true
        record.fail("\(M.name.lowercased()).conforms.\(action.name)", words)
    }

    package mutating func check(_ record: inout RunRecord) {
        let properties = M.ground.judge.properties
        let (hits, fails) = PropertyJudge<M>.judge(properties, run.state)
        let step = PropertyJudge<M>.judge(properties, before, run.state)
        let failing = fails & ~M.ground.eventual | step.fails
        triggered |= hits & M.ground.eventual
        for sometime in M.sometimes where sometime.holds(run.state) { record.mark(sometime.name) }
        if failing != 0 {
            let property = properties[failing.trailingZeroBitCount]
            record.fail(property.id, "\(property.name): \(property.words)\n\(run.state.lines)")
        }
        guard !isDeparted else { return }
        for words in run.concreteFailures() { record.fail(M.name.lowercased() + ".concrete", words) }
    }

    package mutating func heal(_ record: inout RunRecord) -> Bool {
        let bound = CaseRunner<M>.settleMax
        record.bounded(by: Int64(bound))
        let settled = run.settle(bound: bound)
        let (steps, end) = (settled.steps, settled.end)
        triggered |= settled.triggered
        if let departure = settled.departure, let action = settled.actions.last {
            fail(action, departure, &record)
            return true
        }
        let properties = M.ground.judge.properties
        if settled.failed != 0 {
            let property = properties[settled.failed.trailingZeroBitCount]
            record.fail(property.id, "\(property.name): \(property.words)\non the way to: \(end.text)")
        }
        let missed = triggered & PropertyJudge<M>.judge(properties, end).fails
        if steps != nil, missed != 0 {
            let property = properties[missed.trailingZeroBitCount]
            record.fail(property.id, "\(property.name): \(property.words)\nin the end:\n\(end.lines)")
        }
        for words in run.concreteFailures() { record.fail(M.name.lowercased() + ".concrete", words) }
        return steps != nil
    }
}

extension ComparableModel {
    /// The property that random runs of the code conform to this model.
    package static var property: Property {
        var property = StatefulProperty<ModelWorld<Self>>(
            name.lowercased() + ".model",
            "every step of the code is a step of \(name), what \(name) forbids is refused, and its properties hold",
            module: name,
            steps: 8...400
        )
        property.weights = Action.names.map { seldom.contains($0) ? 1 : 4 }
        property.health.needsHealing = true
        // Fewer do not come to what is rare.
        property.health.casesMin = 1_000
        property.health.silentRules = forbidden
        property.health.marks = sometimes.map(\.name)
        // A name is drawn without looking whether the model allows any action of it, and most runs come to an end where
        // it allows few; that the others get somewhere is what the marks are for.
        property.health.rejectedPercentMax = 98
        return property.property
    }
}
