import PlaitCore
import PlaitCrypto
import PlaitTransport

/// What the attacker injects: it has seen the client's packets, and has keys of its own.
///
/// The same draw makes the same bytes; the initiations that it forges are the same throughout a run, since each other
/// one would take another place. What costs key agreements is made when it is first needed.
struct HandshakeAttacker: ~Copyable {
    /// The client's first packet, without a cookie.
    let overheard: [UInt8]
    /// The same with one bit changed.
    let changed: [UInt8]
    /// What the gate tells that by.
    let changedMark: UInt64
    private let parts: HandshakeParts
    private let configuration: HandshakeConfiguration
    private let mode: HandshakeMode
    private let server: PublicKey
    private let seed: UInt64
    private let chance: RandomStream
    private var draws: UInt64 = 0
    private var forgery: ForgedInitiation?
    private var reply: [UInt8]?

    init?(
        overheard: [UInt8],
        configuration: HandshakeConfiguration,
        mode: HandshakeMode,
        server: PublicKey,
        seed: UInt64
    ) {
        guard let parts = HandshakeParts(overheard) else { return nil }
        chance = RandomStream(seed: seed, name: "handshake/attacker")
        var bytes = overheard
        // In the ephemeral key, or in IK anywhere in the message: elsewhere the packet breaks a rule and is dropped.
        let length = mode == .xx ? 32 : parts.message.count
        let place = parts.message.lowerBound + Int(chance.draw(0, 1).uniform(below: UInt64(length)))
        bytes[place] ^= 1 << UInt8(chance.draw(0, 2).uniform(below: 8))
        changed = bytes
        changedMark = parts.mark(in: bytes)
        self.overheard = overheard
        self.parts = parts
        self.configuration = configuration
        self.mode = mode
        self.server = server
        self.seed = seed
    }

    var clientID: ConnectionID { parts.header.source }

    /// What the gate tells the forged initiation by; nil before there is one.
    var forgedMark: UInt64? {
        switch forgery {
        case .some(let forgery): forgery.mark
        case .none: nil
        }
    }

    /// An initiation with the client's id and an ephemeral key of the attacker's; with the cookie that the server sent
    /// the client, if its packet is given.
    mutating func forged(withCookieOf packet: [UInt8]?) -> [UInt8] {
        if forgery == nil {
            forgery = ForgedInitiation(configuration, mode: mode, server: server, clientID: clientID, seed: seed)
        }
        guard let packet else { return forgery?.bytes ?? [] }
        return forgery?.bytes(withCookieOf: packet) ?? []
    }

    /// Something that the client cannot verify, or a refusal that names nothing to try.
    mutating func unverifiable() -> [UInt8] {
        switch next(5) {
        case 0: return ForgedPacket.refusal(.unreadable, [], to: clientID)
        case 1: return ForgedPacket.refusal(.downgrade, [], to: clientID)
        case 2: return ForgedPacket.refusal(.version, [0, 0, 0, 7], to: clientID)
        case 3 where mode == .xx: return underOwnKey()
        default:
            let source = ConnectionID(next() | 1)
            return ForgedPacket.message(.reply, to: clientID, from: source, bytes(32 + Int(next(200))))
        }
    }

    /// The reply of a server that holds another key: in XX anybody can write one.
    private mutating func underOwnKey() -> [UInt8] {
        if let reply { return reply }
        let client = SocketAddress(interface: 0, port: 1)
        let server = SocketAddress(interface: 1, port: 1)
        var secrets = SecretStream(simulationSeed: next(), name: "handshake/impostor")
        let identity = KeyPair(from: &secrets, storage: .heap)
        var gate = Gate(configuration, secrets: &secrets, storage: .heap, now: .start)
        _ = gate.receive(
            overheard.span.raw,
            from: client,
            to: server,
            identity: identity,
            secrets: &secrets,
            now: .start
        )
        var bytes = [UInt8](repeating: 0, count: 1_500)
        var length = 0
        do {
            var span = bytes.mutableSpan
            var buffer = span.mutableRaw
            length = gate.nextTransmit(into: &buffer, now: .start)?.length ?? 0
        }
        let written = Array(bytes.prefix(length))
        reply = written
        return written
    }

