import PlaitCore
import PlaitRun
import PlaitScenario
import PlaitStatistics

/// `transfer.intact`: over any link that lets most packets through, every byte of every stream arrives, and nothing
/// that is sent breaks the protocol's laws.
enum TransferProperty {
    static let distributions = Distributions.standard()

    static var property: Property {
        var health = HealthDemands(
            marks: ["packet lost", "probe timeout", "key update", "spurious loss", "two streams at once"]
        )
        health.casesMin = 300
        var property = Property(
            "transfer.intact",
            "Every byte arrives over links that lose, damage, copy and reorder packets; no packet breaks a law.",
            health: health
        ) { choices, record in
            judge(SmallTransfer.scenario(&choices), &record)
        }
        property.casesUsual = 1_000
        property.targets = ["probe timeouts"]
        property.scenario = { SmallTransfer.scenario(&$0) }
        property.document = { verdict in
            guard let failure = verdict.failure else { return nil }
            var choices = Choices(verdict.choices)
            return ScenarioShrinker.document(of: SmallTransfer.scenario(&choices), failing: failure.property)
        }
        return property
    }

    /// What fails in a scenario, by its name.
    static func judge(_ scenario: Scenario, _ record: inout RunRecord) {
        let story = record.keepsEvents ? PacketStory(scenario.hosts.map(\.name)) : nil
        let fates = story.map { LinkFates(scenario, story: $0) }
        let verdict = TransferTrial.perform(
            scenario,
            .standard,
            distributions,
            observers: fates.map { [$0] } ?? [],
            story: story
        )
        for line in story?.lines ?? [] { record.event(line) }
        if verdict.isSkipped { return record.label("skipped: no such cipher here") }
        record.count(steps: Int(verdict.events))
        note(scenario, &record)
        note(verdict, &record)
        if let first = verdict.failures.first { record.fail(verdict.broken ?? "transfer.completes", first) }
    }

    private static func note(_ scenario: Scenario, _ record: inout RunRecord) {
        let directions = scenario.links.flatMap { [$0.forward, $0.backward] }
        func label(_ word: String, _ holds: (DirectionDescription) -> Bool) {
            if directions.contains(where: holds) { record.label(word) }
        }
        label("loss") { $0.loss?.choice.name == "independent" }
        label("bursts of loss") { $0.loss?.choice.name == "gilbert-elliott" }
        label("corruption") { $0.corrupt != nil }
        label("truncation") { $0.truncate != .never }
        label("duplication") { $0.duplicate != .never }
        label("reordering") { $0.reorder != nil }
        label("jitter") { $0.jitter != nil }
        label("short queue") { $0.queue != nil }
        if !scenario.timeline.isEmpty { record.label("outage") }
        for item in scenario.workload { record.label(item.work.kind) }
        if scenario.workload.contains(where: { $0.streams > 1 }) { record.mark("two streams at once") }
    }

    private static func note(_ verdict: TransferVerdict, _ record: inout RunRecord) {
        if verdict.packetsLost > 0 { record.mark("packet lost") }
        if verdict.packetsSpurious > 0 { record.mark("spurious loss") }
        if verdict.probeTimeouts > 0 { record.mark("probe timeout") }
        if verdict.keyUpdates > 0 { record.mark("key update") }
        record.score("probe timeouts", Int64(verdict.probeTimeouts))
        record.score("packets lost", Int64(verdict.packetsLost))
        record.count("bytes", Int64(verdict.goodBytes))
    }
}
