import PlaitCore
import PlaitCrypto
import PlaitReport
import PlaitSimulator
import PlaitTransport

/// What a seat consists of and does.
///
/// A value, and not the seat's own fields: each field of an object that is looked at costs a check for overlapping
/// access, some forty a packet; this one costs a check a call.
struct SeatState: ~Copyable {
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

    mutating func receive(
        _ datagram: RawSpan,
        from remote: SocketAddress,
        to local: SocketAddress,
        ecn: ECN,
        now: Instant
    ) {
        if ends.isDue(now) { ends.sample(before: now, carrier) }
        carrier.endpoint.receive(datagram, from: remote, to: local, ecn: ecn, now: now)
        checkInvariants()
        _ = takeEvents(now)
    }

    @_lifetime(buffer: copy buffer)
    mutating func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        if ends.isDue(now) { ends.sample(before: now, carrier) }
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

    /// Mutating, because only then is all this looked at where it lies, and not copied.
    var deadline: Instant {
        mutating get { min(carrier.endpoint.deadline, client.deadline, server.deadline) }
    }

    mutating func deadlineReached(now: Instant) {
        if ends.isDue(now) { ends.sample(before: now, carrier) }
        carrier.endpoint.deadlineReached(now: now)
        checkInvariants()
        _ = takeEvents(now)
        work(now)
        checkInvariants()
    }

    private mutating func checkInvariants() {
        if configuration.checksInvariants { carrier.endpoint.checkInvariants() }
    }

    /// Connections are gone with the memory they were in; the host keeps its identity, and begins what is not begun.
    mutating func restarted(now: Instant) {
        if ends.isDue(now) { ends.sample(before: now, carrier) }
        for number in ends.open {
            ends.closed(number, .restarted, carrier, now: now)
            tellClosed(number, now)
        }
        lives += 1
        carrier.replace(configuration.endpoint(life: lives, now: now))
        work(now)
    }

    /// Looks at what is still open. The run is over, at `end` in virtual time.
    mutating func finish(at end: Instant) { ends.finish(at: end, carrier) }

    // MARK: Applications

    private mutating func work(_ now: Instant) {
        carrier.now = now
        if client.deadline <= now {
            let known = carrier.handles.count
            client.advance(&carrier, now: now)
            noteConnections(from: known, now)
        }
        if server.deadline <= now { server.advance(&carrier, now: now) }
    }

    /// Connections that the client has begun since there were `known`.
    private mutating func noteConnections(from known: Int, _ now: Instant) {
        for number in known..<max(known, carrier.handles.count) {
            guard let planned = client.planned(number) else { continue }
            ends.began(number, planned: planned, isClient: true, now: now)
        }
    }

    /// Answers whether there were any.
    private mutating func takeEvents(_ now: Instant) -> Bool {
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
                    openPaths(planned, number)
                    client.established(planned, &carrier, now: now)
                } else {
                    server.established(number)
                }
            case .stream(let event): take(event, number, now)
            case .datagramReceived: takeMessages(number, now)
            case .keysUpdated(let generation): ends.keysUpdated(number, generation, now: now)
            case .path(let event): ends.changed(number, event, carrier, now: now)
            case .closed(let reason):
                ends.closed(number, reason, carrier, now: now)
                tellClosed(number, now)
            }
            // A closed connection may have been begun anew.
            noteConnections(from: isNew ? known + 1 : known, now)
        }
        return hadAny
    }

    /// The further paths of the plan, as soon as there are keys to validate them with.
    private mutating func openPaths(_ planned: Int, _ number: Int) {
        do throws(PathError) {
            try carrier.openPaths(planned: planned, on: number)
        } catch {
            ledger.fail("a path of connection \(planned) could not be opened: \(error)")
        }
    }

    private mutating func tellClosed(_ number: Int, _ now: Instant) {
        carrier.now = now
        guard ends.isClient(number) else { return server.closed(number) }
        if let planned = client.planned(number) { client.closed(planned, &carrier, now: now) }
    }

    private mutating func take(_ event: StreamEvent, _ number: Int, _ now: Instant) {
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

    private mutating func takeMessages(_ number: Int, _ now: Instant) {
        // Taken out and put back: a span of it must not be a span of all this.
        var message: [UInt8] = []
        swap(&message, &self.message)
        defer { swap(&message, &self.message) }
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
