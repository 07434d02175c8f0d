import PlaitCore
import PlaitCrypto
import PlaitSimulator
import PlaitTransport

/// The server that is flooded. It sees forged packets under the addresses that they claim, and answers to those
/// addresses reach nobody.
final class FloodedServer: Endpoint {
    private var transport: TransportEndpoint
    private(set) var outcome = FloodTrial.Outcome()
    private let nanoseconds: () -> Int64
    let publicKey: PublicKey

    init(_ trial: FloodTrial, _ nanoseconds: @escaping () -> Int64) {
        self.nanoseconds = nanoseconds
        var configuration = trial.configuration
        configuration.accepts = true
        var identity = SecretStream(simulationSeed: trial.seed, name: "flood/server/identity")
        let pair = KeyPair(from: &identity, storage: .heap)
        publicKey = pair.publicKey
        transport = TransportEndpoint(
            configuration,
            identity: pair,
            secrets: SecretStream(simulationSeed: trial.seed, name: "flood/server"),
            random: RandomStream(seed: trial.seed, name: "flood/server")
        )
    }

    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {
        if remote.interface == FloodTrial.attackerAddress.interface {
            // A link model has no place for forged sources: this one stands behind the packet.
            let claim = Attacker.claim(behind: datagram)
            let packet = datagram.extracting(0..<datagram.byteCount - Attacker.claimLength)
            let began = nanoseconds()
            transport.receive(packet, from: claim, to: local, ecn: ecn, now: now)
            outcome.nanoseconds += nanoseconds() - began
            outcome.forged += 1
        } else {
            transport.receive(datagram, from: remote, to: local, ecn: ecn, now: now)
        }
        note()
        while transport.nextEvent() != nil {}
    }

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        while let datagram = transport.nextTransmit(into: &buffer, now: now) {
            guard datagram.remote == FloodTrial.clientAddress else { continue }
            return Transmit(length: datagram.length, local: datagram.local, remote: datagram.remote, ecn: datagram.ecn)
        }
        return nil
    }

    var deadline: Instant { transport.deadline }

    func deadlineReached(now: Instant) {
        transport.deadlineReached(now: now)
        while transport.nextEvent() != nil {}
    }

    func restarted(now: Instant) { preconditionFailure("nobody crashes in a flood") }

    private func note() {
        transport.checkInvariants()
        outcome.counters = transport.gateCounters ?? GateCounters()
        outcome.waitingMax = max(outcome.waitingMax, transport.handshakesWaiting)
        outcome.connectionsMax = max(outcome.connectionsMax, transport.connectionCount)
    }
}

/// The honest client: it connects once.
final class FloodedClient: Endpoint {
    private var transport: TransportEndpoint
    private let mode: HandshakeMode
    private let serverKey: PublicKey
    private let begin: Instant
    private var hasBegun = false
    /// Until it had keys.
    private(set) var took: Interval?

    init(_ trial: FloodTrial, serverKey: PublicKey, at begin: Instant) {
        self.begin = begin
        self.serverKey = serverKey
        mode = trial.mode
        var identity = SecretStream(simulationSeed: trial.seed, name: "flood/client/identity")
        transport = TransportEndpoint(
            trial.configuration,
            identity: KeyPair(from: &identity, storage: .heap),
            secrets: SecretStream(simulationSeed: trial.seed, name: "flood/client"),
            random: RandomStream(seed: trial.seed, name: "flood/client")
        )
    }

    /// What it sends first, for an attacker who overhears such packets.
    func firstPacket() -> [UInt8] {
        connect(now: .start)
        var bytes = [UInt8](repeating: 0, count: 1_500)
        var length = 0
        do {
            var span = bytes.mutableSpan
            var buffer = span.mutableRaw
            length = transport.nextTransmit(into: &buffer, now: .start)?.length ?? 0
        }
        return Array(bytes.prefix(length))
    }

