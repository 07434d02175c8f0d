package import PlaitScenario

/// Something that must hold of every case that a sequence of choices can stand for.
package struct Property: Sendable {
    /// `endpoint.calls`; what one property says of several things has several names behind it in failures.
    package let name: String
    package let words: String
    /// The TLA+ module that says the same; nil if there is none.
    package let module: String?
    /// Names of rules, by their numbers; empty if a case is no sequence of rules.
    package let rules: [String]
    package var health: HealthDemands
    /// Scores that targeted search raises, once the random cases are done.
    package var targets: [String] = []
    /// How many cases are tried unless somebody says how many.
    package var casesUsual = 1_000
    /// The case as a scenario that `plait run` accepts, as small as it can be made and still fail, if the property's
    /// cases can be said so.
    package var document: (@Sendable (PropertyVerdict) -> CaseDocument?)?
    /// The scenario that choices stand for, without running it, if the property is one of transfers.
    package var scenario: (@Sendable (inout Choices) -> Scenario)?
    private var trial: @Sendable (_ choices: Choices, _ keepsEvents: Bool) -> PropertyVerdict

    package init(
        _ name: String,
        _ words: String,
        module: String? = nil,
        rules: [String] = [],
        health: HealthDemands = HealthDemands(),
        judge: @escaping @Sendable (inout Choices, inout RunRecord) -> Void
    ) {
        self.name = name
        self.words = words
        self.module = module
        self.rules = rules
        self.health = health
        let ruleCount = rules.count
        trial = { choices, keepsEvents in
            var choices = choices
            var record = RunRecord(rules: ruleCount, keepsEvents: keepsEvents)
            judge(&choices, &record)
            return PropertyVerdict(choices: choices.numbers, steps: choices.steps, record: record)
        }
    }

    /// The same property, its cases tried by somebody else.
    func tried(by trial: @escaping @Sendable (_ choices: Choices, _ keepsEvents: Bool) -> PropertyVerdict) -> Property {
        var property = self
        property.trial = trial
        return property
    }

    /// Tries one case: the same choices, the same verdict. `keepsEvents` writes down what happens, for people.
    package func run(_ choices: Choices, keepsEvents: Bool = false) -> PropertyVerdict {
        trial(choices, keepsEvents)
    }

    /// The choices of a random case.
    package func choices(seed: UInt64) -> Choices { Choices(seed: seed, name: "property/" + name) }

    /// The command that tries a random case again.
    package func command(seed: UInt64) -> String { "plait verify --property \(name) --seed \(seed) --cases 1" }
}

/// What a campaign must have seen, or its success means nothing.
package struct HealthDemands: Sendable {
    /// Marks that must have happened in some case.
    package var marks: [String] = []
    /// Rules that may never be accepted.
    package var silentRules: [String] = []
    /// Of a hundred attempts that were allowed, so many may be rejected.
    package var rejectedPercentMax: Int64 = 90
    /// Some run must come to its second phase, and through it.
    package var needsHealing = false
    /// Fewer cases than this say nothing about rules and marks.
    package var casesMin = 100

    package init(marks: [String] = [], silentRules: [String] = []) {
        self.marks = marks
        self.silentRules = silentRules
    }
}

/// What came out of one case.
package struct PropertyVerdict: Sendable {
    /// Exactly the numbers that were used.
    package let choices: [UInt64]
    /// Where each step began.
    package let steps: [Int]
    package let record: RunRecord

    package var failure: CaseFailure? { record.failure }
    package var holds: Bool { record.failure == nil }
}

/// A failing case as a scenario.
package struct CaseDocument: Sendable {
    package let scenario: Scenario
    /// What the scenario shows when it is run, in words.
    package let words: String
    /// What happens when it is run.
    package let events: [CaseEvent]

    package init(scenario: Scenario, words: String, events: [CaseEvent]) {
        self.scenario = scenario
        self.words = words
        self.events = events
    }

    package var lines: Int { scenario.briefText.split(separator: "\n").count }
}
