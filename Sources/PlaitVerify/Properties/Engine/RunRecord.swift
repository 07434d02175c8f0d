/// What one run of a property left behind.
package struct RunRecord: Sendable {
    /// The first thing that did not hold; whatever comes later may follow from it.
    package private(set) var failure: CaseFailure?
    /// Rules that were tried, each as often as it was.
    package private(set) var steps = 0
    /// By rule.
    package private(set) var rules: [RuleCounts]
    package private(set) var labels: [String] = []
    package private(set) var marks: [String] = []
    package private(set) var scores: [Named] = []
    package private(set) var counters: [Named] = []
    /// Keys of what was covered, each once.
    package private(set) var coverage: [UInt64] = []
    /// The bound that the second phase kept to, in the world's own steps; nil before.
    package private(set) var bound: Int64?
    /// The last events, if they are asked for.
    package private(set) var events: [CaseEvent] = []
    /// Whether anybody wants to read events. They cost time, so a case is run a second time for them.
    package let keepsEvents: Bool

    private var coverageSeen: Set<UInt64> = []
    private static let eventsMax = 400

    /// A number with a name.
    package struct Named: Hashable, Sendable {
        package let name: String
        package fileprivate(set) var value: Int64
    }

    package init(rules: Int = 0, keepsEvents: Bool = false) {
        self.rules = Array(repeating: RuleCounts(), count: rules)
        self.keepsEvents = keepsEvents
    }

    /// Something does not hold. Only the first failure of a run counts. `property` says which one: a case is shrunk as
    /// long as the property of this name fails.
    package mutating func fail(_ property: String, _ words: @autoclosure () -> String) {
        guard failure == nil else { return }
        failure = CaseFailure(property: property, words: words(), step: steps)
    }

    /// Says what kind of run this was. Counted once a run.
    package mutating func label(_ label: String) {
        if !labels.contains(label) { labels.append(label) }
    }

    /// Something happened that must sometimes happen. Counted once a run.
    package mutating func mark(_ mark: String) {
        if !marks.contains(mark) { marks.append(mark) }
    }

    /// How far the run went, in some respect: the highest value counts, and targeted search looks for higher ones.
    package mutating func score(_ name: String, _ value: Int64) {
        guard let index = scores.firstIndex(where: { $0.name == name }) else {
            return scores.append(Named(name: name, value: value))
        }
        scores[index].value = max(scores[index].value, value)
    }

    /// Adds to a sum over all runs.
    package mutating func count(_ name: String, _ more: Int64 = 1) {
        guard let index = counters.firstIndex(where: { $0.name == name }) else {
            return counters.append(Named(name: name, value: more))
        }
        counters[index].value += more
    }

    /// Something with this key (a state, a transition) was reached.
    package mutating func cover(_ key: UInt64) {
        if coverageSeen.insert(key).inserted { coverage.append(key) }
    }

    /// A line of the table that a failure prints.
    package mutating func event(_ text: @autoclosure () -> String) {
        guard keepsEvents else { return }
        if events.count == Self.eventsMax { events.removeFirst() }
        events.append(CaseEvent(step: steps, text: text()))
    }

    /// The second phase ends within so many of the world's steps, or has failed.
    package mutating func bounded(by bound: Int64) { self.bound = max(self.bound ?? 0, bound) }

    /// A rule is about to be tried.
    mutating func beginStep() { steps += 1 }

    mutating func note(_ rule: Int, _ outcome: RuleOutcome) {
        rules[rule].attempted += 1
        switch outcome {
        case .notAllowed: rules[rule].notAllowed += 1
        case .accepted: rules[rule].accepted += 1
        case .rejected: rules[rule].rejected += 1
        }
    }

    /// The run did several things that are no rules.
    package mutating func count(steps more: Int) { steps += more }
}

/// How often a rule was tried, and with what result.
package struct RuleCounts: Hashable, Sendable {
    package var attempted: Int64 = 0
    package var accepted: Int64 = 0
    package var rejected: Int64 = 0
    package var notAllowed: Int64 = 0

    package init() {}

    package static func += (sum: inout RuleCounts, more: RuleCounts) {
        sum.attempted += more.attempted
        sum.accepted += more.accepted
        sum.rejected += more.rejected
        sum.notAllowed += more.notAllowed
    }
}

/// What did not hold in a case, and after how many steps.
package struct CaseFailure: Hashable, Sendable {
    package let property: String
    package let words: String
    package let step: Int

    package init(property: String, words: String, step: Int) {
        self.property = property
        self.words = words
        self.step = step
    }
}

/// Something that happened in a case, for people.
package struct CaseEvent: Hashable, Sendable {
    package let step: Int
    package let text: String
}
