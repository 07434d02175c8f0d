import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitStatistics
import PlaitTransport
import PlaitVerify
import Synchronization

extension VerifyAction {
    func transfers() throws(CommandError) -> ExitStatus { try transfers(.transfers) }
    func multipath() throws(CommandError) -> ExitStatus { try transfers(.multipath) }

    private func transfers(_ world: TransferWorld) throws(CommandError) -> ExitStatus {
        let seeds = try seeds(otherwise: 1...100)
        let workers = try workers()
        let campaign: TransferCampaign?
        do throws(FileError) {
            campaign = try TransferCampaign.run(
                world,
                seeds,
                workers: workers,
                folder: folder,
                registry: context.registry,
                distributions: .standard(),
                progress: progress(seeds.count)
            )
        } catch {
            throw CommandError(.cannotCreate, error.description)
        }
        guard let campaign else { throw Self.interrupted }
        if arguments.flag("json") {
            print(json(campaign).pretty)
        } else {
            print(text(campaign))
        }
        return campaign.holds ? .success : .failed
    }

    private func text(_ campaign: TransferCampaign) -> String {
        var text = ""
        for failure in campaign.failures {
            text += "seed \(failure.seed) FAILED\n"
            for line in failure.failures { text += "  \(Printable.plain(line))\n" }
            text += "  again: \(campaign.command(seed: failure.seed))\n"
            text += "  or:    plait run \(campaign.file(seed: failure.seed, in: folder)) --check-laws\n"
        }
        for kind in campaign.unmet { text += "FAILED: no path is ever \(kind.rawValue)\n" }
        for (name, value) in figures(campaign) { text += "\(name) \(value)\n" }
        return text
    }

    private func figures(_ campaign: TransferCampaign) -> [(String, String)] {
        let counts: [(String, UInt64)] = [
            ("failed", UInt64(campaign.failures.count)),
            ("skipped", UInt64(campaign.skipped)),
            ("connections", campaign.sum { UInt64($0.connections) }),
            ("exchanges", campaign.sum { UInt64($0.exchanges) }),
            ("bytes_compared", campaign.sum(\.goodBytes)),
            ("packets_sent", campaign.sum(\.packetsSent)),
            ("packets_lost", campaign.sum(\.packetsLost)),
            ("packets_spurious", campaign.sum(\.packetsSpurious)),
            ("probe_timeouts", campaign.sum(\.probeTimeouts)),
            ("key_updates", campaign.sum(\.keyUpdates)),
        ]
        var figures = [("seeds", "\(campaign.seeds.lowerBound)..\(campaign.seeds.upperBound)")]
        figures += counts.map { ($0.0, String($0.1)) }
        if campaign.world == .multipath { figures += self.figures(campaign.fates) }
        figures.append(("events", String(campaign.sum(\.events))))
        figures.append(("hash", campaign.hash.description))
        figures.append(("wall_s", Decimals.thousandths(watch.nanoseconds / 1_000_000)))
        return figures
    }

    private func figures(_ fates: PathFates) -> [(String, String)] {
        var figures = PathFates.Kind.allCases.map { ("paths_" + $0.name, String(fates[$0])) }
        for (name, gaps) in [("failover_gap", fates.gaps), ("failover_gap_all_away", fates.gapsAllAway)] {
            figures.append((name + "s", String(gaps.count)))
            for (suffix, perMille) in [("p50", 500), ("p95", 950), ("p99", 990), ("max", 1_000)] {
                figures.append(
                    ("\(name)_\(suffix)", PathFates.quantile(gaps, perMille: perMille)?.description ?? "never")
                )
            }
        }
        return figures
    }

    private func json(_ campaign: TransferCampaign) -> JSONText {
        var entries: [(String, JSONText)] = figures(campaign).map { ($0.0, .text($0.1)) }
        entries.append(
            (
                "failures",
                .list(
                    campaign.failures.map { failure in
                        .map([
                            ("seed", .text(String(failure.seed))),
                            ("what", .list(failure.failures.map { .text($0) })),
                            ("again", .text(campaign.command(seed: failure.seed))),
                            ("scenario", .text(campaign.file(seed: failure.seed, in: folder))),
                        ])
                    }
                )
            )
        )
        return .map(entries)
    }
}

