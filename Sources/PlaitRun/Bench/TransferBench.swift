package import PlaitCore
import PlaitCrypto
import PlaitReport
import PlaitScenario
import PlaitSimulator

/// Times one get over one link in simulation, with real cryptography, beside libsodium's own seal and open of as many
/// packets of the same lengths in the same process.
///
/// A run is what `plait run` does without files: running hashes, meter and series on, every byte checked. Only the
/// simulation is timed. Runs and cipher take turns, and the fastest of each counts.
package struct TransferBench: Sendable {
    /// What the client gets, in millions of bytes.
    package var megabytes = 100
    package var runs = 3

    package init() {}

    /// 100 Mbps and a round trip of 40 ms, with a queue of as much.
    private var text: String {
        """
        summary: the bench's get
        stop: {time: 1000 s, quiet: true}
        hosts: {client: {}, server: {}}
        links:
          access: {between: [client, server], rate: 100 Mbps, rtt: 40 ms, queue: 40 ms}
        transport: {handshake: IK, congestion: cubic}
        workload:
          - client: {get: \(megabytes) MB}
        """
    }

    /// All that is to be printed.
    ///
    /// - Throws: `BenchError`, or what reading the scenario and building the run throw.
    package func figures(_ clock: BenchClock, registry: Registry, distributions: Distributions) throws -> [BenchFigure]
    {
        let reader = ScenarioReader(
            source: ScenarioTexts(["transfer.yaml": text]),
            vocabulary: registry.vocabulary
        )
        let scenario = try reader.read("transfer.yaml").scenario
        let floor = CipherRound(.chaChaPoly)
        var (fastest, cipher) = (UInt64.max, UInt64.max)
        var summary: RunSummary?
        for _ in 0..<runs {
            let blueprint = try Blueprint(scenario, registry: registry, distributions: distributions)
            let execution = Execution(blueprint, checksLaws: false)
            let start = clock.now
            let outcome = execution.run()
            fastest = min(fastest, clock.now - start)
            try Self.check(outcome, bytes: UInt64(megabytes) * 1_000_000)
            if let summary, summary.hash != outcome.summary.hash {
                throw BenchError.diverged(summary.hash, outcome.summary.hash)
            }
            summary = outcome.summary
            let counts = Self.lengths(outcome.summary)
            cipher = min(cipher, clock.time { floor.run(counts) }.wall)
        }
        guard let summary else { throw BenchError.transport("no run was asked for") }
        return figures(summary, wall: fastest, cipher: cipher)
    }

    private static func check(_ outcome: RunOutcome, bytes: UInt64) throws(BenchError) {
        guard let work = outcome.summary.work, outcome.workFailureCount == 0, work.lostBytes == 0 else {
            throw .transport("the bytes that arrived are not those that were sent")
        }
        guard work.goodBytes >= bytes else { throw .transport("\(work.goodBytes) bytes arrived") }
    }

    /// How many packets of each length: those of each end at their mean, for the cipher's time is linear in it.
    private static func lengths(_ summary: RunSummary) -> [Int] {
        var counts = [Int](repeating: 0, count: BenchWire.lengthMax + 1)
        for end in summary.work?.connections ?? [] where end.sent.packets > 0 {
            counts[min(Int(end.sent.bytes / end.sent.packets), BenchWire.lengthMax)] += Int(end.sent.packets)
        }
        return counts
    }

    private func figures(_ summary: RunSummary, wall: UInt64, cipher: UInt64) -> [BenchFigure] {
        let packets = summary.work?.sum(\.sent.packets) ?? 0
        let simulated = UInt64((summary.totals.ended - .start).nanoseconds)
        return [
            BenchFigure("megabytes", megabytes),
            BenchFigure("simulated_s", decimal(simulated, per: 1_000_000_000, digits: 3)),
            BenchFigure("packets", packets),
            BenchFigure("events", summary.engineEvents),
            BenchFigure("hash", summary.hash),
            BenchFigure("wall_s", seconds(wall)),
            BenchFigure("ns_per_packet", decimal(wall, per: max(packets, 1), digits: 1)),
            BenchFigure("libsodium_s", seconds(cipher)),
            BenchFigure("times_libsodium", decimal(wall, per: max(cipher, 1), digits: 2)),
            BenchFigure("peak_memory_MiB", decimal(peakMemory(), per: 1 << 20, digits: 1)),
        ]
    }
}
