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
    private var carrier: SeatCarrier
    private var client: ClientWork
    private var server: ServerWork
    private var ends: ConnectionEnds
    private let ledger: WorkLedger
    private let host: HostID
    private let configuration: SeatConfiguration
    private var lives = 0
    private var message = [UInt8](repeating: 0, count: 65_536)

    init(_ configuration: SeatConfiguration, ledger: WorkLedger, host: HostID) {
        self.configuration = configuration
        self.ledger = ledger
        self.host = host
        carrier = SeatCarrier(
            configuration.endpoint(life: 0, now: .start),
            plan: ledger.plan,
            mode: configuration.mode,
            keys: configuration.keys
        )
        let end = configuration.times.reading(at: configuration.end)
        client = ClientWork(ledger, host: host, end: end, closesWhenDone: configuration.closesWhenDone)
        server = ServerWork(ledger, end: end)
        ends = ConnectionEnds(
            ledger,
            host: Int(host.index),
            times: configuration.times,
            interval: configuration.interval
        )
    }

    package func receive(
        _ datagram: RawSpan,
        from remote: SocketAddress,
        to local: SocketAddress,
        ecn: ECN,
        now: Instant
    ) {
        ends.sample(before: now, carrier)
        carrier.endpoint.receive(datagram, from: remote, to: local, ecn: ecn, now: now)
        checkInvariants()
        _ = takeEvents(now)
    }

    package func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        ends.sample(before: now, carrier)
        work(now)
        repeat {
            if let datagram = carrier.endpoint.nextTransmit(into: &buffer, now: now) {
                checkInvariants()
                return Transmit(
                    length: datagram.length,
                    local: datagram.local,
                    remote: datagram.remote,
                    ecn: datagram.ecn
                )
            }
            // What was sent may have made room, and what applications write into it may be sent.
        } while takeEvents(now)
        return nil
    }

    package var deadline: Instant { min(carrier.endpoint.deadline, client.deadline, server.deadline) }

    package func deadlineReached(now: Instant) {
        ends.sample(before: now, carrier)
        carrier.endpoint.deadlineReached(now: now)
        checkInvariants()
        _ = takeEvents(now)
        work(now)
        checkInvariants()
    }

    private func checkInvariants() {
        if configuration.checksInvariants { carrier.endpoint.checkInvariants() }
    }

    /// Connections are gone with the memory they were in; the host keeps its identity, and begins what is not begun.
    package func restarted(now: Instant) {
        ends.sample(before: now, carrier)
        for number in ends.open {
            ends.closed(number, .restarted, carrier, now: now)
            tellClosed(number, now)
        }
        lives += 1
        carrier.replace(configuration.endpoint(life: lives, now: now))
        work(now)
    }

    /// Looks at what is still open. The run is over, at `end` in virtual time.
    func finish(at end: Instant) { ends.finish(at: end, carrier) }

    // MARK: Applications

    private func work(_ now: Instant) {
        carrier.now = now
        if client.deadline <= now {
            let known = carrier.handles.count
            client.advance(&carrier, now: now)
            noteConnections(from: known, now)
        }
        if server.deadline <= now { server.advance(&carrier, now: now) }
    }

    /// Connections that the client has begun since there were `known`.
    private func noteConnections(from known: Int, _ now: Instant) {
        for number in known..<max(known, carrier.handles.count) {
            guard let planned = client.planned(number) else { continue }
            ends.began(number, planned: planned, isClient: true, now: now)
        }
    }

    /// Answers whether there were any.
    private func takeEvents(_ now: Instant) -> Bool {
        carrier.now = now
        var hadAny = false
        while let event = carrier.endpoint.nextEvent() {
            hadAny = true
            let known = carrier.handles.count
            let (number, isNew) = carrier.number(of: event.connection)
            if isNew { ends.began(number, planned: nil, isClient: false, now: now) }
            switch event.event {
            case .established(let made):
                ends.established(number, made, now: now)
                if let planned = ends.planned(number) {
                    client.established(planned, &carrier, now: now)
                } else {
                    server.established(number)
                }
            case .stream(let event): take(event, number, now)
            case .datagramReceived: takeMessages(number, now)
            case .keysUpdated(let generation): ends.keysUpdated(number, generation, now: now)
            case .closed(let reason):
                ends.closed(number, reason, carrier, now: now)
                tellClosed(number, now)
            }
            // A closed connection may have been begun anew.
            noteConnections(from: isNew ? known + 1 : known, now)
        }
        return hadAny
    }

    private func tellClosed(_ number: Int, _ now: Instant) {
        carrier.now = now
        guard ends.isClient(number) else { return server.closed(number) }
        if let planned = client.planned(number) { client.closed(planned, &carrier, now: now) }
    }

    private func take(_ event: StreamEvent, _ number: Int, _ now: Instant) {
        if ends.isClient(number) {
            guard let planned = client.planned(number) else { return }
            switch event {
            case .readable(let stream), .reset(let stream, _): client.readable(stream, on: planned, &carrier, now: now)
            case .writable(let stream): client.writable(stream, on: planned, &carrier)
            case .creditRaised: client.pursue(planned, &carrier, now: now)
            case .opened, .finished, .stopped: break
            }
        } else {
            switch event {
            case .opened(let stream), .readable(let stream), .reset(let stream, _):
                if let planned = server.readable(stream, on: number, &carrier, now: now) {
                    ends.identified(number, as: planned)
                }
            case .writable(let stream): server.writable(stream, on: number, &carrier)
            case .finished, .stopped, .creditRaised: break
            }
        }
    }

    private func takeMessages(_ number: Int, _ now: Instant) {
        while true {
            var length: Int?
            do {
                var span = message.mutableSpan
                var raw = span.mutableRaw
                length = carrier.receiveMessage(on: number, into: &raw)
            }
            guard let length else { return }
            ledger.received(message: message.span.raw.extracting(0..<length), at: Int(host.index), now: now)
        }
    }
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
