import PlaitCore
import PlaitCrypto
import PlaitSimulator
import PlaitTransport

/// One end in the simulator, whose time stands still: which timer passes when, the driver decides.
final class MultipathEnd: Endpoint {
    var transport: TransportEndpoint
    private(set) var connection: ConnectionHandle?
    /// The server's stream, once it knows of it.
    private(set) var closed: CloseReason?
    /// What was sent since the driver last looked, in order; nil for a packet of the handshake.
    var sent: [SentMultipathPacket?] = []
    private let watcher: MultipathWatcher

    init(_ configuration: EndpointConfiguration, seed: UInt64, name: String) {
        var identity = SecretStream(simulationSeed: seed, name: name + "/identity")
        watcher = MultipathWatcher()
        transport = TransportEndpoint(
            configuration,
            identity: KeyPair(from: &identity, storage: .heap),
            secrets: SecretStream(simulationSeed: seed, name: name),
            random: RandomStream(seed: seed, name: name),
            observer: watcher,
            storage: .heap
        )
    }

    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {
        transport.receive(datagram, from: remote, to: local, ecn: ecn, now: .start)
        takeEvents()
    }

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        watcher.last = nil
        guard let datagram = transport.nextTransmit(into: &buffer, now: .start) else { return nil }
        sent.append(watcher.last)
        return Transmit(length: datagram.length, local: datagram.local, remote: datagram.remote, ecn: datagram.ecn)
    }

    var deadline: Instant { .never }

    func deadlineReached(now: Instant) {}

    func restarted(now: Instant) { preconditionFailure("nobody crashes in this model") }

    private func takeEvents() {
        while let event = transport.nextEvent() {
            switch event.event {
            case .established: connection = event.connection
            case .closed(let reason): closed = reason
            case .stream, .datagramReceived, .keysUpdated, .path: break
            }
        }
    }
}

/// A packet as its sender saw it before it was sealed.
struct SentMultipathPacket {
    let path: PathID
    let number: UInt64
    /// Frames that ask for an acknowledgement, but for those that validate a path.
    var isEliciting = false
    /// Bytes of streams.
    var bytes: [Range<Int>] = []
    /// Paths that it says were abandoned.
    var abandoned: [PathID] = []
    var challenge: UInt64?
    var response: UInt64?
    /// What it acknowledges, path by path.
    var acknowledges: [(path: PathID, ranges: [AckRange])] = []
    var isReadable = true

    func acknowledges(_ number: UInt64, of path: PathID) -> Bool {
        acknowledges.contains { told in
            told.path == path && told.ranges.contains { $0.first <= number && number <= $0.last }
        }
    }
}

/// Reads each packet that leaves.
private final class MultipathWatcher: ConnectionObserver {
    var last: SentMultipathPacket?

    func packetSent(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {
        var sent = SentMultipathPacket(path: packet.path, number: packet.number)
        var frames = FrameReader(payload)
        do throws(PeerViolation) {
            while let frame = try frames.next() { Self.note(frame, of: payload, &sent) }
        } catch { sent.isReadable = false }
        last = sent
    }

    private static func note(_ frame: Frame, of payload: RawSpan, _ sent: inout SentMultipathPacket) {
        switch frame {
        case .padding: break
        case .ack(let ack):
            var listed: [AckRange] = []
            var ranges = AckRanges(ack, in: payload)
            while let range = ranges.nextRange() { listed.append(range) }
            sent.acknowledges.append((ack.path, listed))
        case .pathChallenge(let token): sent.challenge = token
        case .pathResponse(let token): sent.response = token
        case .stream(let stream):
            sent.isEliciting = true
            let start = Int(clamping: stream.offset)
            sent.bytes.append(start..<start + stream.data.count)
        case .pathAbandon(let frame):
            sent.isEliciting = true
            sent.abandoned.append(frame.path)
        default: sent.isEliciting = true
        }
    }

    func packetReceived(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {}
    func packetLost(path: PathID, number: UInt64, of connection: ConnectionHandle, now: Instant) {}
    func recoveryChanged(_ path: PathStatistics, of connection: ConnectionHandle, now: Instant) {}
    func lifeChanged(of connection: ConnectionHandle, to life: ConnectionLife, now: Instant) {}
    func secretInstalled(receiver: ConnectionID, generation: UInt64, suite: Suite, secret: RawSpan) {}
}

/// Lets a path send, or nothing but what no window holds back.
struct MultipathWindow: CongestionController {
    let window: Int
    var slowStartThreshold: Int { .max }
    mutating func acknowledged(_ packet: AcknowledgedPacket) {}
    mutating func congestionEvent(_ event: CongestionEvent) {}
    mutating func persistentCongestion(now: Instant) {}
    mutating func spuriousCongestion(now: Instant) {}

    static let open = MultipathWindow(window: 1 << 30)
    static let shut = MultipathWindow(window: 1)
}

/// Chooses the only path that may send.
struct MultipathChoice: Scheduler {
    mutating func choose(for packet: PacketToSchedule, among paths: Span<PathView>, now: Instant) -> SchedulerChoice {
        for index in paths.indices where paths[index].mayNow { return .send(slot: paths[index].slot) }
        return .wait
    }
}
