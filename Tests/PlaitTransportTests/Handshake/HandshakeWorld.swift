import PlaitCore
import PlaitCrypto
import PlaitTransport

/// One client and one server over a channel that a test describes, in time that the loop moves.
///
/// The client begins at `start`. Both ends are driven as a driver would: receive, transmit until nothing is due, sleep
/// until the earlier deadline or the next arrival.
final class HandshakeWorld {
    var now: Instant
    let configuration: (client: HandshakeConfiguration, server: HandshakeConfiguration)
    let clientIdentity: KeyPair
    let serverIdentity: KeyPair
    var clientSecrets: SecretStream
    var serverSecrets: SecretStream
    var initiator: Initiator
    var gate: Gate
    var wire: [Flight] = []
    var sent: [Flight] = []
    var order = 0

    var clientResult: Finished?
    var serverResult: Finished?
    var failure: HandshakeFailure?
    /// When each end had keys.
    var clientKeysAt = Instant.never
    var serverKeysAt = Instant.never
    /// The server's id, once a client knows it: it sends data packets there.
    var probe: Probe?

    /// The client sends data under its keys as soon as it has them; IK's server has no other way to be sure.
    struct Probe { var due: Instant, interval: Interval, id: ConnectionID }

    static let clientAddress = SocketAddress(interface: 1, port: 4_000)
    static let serverAddress = SocketAddress(interface: 2, port: 443)

    init(
        mode: HandshakeMode,
        seed: UInt64 = 1,
        client: HandshakeConfiguration = HandshakeConfiguration(),
        server: HandshakeConfiguration = HandshakeConfiguration(),
        serverKey: ServerKey = .right,
        start: Instant = .start
    ) {
        configuration = (client, server)
        now = start
        clientSecrets = SecretStream(simulationSeed: seed, name: "client")
        serverSecrets = SecretStream(simulationSeed: seed, name: "server")
        clientIdentity = KeyPair(from: &clientSecrets, storage: .heap)
        serverIdentity = KeyPair(from: &serverSecrets, storage: .heap)
        let wrong = KeyPair(from: &serverSecrets, storage: .heap).publicKey
        let expected: PublicKey? =
            switch serverKey {
            case .right: serverIdentity.publicKey
            case .wrong: wrong
            case .unknown: nil
            }
        gate = Gate(server, secrets: &serverSecrets, now: start)
        initiator = Initiator(
            configuration: client,
            mode: mode,
            identity: clientIdentity,
            server: expected,
            sourceID: ConnectionID(clientSecrets.next()),
            secrets: &clientSecrets,
            now: start
        )
    }

    enum ServerKey { case right, wrong, unknown }
}

/// A datagram under way.
struct Flight {
    let toServer: Bool
    var arrival: Instant
    var bytes: [UInt8]
    var from: SocketAddress
    let order: Int
}

/// What a test compares of a handshake's result.
struct Finished: Equatable {
    let sealing: [UInt8]
    let opening: [UInt8]
    let hash: [UInt8]
    let suite: Suite
    let version: UInt32
    let peerKey: PublicKey
    let parameters: TransportParameters
    let localID: ConnectionID
    let peerID: ConnectionID
    let capabilities: UInt64
    let roundTrip: Interval?

    init(_ result: borrowing HandshakeResult, as role: NoiseRole) {
        sealing = Array(copying: result.secrets.sealing(as: role))
        opening = Array(copying: result.secrets.opening(as: role))
        hash = result.handshakeHash
        suite = result.suite
        version = result.version
        peerKey = result.peerKey
        parameters = result.peerParameters
        localID = result.localID
        peerID = result.peerID
        capabilities = result.capabilities
        roundTrip = result.roundTrip
    }

    /// Whether two ends hold the two sides of the same keys.
    func fits(_ other: Finished) -> Bool {
        sealing == other.opening && opening == other.sealing && sealing != opening && hash == other.hash
            && suite == other.suite && version == other.version && localID == other.peerID
            && peerID == other.localID && capabilities == other.capabilities
    }
}

/// What becomes of a datagram: when it arrives, any number of times, as it is or changed.
typealias Channel = (_ flight: Flight, _ now: Instant) -> [Flight]

