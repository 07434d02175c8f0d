import PlaitCore
import PlaitCrypto
import PlaitTransport

/// Two endpoints and what is on its way between them, in hand-moved time.
struct Pair: ~Copyable {
    /// What the network does to one datagram.
    enum Fate {
        case delivered
        case lost
        /// Delivered, and once more so much later.
        case copied(after: Interval)
        case delayed(by: Interval)
        /// One bit is turned.
        case damaged(bit: Int)
    }

    private struct InFlight {
        let arrival: Instant
        let order: Int
        let bytes: [UInt8]
        let toServer: Bool
    }

    static let clientAddress = SocketAddress(interface: 1, port: 1_000)
    static let serverAddress = SocketAddress(interface: 2, port: 2_000)

    var client: TransportEndpoint
    var server: TransportEndpoint
    private(set) var now = Instant.start
    var latency: Interval
    /// By direction and the datagram's number in that direction.
    var fate: (_ toServer: Bool, _ number: Int) -> Fate = { _, _ in .delivered }
    private(set) var sent = (toServer: 0, toClient: 0)
    private var wire: [InFlight] = []
    private var order = 0
    /// How often an end's deadline was what happened next.
    private(set) var wakes = (client: 0, server: 0)
    /// Every datagram that was sent, whatever became of it, if a test wants to know.
    var keepsRecord = false
    private(set) var recorded: [(bytes: [UInt8], toServer: Bool)] = []
    /// Whether both ends are checked after every step.
    var checks = true
    private var stepsNow = 0
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    /// Events of each end that the test has not looked at.
    var clientEvents: [EndpointEvent] = []
    var serverEvents: [EndpointEvent] = []

    init(
        latency: Interval = .milliseconds(20),
        seed: UInt64 = 1,
        client clientConfiguration: EndpointConfiguration = EndpointConfiguration(),
        server serverConfiguration: EndpointConfiguration = EndpointConfiguration(),
        clientObserver: (any ConnectionObserver)? = nil,
        serverObserver: (any ConnectionObserver)? = nil
    ) {
        self.latency = latency
        var accepting = serverConfiguration
        accepting.accepts = true
        client = Self.endpoint("client", clientConfiguration, seed, clientObserver)
        server = Self.endpoint("server", accepting, seed, serverObserver)
    }

    private static func endpoint(
        _ name: String,
        _ configuration: EndpointConfiguration,
        _ seed: UInt64,
        _ observer: (any ConnectionObserver)?
    ) -> TransportEndpoint {
        var secrets = SecretStream(simulationSeed: seed, name: name)
        return TransportEndpoint(
            configuration,
            identity: KeyPair(from: &secrets, storage: .heap),
            secrets: secrets,
            random: RandomStream(seed: seed, name: name),
            observer: observer
        )
    }

    mutating func connect(_ mode: HandshakeMode = .ik) -> ConnectionHandle {
        do throws(ConnectError) {
            return try client.connect(
                to: Self.serverAddress,
                from: Self.clientAddress,
                serverKey: mode == .ik ? server.publicKey : nil,
                mode: mode,
                now: now
            )
        } catch {
            preconditionFailure("the pair cannot connect: \(error)")
        }
    }

    // MARK: Time

    /// Lets everything happen up to and including `end`. `each` is called after every step, and stops time by `false`.
    mutating func run(until end: Instant, each: (inout Pair) -> Bool = { _ in true }) {
        pump()
        while each(&self) {
            guard let next = nextTime, next <= end else {
                now = max(now, end)
                return
            }
            // Whoever asks to be woken at once, again and again, would keep a driver busy for ever.
            stepsNow = next == now ? stepsNow + 1 : 0
            precondition(stepsNow < 20_000, "time stands still at \(now)")
            now = next
            step()
            if checks {
                client.checkInvariants()
                server.checkInvariants()
            }
        }
    }

    mutating func run(for length: Interval) { run(until: now + length) }

