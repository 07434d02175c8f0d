import PlaitCore
import PlaitCrypto
import PlaitSimulator
import PlaitTransport

/// A transport endpoint on a simulated host without any application: whoever leads the world makes its calls.
final class CallSeat: Endpoint {
    var endpoint: TransportEndpoint

    init(_ configuration: EndpointConfiguration, name: String, seed: UInt64, observer: any ConnectionObserver) {
        var identity = SecretStream(simulationSeed: seed, name: "calls/\(name)/identity")
        endpoint = TransportEndpoint(
            configuration,
            identity: KeyPair(from: &identity, storage: .heap),
            secrets: SecretStream(simulationSeed: seed, name: "calls/\(name)"),
            random: RandomStream(seed: seed, name: "calls/\(name)"),
            observer: observer
        )
    }

    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {
        endpoint.receive(datagram, from: remote, to: local, ecn: ecn, now: now)
    }

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        guard let datagram = endpoint.nextTransmit(into: &buffer, now: now) else { return nil }
        return Transmit(length: datagram.length, local: datagram.local, remote: datagram.remote, ecn: datagram.ecn)
    }

    var deadline: Instant { endpoint.deadline }

    func deadlineReached(now: Instant) { endpoint.deadlineReached(now: now) }

    /// No rule restarts a host.
    func restarted(now: Instant) {}
}
