import PlaitCore
import PlaitReport
import PlaitTransport

/// What the reports need to know of one host's ends of connections, in the order of the carrier's numbers.
struct ConnectionEnds {
    private let ledger: WorkLedger
    private let host: Int
    private let times: HostTimes
    private let interval: Interval
    private var ends: [End?] = []
    /// Numbers of those that have samples to come.
    private var active: [Int] = []
    /// The next border of a sampling interval, in virtual time and on the host's clock.
    private var border: Instant
    private var borderReading: Instant
    private var last = Instant.start

    private struct End {
        /// In the ledger.
        let place: Int
        let isClient: Bool
        var planned: Int?
        var isEstablished = false
        var isClosed = false
        /// Told once it is known which connection this is.
        var handshake: (time: Instant, length: Interval)?
        var statistics = ConnectionStatistics()
        /// At the last border.
        var sampled = PathStatistics()
    }

    init(_ ledger: WorkLedger, host: Int, times: HostTimes, interval: Interval) {
        self.ledger = ledger
        self.host = host
        self.times = times
        self.interval = interval
        border = .start + interval
        borderReading = times.reading(at: border)
    }

    func isClient(_ number: Int) -> Bool { ends.element(at: number).flatMap(\.self)?.isClient ?? false }

    /// The planned connection of a client's end.
    func planned(_ number: Int) -> Int? {
        guard let end = ends.element(at: number).flatMap(\.self), end.isClient else { return nil }
        return end.planned
    }

    /// Numbers of those that are not closed.
    var open: [Int] { ends.indices.filter { ends[$0].map { !$0.isClosed } ?? false } }

    // MARK: Life

    mutating func began(_ number: Int, planned: Int?, isClient: Bool, now: Instant) {
        while ends.count <= number { ends.append(nil) }
        // Until its first stream says more, a server takes an end for the first that it could be.
        let guess = planned ?? ledger.plan.connections.firstIndex { Int($0.server.index) == host } ?? 0
        let place = ledger.began(connection: guess, host: host, isClient: isClient, now: now)
        ends[number] = End(place: place, isClient: isClient, planned: planned)
    }

    mutating func established(_ number: Int, _ made: EstablishedConnection, now: Instant) {
        guard var end = ends[number] else { return }
        end.isEstablished = true
        let time = ledger.virtual(now, at: host)
        end.handshake = (time, made.handshakeTime)
        ledger.change(end: end.place) { record in
            record.established = time
            if !end.isClient { record.began = ledger.virtual(now - made.handshakeTime, at: host) }
        }
        active.append(number)
        ends[number] = end
        if end.planned != nil { tellHandshake(number) }
    }

    /// A stream's header says which of the planned connections a server's end is.
    mutating func identified(_ number: Int, as planned: Int) {
        guard let end = ends[number], end.planned == nil else { return }
        ends[number]?.planned = planned
        ledger.change(end: end.place) { $0.connection = planned }
        tellHandshake(number)
    }

    private mutating func tellHandshake(_ number: Int) {
        guard let end = ends[number], let (time, length) = end.handshake else { return }
        ends[number]?.handshake = nil
        add("established", number, String(length.nanoseconds), unit: "ns", at: time)
    }

    mutating func keysUpdated(_ number: Int, _ generation: UInt64, now: Instant) {
        guard let end = ends[number] else { return }
        ledger.change(end: end.place) { $0.keyUpdates = generation }
        add("key-update", number, String(generation), at: ledger.virtual(now, at: host))
    }

    mutating func closed(_ number: Int, _ reason: CloseReason, _ carrier: borrowing SeatCarrier, now: Instant) {
        guard let end = ends[number], !end.isClosed else { return }
        if let statistics = carrier.statistics(of: number) { ends[number]?.statistics = statistics }
        ends[number]?.isClosed = true
        let time = ledger.virtual(now, at: host)
        ledger.change(end: end.place) { record in
            record.closed = time
            record.reason = reason.description
            record.isLost = !reason.isWill
        }
        tellHandshake(number)
        add(reason.isWill ? "closed" : "connection-lost", number, reason.description, at: time)
        settle(number)
    }

