import PlaitCore
import PlaitCrypto
import PlaitTransport

/// A client that shook hands like any other, holds real keys, and says to a server whatever it likes.
struct HostilePeer: ~Copyable {
    var server: TransportEndpoint
    var now = Instant.start
    private(set) var sealing: SealingKey
    private var opening: OpeningKey
    private let sendingHeader: HeaderKey
    private let receivingHeader: HeaderKey
    let id: ConnectionID
    let serverID: ConnectionID
    /// The number of the next packet.
    var number: UInt64 = 0
    /// Where packets are addressed to.
    var destination: ConnectionID
    /// Packets that the server sent, by number, and what was in them.
    private(set) var heard: [(number: UInt64, frames: [Frame], payload: [UInt8])] = []
    /// By path.
    private var latest: [PathID: UInt64] = [:]
    private(set) var events: [EndpointEvent] = []
    /// The server's first ids for the paths after the first.
    let pathIDs: [ConnectionID]
    /// Bytes that the server sent, by address.
    private(set) var sentTo: [SocketAddress: Int] = [:]

    init(_ configuration: EndpointConfiguration = EndpointConfiguration(), seed: UInt64 = 1) {
        var accepting = configuration
        accepting.accepts = true
        var secrets = SecretStream(simulationSeed: seed, name: "server")
        var server = TransportEndpoint(
            accepting,
            identity: KeyPair(from: &secrets, storage: .heap),
            secrets: secrets,
            random: RandomStream(seed: seed, name: "server")
        )
        let result = Self.handshake(&server, accepting.handshake, seed)
        let slab = KeySlab(storage: .heap)
        sealing = SealingKey(secret: result.secrets.sealing(as: .initiator), suite: result.suite, slab: slab)
        opening = OpeningKey(secret: result.secrets.opening(as: .initiator), suite: result.suite, slab: slab)
        sendingHeader = HeaderKey(secret: result.secrets.sealing(as: .initiator), suite: result.suite, slab: slab)
        receivingHeader = HeaderKey(secret: result.secrets.opening(as: .initiator), suite: result.suite, slab: slab)
        let most = Int(accepting.handshake.parameters.pathsMax)
        pathIDs = DerivedIDs.ids(from: result.secrets.sealing(as: .initiator), suite: result.suite, count: most - 1)
            .map { ConnectionID($0) }
        id = result.localID
        serverID = result.peerID
        destination = serverID
        self.server = server
        say(.ping)
    }

    static let address = SocketAddress(interface: 1, port: 1)
    private static let serverAddress = SocketAddress(interface: 2, port: 2)

    private static func handshake(
        _ server: inout TransportEndpoint,
        _ configuration: HandshakeConfiguration,
        _ seed: UInt64
    ) -> HandshakeResult {
        var secrets = SecretStream(simulationSeed: seed, name: "hostile")
        let identity = KeyPair(from: &secrets, storage: .heap)
        var initiator = Initiator(
            configuration: configuration,
            mode: .ik,
            identity: identity,
            server: server.publicKey,
            sourceID: ConnectionID(0x1234_5678),
            secrets: &secrets,
            now: .start
        )
        var buffer = [UInt8](repeating: 0, count: 2_048)
        var span = buffer.mutableSpan
        var bytes = span.mutableRaw
        let length = initiator.nextTransmit(into: &bytes, now: .start) ?? 0
        server.receive(
            buffer.span.raw.extracting(first: length),
            from: address,
            to: serverAddress,
            ecn: .notCapable,
            now: .start
        )
        let reply = transmit(&server, .start) ?? []
        let progress = initiator.receive(reply.span.raw, identity: identity, secrets: &secrets, now: .start)
        guard progress == .established, let result = initiator.takeResult() else {
            preconditionFailure("the server did not answer: \(progress)")
        }
        return result
    }

    private static func transmit(_ server: inout TransportEndpoint, _ now: Instant) -> [UInt8]? {
        datagram(&server, now)?.bytes
    }

