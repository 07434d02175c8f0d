import PlaitCore
import PlaitRun
import PlaitScenario
import PlaitStatistics
import PlaitVerify
import TestSupport
import Testing

@Suite("Random transfers")
struct RandomTransferTests {
    @Test("a seed's scenario, written out and read again, is the same scenario without a complaint")
    func written() throws {
        for seed in UInt64(1)...(isOptimized ? 1_000 : 100) {
            let scenario = RandomTransfer.scenario(seed: seed)
            let files = ScenarioTexts(["transfer.yaml": scenario.text])
            let reader = ScenarioReader(source: files, vocabulary: Registry.standard.vocabulary)
            let read = try reader.read("transfer.yaml")
            #expect(read.scenario == scenario, "seed \(seed)")
            #expect(read.warnings.isEmpty, "seed \(seed)")
        }
    }

    @Test("a sequence of choices stands for one scenario; without any it is the simplest")
    func choices() {
        let simplest = RandomTransfer.scenario(from: Choices([]), seed: 1)
        #expect(simplest == RandomTransfer.scenario(from: Choices([0, 0, 0]), seed: 1))
        #expect(simplest.links.count == 1 && simplest.workload.count == 1 && simplest.timeline.isEmpty)
        let direction = simplest.links[0].forward
        #expect(direction.loss == nil && direction.corrupt == nil && direction.reorder == nil)
        #expect(RandomTransfer.scenario(seed: 1) != RandomTransfer.scenario(seed: 2))
    }

    @Test("no outage lasts longer than a third of the idle timeout, and everything passes for as long after it")
    func outages() {
        for seed in UInt64(1)...500 {
            let scenario = RandomTransfer.scenario(seed: seed)
            let most = Interval(nanoseconds: scenario.transport.idleTimeout.nanoseconds / 3)
            for index in stride(from: 0, to: scenario.timeline.count, by: 2) {
                #expect(scenario.timeline[index + 1].at - scenario.timeline[index].at <= most, "seed \(seed)")
                guard index + 2 < scenario.timeline.count else { continue }
                #expect(scenario.timeline[index + 2].at - scenario.timeline[index + 1].at >= most, "seed \(seed)")
            }
        }
    }

    @Test("the campaign reaches what it is for: each kind of link, work and outage among the first seeds")
    func variety() {
        let scenarios = (UInt64(1)...300).map { RandomTransfer.scenario(seed: $0) }
        func some(_ what: String, _ isThere: (Scenario) -> Bool) {
            #expect(scenarios.contains(where: isThere), "no scenario with \(what)")
        }
        let directions = { (scenario: Scenario) in scenario.links.flatMap { [$0.forward, $0.backward] } }
        for name in ["independent", "gilbert-elliott"] {
            some(name) { directions($0).contains { $0.loss?.choice.name == name } }
        }
        for name in ["drop-tail", "codel"] {
            some(name) { directions($0).contains { $0.queue?.choice.name == name } }
        }
        for name in ["uniform", "normal", "exponential"] {
            some(name) { directions($0).contains { $0.jitter?.choice.name == name } }
        }
        some("corruption") { directions($0).contains { $0.corrupt != nil } }
        some("truncation") { directions($0).contains { $0.truncate != .never } }
        some("duplication") { directions($0).contains { $0.duplicate != .never } }
        some("a router") { $0.links.count == 2 }
        for kind in ["get", "put", "requests", "datagrams"] {
            some(kind) { $0.workload.contains { $0.work.kind == kind } }
        }
        some("a clog") { $0.timeline.contains { if case .link(_, .clog) = $0.action { true } else { false } } }
        some("a partition") { $0.timeline.contains { if case .partition = $0.action { true } else { false } } }
        some("a cut") { $0.timeline.contains { if case .cut = $0.action { true } else { false } } }
        for suite in SuiteName.allCases { some(suite.rawValue) { $0.transport.suite == suite } }
        for kind in HandshakeKind.allCases { some(kind.rawValue) { $0.transport.handshake == kind } }
    }
}
