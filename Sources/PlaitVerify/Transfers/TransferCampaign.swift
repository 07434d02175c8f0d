package import PlaitCore
package import PlaitReport
package import PlaitRun
import PlaitScenario

/// Random transfers over a range of seeds, and what they came to.
package struct TransferCampaign: Sendable {
    package let seeds: ClosedRange<UInt64>
    /// In the order of the seeds.
    package let verdicts: [TransferVerdict]

    package var failures: [TransferVerdict] { verdicts.filter { !$0.holds } }
    package var skipped: Int { verdicts.filter(\.isSkipped).count }
    package var holds: Bool { failures.isEmpty && skipped < verdicts.count }

    /// Every seed's hash in one: equal in every process and with any number of workers.
    package var hash: RunningHash {
        var hash = RunningHash()
        for verdict in verdicts {
            hash.fold(verdict.hash)
            hash.fold(verdict.seed, UInt64(verdict.failures.count))
        }
        return hash
    }

    package func sum(_ count: (TransferVerdict) -> UInt64) -> UInt64 { verdicts.reduce(0) { $0 + count($1) } }

    /// The command that runs one seed again.
    package static func command(seed: UInt64) -> String { "plait verify transfers --seeds \(seed)..\(seed)" }

    /// Where the scenario of a seed that failed is written.
    package static func file(seed: UInt64, in folder: String) -> String { folder + "/transfer-\(seed).yaml" }

    /// Runs all seeds. Each seed's scenario lies in `folder` while it runs and is taken away when all is well: what is
    /// left belongs to seeds that failed, or that ended the process. Nil when `progress` said no.
    package static func run(
        _ seeds: ClosedRange<UInt64>,
        workers: Int,
        folder: String,
        registry: Registry,
        distributions: Distributions,
        progress: @escaping @Sendable (_ done: Int) -> Bool = { _ in true }
    ) throws(FileError) -> TransferCampaign? {
        try makeFolder(folder)
        let results = SeedPool.map(seeds, workers: workers, progress: progress) {
            seed -> Result<TransferVerdict, FileError> in
            let scenario = RandomTransfer.scenario(seed: seed)
            let path = file(seed: seed, in: folder)
            do throws(FileError) {
                try ScratchFile.write(scenario.text, to: path)
                let verdict = TransferTrial.perform(scenario, registry, distributions)
                if verdict.holds { try removeFile(path) }
                return .success(verdict)
            } catch {
                return .failure(error)
            }
        }
        guard let results else { return nil }
        var verdicts: [TransferVerdict] = []
        for result in results { verdicts.append(try result.get()) }
        return TransferCampaign(seeds: seeds, verdicts: verdicts)
    }
}
