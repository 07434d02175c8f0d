import PlaitCore
import PlaitReport
import PlaitTransport

/// What the reports need to know of one host's ends of connections, in the order of the carrier's numbers.
struct ConnectionEnds {
    let ledger: WorkLedger
    let host: Int
    let times: HostTimes
    let interval: Interval
    var ends: [End?] = []
    /// Numbers of those that have samples to come.
    var active: [Int] = []
    /// The next instant at which the progress of paths is read, and the same on the host's clock; `.never` while no
    /// connection has several.
    var step = Instant.never
    var stepReading = Instant.never
    /// The next border of a sampling interval, in virtual time and on the host's clock.
    var border: Instant
    var borderReading: Instant
    var last = Instant.start

    struct End {
        /// In the ledger.
        let place: Int
        let isClient: Bool
        var planned: Int?
        var isEstablished = false
        var isClosed = false
        /// Told once it is known which connection this is.
        var handshake: (time: Instant, length: Interval)?
        var statistics = ConnectionStatistics()
        /// All there ever were, in the order of opening, as they were when last seen.
        var paths: [PathCourse] = []
    }

    /// What was seen of a path.
    struct PathCourse {
        var now: PathStatistics
        /// At the last border.
        var sampled = PathStatistics()
        var validated = Instant.never
        var failures: [Instant] = []
        var progress = PathProgress()
        /// Nothing more will be heard of it.
        var isOver = false
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

    mutating func tellHandshake(_ number: Int) {
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
        look(at: number, carrier)
        ends[number]?.isClosed = true
        let time = ledger.virtual(now, at: host)
        noteProgress(of: number, at: time)
        ledger.change(end: end.place) { record in
            record.closed = time
            record.reason = reason.description
            record.isLost = !reason.isWill
        }
        tellHandshake(number)
        add(reason.isWill ? "closed" : "connection-lost", number, reason.description, at: time)
        settle(number)
    }

    /// Something befell one of a connection's paths.
    mutating func changed(_ number: Int, _ event: PathEvent, _ carrier: borrowing SeatCarrier, now: Instant) {
        guard ends[number] != nil else { return }
        look(at: number, carrier)
        let time = ledger.virtual(now, at: host)
        let path = ends[number]?.paths.firstIndex { $0.now.path == event.path.value }
        switch event.what {
        case .validated:
            if let path { ends[number]?.paths[path].validated = time }
        case .failed:
            if let path { ends[number]?.paths[path].failures.append(time) }
            if let place = ends[number]?.place {
                ledger.pathFailed(of: ledger.report.connections[place].connection, at: time)
            }
        case .opened, .suspected, .recovered, .returned, .statusChanged, .rebound, .packetSizeChanged, .abandoned:
            break
        }
        add("path-" + event.what.word, number, "\(event.path.value)\(event.what.detail)", unit: "path", at: time)
        if stepReading.isNever, (ends[number]?.paths.count ?? 0) > 1 { beginSteps(at: time) }
    }

    private func add(_ what: String, _ number: Int, _ value: String, unit: String = "", at time: Instant) {
        guard let end = ends[number] else { return }
        let connection = ledger.report.connections[end.place].connection
        ledger.add(WorkEvent(time: time, what: what, connection: connection, host: host, value: value, unit: unit))
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
