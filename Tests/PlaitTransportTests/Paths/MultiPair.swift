import PlaitCore
import PlaitCrypto
import PlaitTransport

/// Two endpoints with several links between them, one for each of the client's addresses, in hand-moved time.
struct MultiPair: ~Copyable {
    /// One way between a client's address and the server.
    struct Link {
        var latency: Interval
        /// Which directions carry nothing.
        var isCutToServer = false
        var isCutToClient = false
        /// Bytes of the longest datagram that gets through.
        var carries = 65_536
        /// Bytes of the longest datagram that was sent.
        var longest = 0
        /// How many were sent that are longer than any path must carry.
        var large = 0
        /// Whom the server takes the client for; a translator may change it, and then the old address leads nowhere.
        var seen: SocketAddress
        var toServer = Sums()
        var toClient = Sums()

        var isCut: Bool {
            get { isCutToServer && isCutToClient }
            set { (isCutToServer, isCutToClient) = (newValue, newValue) }
        }
    }

    /// What was sent over a link in one direction, arrived or not.
    struct Sums {
        var datagrams = 0
        var bytes = 0
        var times: [Instant] = []
    }

    /// A stream that one end writes and the other reads.
    struct Flow {
        let fromClient: Bool
        let stream: StreamID
        let bytes: [UInt8]
        var written = 0
        var read: [UInt8] = []
        var isEnd = false

        var isWhole: Bool { isEnd && read == bytes }
    }

    private struct InFlight {
        let arrival: Instant
        let order: Int
        let bytes: [UInt8]
        let toServer: Bool
        let remote: SocketAddress
        let local: SocketAddress
    }

    static let serverAddress = SocketAddress(interface: 2, port: 2_000)
    static func clientAddress(_ link: Int) -> SocketAddress { SocketAddress(interface: 10 + UInt32(link), port: 1_000) }

