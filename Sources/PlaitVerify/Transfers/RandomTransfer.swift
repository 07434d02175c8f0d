import PlaitCore
package import PlaitScenario

/// A random scenario that moves bytes: a client and a server over one or two links that treat packets badly, work of
/// all kinds, and outages of at most a third of the idle timeout. Whatever a seed brings, every byte must arrive.
///
///     let scenario = RandomTransfer.scenario(seed: 7)
package struct RandomTransfer {
    var choices: Choices
    let seed: UInt64
    var transport = TransportDescription()
    /// The slowest direction of any link.
    var slowest = Rate.gigabits(1)
    /// A connection may be silent for this long because of an outage.
    var silenceMax: Interval { Interval(nanoseconds: transport.idleTimeout.nanoseconds / 3) }

    static let client = HostID(0)
    static let server = HostID(1)
    static let router = HostID(2)

    /// The scenario of a seed: the same in every process.
    package static func scenario(seed: UInt64) -> Scenario {
        var transfer = RandomTransfer(choices: Choices(seed: seed, name: "verify/transfer"), seed: seed)
        return transfer.scenario()
    }

    /// The scenario that a sequence of choices stands for; `seed` is that of its links and applications.
    package static func scenario(from choices: Choices, seed: UInt64) -> Scenario {
        var transfer = RandomTransfer(choices: choices, seed: seed)
        return transfer.scenario()
    }

    init(choices: Choices, seed: UInt64) {
        self.choices = choices
        self.seed = seed
    }

    private mutating func scenario() -> Scenario {
        let hasRouter = choices.happens(percent: 30)
        chooseTimers()
        var hosts = [HostDescription(name: "client"), HostDescription(name: "server")]
        if choices.happens(percent: 10) {
            for host in hosts.indices { hosts[host].driftPartsPerBillion = choices.number(-100_000...100_000) }
        }
        if hasRouter { hosts.append(HostDescription(name: "router", forwards: true, isRouter: true)) }
        let links =
            hasRouter
            ? [link("near", Self.client, Self.router, of: 2), link("far", Self.router, Self.server, of: 2)]
            : [link("link", Self.client, Self.server, of: 1)]
        let outages = outages(links: links.count)
        chooseTransport()
        let workload = workload()
        return Scenario(
            name: "transfer-\(seed)",
            summary: "a random transfer of the campaign, seed \(seed)",
            seed: seed,
            stop: StopConditions(time: Self.patience, whenQuiet: true),
            interval: .seconds(10),
            hosts: hosts,
            links: links,
            transport: transport,
            workload: workload,
            timeline: outages,
            expectations: Self.expectations(of: workload)
        )
    }

    /// What 'plait run' is to hold the scenario against, as far as it moves bytes that must arrive.
    static func expectations(of workload: [WorkloadItem]) -> [Expectation] {
        let movesBytes = workload.contains { if case .datagrams = $0.work { false } else { true } }
        guard movesBytes else { return [] }
        let nothing = Expectation.Condition.compare(.equal, .bytes(0))
        return [Expectation(text: "bytes.lost == 0 B", metric: ["bytes", "lost"], condition: nothing)]
    }

    /// Longer than the slowest of them takes: what is not done by then hangs.
    static let patience = Interval.seconds(4 * 3_600)

    mutating func chooseTimers() {
        transport.idleTimeout = .seconds(choices.number(10...60))
        transport.handshakeTimeout.first = .milliseconds(choices.number(200...1_000))
        // The handshake has its own campaign; here only the transfer is to show what it can do.
        transport.handshakeTimeout.giveUp = .seconds(300)
        transport.ackDelay = .milliseconds(choices.one(of: [25, 0, 1, 100]))
        transport.initialRoundTrip = .milliseconds(choices.one(of: [333, 50, 1_000]))
        if choices.happens(percent: 20) {
            transport.keepAlive = Interval(nanoseconds: transport.idleTimeout.nanoseconds / 4)
        }
    }

    mutating func chooseTransport() {
        transport.handshake = choices.one(of: [.ik, .xx])
        transport.suite = choices.one(of: SuiteName.allCases)
        transport.congestion = ChosenModel(ModelChoice(choices.one(of: ["cubic", "newreno"])))
        transport.constantSize = choices.happens(percent: 20)
        transport.packetSize = choices.one(of: [1_200, 1_200, 1_350, 1_400])
        if choices.happens(percent: 40) {
            transport.windows.stream = choices.magnitude(1_000...1_000_000)
            transport.windows.connection = choices.magnitude(1_000...1_500_000)
            let grows = choices.happens(percent: 50)
            transport.windows.streamMax = grows ? 16_000_000 : transport.windows.stream
            transport.windows.connectionMax = grows ? 24_000_000 : transport.windows.connection
        }
        if choices.happens(percent: 30) { transport.sendBuffer = choices.magnitude(1_000...4_000_000) }
        if choices.happens(percent: 40) { transport.streams.bidirectional = choices.magnitude(1...128) }
        if choices.happens(percent: 50) {
            transport.keyUpdate.packets = choices.magnitude(1...2_000)
            transport.keyUpdate.bytes = choices.magnitude(1_000...2_000_000)
        }
        if choices.happens(percent: 20) { transport.keyUpdate.time = .milliseconds(choices.magnitude(1...10_000)) }
        if choices.happens(percent: 20) { transport.halfOpen = 1 }
    }
}
