import PlaitCore
import PlaitCrypto
import PlaitTransport

/// One input for libFuzzer: the first byte says which pattern and which end, the rest is what happens to that end.
///
/// An operation is one byte and its operands: a datagram out of thin air, one of the genuine packets of this very
/// handshake with up to three bytes changed, time that passes, packets that leave. Both ends draw from fixed seeds, so
/// a genuine packet fits, and nothing but genuine packets may bring an end to keys.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var input = Input(bytes: unsafe Array(UnsafeBufferPointer(start: data, count: count)))
    let choice = input.byte()
    let mode: HandshakeMode = choice & 1 == 0 ? .xx : .ik
    var end = End(mode)
    let genuine = mode == .xx ? genuineXX : genuineIK
    if choice & 2 == 0 { end.playServer(&input, genuine) } else { end.playClient(&input, genuine) }
    return 0
}

/// What a hostile network does, read from the input; zeros when it is used up.
struct Input {
    let bytes: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isEmpty: Bool { place >= bytes.count }

    mutating func byte() -> UInt8 {
        guard place < bytes.count else { return 0 }
        place += 1
        return bytes[place - 1]
    }

    /// A datagram of any content.
    mutating func datagram() -> [UInt8] {
        let length = (Int(byte()) << 8 | Int(byte())) % 1_600
        let given = Int(byte()) << 1
        return (0..<length).map { $0 < given ? byte() : 0 }
    }

    /// A genuine packet with a few bytes changed, and whether it is still the same.
    mutating func changed(_ packets: [[UInt8]]) -> (bytes: [UInt8], isGenuine: Bool) {
        let original = packets[Int(byte()) % packets.count]
        var packet = original
        for _ in 0..<byte() % 4 {
            let position = (Int(byte()) << 8 | Int(byte())) % packet.count
            packet[position] ^= byte()
        }
        return (packet, packet == original)
    }
}

/// Both ends of a handshake with fixed seeds; a test of one uses packets of the other.
struct End: ~Copyable {
    static let client = SocketAddress(interface: 1, port: 1)
    static let server = SocketAddress(interface: 2, port: 2)

    let mode: HandshakeMode
    let clientIdentity: KeyPair
    let serverIdentity: KeyPair
    var secrets: SecretStream
    var now = Instant.start
    var buffer = [UInt8](repeating: 0, count: 1_500)

    init(_ mode: HandshakeMode) {
        self.mode = mode
        clientIdentity = Self.identity(1)
        serverIdentity = Self.identity(2)
        secrets = SecretStream(simulationSeed: 1, name: "fuzz")
    }

    private static func identity(_ number: UInt8) -> KeyPair {
        KeyPair(copying: [UInt8](repeating: number, count: 32).span.raw, storage: .heap)
    }

    mutating func makeInitiator() -> Initiator {
        Initiator(
            configuration: HandshakeConfiguration(),
            mode: mode,
            identity: clientIdentity,
            server: serverIdentity.publicKey,
            sourceID: ConnectionID(77),
            secrets: &secrets,
            now: now
        )
    }

    mutating func makeGate() -> Gate {
        Gate(HandshakeConfiguration(halfOpenMax: 3), secrets: &secrets, now: now)
    }

    mutating func playServer(_ input: inout Input, _ genuine: [[UInt8]]) {
        var gate = makeGate()
        var received = 0
        var sent = 0
        var sawGenuine = false
        while !input.isEmpty {
            switch input.byte() % 4 {
            case 0:
                let datagram = input.datagram()
                received += datagram.count
                let event = deliver(datagram, to: &gate)
                precondition(event == .nothing, "keys out of thin air")
            case 1:
                let (datagram, isGenuine) = input.changed(genuine)
                received += datagram.count
                sawGenuine = sawGenuine || isGenuine
                let event = deliver(datagram, to: &gate)
                precondition(event == .nothing || sawGenuine, "keys without a genuine packet")
            case 2:
                now = now + .milliseconds(50 * Int64(input.byte()))
                gate.deadlineReached(now: now)
                precondition(gate.deadline > now, "a deadline that stays due")
            default:
                let time = now
                var span = buffer.mutableSpan
                var bytes = span.mutableRaw
                while let transmit = gate.nextTransmit(into: &bytes, now: time) { sent += transmit.length }
            }
            // Three places, and eight times as many for those who show a cookie, which nothing here can make.
            precondition(gate.waiting <= 3, "more half-open handshakes than are allowed")
        }
        precondition(sawGenuine || sent <= 3 * received, "an amplifier")
    }

