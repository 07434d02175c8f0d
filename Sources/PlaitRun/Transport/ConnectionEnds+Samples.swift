import PlaitCore
import PlaitReport
import PlaitTransport

// What is read of connections while they live: rows of tables at the borders of sampling intervals, and the progress of
// paths in finer steps.
extension ConnectionEnds {
    /// Whether a border has passed at `now`.
    func isDue(_ now: Instant) -> Bool { now > min(borderReading, stepReading) }

    /// Writes the rows of all borders that have passed at `now`: what happens at a border belongs to the interval
    /// before.
    mutating func sample(before now: Instant, _ carrier: borrowing SeatCarrier) {
        if now > stepReading { noteProgress(before: now, carrier) }
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
            look(at: number, carrier)
            noteProgress(of: number, at: end)
            tellHandshake(number)
            settle(number)
        }
        for number in ends.indices { addRecords(of: number) }
    }

    /// Takes in what an open connection says of itself.
    mutating func look(at number: Int, _ carrier: borrowing SeatCarrier) {
        guard var end = ends[number], !end.isClosed, let statistics = carrier.statistics(of: number) else { return }
        end.statistics = statistics
        for path in statistics.paths {
            if let known = end.paths.firstIndex(where: { $0.now.path == path.path }) {
                end.paths[known].now = path
            } else {
                end.paths.append(PathCourse(now: path))
            }
        }
        for index in end.paths.indices {
            let id = end.paths[index].now.path
            end.paths[index].isOver = !statistics.paths.contains { $0.path == id }
        }
        ends[number] = end
    }

    /// Writes the sums of a connection so far into its record.
    func settle(_ number: Int) {
        guard let end = ends[number] else { return }
        let paths = end.paths.map(\.now)
        ledger.change(end: end.place) { record in
            record.sent = Traffic(packets: paths.sum(\.packetsSent), bytes: paths.sum(\.bytesSent))
            record.received = Traffic(packets: paths.sum(\.packetsReceived), bytes: paths.sum(\.bytesReceived))
            record.lostPackets = paths.sum(\.packetsLost)
            record.spuriousPackets = paths.sum(\.packetsSpurious)
            record.probeTimeouts = paths.sum(\.probeTimeouts)
            record.retransmittedBytes = end.statistics.streams.bytesSentAgain
        }
    }

    // MARK: Rows

    private mutating func sample(at time: Instant, _ carrier: borrowing SeatCarrier) {
        var remaining: [Int] = []
        for number in active {
            guard let end = ends[number] else { continue }
            if !end.isClosed {
                look(at: number, carrier)
                remaining.append(number)
            }
            addRows(of: number, at: time)
        }
        active = remaining
    }

    private mutating func addRows(of number: Int, at time: Instant) {
        guard var end = ends[number] else { return }
        for index in end.paths.indices {
            let path = end.paths[index]
            // One row more after its end, with what happened until then.
            guard !path.isOver || path.now != path.sampled else { continue }
            add(path.now, since: path.sampled, end, at: time)
            end.paths[index].sampled = path.now
        }
        ends[number] = end
    }

    /// The link by which a path leaves the client. Clients open paths in the order of the plan, and only they do.
    private func link(of path: UInt32, _ connection: Int) -> Int {
        let paths = ledger.plan.connections[connection].paths
        return Int((paths.element(at: Int(path)) ?? paths[0]).link.index)
    }

    private func add(_ path: PathStatistics, since before: PathStatistics, _ end: End, at time: Instant) {
        let connection = ledger.report.connections[end.place].connection
        var sample = PathSample(
            time: time,
            length: time - last,
            connection: connection,
            host: host,
            path: path.path,
            link: link(of: path.path, connection)
        )
        sample.state = path.state.word
        sample.isBackup = path.isBackup
        sample.window = UInt64(path.congestionWindow)
        sample.slowStartThreshold = path.slowStartThreshold.map { UInt64($0) }
        sample.inFlight = UInt64(path.bytesInFlight)
        sample.packetSize = UInt64(path.packetSize)
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
        sample.firstBytes = path.firstBytes - before.firstBytes
        sample.repeatedBytes = path.repeatedBytes - before.repeatedBytes
        sample.lostPackets = path.packetsLost - before.packetsLost
        sample.spuriousPackets = path.packetsSpurious - before.packetsSpurious
        sample.probeTimeouts = path.probeTimeouts - before.probeTimeouts
        ledger.add(sample)
    }

    // MARK: Progress of paths

    /// From the first connection with several paths on.
    mutating func beginSteps(at time: Instant) { setStep(notBefore: time) }

    private mutating func setStep(notBefore time: Instant) {
        let length = PathProgress.step.nanoseconds
        step = .start + Interval(nanoseconds: (time.nanoseconds + length - 1) / length * length)
        stepReading = times.reading(at: step)
    }

    /// Between two calls nothing changes, so of all steps that have passed only the first says something new.
    private mutating func noteProgress(before now: Instant, _ carrier: borrowing SeatCarrier) {
        for number in active where !(ends[number]?.isClosed ?? true) {
            look(at: number, carrier)
            noteProgress(of: number, at: step)
        }
        setStep(notBefore: max(times.virtual(at: now), step + PathProgress.step))
    }

    mutating func noteProgress(of number: Int, at time: Instant) {
        guard var end = ends[number] else { return }
        for index in end.paths.indices {
            let path = end.paths[index].now
            end.paths[index].progress.note(
                PathProgress.Counts(first: path.firstBytes, received: path.bytesReceived),
                at: time
            )
        }
        ends[number] = end
    }

    private func addRecords(of number: Int) {
        guard let end = ends[number], end.isEstablished else { return }
        let connection = ledger.report.connections[end.place].connection
        for path in end.paths {
            var record = PathRecord(
                connection: connection,
                host: host,
                isClient: end.isClient,
                path: path.now.path,
                link: link(of: path.now.path, connection)
            )
            record.validated =
                path.now.path == 0 ? ledger.report.connections[end.place].established : path.validated
            record.failures = path.failures
            record.sent = Traffic(packets: path.now.packetsSent, bytes: path.now.bytesSent)
            record.received = Traffic(packets: path.now.packetsReceived, bytes: path.now.bytesReceived)
            record.firstBytes = path.now.firstBytes
            record.repeatedBytes = path.now.repeatedBytes
            record.progress = path.progress
            ledger.add(record)
        }
    }
}

extension [PathStatistics] {
    fileprivate func sum(_ count: (PathStatistics) -> UInt64) -> UInt64 { reduce(0) { $0 + count($1) } }
}

extension PathState {
    /// As tables have it.
    var word: String {
        switch self {
        case .validating: "validating"
        case .active: "active"
        case .suspected: "suspected"
        case .failed: "failed"
        case .abandoned: "abandoned"
        }
    }
}

extension PathEvent.What {
    /// As `events.csv` has it, behind `path-`.
    var word: String {
        switch self {
        case .opened: "opened"
        case .validated: "validated"
        case .suspected: "suspected"
        case .recovered: "recovered"
        case .failed: "failed"
        case .returned: "returned"
        case .statusChanged: "status"
        case .rebound: "rebound"
        case .packetSizeChanged: "packet-size"
        case .abandoned: "abandoned"
        }
    }

    /// What is to be said beside the path's number.
    var detail: String {
        switch self {
        case .statusChanged(let isBackup): isBackup ? " backup" : " available"
        case .packetSizeChanged(let bytes): " \(bytes) B"
        case .abandoned(let code): " code \(code)"
        case .opened, .validated, .suspected, .recovered, .failed, .returned, .rebound: ""
        }
    }
}
