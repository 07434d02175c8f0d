/// Tries many cases of one property: committed ones first, then random ones, then those that targeted search makes.
///
///     let report = PropertyCampaign(property, cases: 10_000, workers: 2).run()
///
/// What it reports depends on the property, the seed and the number of cases alone, unless time is up first.
package struct PropertyCampaign: Sendable {
    package let property: Property
    package var firstSeed: UInt64
    /// Fresh ones; a campaign without any is a replay of the committed ones.
    package var cases: Int
    package var workers: Int
    /// Failing cases that were committed: they are tried before anything else.
    package var regressions: [RegressionCase] = []
    /// Ends when so many cases in a row showed nothing new: no label, mark, key of coverage or new highest score.
    package var saturation: Int?
    /// Ends after so many nanoseconds of `elapsed`.
    package var timeMax: Int64?
    package var elapsed: @Sendable () -> Int64 = { 0 }
    /// Ends after so many failures.
    package var failuresMax = 1
    package var shrinkTries = 4_000
    /// Of the cases, one in so many is spent on each score that the property wants raised.
    package var searchShare = 8
    /// Is told after some cases how many there were, and answers whether to go on.
    package var progress: @Sendable (_ done: Int) -> Bool = { _ in true }

    /// Cases between two looks at the clock.
    package static let batch = 64

    package init(_ property: Property, firstSeed: UInt64 = 1, cases: Int, workers: Int = 1) {
        precondition(cases >= 0 && workers > 0, "a campaign without work or workers")
        self.property = property
        self.firstSeed = firstSeed
        self.cases = cases
        self.workers = workers
    }

    /// A campaign with all that is usual.
    package static func run(
        _ property: Property,
        firstSeed: UInt64 = 1,
        cases: Int,
        workers: Int = 1,
        timeMax: Int64? = nil,
        elapsed: @escaping @Sendable () -> Int64 = { 0 }
    ) -> CampaignReport {
        var campaign = PropertyCampaign(property, firstSeed: firstSeed, cases: cases, workers: workers)
        campaign.timeMax = timeMax
        campaign.elapsed = elapsed
        return campaign.run()
    }

    package func run() -> CampaignReport {
        var tally = CampaignTally(property, firstSeed: firstSeed, isReplay: cases == 0)
        var ending = replay(&tally)
        if ending == nil { ending = tryRandomly(&tally) }
        if ending == nil || ending == .saturated { ending = search(&tally) ?? ending }
        return tally.report(ending ?? .allCases)
    }

    private func replay(_ tally: inout CampaignTally) -> CampaignEnding? {
        for regression in regressions where regression.property == property.name {
            let verdict = property.run(Choices(regression.choices))
            tally.regressions += 1
            if let ending = note(verdict, .regression(regression.name), &tally) { return ending }
        }
        return nil
    }

    private func tryRandomly(_ tally: inout CampaignTally) -> CampaignEnding? {
        var done = 0
        while done < cases {
            if let ending = interruption(after: done) { return ending }
            let count = min(Self.batch, cases - done)
            let first = firstSeed &+ UInt64(done)
            let verdicts = each(count) { property.run(property.choices(seed: first &+ UInt64($0))) }
            for (index, verdict) in verdicts.enumerated() {
                let seed = first &+ UInt64(index)
                if let ending = note(verdict, .seed(seed), &tally) { return ending }
                if let saturation, tally.casesWithoutNews >= saturation { return .saturated }
            }
            done += count
        }
        return nil
    }

    /// The same number of cases for each target, whatever was found before.
    private func search(_ tally: inout CampaignTally) -> CampaignEnding? {
        for target in property.targets {
            guard let start = tally.best[target] else { continue }
            var climb = TargetedSearch(property, target, from: start, seed: firstSeed)
            let budget = tally.randomCases / searchShare
            while climb.tries < budget {
                if let ending = interruption(after: tally.cases) { return ending }
                let candidates = climb.candidates(min(TargetedSearch.generation, budget - climb.tries))
                let verdicts = each(candidates.count) { property.run(candidates[$0]) }
                climb.take(verdicts)
                for verdict in verdicts {
                    if let ending = note(verdict, .search(target), &tally) { return ending }
                }
            }
        }
        return nil
    }

    private func interruption(after done: Int) -> CampaignEnding? {
        if !progress(done) { return .interrupted }
        if let timeMax, elapsed() >= timeMax { return .time }
        return nil
    }

    /// Runs cases on all workers, and gives their verdicts in order.
    private func each(
        _ count: Int,
        _ body: @escaping @Sendable (Int) -> PropertyVerdict
    ) -> [PropertyVerdict] {
        guard count > 0 else { return [] }
        guard workers > 1 else { return (0..<count).map(body) }
        return SeedPool.map(0...UInt64(count - 1), workers: workers) { body(Int($0)) } ?? []
    }

    private func note(
        _ verdict: PropertyVerdict,
        _ origin: FoundCase.Origin,
        _ tally: inout CampaignTally
    ) -> CampaignEnding? {
        tally.take(verdict, origin)
        guard let failure = verdict.failure else { return nil }
        // One case for each thing that fails; the others are counted.
        if !tally.failures.contains(where: { $0.failure.property == failure.property }) {
            tally.failures.append(found(verdict, failure, origin, cases: tally.cases))
        }
        return tally.failed >= failuresMax ? .failed : nil
    }

    /// Shrinks a failing case, and writes it down.
    private func found(
        _ verdict: PropertyVerdict,
        _ failure: CaseFailure,
        _ origin: FoundCase.Origin,
        cases: Int
    ) -> FoundCase {
        var shrinker = Shrinker(property, verdict, triesMax: shrinkTries)
        shrinker.shrink()
        let shrunk = property.run(Choices(shrinker.best.choices), keepsEvents: true)
        return FoundCase(
            origin: origin,
            cases: cases,
            failure: failure,
            choices: verdict.choices,
            shrunk: shrunk,
            tries: shrinker.tries,
            document: property.document?(shrunk)
        )
    }
}