    private mutating func deliver(_ datagram: [UInt8], to gate: inout Gate) -> GateEvent {
        gate.receive(
            datagram.span.raw,
            from: Self.client,
            to: Self.server,
            identity: serverIdentity,
            secrets: &secrets,
            now: now
        )
    }

    mutating func playClient(_ input: inout Input, _ genuine: [[UInt8]]) {
        var initiator = makeInitiator()
        var sawGenuine = false
        var isOver = false
        while !input.isEmpty {
            switch input.byte() % 4 {
            case 0:
                let progress = deliver(input.datagram(), to: &initiator)
                precondition(progress == .nothing || sawGenuine, "an end without proof")
            case 1:
                let (datagram, isGenuine) = input.changed(genuine)
                sawGenuine = sawGenuine || isGenuine
                let progress = deliver(datagram, to: &initiator)
                // The header in front of a genuine message may be changed: the message inside is what counts.
                if case .failed = progress { preconditionFailure("an end without proof") }
                if progress == .established { isOver = true }
            case 2:
                now = now + .milliseconds(50 * Int64(input.byte()))
                _ = initiator.deadlineReached(now: now)
            default:
                let time = now
                var span = buffer.mutableSpan
                var bytes = span.mutableRaw
                while initiator.nextTransmit(into: &bytes, now: time) != nil {}
                precondition(initiator.deadline > time, "a deadline that stays due")
            }
        }
        let result = initiator.takeResult()
        precondition((result != nil) == isOver, "keys without being told")
    }

    private mutating func deliver(_ datagram: [UInt8], to initiator: inout Initiator) -> HandshakeProgress {
        initiator.receive(datagram.span.raw, identity: clientIdentity, secrets: &secrets, now: now)
    }
}

/// The packets of one handshake in order, each of them made once.
let genuineXX = genuine(.xx)
let genuineIK = genuine(.ik)

func genuine(_ mode: HandshakeMode) -> [[UInt8]] {
    var client = End(mode)
    var server = End(mode)
    var initiator = client.makeInitiator()
    var gate = server.makeGate()
    var packets: [[UInt8]] = []
    for _ in 0..<2 {
        var first = [UInt8](repeating: 0, count: 1_500)
        var firstSpan = first.mutableSpan
        var firstBytes = firstSpan.mutableRaw
        guard let length = initiator.nextTransmit(into: &firstBytes, now: .start) else { break }
        let forth = Array(copying: firstBytes.bytes.extracting(0..<length))
        packets.append(forth)
        _ = gate.receive(
            forth.span.raw,
            from: End.client,
            to: End.server,
            identity: server.serverIdentity,
            secrets: &server.secrets,
            now: .start
        )
        var second = [UInt8](repeating: 0, count: 1_500)
        var secondSpan = second.mutableSpan
        var secondBytes = secondSpan.mutableRaw
        guard let transmit = gate.nextTransmit(into: &secondBytes, now: .start) else { break }
        let back = Array(copying: secondBytes.bytes.extracting(0..<transmit.length))
        packets.append(back)
        _ = initiator.receive(
            back.span.raw,
            identity: client.clientIdentity,
            secrets: &client.secrets,
            now: .start
        )
    }
    precondition(packets.count == (mode == .xx ? 3 : 2), "a handshake that does not finish")
    return packets
}
