import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitStatistics

/// A scenario written in a test, read and built as a user's would be.
struct Trial {
    let scenario: Scenario

    static let distributions = Distributions.standard()

    init(_ text: String) throws {
        let source = ScenarioTexts(["trial.yaml": text])
        let reader = ScenarioReader(source: source, vocabulary: Registry.standard.vocabulary)
        scenario = try reader.read("trial.yaml").scenario
    }

    func blueprint(seed: UInt64 = 1) throws -> Blueprint {
        try Blueprint(scenario, seed: seed, registry: .standard, distributions: Self.distributions)
    }

    /// Runs it with the law checker.
    func run(seed: UInt64 = 1) throws -> RunOutcome { Execution(try blueprint(seed: seed), checksLaws: true).run() }

    /// What the blueprint says is wrong.
    func objections() -> [String] {
        do throws(BlueprintErrors) {
            _ = try Blueprint(scenario, registry: .standard, distributions: Self.distributions)
            return []
        } catch {
            return error.errors.map(\.message)
        }
    }

    func request(folder: String, seeds: [UInt64]) -> RunRequest {
        RunRequest(
            scenario: scenario,
            registry: .standard,
            distributions: Self.distributions,
            seeds: seeds,
            folder: folder,
            reproduce: "a test"
        )
    }
}