    private func connect(now: Instant) {
        hasBegun = true
        do throws(ConnectError) {
            _ = try transport.connect(
                to: FloodTrial.serverAddress,
                from: FloodTrial.clientAddress,
                serverKey: mode == .ik ? serverKey : nil,
                mode: mode,
                now: now
            )
        } catch {
            preconditionFailure("a client that knows the key and has a suite can connect: \(error)")
        }
    }

    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {
        transport.receive(datagram, from: remote, to: local, ecn: ecn, now: now)
        while let event = transport.nextEvent() {
            if case .established = event.event { took = now - begin }
        }
    }

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        guard let datagram = transport.nextTransmit(into: &buffer, now: now) else { return nil }
        return Transmit(length: datagram.length, local: datagram.local, remote: datagram.remote, ecn: datagram.ecn)
    }

    var deadline: Instant { hasBegun ? transport.deadline : begin }

    func deadlineReached(now: Instant) {
        if !hasBegun, now >= begin { connect(now: now) }
        transport.deadlineReached(now: now)
        while transport.nextEvent() != nil {}
    }

    func restarted(now: Instant) { preconditionFailure("nobody crashes in a flood") }
}

/// Sends forged first packets, one after the other.
final class Attacker: Endpoint {
    private let packets: Int
    private let spacing: Interval
    private let template: [UInt8]
    private let chance: RandomStream
    private var sent = 0

    init(packets: Int, every spacing: Interval, template: [UInt8], seed: UInt64) {
        self.packets = packets
        self.spacing = spacing
        self.template = template
        chance = RandomStream(seed: seed, name: "flood/attacker")
    }

    var deadline: Instant { sent < packets ? .start + Int64(sent) * spacing : .never }
    func deadlineReached(now: Instant) {}
    func restarted(now: Instant) { preconditionFailure("nobody crashes in a flood") }
    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {}

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        guard now >= deadline, !template.isEmpty else { return nil }
        forge(UInt64(sent), into: &buffer)
        sent += 1
        return Transmit(
            length: template.count + Self.claimLength,
            local: FloodTrial.attackerAddress,
            remote: FloodTrial.serverAddress,
            ecn: .notCapable
        )
    }

    /// Where the offer ends, in the packets of this build: behind header, frame and offer the Noise message begins.
    private func forge(_ number: UInt64, into buffer: inout MutableRawSpan) {
        for (index, byte) in template.enumerated() { buffer.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
        if number % 2 == 0 {
            // Overheard and changed: one bit somewhere, padding excepted, which nobody reads.
            let place = Int(chance.draw(number).uniform(below: UInt64(Self.readLength)))
            let bit = UInt8(1) << UInt8(chance.draw(number, 1).uniform(below: 8))
            buffer.storeBytes(of: template[place] ^ bit, toByteOffset: place, as: UInt8.self)
        } else {
            // An own id and an own ephemeral key, which is where every first message begins.
            let id = chance.draw(number, 2) | 1
            let offer = offerOffset
            buffer.storeBytes(of: id.bigEndian, toByteOffset: 13, as: UInt64.self)
            buffer.storeBytes(of: id.bigEndian, toByteOffset: offer, as: UInt64.self)
            for word in 0..<4 {
                let random = chance.draw(number, 4 + UInt64(word))
                buffer.storeBytes(of: random, toByteOffset: messageOffset + 8 * word, as: UInt64.self)
            }
        }
        let claim = chance.draw(number, 3)
        buffer.storeBytes(of: claim, toByteOffset: template.count, as: UInt64.self)
    }

    /// Header, offer and the better part of a first message.
    private static let readLength = 120

    /// The offer begins with the id that the header says.
    private lazy var offerOffset: Int = {
        for place in 21..<60 where Array(template[place..<place + 8]) == Array(template[13..<21]) { return place }
        preconditionFailure("an initiation without its offer")
    }()

    /// Behind the offer of one version and one suite (42 bytes) stand the next frame's type and length.
    private var messageOffset: Int { offerOffset + 42 + 4 }

    /// The address that a forged packet claims; none of them is the honest client's.
    static func claim(behind datagram: RawSpan) -> SocketAddress {
        let place = datagram.byteCount - claimLength
        let bits = unsafe datagram.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
        return SocketAddress(
            interface: UInt32(truncatingIfNeeded: bits) | 0x8000_0000,
            port: UInt16(truncatingIfNeeded: bits >> 32)
        )
    }

    static let claimLength = 8
}
