/// Looks for a planted bug with all properties, the cheap ones first and each a little before any of them for long.
///
/// The hunt does not know the bug: it gets a way to have cases tried, and the properties that everybody uses.
package struct MutantHunt: Sendable {
    package let properties: [Property]
    package var firstSeed: UInt64 = 1
    /// Of each property at most.
    package var cases = 4_000
    package var workers = 1
    package var shrinkTries = 2_000
    /// Is asked after some cases whether to go on.
    package var goesOn: @Sendable () -> Bool = { true }

    /// Cases of each property in the first round; each round has eight times as many as the one before.
    static let firstRound = 32

    package init(_ properties: [Property]) { self.properties = properties }

    /// What came of the hunt for one bug.
    package struct Catch: Sendable {
        /// The property that failed, and what in it.
        package let property: Property
        package let found: FoundCase
        /// Of that property, up to the failing one.
        package let cases: Int
        /// Of all properties.
        package let casesOfAll: Int

        /// How large the shrunk case is: the lines of its scenario, or its steps.
        package var size: Int { found.lines }
        package var unit: String { found.document == nil ? "steps" : "lines" }

        /// The seed of the failing case.
        package var seed: UInt64? {
            if case .seed(let seed) = found.origin { seed } else { nil }
        }
    }

    /// Nil if nobody notices.
    package func run(_ remote: RemoteCases) -> Catch? {
        let remotes = properties.map { remote.property($0) }
        var (done, round) = (0, Self.firstRound)
        var all = 0
        while done < cases {
            let until = min(cases, done + round)
            for (place, property) in remotes.enumerated() {
                var campaign = PropertyCampaign(
                    property,
                    firstSeed: firstSeed &+ UInt64(done),
                    cases: until - done,
                    workers: workers
                )
                campaign.shrinkTries = shrinkTries
                campaign.progress = { [goesOn] _ in goesOn() }
                let report = campaign.run()
                all += report.cases
                if let found = report.failures.first {
                    return Catch(
                        property: properties[place],
                        found: found,
                        cases: done + found.cases,
                        casesOfAll: all
                    )
                }
                if report.ending == .interrupted { return nil }
            }
            (done, round) = (until, round * 8)
        }
        return nil
    }
}
