import PlaitCore
import PlaitCrypto
import PlaitReport
import PlaitScenario
import PlaitTransport

/// Sees one host's plaintext for the logs that were asked for.
final class PlaintextLog: ConnectionObserver {
    private let qlog: QlogFile?
    private let keys: KeyLogFile?
    private let decisions: DecisionLog?
    private let host: Int
    private let times: HostTimes
    /// By connection's slot, then path: what the last metrics event said.
    private var told: [[PathStatistics]] = []

    init(qlog: QlogFile?, keys: KeyLogFile?, decisions: DecisionLog?, host: Int, times: HostTimes) {
        self.qlog = qlog
        self.keys = keys
        self.decisions = decisions
        self.host = host
        self.times = times
    }

    func packetSent(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {
        qlog?.packet("transport:packet_sent", packet, payload, now)
        decisions?.left(packet, from: host)
    }

    func packetReceived(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {
        qlog?.packet("transport:packet_received", packet, payload, now)
        decisions?.arrived(packet, at: host, times.virtual(at: now))
    }

    func packetLost(path: PathID, number: UInt64, of connection: ConnectionHandle, now: Instant) {
        qlog?.lost(number, path, connection, now)
    }

    /// Told when something changed that the event shows.
    func recoveryChanged(_ path: PathStatistics, of connection: ConnectionHandle, now: Instant) {
        guard let qlog else { return }
        let slot = Int(connection.slot)
        while told.count <= slot { told.append([]) }
        let known = told[slot].firstIndex { $0.path == path.path }
        let last = known.map { told[slot][$0] } ?? PathStatistics()
        let isSame =
            last.latestRoundTrip == path.latestRoundTrip && last.smoothedRoundTrip == path.smoothedRoundTrip
            && last.congestionWindow == path.congestionWindow && last.bytesInFlight == path.bytesInFlight
            && last.slowStartThreshold == path.slowStartThreshold
        guard !isSame else { return }
        if let known { told[slot][known] = path } else { told[slot].append(path) }
        qlog.metrics(path, connection, now)
    }

    func lifeChanged(of connection: ConnectionHandle, to life: ConnectionLife, now: Instant) {
        qlog?.life(life, connection, now)
    }

    func pathChanged(_ event: PathEvent, of connection: ConnectionHandle, now: Instant) {
        qlog?.path(event, connection, now)
    }

    var wantsDecisions: Bool { decisions != nil }

    func scheduled(_ decision: SchedulingDecision, of connection: ConnectionHandle) {
        decisions?.add(decision, of: connection, at: host, times)
    }

    func secretInstalled(receiver: ConnectionID, generation: UInt64, suite: Suite, secret: RawSpan) {
        keys?.add(receiver: receiver, generation: generation, suite: suite, secret: secret)
    }
}

/// The logs of a run's plaintext: a qlog for each host with an endpoint, one key log and one of decisions for all.
struct PlaintextLogs {
    private var qlogs: [(host: Int32, file: QlogFile)] = []
    private var keys: KeyLogFile?
    private var log: DecisionLog?
    private let scenario: Scenario

    init(_ blueprint: Blueprint, _ request: RunRequest, in folder: String) throws(FileError) {
        scenario = blueprint.scenario
        guard let plan = blueprint.workload else { return }
        if request.writesDecisions { log = DecisionLog(plan, hosts: scenario.hosts.count) }
        if request.writesKeys { keys = try KeyLogFile(in: folder) }
        guard request.writesQlog else { return }
        for host in plan.hosts {
            let file = try QlogFile(
                host: blueprint.scenario.hosts[Int(host.index)].name,
                isClient: plan.connections.contains { $0.client == host },
                scenario: blueprint.scenario.name,
                times: HostTimes(blueprint.scenario, host: host),
                in: folder
            )
            qlogs.append((host.index, file))
        }
    }

    /// Nobody looks when nothing was asked for.
    func observer(of host: HostID) -> (any ConnectionObserver)? {
        let qlog = qlogs.first { $0.host == host.index }?.file
        guard qlog != nil || keys != nil || log != nil else { return nil }
        let times = HostTimes(scenario, host: host)
        return PlaintextLog(qlog: qlog, keys: keys, decisions: log, host: Int(host.index), times: times)
    }

    /// What the schedulers decided; nil when nobody asked for it.
    var decisions: [DecisionRecord]? { log?.decisions }

    func commit() throws(FileError) {
        for (_, file) in qlogs { try file.commit() }
        try keys?.commit()
    }

    /// What a run of the scenario leaves behind.
    static func files(_ request: RunRequest) -> [String] {
        let connections = request.scenario.workload.connections
        guard !connections.isEmpty else { return [] }
        let hosts = Set(connections.flatMap { [$0.client.index, $0.server.index] }).sorted()
        let qlogs = hosts.map { QlogFile.name(of: request.scenario.hosts[Int($0)].name) }
        return (request.writesDecisions ? [ResultTable.decisions.file] : [])
            + (request.writesKeys ? ["keys.log"] : []) + (request.writesQlog ? qlogs : [])
    }
}
