/// A property of a world that rules act on: what the world checks after every rule, and that it comes to its end once
/// the faults are over.
package struct StatefulProperty<World: StatefulWorld & ~Copyable>: Sendable {
    /// `stream.model`; that the world comes to its end is called `stream.model.completes`.
    package let name: String
    package let words: String
    package let module: String?
    /// How many rules a run tries; each doubling is as likely.
    package var steps: ClosedRange<Int64>
    /// How likely each rule is before the swarm; by rule.
    package var weights: [Int]
    /// Rules that no swarm switches off.
    package var always: [String] = []
    package var health: HealthDemands
    package var targets: [String] = []
    package var casesUsual = 1_000
    /// Without, every run may use everything.
    package var swarms = true

    package init(
        _ name: String,
        _ words: String,
        module: String? = nil,
        steps: ClosedRange<Int64> = 1...100,
        health: HealthDemands = HealthDemands()
    ) {
        self.name = name
        self.words = words
        self.module = module
        self.steps = steps
        self.health = health
        weights = World.rules.map { _ in 1 }
    }

    /// For the registry, without the world's type.
    package var property: Property {
        var property = Property(name, words, module: module, rules: World.rules, health: health) { choices, record in
            judge(&choices, &record)
        }
        property.targets = targets
        property.casesUsual = casesUsual
        return property
    }

    private func judge(_ choices: inout Choices, _ record: inout RunRecord) {
        let rules = World.rules
        let always = rules.indices.filter { self.always.contains(rules[$0]) }
        let swarm = swarms ? Swarm(weights, always: always, &choices) : Swarm(weights: weights)
        let most = choices.magnitude(steps)
        var world = World(&choices, swarm: swarm)
        world.check(&record)
        while record.steps < most, !choices.isSpent, record.failure == nil {
            choices.beginStep()
            record.beginStep()
            let rule = swarm.rule(&choices)
            let outcome = world.attempt(rule, &choices, &record)
            record.note(rule, outcome)
            if outcome != .notAllowed { world.check(&record) }
        }
        if record.failure == nil, !world.heal(&record) {
            record.fail(name + ".completes", "it did not come to its end after the last fault")
        }
        world.finish(&record)
    }
}
