import PlaitCore
import PlaitCrypto
import PlaitTransport

/// Two endpoints with a wire between them, in one process and one thread: the transport and nothing else.
///
/// Time is virtual and jumps from one thing that happens to the next, so that what is measured is work, never waiting.
struct BenchPair: ~Copyable {
    private static let clientAddress = SocketAddress(interface: 1, port: 1_000)
    private static let serverAddress = SocketAddress(interface: 2, port: 2_000)

    var client: TransportEndpoint
    var server: TransportEndpoint
    private(set) var toServer: BenchWire
    private(set) var toClient: BenchWire
    private(set) var now = Instant.start
    private let latency: Interval

    init(_ configuration: EndpointConfiguration, latency: Interval, capacity: Int = 1 << 13) {
        self.latency = latency
        var accepting = configuration
        accepting.accepts = true
        client = Self.endpoint("client", configuration)
        server = Self.endpoint("server", accepting)
        toServer = BenchWire(capacity: capacity)
        toClient = BenchWire(capacity: capacity)
    }

    private static func endpoint(_ name: String, _ configuration: EndpointConfiguration) -> TransportEndpoint {
        var secrets = SecretStream(simulationSeed: 1, name: name)
        return TransportEndpoint(
            configuration,
            identity: KeyPair(from: &secrets, storage: .heap),
            secrets: secrets,
            random: RandomStream(seed: 1, name: name)
        )
    }

    /// Packets sent by both ends.
    var packets: UInt64 { toServer.sent + toClient.sent }

    /// How many packets of each length both ends have sent.
    var packetsOfLength: [Int] { zip(toServer.sentOfLength, toClient.sentOfLength).map { $0 + $1 } }

    mutating func connect() throws(BenchError) -> ConnectionHandle {
        do throws(ConnectError) {
            let handle = try client.connect(
                to: Self.serverAddress,
                from: Self.clientAddress,
                serverKey: server.publicKey,
                mode: .ik,
                now: now
            )
            pump()
            return handle
        } catch {
            throw .transport("a connection was refused: \(error)")
        }
    }

    /// When something happens next; `.never` if nothing ever will.
    var next: Instant { min(nextArrival, min(client.deadline, server.deadline)) }

    /// When the next datagram arrives, or `.never`.
    var nextArrival: Instant { min(toServer.next, toClient.next) }

    /// Moves time to whatever happens next, and lets it happen.
    mutating func step() {
        now = max(now, next)
        toServer.unload(to: &server, from: Self.clientAddress, to: Self.serverAddress, now: now)
        toClient.unload(to: &client, from: Self.serverAddress, to: Self.clientAddress, now: now)
        if client.deadline <= now { client.deadlineReached(now: now) }
        if server.deadline <= now { server.deadlineReached(now: now) }
        pump()
    }

    /// Lets what the applications have just written or read go out.
    mutating func pump() {
        toServer.load(from: &client, now: now, latency: latency)
        toClient.load(from: &server, now: now, latency: latency)
    }
}
