import PlaitCore
import PlaitRun
import PlaitScenario
import Testing

@Suite("Silly round trips")
struct SillyRoundTripTests {
    /// The shipped scenarios, as a user runs them, with their own expectations.
    @Test(
        "a transfer completes over twenty minutes, and over a week, one way",
        arguments: ["silly-rtt", "silly-rtt-week"]
    )
    func transfer(name: String) throws {
        let source = FileScenarioSource(library: nil)
        let reader = ScenarioReader(source: source, vocabulary: Registry.standard.vocabulary)
        let scenario = try reader.read("Scenarios/\(name).yaml").scenario
        let blueprint = try Blueprint(scenario, seed: 1, registry: .standard, distributions: Trial.distributions)
        let outcome = Execution(blueprint, checksLaws: true).run()
        #expect(outcome.verdicts.count == scenario.expectations.count && !outcome.verdicts.isEmpty)
        for verdict in outcome.verdicts { #expect(verdict.holds) }
        #expect(outcome.workFailures == [])
        #expect(outcome.violations.isEmpty)
    }
}
