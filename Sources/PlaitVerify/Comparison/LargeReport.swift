/// What came of a model within the bounds of `Large.cfg`, TLC's part aside.
package struct LargeReport: Sendable {
    /// How much is wanted.
    package struct Plan: Sendable {
        package var cases: Int
        package var seed: UInt64 = 1
        package var workers: Int
        package var goesOn: @Sendable () -> Bool = { true }
        package var progress: @Sendable (String) -> Void = { _ in }

        package init(cases: Int, workers: Int) { (self.cases, self.workers) = (cases, workers) }
    }

    /// `P=2 N=2 ...`
    package let constants: String
    package let states: Int
    package let steps: Int
    package let depth: Int
    /// Predicates that were asked of every state or step.
    package let judged: Int
    package let violated: [String]
    package let isComplete: Bool
    /// Random runs of the code with these constants, what they tried, and how many departed from the model.
    package let runs: UInt64
    package let tried: UInt64
    package let beyondGraph: UInt64
    package let failed: UInt64
    /// The first of those.
    package let failures: [String]

    /// Whether the twin was walked through whole, holds what it should, and the code conforms.
    package var holds: Bool { isComplete && violated.isEmpty && failed == 0 && runs > 0 && beyondGraph > 0 }

    /// - Returns: `nil` for a model without larger bounds.
    package init?<M: ComparableModel>(_ models: (checked: M, led: M)?, of graph: M, _ plan: Plan) {
        guard let models else { return nil }
        let walk = TwinWalk(models.checked) { states in
            plan.progress("\(M.name): \(states) states")
            return plan.goesOn()
        }
        constants = models.checked.constants.map { "\($0.name)=\($0.value.text)" }.joined(separator: " ")
        (states, steps, depth) = (walk.states, walk.steps, walk.depth)
        (violated, isComplete) = (walk.violated, walk.isComplete)
        judged = models.checked.judgedProperties.count { property in
            if case .eventually = property.statement { false } else { true }
        }
        let ground = ModelGround(TwinGraph(graph), larger: models.led, infeasible: M.infeasible)
        var runs = ModelCampaign<M>.Plan(
            firstSeed: plan.seed,
            cases: plan.cases,
            stepsMax: 2 * walk.depth + 8,
            workers: plan.workers
        )
        runs.goesOn = plan.goesOn
        plan.progress("\(M.name): runs of the code")
        let campaign = ModelCampaign.run(.larger, on: ground, runs)
        self.runs = campaign.runs
        tried = campaign.counts.all
        beyondGraph = campaign.counts.outOfBounds
        failed = campaign.failureCount
        failures = campaign.failures.map { "seed \($0.seed): \($0.actions.count) steps" }
    }
}
