/// What a stateful property drives: a world made from choices, and rules that act on it.
package protocol StatefulWorld: ~Copyable, SendableMetatype {
    /// The rules' names, by their numbers.
    static var rules: [String] { get }

    init(_ choices: inout Choices, swarm: Swarm)

    /// Tries a rule, and draws what it needs from `choices`. `.notAllowed`: its precondition does not hold, and nothing
    /// was done.
    mutating func attempt(_ rule: Int, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome

    /// Invariants: called before the first rule, and after every one that was allowed.
    mutating func check(_ record: inout RunRecord)

    /// The second phase: no more faults. Answers whether the world came to its end within its own bound, which it tells
    /// the record.
    mutating func heal(_ record: inout RunRecord) -> Bool

    /// The run is over, well or not: what was counted meanwhile goes into the record.
    mutating func finish(_ record: inout RunRecord)
}

extension StatefulWorld where Self: ~Copyable {
    package mutating func finish(_ record: inout RunRecord) {}
}

/// What became of one attempt of a rule.
package enum RuleOutcome: Hashable, Sendable {
    /// The rule's precondition did not hold.
    case notAllowed
    case accepted
    /// What was tried was refused, and had no effect.
    case rejected
}
