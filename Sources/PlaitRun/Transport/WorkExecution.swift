import PlaitCore
import PlaitCrypto
import PlaitReport
import PlaitScenario
import PlaitTransport

/// A run's workload: a seat on each host that takes part, and the ledger that they share.
struct WorkExecution {
    let ledger: WorkLedger
    let seats: [(host: HostID, seat: TransportSeat)]

    /// `nil` for a scenario without a workload. `observers` gives each host's endpoint someone who sees its plaintext.
    init?(
        _ blueprint: Blueprint,
        checksInvariants: Bool,
        _ observers: (HostID) -> (any ConnectionObserver)?
    ) {
        guard let plan = blueprint.workload, let setup = blueprint.transport else { return nil }
        let scenario = blueprint.scenario
        let times = scenario.hosts.indices.map { HostTimes(scenario, host: HostID($0)) }
        let ledger = WorkLedger(plan, times: times)
        let seated = plan.hosts
        var keys: [PublicKey?] = scenario.hosts.map { _ in nil }
        for host in seated {
            let name = scenario.hosts[Int(host.index)].name
            keys[Int(host.index)] = SeatConfiguration.identity(of: name, seed: blueprint.seed).publicKey
        }
        seats = seated.map { host in
            let configuration = SeatConfiguration(
                setup: setup,
                seed: blueprint.seed,
                hostName: scenario.hosts[Int(host.index)].name,
                times: times[Int(host.index)],
                end: .start + scenario.stop.time,
                interval: scenario.interval,
                keys: keys,
                observer: observers(host),
                checksInvariants: checksInvariants
            )
            return (host, TransportSeat(configuration, ledger: ledger, host: host))
        }
        self.ledger = ledger
    }

    func finish(at end: Instant) -> WorkReport {
        for (_, seat) in seats { seat.finish(at: end) }
        ledger.finish(at: end)
        return ledger.report
    }
}