    private static func datagram(
        _ server: inout TransportEndpoint,
        _ now: Instant
    ) -> (bytes: [UInt8], remote: SocketAddress)? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var span = buffer.mutableSpan
        var bytes = span.mutableRaw
        guard let datagram = server.nextTransmit(into: &bytes, now: now) else { return nil }
        return (Array(buffer[0..<datagram.length]), datagram.remote)
    }

    // MARK: Speaking

    /// Sends one packet with these frames, and hears what the server says to it.
    mutating func say(_ payload: Payload, reserved: UInt8 = 0, path: UInt32 = 0) {
        send(packet(payload, reserved: reserved, path: path))
    }

    /// Seals a packet.
    mutating func packet(_ payload: Payload, reserved: UInt8 = 0, path: UInt32 = 0) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var span = buffer.mutableSpan
        var bytes = span.mutableRaw
        // Four bytes of number always, so that it may be far ahead.
        bytes.storeBytes(of: 0x40 | reserved | (sealing.generation & 1 == 1 ? 0x04 : 0) | 0x03, as: UInt8.self)
        bytes.storeBytes(of: destination.value.bigEndian, toByteOffset: 1, as: UInt64.self)
        bytes.storeBytes(of: path.bigEndian, toByteOffset: 9, as: UInt32.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: number).bigEndian, toByteOffset: 13, as: UInt32.self)
        for (index, byte) in payload.bytes.enumerated() {
            bytes.storeBytes(of: byte, toByteOffset: 17 + index, as: UInt8.self)
        }
        let length = sealing.seal(
            &bytes,
            headerLength: 17,
            payloadLength: payload.bytes.count,
            path: path,
            slot: Int(path),
            number: number
        )
        number += 1
        let mask = sendingHeader.mask(sample: bytes.bytes.extracting(ProtectedHeader.sample))
        DataHeader.protect(&bytes, headerLength: 17, mask: mask)
        return Array(buffer[0..<length])
    }

    mutating func send(_ datagram: [UInt8], from remote: SocketAddress = Self.address) {
        server.receive(
            datagram.span.raw,
            from: remote,
            to: Self.serverAddress,
            ecn: .notCapable,
            now: now
        )
        listen()
    }

    /// Acknowledges the latest packet that it heard.
    mutating func acknowledge() {
        guard let last = heard.last else { return }
        say(.ack(last.number, last.number))
    }

    /// Goes on to the next sending key, whether or not the server is ready.
    mutating func updateKeys() { sealing.advance() }

    /// Opens a path by its first packet, which is a full one, to an id that the server gave for it.
    mutating func open(_ path: UInt32, _ id: ConnectionID, _ payload: Payload = .ping) {
        let before = destination
        destination = id
        var padded = payload
        padded.bytes += [UInt8](repeating: 0, count: 1_150 - payload.bytes.count)
        say(padded, path: path)
        destination = before
    }

    // MARK: Hearing

    /// Takes everything the server has to say.
    mutating func listen() {
        while let sent = Self.datagram(&server, now) {
            sentTo[sent.remote, default: 0] += sent.bytes.count
            hear(sent.bytes)
        }
        while let event = server.nextEvent() { events.append(event) }
        server.checkInvariants()
    }

    private mutating func hear(_ datagram: [UInt8]) {
        let bytes = datagram.span.raw
        guard let protected = ProtectedHeader(bytes) else { return }
        let mask = receivingHeader.mask(sample: bytes.extracting(ProtectedHeader.sample))
        let header = protected.unprotected(bytes, mask: mask)
        guard let number = header.fullNumber(largestReceived: latest[header.path]) else { return }
        var payload = [UInt8](repeating: 0, count: datagram.count)
        var length: Int?
        // The server may have gone on by one generation, or two.
        for _ in 0..<3 where length == nil {
            if header.phase != (opening.generation & 1 == 1) { opening = opening.next() }
            var span = payload.mutableSpan
            var target = span.mutableRaw
            length = opening.open(
                bytes,
                headerLength: header.length,
                path: header.path.value,
                number: number,
                header: header.bytes,
                into: &target
            )
            if length == nil { opening = opening.next() }
        }
        guard let length else { preconditionFailure("the server sealed what its peer cannot open") }
        payload.removeLast(payload.count - length)
        var frames: [Frame] = []
        var reader = FrameReader(payload.span.raw)
        do throws(PeerViolation) {
            while let frame = try reader.next() { frames.append(frame) }
        } catch {
            preconditionFailure("the server broke the protocol: \(error)")
        }
        heard.append((number, frames, payload))
        latest[header.path] = number
    }

    /// Lets time pass, with every wake that the server asks for.
    mutating func wait(_ length: Interval) {
        let end = now + length
        var wakes = 0
        while server.deadline <= end {
            wakes += 1
            precondition(wakes < 100_000, "the server never sleeps")
            now = max(now, server.deadline)
            server.deadlineReached(now: now)
            listen()
        }
        now = end
    }

    /// The server's application writes more than its window lets out while this peer acknowledges nothing.
    mutating func fillWindow() {
        let bytes = [UInt8](repeating: 7, count: 60_000)
        do {
            let stream = try server.open(.unidirectional, on: handle, now: now)
            _ = try server.write(bytes.span.raw, to: stream, on: handle, now: now)
        } catch {
            preconditionFailure("the server has no stream to write to: \(error)")
        }
        listen()
    }

    // MARK: What was seen

    /// All frames that the server sent.
    var frames: [Frame] { heard.flatMap(\.frames) }

    var handle: ConnectionHandle { ConnectionHandle(slot: 0, generation: 0) }

    /// With which code the server told this peer that it broke the protocol.
    var closed: CloseCode? {
        for case .close(let close) in frames where !close.isApplication { return CloseCode(close.code) }
        return nil
    }

    var life: ConnectionLife? { server.statistics(of: handle)?.life }

    /// Whether the server told its application, exactly once, that this connection is over.
    var isReported: Bool {
        events.filter { if case .closed(.violation) = $0.event { true } else { false } }.count == 1
    }
}
