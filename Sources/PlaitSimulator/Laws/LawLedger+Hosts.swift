import PlaitCore

extension LawLedger {
    /// The host an event names, or -1 after a report.
    private mutating func host(of event: TraceEvent) -> Int {
        let index = Int(event.place)
        if index >= 0, index < hosts.count { return index }
        findings.report(.place, event, "host \(index) does not exist")
        return -1
    }

    mutating func send(_ event: TraceEvent) {
        let index = host(of: event)
        guard index >= 0, isBorn(event) else { return }
        if hosts[index].condition != .running {
            findings.report(.host, event, "sent by a host that is \(hosts[index].condition)")
        }
        var record = PacketTrail(serial: event.packet)
        record.digest = event.detail
        record.since = event.time.nanoseconds
        record.length = event.length
        record.place = event.place
        record.sender = event.place
        record.ecn = event.ecn
        packets.insert(record)
        created.count(event.length)
        hosts[index].inside &+= 1
    }

    mutating func offer(_ event: TraceEvent) {
        let slot = find(event)
        guard slot >= 0 else { return reportMissing(event, serial: event.packet) }
        let index = direction(of: event)
        guard index >= 0, isAtHost(slot, event) else { return }
        let from = directions[index].from
        guard packets[slot].place == from else {
            findings.report(
                .place,
                event,
                found: Int64(packets[slot].place),
                allowed: Int64(from),
                "offered here, but it is at host \(packets[slot].place)"
            )
            return
        }
        leaveHost(slot, event)
        if hosts[Int(from)].condition != .running {
            findings.report(.host, event, "offered by a host that is \(hosts[Int(from)].condition)")
        }
        if packets[slot].hasMoved, !hosts[Int(from)].isRouter {
            findings.report(.forwarding, event, "passed on by a host that is not a router")
        }
        judgeHeader(slot, event)
        directions[index].offer(&packets[slot], event, &findings)
    }

    mutating func deliver(_ event: TraceEvent) {
        let slot = find(event)
        guard slot >= 0 else { return reportMissing(event, serial: event.packet) }
        let index = host(of: event)
        guard index >= 0, isAtHost(slot, event), isHere(slot, event) else { return }
        leaveHost(slot, event)
        judgeHeader(slot, event)
        if hosts[index].condition != .running {
            findings.report(.host, event, "delivered to a host that is \(hosts[index].condition)")
        }
        if packets[slot].digest != event.detail, !packets[slot].isCorrupted {
            findings.report(
                .integrity,
                event,
                found: Int64(truncatingIfNeeded: event.detail),
                allowed: Int64(truncatingIfNeeded: packets[slot].digest),
                "delivered with other bytes than were sent, and nothing corrupted them"
            )
        }
        if !partitions.isEmpty { judgePartition(slot, event) }
        end(slot, event)
    }

    /// The end of a packet that is neither a delivery nor, for the packets of a broken trace, a second end.
    mutating func drop(_ event: TraceEvent) {
        let slot = find(event)
        guard slot >= 0 else { return reportMissing(event, serial: event.packet) }
        if event.reason.isAtHost { return dropAtHost(slot, event) }
        let index = direction(of: event)
        guard index >= 0 else { return }
        guard packets[slot].stage != .atHost else {
            findings.report(.order, event, "dropped as \(event.reason) while the packet was at a host")
            return
        }
        guard packets[slot].place == event.place else {
            findings.report(.place, event, "dropped here, but it is on direction \(packets[slot].place)")
            return
        }
        judgeHeader(slot, event)
        let isGone =
            switch event.reason {
            case .tooBig, .down, .queueFull:
                directions[index].refuse(event, &findings)
            case .aqm, .flushed:
                directions[index].dropWaiting(packets[slot], event, &findings)
            case .loss, .cut:
                directions[index].dropOnWire(packets[slot], event, &findings)
            case .none, .noRoute, .hostDown, .unreachable, .partitioned, .bufferFull, .controlled:
                dropWithoutReason(event)
            }
        if isGone { end(slot, event) }
    }

    private mutating func dropWithoutReason(_ event: TraceEvent) -> Bool {
        findings.report(.order, event, "dropped without a reason")
        return false
    }

    private mutating func dropAtHost(_ slot: Int, _ event: TraceEvent) {
        let index = host(of: event)
        guard index >= 0, isAtHost(slot, event), isHere(slot, event) else { return }
        leaveHost(slot, event)
        judgeHeader(slot, event)
        let condition = hosts[index].condition
        if (event.reason == .hostDown && condition != .crashed) || (event.reason == .bufferFull && condition != .paused)
        {
            findings.report(.host, event, "dropped as \(event.reason) at a host that is \(condition)")
        }
        if event.reason == .partitioned { judgePartitionDrop(slot, event) }
        end(slot, event)
    }

    private mutating func end(_ slot: Int, _ event: TraceEvent) {
        ended.count(packets[slot].length)
        packets.remove(at: slot)
    }

    // MARK: Being at a host

    private mutating func isAtHost(_ slot: Int, _ event: TraceEvent) -> Bool {
        if packets[slot].stage == .atHost { return true }
        findings.report(.order, event, "\(event.kind) at stage \(packets[slot].stage) of a direction")
        return false
    }

    private mutating func isHere(_ slot: Int, _ event: TraceEvent) -> Bool {
        if packets[slot].place == event.place { return true }
        findings.report(
            .place,
            event,
            found: Int64(packets[slot].place),
            allowed: Int64(event.place),
            "\(event.kind) here, but it is at host \(packets[slot].place)"
        )
        return false
    }

    private mutating func leaveHost(_ slot: Int, _ event: TraceEvent) {
        let index = Int(packets[slot].place)
        hosts[index].inside &-= 1
        let waited = event.time.nanoseconds &- packets[slot].since
        guard waited != 0, hosts[index].changedAt < packets[slot].since else { return }
        findings.report(.prompt, event, found: waited, "left a running host \(waited) ns after it came there")
    }

    // MARK: Partitions

    private mutating func judgePartition(_ slot: Int, _ event: TraceEvent) {
        let sender = packets[slot].sender
        for partition in partitions where partition.start < event.time && event.time < partition.end {
            guard partition.from.contains(where: { $0.index == sender }),
                partition.to.contains(where: { $0.index == event.place })
            else { continue }
            findings.report(.partition, event, "delivered across a partition that began at \(partition.start)")
        }
    }

    /// Dropped by its sender, whose destination the trace does not tell, or at its destination.
    private mutating func judgePartitionDrop(_ slot: Int, _ event: TraceEvent) {
        if partitions.isEmpty, partitionsInForce > 0 { return }
        let (sender, hasMoved) = (packets[slot].sender, packets[slot].hasMoved)
        let isExplained = partitions.contains { partition in
            partition.start <= event.time && event.time <= partition.end
                && partition.from.contains { $0.index == sender }
                && (!hasMoved || partition.to.contains { $0.index == event.place })
        }
        if !isExplained { findings.report(.partition, event, "dropped as partitioned where no partition was") }
    }
}
