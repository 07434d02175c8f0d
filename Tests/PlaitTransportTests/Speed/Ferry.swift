import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

/// Two endpoints, a wire, and an endless transfer from server to client that allocates nothing of its own.
///
/// `Pair` does everything to a datagram that a network can; this one only carries, so that allocations can be counted.
struct Ferry: ~Copyable {
    private static let clientAddress = SocketAddress(interface: 1, port: 1_000)
    private static let serverAddress = SocketAddress(interface: 2, port: 2_000)

    var client: TransportEndpoint
    var server: TransportEndpoint
    private(set) var toServer: FerryLane
    private(set) var toClient: FerryLane
    private(set) var now = Instant.start
    private let latency: Interval
    private var atClient: ConnectionHandle?
    private var atServer: ConnectionHandle?
    private var stream: StreamID?
    private var pinned: StreamID?
    private var hasRoom = false
    /// Bytes that the client has read.
    private(set) var received = 0
    /// How many events said that a connection is over.
    private(set) var closed = 0
    private let chunk = [UInt8](repeating: 0xa5, count: 65_536)
    private var target = [UInt8](repeating: 0, count: 65_536)

    init(
        latency: Interval = .milliseconds(2),
        seed: UInt64 = 1,
        oneLostOf: UInt64 = 0,
        _ configuration: EndpointConfiguration = EndpointConfiguration()
    ) {
        self.latency = latency
        var accepting = configuration
        accepting.accepts = true
        client = Self.endpoint("client", configuration, seed)
        server = Self.endpoint("server", accepting, seed)
        toServer = FerryLane(fates: RandomStream(seed: seed, name: "to server"), oneLostOf: oneLostOf)
        toClient = FerryLane(fates: RandomStream(seed: seed, name: "to client"), oneLostOf: oneLostOf)
    }

    private static func endpoint(
        _ name: String,
        _ configuration: EndpointConfiguration,
        _ seed: UInt64
    ) -> TransportEndpoint {
        var secrets = SecretStream(simulationSeed: seed, name: name)
        return TransportEndpoint(
            configuration,
            identity: KeyPair(from: &secrets, storage: .heap),
            secrets: secrets,
            random: RandomStream(seed: seed, name: name)
        )
    }

    /// Packets sent by both ends.
    var packets: UInt64 { toServer.sent + toClient.sent }

    /// Of the server's sending key.
    var generation: UInt64 { atServer.flatMap { server.statistics(of: $0)?.keyGeneration } ?? 0 }

    /// From now on one datagram of so many is lost, in both directions; zero: none.
    mutating func lose(oneOf count: UInt64) {
        toServer.oneLostOf = count
        toClient.oneLostOf = count
    }

    /// Lets so many forgeries arrive before each datagram, at both ends.
    mutating func forge(_ count: Int) {
        toServer.forgeries = count
        toClient.forgeries = count
    }

    /// Connects, and lets the server begin to write.
    mutating func begin() throws {
        atClient = try client.connect(
            to: Self.serverAddress,
            from: Self.clientAddress,
            serverKey: server.publicKey,
            mode: .ik,
            now: now
        )
        pump()
        while atServer == nil { step() }
        let connection = try #require(atServer)
        stream = try server.open(.unidirectional, on: connection, now: now)
        hasRoom = true
    }

    /// Opens another path, from another address of the client's; both have the same wire.
    mutating func openPath() throws {
        let connection = try #require(atClient)
        let local = SocketAddress(interface: 3, port: 1_000)
        _ = try client.openPath(on: connection, from: local, to: Self.serverAddress, now: now)
        pump()
    }

    /// Lets the server begin to write another stream, which keeps to a path.
    mutating func openPinned(to path: PathID) throws {
        let connection = try #require(atServer)
        let id = try server.open(.unidirectional, on: connection, now: now)
        try server.pin(id, to: path, on: connection, now: now)
        pinned = id
        hasRoom = true
    }

    /// Bytes of streams that the server sent first on each path.
    var shares: [UInt64] { atServer.flatMap { server.statistics(of: $0)?.paths.map(\.firstBytes) } ?? [] }

    /// Goes on until the two ends have sent so many packets more.
    mutating func run(packets count: UInt64) throws(StreamError) {
        let end = packets + count
        while packets < end {
            step()
            if hasRoom { try write() }
            try read()
        }
    }

    /// Goes on for so long, without any reading or writing.
    mutating func rest(for length: Interval) {
        let end = now + length
        while next <= end { step() }
        now = end
    }

    private mutating func write() throws(StreamError) {
        guard let atServer, let stream else { return }
        try fill(stream, on: atServer)
        if let pinned { try fill(pinned, on: atServer) }
        hasRoom = false
        pump()
    }

    private mutating func fill(_ stream: StreamID, on connection: ConnectionHandle) throws(StreamError) {
        let chunk = chunk
        var taken = chunk.count
        while taken == chunk.count {
            taken = try server.write(chunk.span.raw, to: stream, on: connection, now: now)
        }
    }

    private mutating func read() throws(StreamError) {
        guard let atClient else { return }
        // Taken out and put back: a span of it must not be a span of all this.
        var buffer: [UInt8] = []
        swap(&buffer, &target)
        defer { swap(&buffer, &target) }
        while let event = client.nextEvent() {
            if case .closed = event.event { closed += 1 }
            guard case .stream(.readable(let stream)) = event.event else { continue }
            var count = 1
            while count > 0 {
                var span = buffer.mutableSpan
                var bytes = span.mutableRaw
                count = try client.read(from: stream, on: atClient, into: &bytes, now: now).count
                received += count
            }
        }
        pump()
    }

    private var next: Instant { min(min(toServer.next, toClient.next), min(client.deadline, server.deadline)) }

    /// Moves time to whatever happens next, and lets it happen.
    private mutating func step() {
        now = max(now, next)
        toServer.unload(to: &server, now: now)
        toClient.unload(to: &client, now: now)
        if client.deadline <= now { client.deadlineReached(now: now) }
        if server.deadline <= now { server.deadlineReached(now: now) }
        pump()
        while let event = server.nextEvent() {
            switch event.event {
            case .established: atServer = event.connection
            case .stream(.writable): hasRoom = true
            case .closed: closed += 1
            default: continue
            }
        }
    }

    private mutating func pump() {
        toServer.load(from: &client, now: now, latency: latency)
        toClient.load(from: &server, now: now, latency: latency)
    }
}