    var client: TransportEndpoint
    var server: TransportEndpoint
    private(set) var now = Instant.start
    var links: [Link]
    var flows: [Flow] = []
    /// Datagrams that the server sent to an address where nobody is any more: how many, and how long.
    private(set) var astray = Sums()
    /// Copies what the client sends on this link, and lets it arrive earlier, from an address of an attacker's.
    var spoofs: (link: Int, from: SocketAddress)?
    /// What else is lost, by the datagram's number on its link and direction.
    var isLost: (_ link: Int, _ toServer: Bool, _ number: Int) -> Bool = { _, _, _ in false }
    /// The last datagram that the client sent on each link.
    private(set) var last: [[UInt8]]
    private(set) var clientEvents: [EndpointEvent] = []
    private(set) var serverEvents: [EndpointEvent] = []
    private var wire: [InFlight] = []
    private var order = 0
    private var stepsNow = 0
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init(
        latencies: [Interval] = [.milliseconds(10), .milliseconds(30)],
        seed: UInt64 = 1,
        watchers: (client: any ConnectionObserver, server: any ConnectionObserver)? = nil,
        _ change: (inout EndpointConfiguration) -> Void = { _ in }
    ) {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.pathsMax = UInt64(latencies.count)
        configuration.connection.pathsMax = latencies.count
        change(&configuration)
        var accepting = configuration
        accepting.accepts = true
        client = Self.endpoint("client", configuration, seed, watchers?.client)
        server = Self.endpoint("server", accepting, seed, watchers?.server)
        last = latencies.map { _ in [] }
        links = latencies.indices.map { Link(latency: latencies[$0], seen: Self.clientAddress($0)) }
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

    // MARK: The two ends

    /// Neither end ever has more than one connection.
    var handle: ConnectionHandle { ConnectionHandle(slot: 0, generation: 0) }

    /// Connects over the first link.
    mutating func connect() throws {
        _ = try client.connect(
            to: Self.serverAddress,
            from: Self.clientAddress(0),
            serverKey: server.publicKey,
            mode: .ik,
            now: now
        )
        run(for: .milliseconds(200))
    }

    @discardableResult
    mutating func open(_ link: Int, isBackup: Bool = false) throws -> PathID {
        defer { pump() }
        return try client.openPath(
            on: handle,
            from: Self.clientAddress(link),
            to: Self.serverAddress,
            isBackup: isBackup,
            now: now
        )
    }

    /// Connects, opens all paths, and lets them be validated.
    mutating func begin() throws {
        try connect()
        for link in links.indices.dropFirst() { try open(link) }
        run(for: .milliseconds(300))
    }

    mutating func send(_ count: Int, fromClient: Bool, seed: UInt64 = 1, pin: UInt32? = nil, priority: UInt8 = 128)
        throws
    {
        let bytes = Talk.bytes(count, seed: seed)
        let stream =
            fromClient
            ? try client.open(.unidirectional, on: handle, priority: priority, now: now)
            : try server.open(.unidirectional, on: handle, priority: priority, now: now)
        try self.pin(stream, to: pin, fromClient: fromClient)
        flows.append(Flow(fromClient: fromClient, stream: stream, bytes: bytes))
        advance()
    }

    /// Bytes of the longest datagram that anybody sent.
    var longest: Int { links.map(\.longest).max() ?? 0 }

    mutating func pin(_ stream: StreamID, to path: UInt32?, fromClient: Bool) throws {
        let path = path.map(PathID.init)
        if fromClient {
            try client.pin(stream, to: path, on: handle, now: now)
        } else {
            try server.pin(stream, to: path, on: handle, now: now)
        }
    }

    var areWhole: Bool { !flows.isEmpty && flows.allSatisfy(\.isWhole) }

    func path(_ id: UInt32, atServer: Bool = false) -> PathStatistics? {
        let all = atServer ? server.statistics(of: handle)?.paths : client.statistics(of: handle)?.paths
        return all?.first { $0.path == id }
    }

    func state(_ id: UInt32, atServer: Bool = false) -> PathState? { path(id, atServer: atServer)?.state }

    /// What happened to a path, in order.
    func story(_ id: UInt32, atServer: Bool = false) -> [PathEvent.What] {
        (atServer ? serverEvents : clientEvents).compactMap {
            if case .path(let event) = $0.event, event.path.value == id { event.what } else { nil }
        }
    }

    var closed: [CloseReason] {
        (clientEvents + serverEvents).compactMap { if case .closed(let reason) = $0.event { reason } else { nil } }
    }

    // MARK: Time

    /// Lets everything happen up to and including `end`, or until `isOver`.
    mutating func run(until end: Instant, isOver: (borrowing MultiPair) -> Bool = { _ in false }) {
        advance()
        while !isOver(self) {
            let next = max(min(wire.first?.arrival ?? .never, min(client.deadline, server.deadline)), now)
            guard !next.isNever, next <= end else {
                now = max(now, end)
                return
            }
            stepsNow = next == now ? stepsNow + 1 : 0
            precondition(stepsNow < 20_000, "time stands still at \(now)")
            now = next
            step()
            client.checkInvariants()
            server.checkInvariants()
        }
    }

    mutating func run(for length: Interval) { run(until: now + length) }

    /// Until all flows are whole, at most so long; answers whether they are.
    mutating func finish(within length: Interval) -> Bool {
        run(until: now + length) { $0.areWhole }
        return areWhole
    }

    private mutating func step() {
        if let first = wire.first, first.arrival <= now {
            wire.removeFirst()
            let bytes = first.bytes.span.raw
            if first.toServer {
                server.receive(bytes, from: first.remote, to: first.local, ecn: .notCapable, now: now)
            } else {
                client.receive(bytes, from: first.remote, to: first.local, ecn: .notCapable, now: now)
            }
        } else {
            if client.deadline <= now { client.deadlineReached(now: now) }
            if server.deadline <= now { server.deadlineReached(now: now) }
        }
        advance()
    }

    /// Writes and reads as much as goes, and puts what the ends have to send on the wire.
    mutating func advance() {
        pump()
        for index in flows.indices where !flows[index].isEnd {
            // A connection that is over takes and gives nothing; the test sees that by its bytes.
            try? write(index)
            try? read(index)
        }
        pump()
    }

    private mutating func write(_ index: Int) throws(StreamError) {
        let flow = flows[index]
        guard flow.written < flow.bytes.count else { return }
        let rest = flow.bytes.span.raw.extracting(flow.written...)
        flows[index].written +=
            flow.fromClient
            ? try client.write(rest, to: flow.stream, on: handle, isLast: true, now: now)
            : try server.write(rest, to: flow.stream, on: handle, isLast: true, now: now)
    }

    private mutating func read(_ index: Int) throws(StreamError) {
        var target = [UInt8](repeating: 0, count: 65_536)
        while true {
            var span = target.mutableSpan
            var bytes = span.mutableRaw
            let stream = flows[index].stream
            let result =
                flows[index].fromClient
                ? try server.read(from: stream, on: handle, into: &bytes, now: now)
                : try client.read(from: stream, on: handle, into: &bytes, now: now)
            flows[index].read += target[0..<result.count]
            flows[index].isEnd = result.isEnd
            guard result.count > 0, !result.isEnd else { return }
        }
    }

    private mutating func pump() {
        var storage = buffer
        while true {
            var span = storage.mutableSpan
            var bytes = span.mutableRaw
            guard let datagram = client.nextTransmit(into: &bytes, now: now) else { break }
            leave(Array(storage[0..<datagram.length]), from: datagram.local)
        }
        while true {
            var span = storage.mutableSpan
            var bytes = span.mutableRaw
            guard let datagram = server.nextTransmit(into: &bytes, now: now) else { break }
            leave(Array(storage[0..<datagram.length]), to: datagram.remote)
        }
        buffer = storage
        while let event = client.nextEvent() { clientEvents.append(event) }
        while let event = server.nextEvent() { serverEvents.append(event) }
    }

    private mutating func leave(_ bytes: [UInt8], from local: SocketAddress) {
        let link = Int(local.interface) - 10
        links[link].toServer.count(bytes.count, now)
        links[link].longest = max(links[link].longest, bytes.count)
        if bytes.count > 1_200 { links[link].large += 1 }
        last[link] = bytes
        guard !links[link].isCutToServer, bytes.count <= links[link].carries else { return }
        guard !isLost(link, true, links[link].toServer.datagrams) else { return }
        if let spoofs, spoofs.link == link {
            let delay = links[link].latency - .milliseconds(1)
            put(bytes, after: delay, toServer: true, from: spoofs.from, to: Self.serverAddress)
        }
        put(bytes, after: links[link].latency, toServer: true, from: links[link].seen, to: Self.serverAddress)
    }

    private mutating func leave(_ bytes: [UInt8], to remote: SocketAddress) {
        guard let link = links.firstIndex(where: { $0.seen == remote }) else { return astray.count(bytes.count, now) }
        links[link].toClient.count(bytes.count, now)
        links[link].longest = max(links[link].longest, bytes.count)
        if bytes.count > 1_200 { links[link].large += 1 }
        guard !links[link].isCutToClient, bytes.count <= links[link].carries else { return }
        guard !isLost(link, false, links[link].toClient.datagrams) else { return }
        let local = Self.clientAddress(link)
        put(bytes, after: links[link].latency, toServer: false, from: Self.serverAddress, to: local)
    }

    private mutating func put(
        _ bytes: [UInt8],
        after delay: Interval,
        toServer: Bool,
        from remote: SocketAddress,
        to local: SocketAddress
    ) {
        let arrival = now + delay
        order += 1
        let place = wire.firstIndex { ($0.arrival, $0.order) > (arrival, order) } ?? wire.count
        let packet = InFlight(
            arrival: arrival,
            order: order,
            bytes: bytes,
            toServer: toServer,
            remote: remote,
            local: local
        )
        wire.insert(packet, at: place)
    }
}

extension MultiPair.Sums {
    mutating func count(_ length: Int, _ now: Instant) {
        datagrams += 1
        bytes += length
        times.append(now)
    }
}
