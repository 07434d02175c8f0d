import PlaitCore
import PlaitRun
import PlaitScenario
import PlaitStatistics
import PlaitTransport
import PlaitVerify
import TestSupport
import Testing

@Suite("Random transfers")
struct RandomTransferTests {
    @Test("a seed's scenario, written out and read again, is the same scenario without a complaint")
    func written() throws {
        for seed in UInt64(1)...(isOptimized ? 2_000 : 200) {
            let scenario = (seed.isMultiple(of: 2) ? TransferWorld.multipath : .transfers).scenario(seed: seed)
            let files = ScenarioTexts(["transfer.yaml": scenario.text])
            let reader = ScenarioReader(source: files, vocabulary: Registry.standard.vocabulary)
            let read = try reader.read("transfer.yaml")
            let isSame = read.scenario == scenario
            #expect(isSame, "seed \(seed)")
            #expect(read.warnings.entries.isEmpty, "seed \(seed)")
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
            let isAnywhere = scenarios.contains(where: isThere)
            #expect(isAnywhere, "no scenario with \(what)")
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

@Suite("Random transfers over several paths")
struct RandomMultipathTests {
    @Test("some link is never away for longer than a third of the idle timeout, and works for as long after it")
    func anchor() {
        for seed in UInt64(1)...500 {
            let scenario = RandomTransfer.multipathScenario(seed: seed)
            let most = Interval(nanoseconds: scenario.transport.idleTimeout.nanoseconds / 3)
            let hasAnchor = scenario.links.indices.contains { link in
                let away = outages(of: link, in: scenario)
                return away.allSatisfy { $0.end - $0.begin <= most }
                    && zip(away, away.dropFirst()).allSatisfy { $1.begin - $0.end >= most }
            }
            #expect(hasAnchor, "seed \(seed)")
        }
    }

    /// When a link is away, alone or with all, in order of time.
    private func outages(of link: Int, in scenario: Scenario) -> [(begin: Interval, end: Interval)] {
        var outages: [(begin: Interval, end: Interval)] = []
        var begin: Interval?
        for item in scenario.timeline {
            switch item.action {
            case .link(let directions, let action) where directions[0].link.index == link:
                switch action {
                case .down, .clog: begin = item.at
                case .up, .release:
                    if let since = begin { outages.append((since, item.at)) }
                    begin = nil
                default: break
                }
            case .partition, .cut: begin = item.at
            case .heal:
                if let since = begin { outages.append((since, item.at)) }
                begin = nil
            default: break
            }
        }
        return outages
    }

    @Test("without choices there are two good paths and no fault")
    func simplest() {
        let scenario = RandomTransfer.multipathScenario(from: Choices([]), seed: 1)
        #expect(scenario.links.count == 2 && scenario.workload.count == 1 && scenario.timeline.isEmpty)
        #expect(scenario.transport.scheduler?.choice.name == "earliest" && scenario.transport.reinjection == .tail)
    }

    @Test("every scheduler, policy, controller and fault is among the first seeds")
    func variety() {
        let scenarios = (UInt64(1)...300).map { RandomTransfer.multipathScenario(seed: $0) }
        func some(_ what: String, _ isThere: (Scenario) -> Bool) {
            let isAnywhere = scenarios.contains(where: isThere)
            #expect(isAnywhere, "no scenario with \(what)")
        }
        for count in 2...6 { some("\(count) links") { $0.links.count == count } }
        for scheduler in Registry.standard.schedulers.registrations.map(\.signature.name) {
            some(scheduler) { $0.transport.scheduler?.choice.name == scheduler }
        }
        for name in ["cubic", "newreno", "lia"] { some(name) { $0.transport.congestion?.choice.name == name } }
        for policy in ReinjectionKind.allCases { some(policy.rawValue) { $0.transport.reinjection == policy } }
        for route in AckRoute.allCases { some(route.rawValue) { $0.transport.acks == route } }
        some("a standby") {
            if case .listed(let paths) = $0.transport.paths { paths.contains(where: \.isBackup) } else { false }
        }
        for kind in ["get", "put", "requests", "datagrams"] {
            some(kind) { $0.workload.contains { $0.work.kind == kind } }
        }
        for kind in Rebinding.allCases {
            some(kind.rawValue) {
                $0.timeline.contains { if case .host(_, .rebind(kind, _)) = $0.action { true } else { false } }
            }
        }
        some("a partition") { $0.timeline.contains { if case .partition = $0.action { true } else { false } } }
        some("a cut") { $0.timeline.contains { if case .cut = $0.action { true } else { false } } }
        some("a ramp") { $0.timeline.contains { if case .link(_, .ramp) = $0.action { true } else { false } } }
    }
}
