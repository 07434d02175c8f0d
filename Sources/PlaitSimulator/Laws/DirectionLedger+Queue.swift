import PlaitCore

extension DirectionLedger {
    /// The rounding of two divisions to whole nanoseconds: where serialisation ends, and the wait itself.
    private static var waitTolerance: Int64 { 2 }

    /// A packet came to the entrance. Whether it was accepted shows at the direction's next event.
    mutating func offer(_ record: inout PacketTrail, _ event: TraceEvent, _ findings: inout LawFindings) {
        settlePending(&findings)
        if event.detail != nextIndex {
            findings.report(
                .index,
                event,
                found: Int64(truncatingIfNeeded: event.detail),
                allowed: Int64(truncatingIfNeeded: nextIndex),
                "offered with index \(event.detail), \(nextIndex) was next"
            )
        }
        nextIndex = event.detail &+ 1
        offered.count(event.length)
        record.stage = .queued
        record.place = index
        record.since = event.time.nanoseconds
        pending = event.packet
        pendingSince = event.time.nanoseconds
        pendingLength = event.length
    }

    /// The packet offered last was not refused: judges that, and lets it wait.
    @inline(__always)
    mutating func settlePending(_ findings: inout LawFindings) {
        if pending != .max { accept(&findings) }
    }

    private mutating func accept(_ findings: inout LawFindings) {
        let length = Int64(pendingLength)
        if length + overhead > mtu {
            findings.report(
                .length,
                pendingEvent,
                found: length,
                allowed: mtu,
                "accepted \(length) bytes over an MTU of \(mtu)"
            )
        }
        if condition != .up {
            findings.report(.deadLink, pendingEvent, "accepted while the direction was down")
        }
        if case .unlimited = queue {
        } else if let (found, allowed) = excess(length, strictly: true) {
            findings.report(
                .queueBound,
                pendingEvent,
                found: found,
                allowed: allowed,
                "accepted although that makes the queue \(found) of at most \(allowed)"
            )
        }
        waiting.append(WaitingRing.Entry(serial: pending, length: pendingLength))
        pending = .max
    }

    /// What the queue would hold with one more packet and what it may, if that is more. The link is given the rounding
    /// of a wait: when it accepted, by asking strictly, and when it refused, by asking not strictly.
    ///
    /// A direction that can serialise and is idle takes its first packet at this instant, so that one does not wait.
    private func excess(_ length: Int64, strictly: Bool) -> (found: Int64, allowed: Int64)? {
        let takesFirst = service.isIdle && isAble
        switch queue {
        case .unlimited, .unknown:
            return nil
        case .packets(let limit):
            let held = Int64(waiting.count) + (takesFirst ? 0 : 1)
            return held > limit ? (held, limit) : nil
        case .bytes(let limit):
            guard takesFirst else { return waiting.bytes + length > limit ? (waiting.bytes + length, limit) : nil }
            guard let first = waiting.first else { return nil }
            let held = waiting.bytes - Int64(first.length) + length
            return held > limit ? (held, limit) : nil
        case .delay(let limit):
            guard rate > 0 else { return nil }
            var ahead = Int128(work(ofBytes: waiting.bytes, packets: Int64(waiting.count)))
            ahead += Int128(max(0, service.remaining(at: pendingSince, rate: isAble ? rate : 0)))
            let tolerance = strictly ? Self.waitTolerance : -Self.waitTolerance
            guard ahead > Int128(rate) * Int128(limit.nanoseconds + tolerance) else { return nil }
            return (Int64(clamping: ahead / Int128(rate)), limit.nanoseconds)
        }
    }

    /// The packet offered last was refused. The reason must be the first that applies in the order of a link.
    ///
    /// - Returns: Whether it was the packet offered last.
    mutating func refuse(_ event: TraceEvent, _ findings: inout LawFindings) -> Bool {
        guard pending == event.packet else {
            settlePending(&findings)
            findings.report(.order, event, "refused as \(event.reason), but it was not the packet offered last")
            return false
        }
        pending = .max
        if event.time.nanoseconds != pendingSince {
            findings.report(
                .order,
                event,
                found: event.time.nanoseconds,
                allowed: pendingSince,
                "refused \(event.time.nanoseconds - pendingSince) ns after it was offered"
            )
        }
        judgeRefusal(event, &findings)
        countDrop(event)
        return true
    }

    private func judgeRefusal(_ event: TraceEvent, _ findings: inout LawFindings) {
        let length = Int64(event.length)
        if (event.reason == .tooBig) != (length + overhead > mtu) {
            findings.report(
                .length,
                event,
                found: length,
                allowed: mtu,
                "dropped as \(event.reason) with \(length) bytes at an MTU of \(mtu)"
            )
        } else if event.reason != .tooBig, (event.reason == .down) != (condition != .up) {
            findings.report(.deadLink, event, "dropped as \(event.reason) on a direction that is \(condition)")
        } else if event.reason == .queueFull, queue != .unknown, excess(length, strictly: false) == nil {
            findings.report(
                .refusal,
                event,
                found: Int64(waiting.count),
                "refused although \(waiting.count) packets (\(waiting.bytes) bytes) waited of at most \(queue)"
            )
        }
    }

    /// The active management set Congestion Experienced.
    mutating func mark(_ record: inout PacketTrail, _ event: TraceEvent, _ findings: inout LawFindings) {
        settlePending(&findings)
        guard record.stage == .queued else {
            findings.report(.order, event, "marked at stage \(record.stage)")
            return
        }
        if !isManaged { findings.report(.management, event, "marked by a queue without active management") }
        if condition != .up { findings.report(.deadLink, event, "marked on a direction that is down") }
        if !record.ecn.isCapable {
            findings.report(.ecn, event, "marked a packet that is not ECN-capable")
        } else if event.ecn != .congestionExperienced {
            findings.report(.ecn, event, "marked, but its bits say \(event.ecn)")
        }
        record.ecn = event.ecn
    }

    /// A packet that waited was dropped: by the management, or with the whole queue.
    ///
    /// - Returns: Whether it was waiting.
    mutating func dropWaiting(_ record: PacketTrail, _ event: TraceEvent, _ findings: inout LawFindings) -> Bool {
        settlePending(&findings)
        guard record.stage == .queued, waiting.remove(event.packet) else {
            findings.report(.order, event, "dropped as \(event.reason) at stage \(record.stage)")
            return false
        }
        if event.reason == .flushed {
            if flushedAt != event.time.nanoseconds {
                findings.report(.flush, event, allowed: flushedAt, "flushed when the direction did not lose its queue")
            }
        } else if !isManaged {
            findings.report(.management, event, "dropped by a queue without active management")
        } else if event.time.nanoseconds <= record.since {
            findings.report(.management, event, "dropped by active management without having waited")
        }
        countDrop(event)
        return true
    }

    private var pendingEvent: TraceEvent {
        TraceEvent(
            time: Instant(nanoseconds: pendingSince),
            kind: .offered,
            place: index,
            packet: pending,
            length: pendingLength,
            detail: nextIndex &- 1
        )
    }
}
