import PlaitCore
import PlaitReport
import PlaitTransport

/// What the schedulers of a run decided, held against what then happened.
///
/// One for all hosts of a run: the sender's side sees a decision and the packet that left by it, the receiver's side
/// sees that packet come.
final class DecisionLog {
    private(set) var decisions: [DecisionRecord] = []
    /// By host: the only other host that it has a connection with, and has only one with; else -1.
    private let peers: [Int]
    /// By host, then slot of the connection: the decision whose packet has not left.
    private var waiting: [[Int]]
    /// Only looked up, never walked through.
    private var sent: [Sent: Int] = [:]

    /// A packet on its way.
    private struct Sent: Hashable {
        let host: Int
        let path: UInt32
        let number: UInt64
    }

    init(_ plan: WorkloadPlan, hosts: Int) {
        peers = (0..<hosts).map { host in
            let own = plan.connections.filter { Int($0.client.index) == host || Int($0.server.index) == host }
            guard let only = own.first, own.count == 1 else { return -1 }
            return Int(only.client.index) == host ? Int(only.server.index) : Int(only.client.index)
        }
        waiting = Array(repeating: [], count: hosts)
    }

    func add(_ decision: SchedulingDecision, of connection: ConnectionHandle, at host: Int, _ times: HostTimes) {
        let slot = Int(connection.slot)
        let candidates = decision.candidates.map { candidate in
            DecisionRecord.Candidate(
                path: candidate.view.path,
                window: UInt64(max(0, candidate.view.window)),
                inFlight: UInt64(max(0, candidate.view.bytesInFlight)),
                smoothedRoundTrip: candidate.view.smoothedRoundTrip,
                expected: times.virtual(at: candidate.arrival)
            )
        }
        decisions.append(
            DecisionRecord(
                time: times.virtual(at: decision.time),
                host: host,
                connection: slot,
                choice: Self.choice(decision),
                stream: decision.packet.stream,
                queuedBytes: decision.packet.queuedBytes,
                isRetransmission: decision.packet.isRetransmission,
                isPinned: decision.packet.pin != nil,
                candidates: candidates
            )
        )
        while waiting[host].count <= slot { waiting[host].append(-1) }
        waiting[host][slot] = decisions.count - 1
    }

    private static func choice(_ decision: SchedulingDecision) -> DecisionRecord.Choice {
        switch decision.choice {
        case .send(let slot):
            let chosen = decision.candidates.first { $0.view.slot == slot }
            return chosen.map { .path($0.view.path) } ?? .wait
        case .sendOnAll: return .all
        case .wait, .waitUntil: return .wait
        }
    }

    func left(_ packet: ObservedPacket, from host: Int) {
        let slot = Int(packet.connection.slot)
        guard slot < waiting[host].count, waiting[host][slot] >= 0 else { return }
        let place = waiting[host][slot]
        guard decisions[place].choice == .path(packet.path.value) else { return }
        waiting[host][slot] = -1
        decisions[place].number = packet.number
        decisions[place].bytes = UInt64(packet.length)
        sent[Sent(host: host, path: packet.path.value, number: packet.number)] = place
    }

    func arrived(_ packet: ObservedPacket, at host: Int, _ time: Instant) {
        guard peers[host] >= 0, peers[peers[host]] == host else { return }
        let key = Sent(host: peers[host], path: packet.path.value, number: packet.number)
        guard let place = sent.removeValue(forKey: key) else { return }
        decisions[place].arrived = time
    }
}