    private var nextTime: Instant? {
        let arrival = wire.first?.arrival ?? .never
        let next = min(arrival, min(client.deadline, server.deadline))
        return next.isNever ? nil : max(next, now)
    }

    private mutating func step() {
        if let first = wire.first, first.arrival <= now {
            wire.removeFirst()
            if first.toServer {
                server.receive(
                    first.bytes.span.raw,
                    from: Self.clientAddress,
                    to: Self.serverAddress,
                    ecn: .notCapable,
                    now: now
                )
            } else {
                client.receive(
                    first.bytes.span.raw,
                    from: Self.serverAddress,
                    to: Self.clientAddress,
                    ecn: .notCapable,
                    now: now
                )
            }
        } else {
            if client.deadline <= now {
                wakes.client += 1
                client.deadlineReached(now: now)
            }
            if server.deadline <= now {
                wakes.server += 1
                server.deadlineReached(now: now)
            }
        }
        pump()
    }

    /// Takes what the endpoints have to send, and their events.
    mutating func pump() {
        var storage = buffer
        while true {
            var span = storage.mutableSpan
            var bytes = span.mutableRaw
            guard let datagram = client.nextTransmit(into: &bytes, now: now) else { break }
            send(Array(storage[0..<datagram.length]), toServer: true)
        }
        while true {
            var span = storage.mutableSpan
            var bytes = span.mutableRaw
            guard let datagram = server.nextTransmit(into: &bytes, now: now) else { break }
            send(Array(storage[0..<datagram.length]), toServer: false)
        }
        buffer = storage
        while let event = client.nextEvent() { clientEvents.append(event) }
        while let event = server.nextEvent() { serverEvents.append(event) }
    }

    /// Puts a datagram onto the wire as if an end had sent it.
    mutating func send(_ bytes: [UInt8], toServer: Bool) {
        let number = toServer ? sent.toServer : sent.toClient
        if toServer { sent.toServer += 1 } else { sent.toClient += 1 }
        if keepsRecord { recorded.append((bytes, toServer)) }
        var bytes = bytes
        switch fate(toServer, number) {
        case .lost: return
        case .delivered: put(bytes, toServer, after: latency)
        case .copied(let extra):
            put(bytes, toServer, after: latency)
            put(bytes, toServer, after: latency + extra)
        case .delayed(let extra): put(bytes, toServer, after: latency + extra)
        case .damaged(let bit):
            bytes[bit / 8 % bytes.count] ^= 0x80 >> UInt8(bit % 8)
            put(bytes, toServer, after: latency)
        }
    }

    /// Puts a datagram onto the wire that no end sent.
    mutating func inject(_ bytes: [UInt8], toServer: Bool) { put(bytes, toServer, after: latency) }

    /// How many datagrams are on their way.
    var onTheWay: Int { wire.count }

    private mutating func put(_ bytes: [UInt8], _ toServer: Bool, after delay: Interval) {
        let packet = InFlight(arrival: now + delay, order: order, bytes: bytes, toServer: toServer)
        order += 1
        let place = wire.firstIndex { ($0.arrival, $0.order) > (packet.arrival, packet.order) } ?? wire.count
        wire.insert(packet, at: place)
    }

    // MARK: What was seen

    /// The handle of the server's only connection, once it is there.
    var accepted: ConnectionHandle? { serverEvents.first?.connection }

    var clientClosed: CloseReason? { Self.closed(clientEvents) }
    var serverClosed: CloseReason? { Self.closed(serverEvents) }

    private static func closed(_ events: [EndpointEvent]) -> CloseReason? {
        for event in events {
            if case .closed(let reason) = event.event { return reason }
        }
        return nil
    }
}

extension [EndpointEvent] {
    /// One connection's events from beginning to end: established first and once, closed last and once.
    var isLife: Bool {
        let established = indices.filter { if case .established = self[$0].event { true } else { false } }
        let closed = indices.filter { if case .closed = self[$0].event { true } else { false } }
        return established == [0] && closed == [count - 1]
    }
}
