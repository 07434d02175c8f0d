package import PlaitCore
package import PlaitReport
package import PlaitRun
package import PlaitScenario

/// What kind of random scenarios a campaign runs; its name is that of the command.
package enum TransferWorld: String, Sendable {
    /// Over one way.
    case transfers
    /// Over several at once.
    case multipath

    package func scenario(seed: UInt64) -> Scenario {
        switch self {
        case .transfers: RandomTransfer.scenario(seed: seed)
        case .multipath: RandomTransfer.multipathScenario(seed: seed)
        }
    }

    func file(seed: UInt64, in folder: String) -> String {
        folder + (self == .transfers ? "/transfer" : "/multipath") + "-\(seed).yaml"
    }
}

/// Random transfers over a range of seeds, and what they came to.
package struct TransferCampaign: Sendable {
    package let world: TransferWorld
    package let seeds: ClosedRange<UInt64>
    /// In the order of the seeds.
    package let verdicts: [TransferVerdict]

    package init(world: TransferWorld, seeds: ClosedRange<UInt64>, verdicts: [TransferVerdict]) {
        self.world = world
        self.seeds = seeds
        self.verdicts = verdicts
    }

    package var failures: [TransferVerdict] { verdicts.filter { !$0.holds } }
    package var skipped: Int { verdicts.filter(\.isSkipped).count }
    package var holds: Bool { failures.isEmpty && skipped < verdicts.count && unmet.isEmpty }

    /// What befell the paths of all seeds.
    package var fates: PathFates { verdicts.reduce(into: PathFates()) { $0.add($1.paths) } }

    /// What should have befallen some path, and befell none: a campaign without it shows less than it says. A few seeds
    /// that are run again need not show everything.
    package var unmet: [PathFates.Kind] {
        guard world == .multipath, verdicts.count >= Self.seedsForAll else { return [] }
        let fates = fates
        return PathFates.Kind.allCases.filter { fates[$0] == 0 }
    }

    private static let seedsForAll = 100

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
    package func command(seed: UInt64) -> String { "plait verify \(world.rawValue) --seeds \(seed)..\(seed)" }

    /// Where the scenario of a seed that failed is written.
    package func file(seed: UInt64, in folder: String) -> String { world.file(seed: seed, in: folder) }

    /// Runs all seeds. Each seed's scenario lies in `folder` while it runs and is taken away when all is well: what is
    /// left belongs to seeds that failed, or that ended the process. Nil when `progress` said no.
    package static func run(
        _ world: TransferWorld,
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
            let scenario = world.scenario(seed: seed)
            let path = world.file(seed: seed, in: folder)
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
        return TransferCampaign(world: world, seeds: seeds, verdicts: verdicts)
    }
}
