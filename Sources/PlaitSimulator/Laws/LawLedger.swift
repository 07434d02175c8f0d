import PlaitCore

/// All that the law checker knows. One call per event, no allocation once its tables have grown.
struct LawLedger: ~Copyable {
    var hosts: Block<HostLedger>
    var directions: Block<DirectionLedger>
    var packets = PacketTable()
    var findings: LawFindings
    /// Empty also when nobody said which there are; then only `partitionsInForce` is known.
    let partitions: [PartitionFacts]
    var partitionsInForce: UInt64 = 0

    private(set) var now: Int64 = .min
    private(set) var nextSerial: UInt64 = 0
    /// Directions and hosts that must be empty once this instant is over. Rarely more than a few.
    var dueDirections: [Int] = []
    var dueHosts: [Int] = []

    // The whole network, for conservation.
    var created = LawTally()
    var ended = LawTally()
    var truncatedBytes: UInt64 = 0

    init(hosts: [HostFacts], directions: [LinkFacts], partitions: [PartitionFacts], limit: Int) {
        self.hosts = Block(count: hosts.count) { HostLedger(isRouter: hosts[$0].isRouter) }
        self.directions = Block(count: directions.count) { DirectionLedger(directions[$0], index: $0) }
        self.partitions = partitions
        findings = LawFindings(limit: limit, hostNames: hosts.map(\.name), directionNames: directions.map(\.name))
    }

    mutating func apply(_ event: TraceEvent) {
        findings.eventNumber &+= 1
        if event.time.nanoseconds != now { moveTime(event) }
        switch event.kind {
        case .sent: send(event)
        case .offered: offer(event)
        case .marked, .started, .departed, .arrived, .corrupted: passStation(event)
        case .copied: copy(event)
        case .delivered: deliver(event)
        case .dropped: drop(event)
        case .changed: change(event)
        }
    }

    private mutating func moveTime(_ event: TraceEvent) {
        if event.time.nanoseconds < now {
            findings.report(
                .clock,
                event,
                found: event.time.nanoseconds,
                allowed: now,
                "happened \(now - event.time.nanoseconds) ns before what was seen already"
            )
            return
        }
        if !dueDirections.isEmpty || !dueHosts.isEmpty { judgeEmptied() }
        now = event.time.nanoseconds
    }

    // MARK: Identity

    /// Where a packet's record is, or -1 after a report that it has none.
    @inline(__always)
    func find(_ event: TraceEvent) -> Int { packets.find(event.packet) }

    /// A packet without a record has something happen to it.
    mutating func reportMissing(_ event: TraceEvent, serial: UInt64) {
        if serial < nextSerial {
            findings.report(.finality, event, "\(event.kind) happened to packet \(serial) after its end")
        } else {
            findings.report(.existence, event, "\(event.kind) happened to packet \(serial), which was never sent")
        }
    }

    /// Whether a new packet may have this serial and take a record.
    mutating func isBorn(_ event: TraceEvent) -> Bool {
        if event.packet != nextSerial {
            findings.report(
                .birth,
                event,
                found: Int64(truncatingIfNeeded: event.packet),
                allowed: Int64(truncatingIfNeeded: nextSerial),
                "born with serial \(event.packet), \(nextSerial) was next"
            )
            guard event.packet > nextSerial, event.packet != .max else { return false }
        }
        nextSerial = event.packet &+ 1
        return true
    }

    /// Length and ECN bits must be what they were.
    @inline(__always)
    mutating func judgeHeader(_ slot: Int, _ event: TraceEvent) {
        if packets[slot].length != event.length || packets[slot].ecn != event.ecn { reportHeader(slot, event) }
    }

    @inline(never)
    private mutating func reportHeader(_ slot: Int, _ event: TraceEvent) {
        let (length, ecn) = (packets[slot].length, packets[slot].ecn)
        if length != event.length {
            findings.report(
                .length,
                event,
                found: Int64(event.length),
                allowed: Int64(length),
                "has \(event.length) bytes, it had \(length)"
            )
        }
        if ecn != event.ecn {
            findings.report(.ecn, event, "has ECN bits \(event.ecn), it had \(ecn)")
        }
    }

    // MARK: Stations of a direction

    /// The direction an event names, or -1 after a report.
    mutating func direction(of event: TraceEvent) -> Int {
        let index = Int(event.place)
        if index >= 0, index < directions.count { return index }
        findings.report(.place, event, "direction \(index) does not exist")
        return -1
    }

    private mutating func passStation(_ event: TraceEvent) {
        let slot = find(event)
        guard slot >= 0 else { return reportMissing(event, serial: event.packet) }
        let index = direction(of: event)
        guard index >= 0 else { return }
        guard packets[slot].stage != .atHost else {
            findings.report(.order, event, "\(event.kind) while the packet was at a host")
            return
        }
        guard packets[slot].place == event.place else {
            findings.report(.place, event, "\(event.kind) here, but it is on direction \(packets[slot].place)")
            return
        }
        switch event.kind {
        case .started:
            judgeHeader(slot, event)
            directions[index].start(&packets[slot], event, &findings)
        case .departed:
            judgeHeader(slot, event)
            directions[index].depart(&packets[slot], event, &findings)
        case .arrived:
            judgeHeader(slot, event)
            directions[index].arrive(&packets[slot], event, &findings)
            if packets[slot].stage == .atHost { hosts[Int(packets[slot].place)].inside &+= 1 }
        case .marked:
            directions[index].mark(&packets[slot], event, &findings)
        case .corrupted:
            let before = packets[slot].length
            directions[index].corrupt(&packets[slot], event, &findings)
            truncatedBytes &+= UInt64(before - packets[slot].length)
        case .sent, .offered, .dropped, .copied, .delivered, .changed:
            preconditionFailure("not a station of a direction")
        }
    }

    private mutating func copy(_ event: TraceEvent) {
        let slot = packets.find(event.detail)
        guard slot >= 0 else { return reportMissing(event, serial: event.detail) }
        let index = direction(of: event)
        guard index >= 0 else { return }
        if packets[slot].ecn != event.ecn {
            findings.report(.ecn, event, "copied with ECN bits \(event.ecn), its origin has \(packets[slot].ecn)")
        }
        guard isBorn(event), let copy = directions[index].copy(of: packets[slot], event, &findings) else { return }
        packets.insert(copy)
        created.count(event.length)
    }
}
