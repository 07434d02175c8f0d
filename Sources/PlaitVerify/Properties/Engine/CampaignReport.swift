/// What a campaign of one property came to. The same whatever the number of workers.
package struct CampaignReport: Sendable {
    package let property: Property
    package let firstSeed: UInt64
    /// Random cases and those of the targeted search.
    package var cases = 0
    package var steps: Int64 = 0
    /// Committed cases that were tried first.
    package var regressions = 0
    /// By rule.
    package var rules: [RuleCounts] = []
    /// By name: in how many cases.
    package var labels: [NamedCount] = []
    /// By name: in how many cases, those included that must happen and did not.
    package var marks: [NamedCount] = []
    /// By name, sums over all cases.
    package var counters: [NamedCount] = []
    /// By name, the highest value of any case.
    package var scores: [NamedCount] = []
    /// Cases that failed.
    package var failed = 0
    /// One for each thing that fails.
    package var failures: [FoundCase] = []
    /// What makes the campaign's success mean nothing, in words.
    package var problems: [String] = []
    /// Whether there were enough cases to say anything of rules and marks.
    package var isHealthJudged = false
    /// Cases whose second phase came to its end, and the largest bound that one of them kept to.
    package var healed = 0
    package var bound: Int64?
    /// Keys of what was covered, in ascending order.
    package var coverage: [UInt64] = []
    package var ending = CampaignEnding.allCases
    /// How likely the next case shows a label, mark or key that none has shown: cases that were the only one to show
    /// something, in a million cases (Good and Turing).
    package var unseenPartsPerMillion: Int64 = 0

    package init(_ property: Property, firstSeed: UInt64) {
        self.property = property
        self.firstSeed = firstSeed
    }

    package var holds: Bool { failures.isEmpty && problems.isEmpty }

    /// Rules that never were accepted.
    package var silentRules: [String] {
        zip(property.rules, rules).filter { $0.1.accepted == 0 }.map(\.0)
    }
}

/// How often something with a name was seen.
package struct NamedCount: Hashable, Sendable {
    package let name: String
    package var count: Int64
}

/// Why a campaign tried no more cases.
package enum CampaignEnding: String, Hashable, Sendable {
    case allCases = "all cases"
    case failed
    /// The last so many cases showed nothing new.
    case saturated
    case time = "time is up"
    case interrupted
}

/// A case that fails, as it was found and as small as it could be made.
package struct FoundCase: Sendable {
    /// How it was found.
    package enum Origin: Hashable, Sendable {
        case seed(UInt64)
        /// By targeted search for this score.
        case search(String)
        /// By a committed case, in the file of this name.
        case regression(String)
    }

    package let origin: Origin
    /// Cases that were tried before it, itself included.
    package let cases: Int
    package let failure: CaseFailure
    package let choices: [UInt64]
    /// Still fails in the same property.
    package let shrunk: PropertyVerdict
    /// Cases that shrinking tried.
    package let tries: Int
    package let document: CaseDocument?

    /// Lines of the shrunk case: of its scenario, or a line a step.
    package var lines: Int { document?.lines ?? shrunk.steps.count }
}
