package import PlaitCore
package import PlaitScenario

/// What to run, over which seeds, and what to leave behind.
package struct RunRequest: Sendable {
    package var scenario: Scenario
    package var registry: Registry
    package var distributions: Distributions
    package var seeds: [UInt64]
    /// The folder to write into; it is made when missing.
    package var folder: String
    /// The command that makes the folder again.
    package var reproduce: String
    package var writesPackets = false
    package var writesCapture = false
    /// A qlog of each host with an endpoint.
    package var writesQlog = false
    /// What the schedulers saw, chose and expected.
    package var writesDecisions = false
    /// The traffic secrets.
    package var writesKeys = false
    package var plots = false
    package var checksLaws = false
    /// Whether the summary for a terminal is coloured.
    package var colour = false

    package init(
        scenario: Scenario,
        registry: Registry,
        distributions: Distributions,
        seeds: [UInt64],
        folder: String,
        reproduce: String
    ) {
        self.scenario = scenario
        self.registry = registry
        self.distributions = distributions
        self.seeds = seeds
        self.folder = folder
        self.reproduce = reproduce
    }

    /// `first-1c9e02ab`: the scenario's name and a hash of what it says and of the seeds, so that the same command
    /// writes the same folder and another one does not.
    package static func folderName(_ scenario: Scenario, seeds: [UInt64]) -> String {
        var hash = RunningHash()
        hash.fold(scenario.text)
        for seed in seeds { hash.fold(seed, 0) }
        return scenario.name + "-" + hash.description.prefix(8)
    }
}
