package import PlaitCore
import PlaitCrypto
import PlaitReport
package import PlaitRun
package import PlaitScenario
import PlaitSimulator

/// What became of one seed's transfer.
package struct TransferVerdict: Sendable {
    package let seed: UInt64
    /// In words, the first ones; empty when everything holds.
    package var failures: [String] = []
    /// Which property does not hold, of several the most particular: packets, bytes, links, completion.
    package var broken: String?
    /// This processor lacks the cipher that the scenario asks for: nothing was run.
    package var isSkipped = false
    /// Of the whole run: the same in every process.
    package var hash = ""
    package var goodBytes: UInt64 = 0
    package var exchanges = 0
    package var connections = 0
    package var packetsSent: UInt64 = 0
    package var packetsLost: UInt64 = 0
    package var packetsSpurious: UInt64 = 0
    package var probeTimeouts: UInt64 = 0
    package var keyUpdates: UInt64 = 0
    package var events: UInt64 = 0
    /// What befell its paths.
    package var paths = PathFates()
    /// Virtual.
    package var ended = Instant.start

    package var holds: Bool { failures.isEmpty }

    init(seed: UInt64) { self.seed = seed }
}

/// Runs one random transfer with everything watched: bytes, laws of the links, invariants of the endpoints after every
/// call, and every packet's plaintext.
package enum TransferTrial {
    /// Runs the transfer that `seed` stands for.
    package static func perform(seed: UInt64, _ registry: Registry, _ distributions: Distributions) -> TransferVerdict {
        perform(RandomTransfer.scenario(seed: seed), registry, distributions)
    }

    /// Runs any scenario with work for a transport. `observers` see the network's events, `story` the packets.
    package static func perform(
        _ scenario: Scenario,
        _ registry: Registry,
        _ distributions: Distributions,
        observers: [any TraceObserver] = [],
        story: PacketStory? = nil
    ) -> TransferVerdict {
        var verdict = TransferVerdict(seed: scenario.seed)
        guard Suite.named(scenario.transport.suite).isAvailable else {
            verdict.isSkipped = true
            return verdict
        }
        let blueprint: Blueprint
        do throws(BlueprintErrors) {
            blueprint = try Blueprint(scenario, registry: registry, distributions: distributions)
        } catch {
            verdict.failures = error.errors.map { "the scenario cannot be built: \($0.message)" }
            return verdict
        }
        let laws = PacketLaws(windows: scenario.transport.windows, story: story)
        let execution = Execution(
            blueprint,
            checksLaws: true,
            checksInvariants: true,
            observers: observers,
            transportObservers: { laws.observer(of: $0) }
        )
        let outcome = execution.run()
        verdict.take(outcome)
        verdict.paths = PathFates(of: scenario, outcome.summary.work)
        verdict.failures = laws.failures + verdict.failures
        verdict.broken = laws.failures.isEmpty ? verdict.broken : "transfer.packets"
        return verdict
    }
}

extension TransferVerdict {
    fileprivate mutating func take(_ outcome: RunOutcome) {
        hash = outcome.summary.hash
        events = outcome.summary.engineEvents
        switch outcome.stop {
        case .quiescent: break
        case .stalled(let culprit): failures.append("time stood still: \(culprit)")
        case .timeReached, .eventLimit, .interrupted: failures.append("it did not come to its end")
        }
        failures += outcome.workFailures
        failures += outcome.violations.map { "a law of the links is broken: \($0)" }
        failures += outcome.verdicts.filter { !$0.holds }.map { "not met: \($0.expectation.text)" }
        broken =
            !outcome.workFailures.isEmpty
            ? "transfer.bytes" : !outcome.violations.isEmpty ? "transfer.links" : "transfer.completes"
        guard let work = outcome.summary.work else { return failures.append("there was no work") }
        ended = work.ended
        take(work, outcome.labels)
    }

    private mutating func take(_ work: WorkReport, _ labels: RunLabels) {
        goodBytes = work.goodBytes
        exchanges = work.exchanges.count
        connections = work.connections.filter(\.isClient).count
        packetsSent = work.sum(\.sent.packets)
        packetsLost = work.sum(\.lostPackets)
        packetsSpurious = work.sum(\.spuriousPackets)
        probeTimeouts = work.sum(\.probeTimeouts)
        keyUpdates = work.connections.filter(\.isClient).reduce(0) { $0 + $1.keyUpdates }
        for connection in work.connections.indices where work.connections[connection].isLost {
            guard !Self.isFarewellLost(work.connections[connection], work) else { continue }
            let end = work.connections[connection]
            let side = end.isClient ? "client" : "server"
            failures.append("\(labels.connections[end.connection]) ended at the \(side): \(end.reason)")
        }
        for (index, isFinished) in work.finished.enumerated() where !isFinished {
            failures.append("\(labels.items[index].name) is not finished")
        }
        for exchange in work.exchanges where exchange.outcome != .complete {
            let name = labels.items[exchange.item].name
            failures.append("\(name), exchange \(exchange.number), is \(exchange.outcome.rawValue)")
        }
        failures = Array(failures.prefix(20))
    }

    /// A client that closes says so in one packet, and its server may never hear of it: then silence ends the server's
    /// end. As many as clients closed may go that way.
    private static func isFarewellLost(_ end: ConnectionRecord, _ work: WorkReport) -> Bool {
        guard !end.isClient, end.reason.hasPrefix("idle timeout") else { return false }
        let own = work.connections.filter { $0.connection == end.connection }
        let farewells = own.filter { $0.isClient && !$0.isLost && $0.closed <= end.closed }.count
        let silences = own.filter { !$0.isClient && $0.isLost && $0.closed <= end.closed }.count
        return silences <= farewells
    }
}

extension Suite {
    static func named(_ name: SuiteName) -> Suite {
        switch name {
        case .chaChaPolySHA256: .chaChaPolySHA256
        case .chaChaPolyBLAKE2b: .chaChaPolyBLAKE2b
        case .aesGCMSHA256: .aesGCMSHA256
        }
    }
}
