import PlaitRun
import PlaitScenario

/// Who runs the scenarios that a shrinker tries: this process, or another one.
struct ScenarioTrial: Sendable {
    /// The name of what fails in a scenario; nil if everything holds.
    let failure: @Sendable (Scenario) -> String?
    /// What took packets away, by direction; nil if nobody lived to tell.
    let fates: @Sendable (Scenario) -> [[LinkFates.Fate]]?

    static let here = ScenarioTrial(
        failure: { scenario in
            var record = RunRecord()
            TransferProperty.judge(scenario, &record)
            return record.failure?.property
        },
        fates: { scenario in
            let fates = LinkFates(scenario)
            _ = TransferTrial.perform(scenario, .standard, TransferProperty.distributions, observers: [fates])
            return fates.gone
        }
    )
}