    private func add(_ what: String, _ number: Int, _ value: String, unit: String = "", at time: Instant) {
        guard let end = ends[number] else { return }
        let connection = ledger.report.connections[end.place].connection
        ledger.add(WorkEvent(time: time, what: what, connection: connection, host: host, value: value, unit: unit))
    }

    /// Writes the sums of a connection so far into its record.
    private func settle(_ number: Int) {
        guard let end = ends[number] else { return }
        let (path, streams) = (end.statistics.path, end.statistics.streams)
        ledger.change(end: end.place) { record in
            record.sent = Traffic(packets: path.packetsSent, bytes: path.bytesSent)
            record.received = Traffic(packets: path.packetsReceived, bytes: path.bytesReceived)
            record.lostPackets = path.packetsLost
            record.spuriousPackets = path.packetsSpurious
            record.probeTimeouts = path.probeTimeouts
            record.retransmittedBytes = streams.bytesSentAgain
        }
    }

    // MARK: Samples

    /// Whether a border has passed at `now`.
    func isDue(_ now: Instant) -> Bool { now > borderReading }

    /// Writes the rows of all borders that have passed at `now`: what happens at a border belongs to the interval
    /// before.
    mutating func sample(before now: Instant, _ carrier: borrowing SeatCarrier) {
        guard now > borderReading else { return }
        while now > borderReading {
            sample(at: border, carrier)
            last = border
            border = border + interval
            borderReading = times.reading(at: border)
        }
    }

    mutating func finish(at end: Instant, _ carrier: borrowing SeatCarrier) {
        sample(before: times.reading(at: end), carrier)
        sample(at: end, carrier)
        for number in open {
            if let statistics = carrier.statistics(of: number) { ends[number]?.statistics = statistics }
            tellHandshake(number)
            settle(number)
        }
    }

    private mutating func sample(at time: Instant, _ carrier: borrowing SeatCarrier) {
        var remaining: [Int] = []
        for number in active {
            guard var end = ends[number] else { continue }
            if !end.isClosed {
                if let statistics = carrier.statistics(of: number) { end.statistics = statistics }
                remaining.append(number)
            }
            add(end.statistics.path, since: end.sampled, end, at: time)
            end.sampled = end.statistics.path
            ends[number] = end
        }
        active = remaining
    }

    private func add(_ path: PathStatistics, since before: PathStatistics, _ end: End, at time: Instant) {
        let connection = ledger.report.connections[end.place].connection
        var sample = PathSample(
            time: time,
            length: time - last,
            connection: connection,
            host: host,
            path: path.path
        )
        sample.window = UInt64(path.congestionWindow)
        sample.slowStartThreshold = path.slowStartThreshold.map { UInt64($0) }
        sample.inFlight = UInt64(path.bytesInFlight)
        if path.hasRoundTrip {
            sample.roundTrip = PathSample.RoundTrip(
                latest: path.latestRoundTrip,
                smoothed: path.smoothedRoundTrip,
                variation: path.roundTripVariation,
                least: path.leastRoundTrip
            )
        }
        sample.sent.packets = path.packetsSent - before.packetsSent
        sample.sent.bytes = path.bytesSent - before.bytesSent
        sample.received.packets = path.packetsReceived - before.packetsReceived
        sample.received.bytes = path.bytesReceived - before.bytesReceived
        sample.lostPackets = path.packetsLost - before.packetsLost
        sample.spuriousPackets = path.packetsSpurious - before.packetsSpurious
        sample.probeTimeouts = path.probeTimeouts - before.probeTimeouts
        ledger.add(sample)
    }
}

extension CloseReason {
    /// Whether an application wanted it.
    var isWill: Bool {
        switch self {
        case .local, .peer: true
        case .peerProtocol, .violation, .idle, .handshake, .restarted: false
        }
    }
}
