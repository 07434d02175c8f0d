import PlaitCore
package import PlaitReport
import PlaitSimulator

/// Times plain traffic over links, as `Scenarios/plain-flows.yaml` describes it: Plait's side beside ns-3.
///
/// A run is what `plait run` does without a packet log: running hashes, the flow meter, its time series as `flows.csv`.
/// Only the simulation is timed, with all that its observers do; reading the scenario, building the network and
/// giving the file its name are not.
package struct PlainFlowsBench {
    private let blueprint: () throws -> Blueprint
    private let folder: String

    /// - Parameters:
    ///   - folder: Where `flows.csv` is written to; it must exist.
    ///   - blueprint: Made anew for each run, because models and endpoints carry state.
    package init(folder: String, _ blueprint: @escaping () throws -> Blueprint) {
        self.folder = folder
        self.blueprint = blueprint
    }

    /// Runs the scenario once.
    ///
    /// - Parameters:
    ///   - clock: Times the run.
    ///   - checksLaws: Whether the law checker watches; a violation is an error.
    /// - Returns: What happened, and how long it took.
    /// - Throws: `BenchError`, `FileError`, or what the blueprint throws.
    package func run(_ clock: BenchClock, checksLaws: Bool = false) throws -> PlainFlowsResult {
        let blueprint = try blueprint()
        let file = try FlowsFile(in: folder, labels: RunLabels(blueprint.scenario))
        let execution = Execution(blueprint, checksLaws: checksLaws, receivers: [file])
        let start = clock.now
        let outcome = execution.run()
        let wall = clock.now - start
        guard case .timeReached = outcome.stop else { throw BenchError.ended(outcome.stop) }
        if let first = outcome.violations.first {
            throw BenchError.lawless(count: outcome.violationCount, first: first)
        }
        try file.commit()
        return PlainFlowsResult(outcome: outcome, checksLaws: checksLaws, wall: wall)
    }

    /// Runs the scenario `count` times.
    ///
    /// - Parameters:
    ///   - clock: Times the runs.
    ///   - count: An odd number, so that a median is a run that was.
    ///   - checksLaws: Whether the law checker watches; a violation is an error.
    /// - Returns: The run of median time.
    /// - Throws: What `run` throws, and `BenchError.diverged` when two runs differ in their hash.
    package func median(_ clock: BenchClock, of count: Int = 5, checksLaws: Bool = false) throws -> PlainFlowsResult {
        precondition(count > 0 && count % 2 == 1, "the median of an odd number of runs")
        var results: [PlainFlowsResult] = []
        for _ in 0..<count { results.append(try run(clock, checksLaws: checksLaws)) }
        for result in results where result.hash != results[0].hash {
            throw BenchError.diverged(results[0].hash, result.hash)
        }
        return results.sorted { $0.wall < $1.wall }[count / 2]
    }
}

/// What one run of the plain flows did, and how long it took.
package struct PlainFlowsResult: Sendable {
    package let totals: RunTotals
    /// Events of the engine.
    package let events: UInt64
    /// Of the whole run, 32 hexadecimal digits.
    package let hash: String
    package let checksLaws: Bool
    /// Nanoseconds of wall time.
    package let wall: UInt64

    fileprivate init(outcome: RunOutcome, checksLaws: Bool, wall: UInt64) {
        totals = outcome.summary.totals
        events = outcome.summary.engineEvents
        hash = outcome.summary.hash
        self.checksLaws = checksLaws
        self.wall = wall
    }

    package var packetsPerSecond: UInt64 { rate(totals.flow.counts.sent.packets, in: wall) }

    /// Those that the peer prints, under the same names and in the same order, and the hash.
    package var figures: [BenchFigure] {
        let (counts, drops) = (totals.flow.counts, totals.drops)
        let simulated = UInt64((totals.ended - .start).nanoseconds)
        return [
            BenchFigure("simulator", checksLaws ? "plait-with-laws" : "plait"),
            BenchFigure("simulated_s", decimal(simulated, per: 1_000_000_000, digits: 3)),
            BenchFigure("packets_sent", counts.sent.packets),
            BenchFigure("packets_delivered", counts.delivered.packets),
            BenchFigure("packets_dropped_loss", drops[.loss].packets),
            BenchFigure("packets_dropped_queue_full", drops[.queueFull].packets),
            BenchFigure("packets_in_flight", totals.unfinishedPackets),
            BenchFigure(
                "mean_delay_ns",
                decimal(UInt64(counts.delays.sum), per: max(counts.delays.count, 1), digits: 3)
            ),
            BenchFigure("events", events),
            BenchFigure("hash", hash),
            BenchFigure("wall_s", seconds(wall)),
            BenchFigure("packets_per_s", packetsPerSecond),
        ]
    }
}
