/// What looking at the machines' state after every step costs: the same runs without and with it.
package struct SamplingCost: Hashable, Sendable {
    /// Nanoseconds, of the cheapest round each.
    package let unsampled: Int64
    package let sampled: Int64
    /// Runs of a round.
    package let runs: UInt64

    private static let rounds = 5

    /// Rounds of both alternate, so that a machine that grows slower or faster meanwhile treats both alike; the
    /// cheapest round of each is the one that was disturbed least. `processorTime`: nanoseconds that this process spent
    /// computing.
    package init<M: Model>(
        _ ground: ModelGround<M>,
        runs: Int,
        firstSeed: UInt64,
        stepsMax: Int,
        processorTime: () -> Int64
    ) {
        var (unsampled, sampled) = (Int64.max, Int64.max)
        var steps = 0
        for _ in 0..<Self.rounds {
            let start = processorTime()
            for seed in firstSeed..<firstSeed + UInt64(runs) {
                steps &+= CaseRunner.wanderUnseen(ground, kind: .swarm, seed: seed, stepsMax: stepsMax)
            }
            let middle = processorTime()
            for seed in firstSeed..<firstSeed + UInt64(runs) {
                var runner = CaseRunner(ground, kind: .swarm, seed: seed)
                steps &+= runner.wander(stepsMax: stepsMax).edges.count
            }
            let end = processorTime()
            unsampled = min(unsampled, middle - start)
            sampled = min(sampled, end - middle)
        }
        // Nothing may be left out as useless.
        precondition(steps >= 0, "runs of less than nothing")
        self.unsampled = unsampled
        self.sampled = sampled
        self.runs = UInt64(runs)
    }
}
