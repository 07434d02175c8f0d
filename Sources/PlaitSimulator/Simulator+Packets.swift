import PlaitCore
import PlaitNetwork

/// A packet's way between links: forwarding, delivery, and how it ends at a host.
extension Simulator {
    mutating func offer(_ packet: PacketSlot, to direction: Int) {
        directions[direction].offer(packet, now: now, in: &fabric)
        syncAlarms(of: direction)
    }

    /// A packet came out of a link at `host`.
    mutating func arrive(_ packet: PacketSlot, at host: HostID) {
        let destination = fabric.packets[packet].destination.interface
        let place = Int(host.index)
        guard topology.owner(of: destination) != host else { return receive(packet, at: place) }
        guard hosts[place].state != .crashed else { return drop(packet, .hostDown, at: place) }
        guard hosts[place].forwards, let next = topology.next(from: host, to: destination) else {
            return drop(packet, .noRoute, at: place)
        }
        guard hosts[place].state == .running else { return hold(packet, at: place) }
        offer(packet, to: Int(next.index))
    }

    /// A packet is where it was sent to.
    mutating func receive(_ packet: PacketSlot, at host: Int) {
        switch hosts[host].state {
        case .crashed: drop(packet, .hostDown, at: host)
        case .paused: hold(packet, at: host)
        case .running: deliver(packet, at: host)
        }
    }

    private mutating func deliver(_ packet: PacketSlot, at host: Int) {
        let record = fabric.packets[packet]
        if !partitions.isEmpty,
            isPartitioned(from: Int(topology.owner(of: record.source.interface).index), to: record.destination)
        {
            return drop(packet, .partitioned, at: host)
        }
        guard topology.isCurrent(record.destination.interface), let seat = hosts[host].seat(at: record.destination.port)
        else { return drop(packet, .unreachable, at: host) }
        hosts[host].counters.delivered += 1
        // Nobody touches bytes without saying so; debug builds look.
        assert(fabric.packets.bytes(packet).digest == record.digest, "a packet's bytes changed on the way")
        note(.delivered, packet, at: host, detail: record.digest)
        // The endpoint sees the interface by the number it was born with, whatever the world calls it now.
        let uplink = topology.uplink(of: record.destination.interface)
        let local = SocketAddress(interface: UInt32(uplink.index), port: seats[seat].port)
        let endpoint = seats[seat].endpoint
        endpoint.receive(
            fabric.packets.bytes(packet),
            from: record.source,
            to: local,
            ecn: record.ecn,
            now: hosts[host].clock.monotonic(at: now)
        )
        fabric.packets.give(packet)
        if seats[seat].isCompleting { noteCompletion(seat: seat) }
        pump(endpoint, seat: seat)
    }

    /// A paused host's packets wait in its receive buffer.
    private mutating func hold(_ packet: PacketSlot, at host: Int) {
        let length = Int(fabric.packets[packet].length)
        guard hosts[host].heldBytes + length <= hosts[host].receiveBuffer else {
            return drop(packet, .bufferFull, at: host)
        }
        hosts[host].heldBytes += length
        hosts[host].held.append(packet)
    }

    mutating func releaseHeld(at host: Int) {
        while let packet = hosts[host].held.popFirst() {
            hosts[host].heldBytes -= Int(fabric.packets[packet].length)
            arrive(packet, at: HostID(host))
        }
    }

    mutating func drop(_ packet: PacketSlot, _ reason: TraceEvent.DropReason, at host: Int) {
        hosts[host].counters.dropped += 1
        note(.dropped, packet, at: host, reason: reason)
        fabric.packets.give(packet)
    }

    mutating func note(
        _ kind: TraceEvent.Kind,
        _ packet: PacketSlot,
        at host: Int,
        reason: TraceEvent.DropReason = .none,
        detail: UInt64 = 0
    ) {
        let event = TraceEvent(
            time: now,
            kind: kind,
            place: Int32(host),
            packet: fabric.packets[packet].serial,
            flow: fabric.packets[packet].flow,
            length: fabric.packets[packet].length,
            ecn: fabric.packets[packet].ecn,
            reason: reason,
            detail: detail
        )
        hosts[host].hash.fold(event)
        fabric.trace.append(event)
        if !fabric.captures.isEmpty { fabric.capture(event, packet) }
    }
}