    mutating func finish(to id: ConnectionID) -> [UInt8] {
        // As long as a right one, more or less.
        ForgedPacket.message(.finish, to: id, from: clientID, bytes(64 + Int(next(80))))
    }

    /// What looks like a packet under the keys of a handshake, and is noise.
    mutating func data(to id: ConnectionID) -> [UInt8] {
        var bytes = bytes(40 + Int(next(80)))
        bytes[0] = 0x40
        for place in 0..<ConnectionID.length {
            bytes[1 + place] = UInt8(truncatingIfNeeded: id.value >> (56 - 8 * UInt64(place)))
        }
        return bytes
    }

    mutating func cookie() -> [UInt8] {
        var cookie = bytes(17)
        cookie[0] &= 1
        return ForgedPacket.cookie(cookie, to: clientID)
    }

    func refusal(naming suite: Suite) -> [UInt8] {
        let number = suite.rawValue
        let details = [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
        return ForgedPacket.refusal(.suite, details, to: clientID)
    }

    /// Noise, a packet cut short, or one of a kind that nobody knows.
    mutating func junk() -> [UInt8] {
        switch next(4) {
        case 0: return Array(overheard.prefix(1 + Int(next(1_198))))
        case 1:
            var bytes = overheard
            bytes[0] |= 0x3f
            return bytes
        case 2:
            var bytes = self.bytes(40 + Int(next(200)))
            bytes[0] = bytes[0] & 0x3f | 0x40
            return bytes
        default: return bytes(1 + Int(next(300)))
        }
    }

    private mutating func next() -> UInt64 {
        draws += 1
        return chance.draw(draws)
    }

    private mutating func next(_ bound: UInt64) -> UInt64 { next().uniform(below: bound) }

    private mutating func bytes(_ count: Int) -> [UInt8] {
        let word = next()
        return (0..<count).map { UInt8(truncatingIfNeeded: chance.draw(word, UInt64($0))) }
    }
}

/// An initiation that is not the client's, in the client's name.
private struct ForgedInitiation: ~Copyable {
    let bytes: [UInt8]
    let mark: UInt64
    private let identity: KeyPair
    private var secrets: SecretStream
    private var initiator: Initiator
    private var stolen: [UInt8]?

    init?(
        _ configuration: HandshakeConfiguration,
        mode: HandshakeMode,
        server: PublicKey,
        clientID: ConnectionID,
        seed: UInt64
    ) {
        var secrets = SecretStream(simulationSeed: seed, name: "handshake/attacker")
        let identity = KeyPair(from: &secrets, storage: .heap)
        var initiator = Initiator(
            configuration: configuration,
            mode: mode,
            identity: identity,
            server: server,
            sourceID: clientID,
            secrets: &secrets,
            now: .start
        )
        let bytes = Self.written(by: &initiator)
        guard let parts = HandshakeParts(bytes) else { return nil }
        self.bytes = bytes
        mark = parts.mark(in: bytes)
        self.identity = identity
        self.secrets = secrets
        self.initiator = initiator
    }

    mutating func bytes(withCookieOf packet: [UInt8]) -> [UInt8] {
        if let stolen { return stolen }
        _ = initiator.receive(packet.span.raw, identity: identity, secrets: &secrets, now: .start)
        let bytes = Self.written(by: &initiator)
        stolen = bytes
        return bytes
    }

    private static func written(by initiator: inout Initiator) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1_500)
        var length = 0
        do {
            var span = bytes.mutableSpan
            var buffer = span.mutableRaw
            length = initiator.nextTransmit(into: &buffer, now: .start) ?? 0
        }
        return Array(bytes.prefix(length))
    }
}
