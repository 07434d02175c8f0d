package import PlaitCore
import PlaitNetwork
package import PlaitReport
import PlaitScenario
package import PlaitSimulator
package import PlaitTransport

/// One run of a blueprint: the network built, the flows seated, the listeners attached.
package struct Execution: ~Copyable {
    package private(set) var simulator: Simulator
    package let labels: RunLabels
    package let meter: RunMeter
    package let series: RunSeries
    private let blueprint: Blueprint
    private let laws: LawChecker?
    private let work: WorkExecution?

    /// `receivers` get every sample of the time series as soon as its interval is over, `observers` see every trace
    /// event, and `capture` sees packets with their bytes. With `checksInvariants` each call of a transport endpoint is
    /// followed by a look at everything that must hold of it at any time; what does not ends the process.
    package init(
        _ blueprint: Blueprint,
        checksLaws: Bool,
        checksInvariants: Bool = false,
        receivers: [any SampleObserver] = [],
        observers: [any TraceObserver] = [],
        capture: (any PacketObserver)? = nil,
        transportObservers: (HostID) -> (any ConnectionObserver)? = { _ in nil }
    ) {
        self.blueprint = blueprint
        labels = RunLabels(blueprint.scenario)
        series = RunSeries(labels: labels)
        meter = RunMeter(labels: labels, interval: blueprint.scenario.interval, receivers: [series] + receivers)
        laws = checksLaws ? LawChecker(blueprint) : nil
        simulator = Simulator(blueprint.plan)
        for (index, flow) in blueprint.flows.enumerated() {
            simulator.seat(
                flow.ends.source,
                on: flow.from,
                port: flow.local.port,
                flow: FlowID(index),
                name: "the source of flow \(flow.name)"
            )
            // A sink's answers are no part of the flow: goodput and delay count what the source sent.
            simulator.seat(
                flow.ends.sink,
                on: flow.to,
                port: flow.remote.port,
                flow: FlowID(-1),
                name: "the sink of flow \(flow.name)"
            )
        }
        work = WorkExecution(blueprint, checksInvariants: checksInvariants, transportObservers)
        for (host, seat) in work?.seats ?? [] {
            let name = "the transport of \(blueprint.scenario.hosts[Int(host.index)].name)"
            simulator.seat(seat, on: host, port: WorkloadPlan.port, flow: FlowID(-1), name: name)
        }
        for (time, fault) in blueprint.faults { simulator.schedule(fault, at: time) }
        // The checker hears of an event first: what it says of a broken link is better than the meter's trap.
        if let laws { simulator.add(laws) }
        simulator.add(meter)
        for observer in observers { simulator.add(observer) }
        if let capture { simulator.add(capture: capture) }
    }

    /// Runs to the end. `progress` is told the virtual time and the events so far, now and then, and answers whether to
    /// go on.
    package consuming func run(progress: ((Instant, UInt64) -> Bool)? = nil) -> RunOutcome {
        var stop = PlaitSimulator.StopConditions()
        stop.time = .start + blueprint.scenario.stop.time
        if let events = blueprint.scenario.stop.events { stop.events = UInt64(events) }
        stop.whenQuiet = blueprint.scenario.stop.whenQuiet
        stop.progress = progress
        let reason = simulator.run(until: stop)
        simulator.finishTrace()
        laws?.compare(with: lawCounters(), at: simulator.now)
        let totals = meter.totals()
        var report = work?.finish(at: simulator.now)
        report?.bound = blueprint.transferBound()
        // A flow's source sits before its sink.
        let completions = blueprint.flows.indices.map { simulator.completion(ofSeat: 2 * $0) }
        return RunOutcome(
            summary: RunSummary(
                scenario: blueprint.scenario.name,
                seed: blueprint.seed,
                hash: simulator.hash.description,
                engineEvents: simulator.events,
                totals: totals,
                work: report
            ),
            labels: labels,
            series: series,
            changes: meter.changes,
            hashes: namedHashes(),
            stop: reason,
            violations: laws?.violations ?? [],
            violationCount: laws?.violationCount ?? 0,
            verdicts: Verdict.of(
                blueprint.scenario,
                Metrics(blueprint.scenario, totals, completions: completions, work: report)
            ),
            workFailures: work?.ledger.failures ?? [],
            workFailureCount: work?.ledger.failureCount ?? 0
        )
    }

    private func namedHashes() -> [(name: String, digits: String)] {
        var named = [(name: "run", digits: simulator.hash.description)]
        for index in simulator.hosts.indices {
            named.append((name: "host/" + labels.hosts[index], digits: simulator.hosts[index].hash.description))
        }
        for index in simulator.directions.indices {
            let digits = simulator.directions[index].hash.description
            named.append((name: "link/" + labels.directions[index].name, digits: digits))
        }
        return named
    }

    private func lawCounters() -> [LawCounters] {
        simulator.directions.indices.map { index in
            let counters = simulator.directions[index].counters
            var law = LawCounters()
            law.offered = LawTally(counters.offered)
            law.copied = LawTally(counters.copied)
            law.arrived = LawTally(counters.arrived)
            law.truncatedBytes = counters.truncatedBytes
            for reason in TraceEvent.DropReason.allCases where !reason.isAtHost && reason != .none {
                law[reason] = LawTally(counters[reason])
            }
            law.queued = LawTally(
                packets: UInt64(simulator.directions[index].queuedPackets),
                bytes: UInt64(simulator.directions[index].queuedBytes)
            )
            law.onWire = LawTally(simulator.onWire(DirectionID(index)))
            return law
        }
    }
}

extension LawTally {
    fileprivate init(_ tally: Tally) { self.init(packets: tally.packets, bytes: tally.bytes) }
}

/// What one run came to.
package struct RunOutcome {
    package let summary: RunSummary
    package let labels: RunLabels
    package let series: RunSeries
    package let changes: [TraceEvent]
    /// `run`, `host/client`, `link/wifi/client>server`: 32 hexadecimal digits each.
    package let hashes: [(name: String, digits: String)]
    package let stop: StopReason
    /// The first laws of physics that were broken; empty also when nobody checked.
    package let violations: [LawViolation]
    package let violationCount: Int
    package let verdicts: [Verdict]
    /// Bytes of the workload that were wrong or missing: the first in words.
    package let workFailures: [String]
    package let workFailureCount: Int
}
