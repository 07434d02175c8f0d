import PlaitCore

extension DirectionLedger {
    /// A packet came out at the far end.
    mutating func arrive(_ record: inout PacketTrail, _ event: TraceEvent, _ findings: inout LawFindings) {
        settlePending(&findings)
        let now = event.time.nanoseconds
        guard record.stage == .onWire else {
            findings.report(.order, event, "arrived at stage \(record.stage)")
            return
        }
        if condition != .up {
            findings.report(.deadLink, event, "arrived over a direction that is down")
        } else if isClogged {
            findings.report(.clog, event, "arrived over a clogged direction")
        }
        judgeArrival(record, event, &findings)
        leaveWire(record.length)
        arrived.count(record.length)
        lastArrivedAt = now
        if Int32(bitPattern: record.wireOrder &- lastArrivedOrder) > 0 { lastArrivedOrder = record.wireOrder }
        record.stage = .atHost
        record.place = to
        record.since = now
        record.hasMoved = true
    }

    /// Order needs no list of what is on the wire: whoever was overtaken arrives with a smaller number than the last
    /// one.
    private func judgeArrival(_ record: PacketTrail, _ event: TraceEvent, _ findings: inout LawFindings) {
        let now = event.time.nanoseconds
        if now < record.notBefore {
            findings.report(
                .tooFast,
                event,
                found: now,
                allowed: record.notBefore,
                "arrived \(record.notBefore - now) ns before the propagation delay had passed"
            )
        }
        // What FIFO holds back arrives with the one before it, what a clog held back with its release.
        let latest = max(record.notAfter, lastArrivedAt, releasedAt)
        if now > latest {
            findings.report(
                .tooLate,
                event,
                found: now,
                allowed: latest,
                "arrived \(now - latest) ns after the latest that delay, jitter and hold allow"
            )
        }
        if Int32(bitPattern: record.wireOrder &- lastArrivedOrder) <= 0, record.since > overtakableUntil {
            findings.report(.arrivalOrder, event, "arrived after a packet that departed later")
        }
    }

    /// Bits flipped, or the end cut off.
    mutating func corrupt(_ record: inout PacketTrail, _ event: TraceEvent, _ findings: inout LawFindings) {
        settlePending(&findings)
        guard isOnLivingWire(record, event, &findings) else { return }
        if !mayCorrupt { findings.report(.corruption, event, "corrupted, but corruption was not asked for") }
        let lost = event.detail >> 32 > 0 ? event.detail &- 1 << 32 : 0
        if UInt64(event.length) &+ lost != UInt64(record.length) || event.detail == 0 || event.detail == 1 << 32 {
            findings.report(
                .length,
                event,
                found: Int64(event.length),
                allowed: Int64(record.length),
                "corruption \(event.detail) made \(event.length) bytes of \(record.length)"
            )
        }
        let shorter = min(event.length, record.length)
        truncatedBytes &+= UInt64(record.length - shorter)
        wire.bytes &-= UInt64(record.length - shorter)
        record.length = shorter
        record.isCorrupted = true
    }

    /// A second packet is on the wire where there was one. It inherits the first one's bytes, bounds and departure.
    mutating func copy(
        of origin: PacketTrail,
        _ event: TraceEvent,
        _ findings: inout LawFindings
    ) -> PacketTrail? {
        settlePending(&findings)
        guard origin.stage == .onWire, origin.place == index else {
            findings.report(.duplication, event, "copied from packet \(origin.serial), which is not on this wire")
            return nil
        }
        guard isOnLivingWire(origin, event, &findings) else { return nil }
        if !mayDuplicate { findings.report(.duplication, event, "copied, but duplication was not asked for") }
        if event.length != origin.length {
            findings.report(
                .length,
                event,
                found: Int64(event.length),
                allowed: Int64(origin.length),
                "copied with another length than its origin"
            )
        }
        var copy = origin
        copy.serial = event.packet
        copy.length = event.length
        departures &+= 1
        copy.wireOrder = departures
        wire.count(event.length)
        copied.count(event.length)
        return copy
    }

    /// A packet on the wire, or in serialisation, ended: lost by the model, or cut.
    ///
    /// - Returns: Whether it was there.
    mutating func dropOnWire(_ record: PacketTrail, _ event: TraceEvent, _ findings: inout LawFindings) -> Bool {
        settlePending(&findings)
        switch record.stage {
        case .onWire:
            leaveWire(record.length)
        case .inService where event.reason == .cut && service.serial == event.packet:
            service = Service()
            service.freeAt = event.time.nanoseconds
        case .inService, .queued, .atHost:
            findings.report(.order, event, "dropped as \(event.reason) at stage \(record.stage)")
            return false
        }
        if event.reason == .loss {
            if !mayLose { findings.report(.loss, event, "lost, but loss was not asked for") }
            if condition != .up { findings.report(.deadLink, event, "lost by the model on a direction that is down") }
        } else if cutAt != event.time.nanoseconds {
            findings.report(.flush, event, allowed: cutAt, "cut when the direction did not go down")
        }
        countDrop(event)
        return true
    }

    private mutating func leaveWire(_ length: UInt32) {
        wire.packets &-= 1
        wire.bytes &-= UInt64(length)
    }

    private func isOnLivingWire(
        _ record: PacketTrail,
        _ event: TraceEvent,
        _ findings: inout LawFindings
    ) -> Bool {
        guard record.stage == .onWire else {
            findings.report(.order, event, "\(event.kind) at stage \(record.stage)")
            return false
        }
        if condition != .up { findings.report(.deadLink, event, "\(event.kind) on a direction that is down") }
        return true
    }
}
