import PlaitCore

extension LawLedger {
    /// The world changed before the events that follow.
    mutating func change(_ event: TraceEvent) {
        if event.property == .partition {
            partitionsInForce = event.detail
            return
        }
        guard event.isAtHost else {
            let index = direction(of: event)
            guard index >= 0 else { return }
            if directions[index].change(event, &findings) { dueDirections.append(index) }
            return
        }
        guard event.property == .host else { return }
        let index = Int(event.place)
        guard index >= 0, index < hosts.count,
            let condition = HostLedger.Condition(rawValue: UInt8(clamping: event.detail))
        else {
            findings.report(.place, event, "host \(index) does not exist, or \(event.detail) is no state of a host")
            return
        }
        judgeCrashed(index, event)
        hosts[index].condition = condition
        hosts[index].changedAt = event.time.nanoseconds
        if condition == .crashed { dueHosts.append(index) }
    }

    /// The instant in which something went down or crashed is over: what it lost must be gone.
    mutating func judgeEmptied() {
        for index in dueDirections {
            directions[index].settlePending(&findings)
            let event = TraceEvent(time: Instant(nanoseconds: now), kind: .changed, place: Int32(index), property: .up)
            directions[index].judgeEmptied(event, &findings)
        }
        for index in dueHosts {
            judgeCrashed(
                index,
                TraceEvent(time: Instant(nanoseconds: now), kind: .changed, place: Int32(index), property: .host)
            )
        }
        dueDirections.removeAll(keepingCapacity: true)
        dueHosts.removeAll(keepingCapacity: true)
    }

    private mutating func judgeCrashed(_ index: Int, _ event: TraceEvent) {
        guard hosts[index].condition == .crashed, hosts[index].inside > 0 else { return }
        findings.report(
            .host,
            event,
            found: Int64(hosts[index].inside),
            "crashed, and \(hosts[index].inside) packets survived the instant"
        )
    }
}