extension HandshakeWorld {
    /// Runs until both ends have keys, the client failed, or `limit`.
    func run(until limit: Instant, over channel: Channel) {
        while true {
            transmitAll(over: channel)
            if isOver { return }
            var next = min(initiator.deadline, gate.deadline)
            if let probe { next = min(next, probe.due) }
            let arrival = wire.indices.min { (wire[$0].arrival, wire[$0].order) < (wire[$1].arrival, wire[$1].order) }
            if let arrival { next = min(next, wire[arrival].arrival) }
            guard next <= limit else {
                now = limit
                return
            }
            now = max(now, next)
            if let arrival, wire[arrival].arrival <= now {
                deliver(wire.remove(at: arrival))
            } else {
                wake()
            }
        }
    }

    var isOver: Bool { failure != nil || (clientResult != nil && serverResult != nil) }

    func wake() {
        take(initiator.deadlineReached(now: now))
        gate.deadlineReached(now: now)
    }

    func deliver(_ flight: Flight) {
        if flight.toServer, let data = DataHeader.destination(of: flight.bytes.span.raw) {
            // As an endpoint does: the first packet addressed to a half-open handshake begins the connection.
            if gate.holdsKeys(for: data), HandshakeHeader(flight.bytes.span.raw) == nil { takeServerResult(data) }
            if HandshakeHeader(flight.bytes.span.raw) == nil { return }
        }
        if flight.toServer {
            let event = gate.receive(
                flight.bytes.span.raw,
                from: flight.from,
                to: Self.serverAddress,
                identity: serverIdentity,
                secrets: &serverSecrets,
                now: now
            )
            if case .established(let id) = event { takeServerResult(id) }
        } else {
            take(
                initiator.receive(
                    flight.bytes.span.raw,
                    identity: clientIdentity,
                    secrets: &clientSecrets,
                    now: now
                )
            )
        }
    }

    private func takeServerResult(_ id: ConnectionID) {
        guard let result = gate.takeResult(of: id) else { return }
        serverResult = Finished(result, as: .responder)
        serverKeysAt = now
        gate.confirmed(id)
    }

    private func take(_ progress: HandshakeProgress) {
        switch progress {
        case .nothing: break
        case .failed(let reason): failure = reason
        case .established:
            guard let result = initiator.takeResult() else { return }
            clientResult = Finished(result, as: .initiator)
            clientKeysAt = now
            let interval = configuration.client.timing.firstTimeout
            probe = Probe(due: now, interval: interval, id: result.peerID)
        }
    }

    /// What the server would send next, wherever it goes.
    func nextReply() -> [UInt8]? {
        var datagram = [UInt8](repeating: 0, count: 1_500)
        var span = datagram.mutableSpan
        var bytes = span.mutableRaw
        guard let transmit = gate.nextTransmit(into: &bytes, now: now) else { return nil }
        return Array(datagram[..<transmit.length])
    }

    func transmitAll(over channel: Channel) {
        while true {
            var datagram = [UInt8](repeating: 0, count: 1_500)
            var span = datagram.mutableSpan
            var bytes = span.mutableRaw
            guard let length = initiator.nextTransmit(into: &bytes, now: now) else { break }
            send(Array(datagram[..<length]), toServer: true, over: channel)
        }
        while true {
            var datagram = [UInt8](repeating: 0, count: 1_500)
            var span = datagram.mutableSpan
            var bytes = span.mutableRaw
            guard let transmit = gate.nextTransmit(into: &bytes, now: now) else { break }
            guard transmit.remote == Self.clientAddress else { continue }
            send(Array(datagram[..<transmit.length]), toServer: false, over: channel)
        }
        if let due = probe, due.due <= now {
            // Stands for a data packet: routed by its destination, and not read further here.
            var packet: [UInt8] = [0b0100_0000]
            for shift in stride(from: 56, through: 0, by: -8) {
                packet.append(UInt8(truncatingIfNeeded: due.id.value >> UInt64(shift)))
            }
            packet += [UInt8](repeating: 7, count: 41)
            send(packet, toServer: true, over: channel)
            probe?.due = now + due.interval
            probe?.interval = 2 * due.interval
        }
    }

    private func send(_ bytes: [UInt8], toServer: Bool, over channel: Channel) {
        order += 1
        let from = toServer ? Self.clientAddress : Self.serverAddress
        let flight = Flight(toServer: toServer, arrival: now, bytes: bytes, from: from, order: order)
        sent.append(flight)
        wire.append(contentsOf: channel(flight, now))
    }
}

/// A channel that loses nothing.
func perfect(oneWay: Interval) -> Channel {
    { flight, now in
        var flight = flight
        flight.arrival = now + oneWay
        return [flight]
    }
}
