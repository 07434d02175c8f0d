import PlaitCore

extension LawLedger {
    /// Judges what should have happened by `end` and did not, and the balance of everything.
    mutating func finish(at end: Instant) {
        if end.nanoseconds > now {
            judgeEmptied()
        }
        var places: [Place] = (0..<directions.count).map { _ in Place() }
        var atHosts = LawTally()
        for index in 0..<directions.count { directions[index].settlePending(&findings) }
        for slot in 0..<packets.capacity where packets.isLive(slot) {
            let record = packets[slot]
            switch record.stage {
            case .atHost:
                atHosts.count(record.length)
                judgeResident(record, end)
            case .queued: places[Int(record.place)].queued.count(record.length)
            case .inService: places[Int(record.place)].inService.count(record.length)
            case .onWire:
                places[Int(record.place)].onWire.count(record.length)
                places[Int(record.place)].records.append(record)
            }
        }
        var inside = atHosts
        for index in 0..<directions.count {
            judgeIdleness(index, end)
            judgeOverdue(index, &places[index].records, end)
            judgeBalance(index, places[index], end)
            inside = inside + places[index].queued + places[index].inService + places[index].onWire
        }
        judgeWholeBalance(inside, end)
    }

    /// Compares what each direction counted by itself with what the trace says.
    mutating func compare(_ counters: [LawCounters], at end: Instant) {
        guard counters.count == directions.count else {
            findings.report(
                .counters,
                TraceEvent(time: end, kind: .changed, place: -1),
                found: Int64(counters.count),
                allowed: Int64(directions.count),
                "counters of \(counters.count) directions, there are \(directions.count)"
            )
            return
        }
        for index in 0..<directions.count {
            directions[index].settlePending(&findings)
            let service = directions[index].service
            let inService = service.isIdle ? LawTally() : LawTally(packets: 1, bytes: UInt64(service.length))
            let expected = directions[index].counters(inService: inService)
            guard expected != counters[index] else { continue }
            findings.report(
                .counters,
                TraceEvent(time: end, kind: .changed, place: Int32(index)),
                "the link says \(counters[index].summary), the trace says \(expected.summary)"
            )
        }
    }

    /// What the packets themselves say is on one direction.
    private struct Place {
        var queued = LawTally()
        var inService = LawTally()
        var onWire = LawTally()
        var records: [PacketTrail] = []
    }

    private func endEvent(_ end: Instant, _ kind: TraceEvent.Kind, _ place: Int32, packet: UInt64 = 0) -> TraceEvent {
        TraceEvent(time: end, kind: kind, place: place, packet: packet)
    }

    private mutating func judgeResident(_ record: PacketTrail, _ end: Instant) {
        let host = hosts[Int(record.place)]
        guard record.since < end.nanoseconds, host.condition == .running, host.changedAt < record.since else { return }
        findings.report(
            .prompt,
            endEvent(end, .sent, record.place, packet: record.serial),
            found: end.nanoseconds - record.since,
            "is still at a running host"
        )
    }

    private mutating func judgeIdleness(_ index: Int, _ end: Instant) {
        guard directions[index].isAble else { return }
        directions[index].settleService(end.nanoseconds)
        let service = directions[index].service
        let event = endEvent(end, .started, Int32(index), packet: service.serial)
        if !service.isIdle {
            if service.latest < -service.tolerance {
                findings.report(.workConservation, event, "has still not departed")
            }
        } else if let first = directions[index].waiting.first {
            let slot = packets.find(first.serial)
            let since = slot >= 0 ? packets[slot].since : 0
            guard max(since, service.freeAt, directions[index].enabledAt) < end.nanoseconds else { return }
            findings.report(.workConservation, event, "packet \(first.serial) waits at an idle direction")
        }
    }

    /// In order of departure: what FIFO holds back may be as late as the latest before it.
    private mutating func judgeOverdue(_ index: Int, _ records: inout [PacketTrail], _ end: Instant) {
        guard directions[index].condition == .up, !directions[index].isClogged else { return }
        guard directions[index].releasedAt < end.nanoseconds else { return }
        records.sort { Int32(bitPattern: $0.wireOrder &- $1.wireOrder) < 0 }
        var latest = Int64.min
        for record in records {
            latest = max(latest, record.notAfter)
            guard latest < end.nanoseconds else { return }
            findings.report(
                .tooLate,
                endEvent(end, .arrived, Int32(index), packet: record.serial),
                found: end.nanoseconds,
                allowed: latest,
                "should have arrived by \(Instant(nanoseconds: latest))"
            )
        }
    }

    private mutating func judgeBalance(_ index: Int, _ place: Place, _ end: Instant) {
        let came = directions[index].offered + directions[index].copied
        var went = directions[index].arrived + place.queued + place.inService + place.onWire
        for reason in 0..<directions[index].dropped.count { went = went + directions[index].dropped[reason] }
        went.bytes &+= directions[index].truncatedBytes
        guard came != went else { return }
        findings.report(
            .conservation,
            endEvent(end, .arrived, Int32(index)),
            found: Int64(clamping: went.packets),
            allowed: Int64(clamping: came.packets),
            "\(came.packets) packets (\(came.bytes) bytes) came in, \(went.packets) (\(went.bytes)) are accounted for"
        )
    }

    private mutating func judgeWholeBalance(_ inside: LawTally, _ end: Instant) {
        var went = ended + inside
        went.bytes &+= truncatedBytes
        guard created != went else { return }
        findings.report(
            .conservation,
            endEvent(end, .sent, -1),
            found: Int64(clamping: went.packets),
            allowed: Int64(clamping: created.packets),
            "\(created.packets) packets (\(created.bytes) B) were made, \(went.packets) (\(went.bytes)) accounted for"
        )
    }
}

extension LawCounters {
    /// All its numbers on one line, zeros left out.
    fileprivate var summary: String {
        var parts: [(String, LawTally)] = [("offered", offered), ("copied", copied), ("arrived", arrived)]
        for reason in TraceEvent.DropReason.allCases { parts.append(("\(reason)", self[reason])) }
        parts += [("queued", queued), ("on the wire", onWire)]
        parts.append(("truncated", LawTally(bytes: truncatedBytes)))
        return parts.filter { $0.1 != LawTally() }.map { "\($0.0) \($0.1.packets) (\($0.1.bytes) B)" }
            .joined(separator: ", ")
    }
}