extension VerifyAction {
    func handshakes() throws(CommandError) -> ExitStatus {
        let seeds = try seeds(otherwise: 1...200)
        let workers = try workers()
        let all = HandshakeCampaign.conditions.count { $0.lossPercent > 0 } * seeds.count
        let tell = progress(all + HandshakeCampaign.conditions.count { $0.lossPercent == 0 })
        let count = Counter()
        let campaign = HandshakeCampaign.run(
            seeds,
            workers: workers,
            registry: context.registry,
            distributions: .standard(),
            progress: { _, _ in tell(count.next()) }
        )
        guard let campaign else { throw Self.interrupted }
        if arguments.flag("json") {
            print(json(campaign).pretty)
        } else {
            print(text(campaign))
        }
        return campaign.holds ? .success : .failed
    }

    private func text(_ campaign: HandshakeCampaign) -> String {
        var text = ""
        for (conditions, outcome) in campaign.failures {
            text += "seed \(outcome.seed) FAILED (\(conditions.name)): \(outcome.failure ?? "")\n"
            text += "  again: plait verify handshakes --seeds \(outcome.seed)..\(outcome.seed)\n"
        }
        for result in campaign.results {
            text += "\(result.conditions.name), \(result.outcomes.count) handshakes"
            for (name, perMille) in [("median", 500), ("p99", 990), ("p99.9", 999)] where result.outcomes.count > 1 {
                text += ", \(name) \(result.quantile(perMille: perMille, \.both)?.description ?? "never")"
            }
            text += "\n"
            for target in result.targets {
                text += "  \(target.isMet ? "met   " : "MISSED") \(target.text): \(target.measured)\n"
            }
        }
        return text + "wall_s \(Decimals.thousandths(watch.nanoseconds / 1_000_000))\n"
    }

    private func json(_ campaign: HandshakeCampaign) -> JSONText {
        .list(
            campaign.results.map { result in
                .map([
                    ("handshake", .text(result.conditions.mode.rawValue)),
                    ("loss_percent", .number(Int64(result.conditions.lossPercent))),
                    ("count", .number(Int64(result.outcomes.count))),
                    ("in_time", .number(Int64(result.inTime))),
                    (
                        "p99_ns",
                        result.quantile(perMille: 990, \.both).map { .number($0.nanoseconds) } ?? .text("never")
                    ),
                    (
                        "targets",
                        .list(
                            result.targets.map {
                                .map([
                                    ("what", .text($0.text)), ("measured", .text($0.measured)),
                                    ("met", .flag($0.isMet)),
                                ])
                            }
                        )
                    ),
                ])
            }
        )
    }

    static var interrupted: CommandError {
        CommandError(.interrupted, "interrupted: nothing can be said of the campaign")
    }
}

extension VerifyAction {
    func flood() throws(CommandError) -> ExitStatus {
        let seeds = try seeds(otherwise: 1...1)
        guard seeds.count == 1 else { throw CommandError(.usage, "a flood has one seed", remedy: "write --seeds 7..7") }
        let seed = seeds.lowerBound
        let packets = try arguments.value("packets").map(RunOptions.count) ?? 100_000
        var holds = true
        for mode in [HandshakeMode.xx, .ik] {
            let trial = FloodTrial(mode: mode, seed: seed, packets: packets)
            let outcome = trial.run { [watch] in watch.nanoseconds }
            let figures = outcome.figures
            let targets = trial.targets(of: outcome)
            let name = mode == .xx ? "XX" : "IK"
            if arguments.flag("json") {
                let entries = figures.map { ($0.0, JSONText.text($0.1)) }
                let met = targets.map { ($0.text, JSONText.flag($0.isMet)) }
                print(JSONText.map([("handshake", .text(name))] + entries + met).pretty)
            } else {
                print(name + "\n" + figures.map { "  \($0.0) \($0.1)\n" }.joined())
                print(targets.map { "  \($0.isMet ? "met   " : "MISSED") \($0.text): \($0.measured)\n" }.joined())
            }
            holds = holds && targets.allSatisfy(\.isMet)
        }
        return holds ? .success : .failed
    }
}

/// Counts across threads.
private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}

/// Whole numbers with a point in them.
enum Decimals {
    /// 12345 is `12.345`.
    static func thousandths(_ value: Int64) -> String {
        let rest = String(abs(value % 1_000))
        return "\(value / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
