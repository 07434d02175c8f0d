import PlaitCore
import PlaitRun
import PlaitScenario
import PlaitStatistics
import PlaitVerify
import TestSupport
import Testing

@Suite("Properties over the transport")
struct TransferPropertyTests {
    private func property(_ name: String) throws -> Property {
        try #require(Properties.all.first { $0.name == name })
    }

    @Test("a sample of cases holds, and is the same in every run", arguments: ["transfer.intact", "endpoint.calls"])
    func sample(name: String) throws {
        let property = try property(name)
        let cases = isOptimized ? 300 : 25
        let report = PropertyCampaign.run(property, cases: cases, workers: 2)
        for failure in report.failures { Issue.record("\(FailureText(failure, of: property).lines)") }
        #expect(report.failed == 0 && report.steps > 0)
        let seeds = UInt64(1)...5
        let again = seeds.map { property.run(property.choices(seed: $0)).record.steps }
        #expect(again == seeds.map { property.run(property.choices(seed: $0)).record.steps })
    }

    @Test(
        "every rule and every mark is reached",
        .enabled(if: isOptimized),
        arguments: ["transfer.intact", "endpoint.calls"]
    )
    func healthy(name: String) throws {
        let property = try property(name)
        let report = PropertyCampaign.run(property, cases: 2_000, workers: 2)
        #expect(report.problems.isEmpty && report.failures.isEmpty)
    }

    @Test("each fault class is switched on in some cases and off in others")
    func faults() throws {
        let scenarios = (UInt64(1)...200).map { seed in
            var choices = Choices(seed: seed, name: "faults")
            return SmallTransfer.scenario(&choices)
        }
        func share(_ holds: (Scenario) -> Bool) -> Int { scenarios.count(where: holds) }
        let directions = { (scenario: Scenario) in scenario.links.flatMap { [$0.forward, $0.backward] } }
        #expect((40...190).contains(share { directions($0).contains { $0.loss != nil } }))
        #expect((30...180).contains(share { directions($0).contains { $0.corrupt != nil } }))
        #expect((30...180).contains(share { directions($0).contains { $0.duplicate != .never } }))
        #expect((30...180).contains(share { !$0.timeline.isEmpty }))
        #expect((30...190).contains(share { $0.transport.windows.stream < 1_000_000 }))
    }

    /// Nothing passes for longer than the idle timeout, among much that does not matter.
    private var hopeless: Scenario {
        var choices = Choices(seed: 4, name: "hopeless")
        var scenario = SmallTransfer.scenario(&choices)
        scenario.workload = [
            WorkloadItem(name: "a", client: HostID(0), server: HostID(1), work: .get(.fixed(20_000))),
            WorkloadItem(name: "b", client: HostID(0), server: HostID(1), streams: 3, work: .put(.fixed(700))),
        ]
        let directions = [LinkID(0).forward, LinkID(0).backward]
        scenario.timeline = [
            TimelineItem(at: .milliseconds(120), action: .link(directions, .down(holdsQueue: false))),
            TimelineItem(at: .seconds(200), action: .link(directions, .up)),
        ]
        scenario.links[0].backward.duplicate = .percent(5)
        scenario.expectations = []
        return scenario
    }

    @Test(
        "a failing scenario is shrunk to few lines with listed losses, which 'plait run' reads as the same scenario",
        .enabled(if: isOptimized)
    )
    func document() throws {
        let document = try #require(ScenarioShrinker.document(of: hopeless, failing: "transfer.completes"))
        #expect(document.lines <= 24)
        let directions = [document.scenario.links[0].forward, document.scenario.links[0].backward]
        let losses = directions.compactMap(\.loss?.choice.name)
        #expect(!losses.isEmpty && Set(losses) == ["list"] && document.scenario.timeline.isEmpty)
        let isPlain = directions.allSatisfy { $0.jitter == nil && $0.duplicate == .never && $0.reorder == nil }
        #expect(isPlain)
        #expect(!document.events.isEmpty)
        let files = ScenarioTexts(["case.yaml": document.scenario.briefText])
        let read = try ScenarioReader(source: files, vocabulary: Registry.standard.vocabulary).read("case.yaml")
        let isSame = read.scenario == document.scenario
        #expect(isSame)
        let verdict = TransferTrial.perform(read.scenario, .standard, .standard())
        #expect(!verdict.holds && verdict.broken == "transfer.completes")
    }

    @Test("a scenario that holds has no document")
    func holds() {
        var choices = Choices([])
        #expect(ScenarioShrinker.document(of: SmallTransfer.scenario(&choices), failing: "transfer.completes") == nil)
    }

    @Test("the brief text of a scenario is read as the same scenario")
    func brief() throws {
        for seed in UInt64(1)...(isOptimized ? 500 : 60) {
            let scenario = RandomTransfer.scenario(seed: seed)
            let files = ScenarioTexts(["case.yaml": scenario.briefText])
            let read = try ScenarioReader(source: files, vocabulary: Registry.standard.vocabulary).read("case.yaml")
            let isSame = read.scenario == scenario
            #expect(isSame, "seed \(seed)")
            #expect(scenario.briefText.count < scenario.text.count)
        }
    }
}
