import PlaitCore
import PlaitCrypto
import PlaitSimulator
import PlaitTransport

/// One end in the simulator, with a clock of its own: it stands still until one of the end's timers is fired, and then
/// shows that timer's instant. So whoever drives decides alone in which order the two ends' times pass.
final class HandshakeEnd: Endpoint {
    var transport: TransportEndpoint
    /// What its clock shows.
    private(set) var clock = Instant.start
    /// What its application was told.
    private(set) var established: [(slot: Int, peer: PublicKey)] = []
    private(set) var failure: HandshakeFailure?
    /// Bytes that came in and went out in handshakes.
    private(set) var bytesIn = 0
    private(set) var bytesOut = 0

    init(_ configuration: EndpointConfiguration, seed: UInt64, name: String) {
        var identity = SecretStream(simulationSeed: seed, name: name + "/identity")
        transport = TransportEndpoint(
            configuration,
            identity: KeyPair(from: &identity, storage: .heap),
            secrets: SecretStream(simulationSeed: seed, name: name),
            random: RandomStream(seed: seed, name: name),
            storage: .heap
        )
    }

    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {
        bytesIn += datagram.byteCount
        transport.receive(datagram, from: remote, to: local, ecn: ecn, now: clock)
        takeEvents()
    }

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        guard let datagram = transport.nextTransmit(into: &buffer, now: clock) else { return nil }
        // Only what is sent before anybody proved anything is limited.
        if established.isEmpty { bytesOut += datagram.length }
        return Transmit(length: datagram.length, local: datagram.local, remote: datagram.remote, ecn: datagram.ecn)
    }

    /// To the simulator a timer that is armed is due: its own clock does not matter.
    var deadline: Instant { transport.deadline.isNever ? .never : .start }

    func deadlineReached(now: Instant) {
        clock = max(clock, transport.deadline)
        transport.deadlineReached(now: clock)
        takeEvents()
    }

    /// Wakes it at the time that its clock shows, when all that was due has been done.
    func wake() {
        transport.deadlineReached(now: clock)
        takeEvents()
    }

    func restarted(now: Instant) { preconditionFailure("nobody crashes in a handshake's model") }

    private func takeEvents() {
        while let event = transport.nextEvent() {
            switch event.event {
            case .established(let made): established.append((Int(event.connection.slot), made.peerKey))
            case .closed(.handshake(let failure)): self.failure = failure
            case .closed: break
            case .stream, .datagramReceived, .keysUpdated, .path: break
            }
        }
    }
}
