package import PlaitCore
import PlaitCrypto
import PlaitReport
package import PlaitSimulator
import PlaitTransport

/// A host's place in the simulation: the transport endpoint on it, and the applications of the workload.
///
/// The simulator drives it like any endpoint. It hands datagrams down and events up, wakes the applications when they
/// are due, and looks at every connection at the borders of sampling intervals, without an event of its own: between
/// two calls nothing changes, so rows for borders that have passed are written before the next call is handed on.
package final class TransportSeat: Endpoint {
    private var state: SeatState

    init(_ configuration: SeatConfiguration, ledger: WorkLedger, host: HostID) {
        state = SeatState(configuration, ledger: ledger, host: host)
    }

    package func receive(
        _ datagram: RawSpan,
        from remote: SocketAddress,
        to local: SocketAddress,
        ecn: ECN,
        now: Instant
    ) {
        state.receive(datagram, from: remote, to: local, ecn: ecn, now: now)
    }

    package func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        state.nextTransmit(into: &buffer, now: now)
    }

    package var deadline: Instant { state.deadline }

    package func deadlineReached(now: Instant) { state.deadlineReached(now: now) }

    package func restarted(now: Instant) { state.restarted(now: now) }

    func finish(at end: Instant) { state.finish(at: end) }
}

/// What a seat is made with.
struct SeatConfiguration {
    let setup: TransportSetup
    let seed: UInt64
    let hostName: String
    let times: HostTimes
    /// Of the run, in virtual time.
    let end: Instant
    let interval: Interval
    /// By host: the keys that clients know.
    let keys: [PublicKey?]
    let observer: (any ConnectionObserver)?
    /// Whether the endpoint's invariants are looked at after each of its calls.
    let checksInvariants: Bool

    var mode: HandshakeMode { setup.mode }
    var closesWhenDone: Bool { setup.closesWhenDone }

    /// The same identity in each life, other secrets.
    func endpoint(life: Int, now: Instant) -> TransportEndpoint {
        let name = "host/\(hostName)/transport" + (life == 0 ? "" : "/\(life)")
        return TransportEndpoint(
            setup.endpoint,
            identity: Self.identity(of: hostName, seed: seed),
            secrets: SecretStream(simulationSeed: seed, name: name),
            random: RandomStream(seed: seed, name: name),
            observer: observer,
            now: now
        )
    }

    static func identity(of host: String, seed: UInt64) -> KeyPair {
        var stream = SecretStream(simulationSeed: seed, name: "host/\(host)/identity")
        return KeyPair(from: &stream, storage: .heap)
    }
}
