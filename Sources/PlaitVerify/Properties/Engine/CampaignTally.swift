/// What a campaign has seen so far. Cases come in the order of their seeds, whoever tried them.
struct CampaignTally {
    private(set) var cases = 0
    private(set) var randomCases = 0
    /// Cases since one showed something that none before had.
    private(set) var casesWithoutNews = 0
    var regressions = 0
    private(set) var failed = 0
    var failures: [FoundCase] = []
    /// The random case that came furthest in each score that is wanted high.
    private(set) var best: [String: PropertyVerdict] = [:]

    private let property: Property
    private let firstSeed: UInt64
    /// Whether no fresh cases are wanted.
    private let isReplay: Bool
    private var steps: Int64 = 0
    private var rules: [RuleCounts]
    private var healed = 0
    private var bound: Int64?
    // By name or key; sorted before anybody sees them.
    private var labels: [String: Int64] = [:]
    private var marks: [String: Int64] = [:]
    private var counters: [String: Int64] = [:]
    private var scores: [String: Int64] = [:]
    /// By key: the only case that showed it, or none if there were more.
    private var coverage: [UInt64: Int?] = [:]
    private var labelled: [String: Int?] = [:]
    /// By case: how many labels, marks and keys nobody else showed. Only those that have any.
    private var alone: [Int: Int] = [:]

    init(_ property: Property, firstSeed: UInt64, isReplay: Bool = false) {
        self.property = property
        self.firstSeed = firstSeed
        self.isReplay = isReplay
        rules = property.rules.map { _ in RuleCounts() }
    }

    mutating func take(_ verdict: PropertyVerdict, _ origin: FoundCase.Origin) {
        let record = verdict.record
        if record.failure != nil { failed += 1 }
        // A committed case says nothing about what random ones reach.
        if case .regression = origin { return }
        cases += 1
        steps += Int64(record.steps)
        for rule in rules.indices { rules[rule] += record.rules[rule] }
        if let bound = record.bound, record.failure == nil {
            healed += 1
            self.bound = max(self.bound ?? 0, bound)
        }
        for counter in record.counters { counters[counter.name, default: 0] += counter.value }
        let isNew = takeNews(record)
        casesWithoutNews = isNew ? 0 : casesWithoutNews + 1
        guard case .seed = origin else { return }
        randomCases += 1
        for target in property.targets { takeBest(verdict, target) }
    }

    /// Answers whether anything was seen for the first time.
    private mutating func takeNews(_ record: RunRecord) -> Bool {
        var isNew = false
        for label in record.labels {
            labels[label, default: 0] += 1
            isNew = Self.see("label " + label, cases, &labelled, &alone) || isNew
        }
        for mark in record.marks {
            marks[mark, default: 0] += 1
            isNew = Self.see("mark " + mark, cases, &labelled, &alone) || isNew
        }
        for score in record.scores where score.value > scores[score.name] ?? .min {
            scores[score.name] = score.value
            isNew = true
        }
        for key in record.coverage { isNew = Self.see(key, cases, &coverage, &alone) || isNew }
        return isNew
    }

    /// A case showed something. Answers whether none before did.
    private static func see<Key: Hashable>(
        _ key: Key,
        _ number: Int,
        _ seen: inout [Key: Int?],
        _ alone: inout [Int: Int]
    ) -> Bool {
        guard let only = seen[key] else {
            seen[key] = .some(number)
            alone[number, default: 0] += 1
            return true
        }
        guard let only, let things = alone[only] else { return false }
        alone[only] = things > 1 ? things - 1 : nil
        seen[key] = .some(nil)
        return false
    }

    private mutating func takeBest(_ verdict: PropertyVerdict, _ target: String) {
        guard let value = TargetedSearch.value(of: verdict, target) else { return }
        if let best = best[target], TargetedSearch.value(of: best, target) ?? .min >= value { return }
        best[target] = verdict
    }

    // MARK: The report

    func report(_ ending: CampaignEnding) -> CampaignReport {
        var report = CampaignReport(property, firstSeed: firstSeed)
        report.cases = cases
        report.steps = steps
        report.regressions = regressions
        report.failed = failed
        report.rules = rules
        report.labels = Self.sorted(labels)
        var marks = marks
        for mark in property.health.marks where marks[mark] == nil { marks[mark] = 0 }
        report.marks = Self.sorted(marks)
        report.counters = Self.sorted(counters)
        report.scores = Self.sorted(scores)
        report.failures = failures
        report.healed = healed
        report.bound = bound
        report.coverage = coverage.keys.sorted()
        report.ending = ending
        report.isHealthJudged = cases >= property.health.casesMin
        report.unseenPartsPerMillion = cases == 0 ? 1_000_000 : Int64(alone.count) * 1_000_000 / Int64(cases)
        // A campaign that was cut short by a failure says nothing about what it had not reached by then.
        if ending != .failed, ending != .interrupted { report.problems = problems(report) }
        return report
    }

    private static func sorted(_ counts: [String: Int64]) -> [NamedCount] {
        counts.map { NamedCount(name: $0.key, count: $0.value) }.sorted { $0.name < $1.name }
    }

    /// What makes success mean nothing.
    private func problems(_ report: CampaignReport) -> [String] {
        guard cases > 0 else { return isReplay && regressions > 0 ? [] : ["no fresh case was tried"] }
        guard cases >= property.health.casesMin else { return [] }
        var problems: [String] = []
        if steps == 0, !rules.isEmpty { problems.append("no step was taken in \(cases) cases") }
        for silent in report.silentRules where !property.health.silentRules.contains(silent) {
            problems.append("rule '\(silent)' was never accepted")
        }
        for mark in report.marks where mark.count == 0 { problems.append("'\(mark.name)' never happened") }
        let allowed = rules.reduce(0) { $0 + $1.attempted - $1.notAllowed }
        let rejected = rules.reduce(0) { $0 + $1.rejected }
        if rejected * 100 > allowed * property.health.rejectedPercentMax {
            problems.append("\(rejected) of \(allowed) attempts were rejected")
        }
        if property.health.needsHealing, healed == 0 { problems.append("no run came to its second phase") }
        return problems
    }
}
