import PlaitCore
import PlaitCrypto
import PlaitTransport

/// A packet as one of the ends wrote it.
struct GenuinePacket {
    let bytes: [UInt8]
    /// The Noise message in it. What stands around it may be changed by anybody; this may not.
    let message: Range<Int>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard let message = Self.message(in: bytes.span.raw) else { preconditionFailure("a packet without a message") }
        self.message = message
    }

    private static func message(in packet: RawSpan) -> Range<Int>? {
        guard let kind = HandshakeHeader(packet)?.kind else { return nil }
        let start = HandshakeHeader.length
        var reader = HandshakeFrameReader(packet.extracting(start..<packet.byteCount), kind: kind)
        while let frame = try? reader.next() {
            if case .handshake(let range) = frame { return start + range.lowerBound..<start + range.upperBound }
        }
        return nil
    }
}

/// Both ends of one handshake with fixed seeds, and its genuine packets in their order.
struct HandshakeScene {
    private let mode: HandshakeMode
    private(set) var packets: [GenuinePacket] = []

    // A key pair costs as much as ten thousand bytes of input, so each is made once.
    private nonisolated(unsafe) static let clientIdentity = identity(1)
    private nonisolated(unsafe) static let serverIdentity = identity(2)
    private static let configuration = HandshakeConfiguration(halfOpenMax: halfOpenMax)
    private static let client = SocketAddress(interface: 1, port: 1)
    private static let server = SocketAddress(interface: 2, port: 2)

    static let xx = HandshakeScene(.xx)
    static let ik = HandshakeScene(.ik)
    static let halfOpenMax = 3

    private static func identity(_ number: UInt8) -> KeyPair {
        KeyPair(copying: [UInt8](repeating: number, count: SecretKey.length).span.raw, storage: .heap)
    }

    /// Equal for both ends, which do not mind, and in every run.
    static func secrets() -> SecretStream { SecretStream(simulationSeed: 1, name: "fuzz") }

    static func gate(_ secrets: inout SecretStream) -> Gate {
        Gate(configuration, secrets: &secrets, storage: .heap, now: .start)
    }

    func initiator(_ secrets: inout SecretStream) -> Initiator {
        unsafe Initiator(
            configuration: Self.configuration,
            mode: mode,
            identity: Self.clientIdentity,
            server: Self.serverIdentity.publicKey,
            sourceID: ConnectionID(77),
            secrets: &secrets,
            now: .start
        )
    }

    static func deliver(
        _ datagram: [UInt8],
        to gate: inout Gate,
        _ secrets: inout SecretStream,
        now: Instant
    ) -> GateEvent {
        unsafe gate.receive(
            datagram.span.raw,
            from: client,
            to: server,
            identity: serverIdentity,
            secrets: &secrets,
            now: now
        )
    }

    static func deliver(
        _ datagram: [UInt8],
        to initiator: inout Initiator,
        _ secrets: inout SecretStream,
        now: Instant
    ) -> HandshakeProgress {
        unsafe initiator.receive(datagram.span.raw, identity: clientIdentity, secrets: &secrets, now: now)
    }

    private init(_ mode: HandshakeMode) {
        self.mode = mode
        packets = genuine()
    }

    /// Lets the two ends talk over a network without faults.
    private func genuine() -> [GenuinePacket] {
        var clientSecrets = Self.secrets()
        var serverSecrets = Self.secrets()
        var initiator = initiator(&clientSecrets)
        var gate = Self.gate(&serverSecrets)
        var packets: [GenuinePacket] = []
        var buffer = [UInt8](repeating: 0, count: 1_500)
        for _ in 0..<2 {
            var span = buffer.mutableSpan
            var target = span.mutableRaw
            guard let length = initiator.nextTransmit(into: &target, now: .start) else { break }
            let forth = Array(copying: target.bytes.extracting(0..<length))
            packets.append(GenuinePacket(forth))
            _ = Self.deliver(forth, to: &gate, &serverSecrets, now: .start)
            guard let transmit = gate.nextTransmit(into: &target, now: .start) else { break }
            let back = Array(copying: target.bytes.extracting(0..<transmit.length))
            packets.append(GenuinePacket(back))
            _ = Self.deliver(back, to: &initiator, &clientSecrets, now: .start)
        }
        precondition(packets.count == (mode == .xx ? 3 : 2), "a handshake without faults finishes")
        return packets
    }
}
