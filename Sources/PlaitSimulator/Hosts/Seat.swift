package import PlaitCore
import PlaitNetwork

/// An endpoint on a host.
struct Seat {
    let endpoint: any Endpoint
    let host: Int
    let flow: Int32
    /// The port that the endpoint believes to be its own.
    let port: UInt16
    /// The port that the outside world sees; a rebinding changes it.
    var externalPort: UInt16
    /// The endpoint, if it has an end, and when that came.
    let completing: (any CompletingEndpoint)?
    let isCompleting: Bool
    var completedAt: Instant?
    /// The endpoint's deadline as it was last read, on the host's clock.
    var deadline = Instant.never
}

extension Simulator {
    /// Seats `endpoint` at `port` of a host, on all its interfaces. It is asked for its first packets when the run
    /// begins.
    package mutating func seat(_ endpoint: any Endpoint, on host: HostID, port: UInt16, flow: FlowID, name: String) {
        let seat = seats.count
        seats.append(
            Seat(
                endpoint: endpoint,
                host: Int(host.index),
                flow: flow.index,
                port: port,
                externalPort: port,
                completing: endpoint as? any CompletingEndpoint,
                isCompleting: endpoint is any CompletingEndpoint
            )
        )
        seatNames.append(name)
        hosts[Int(host.index)].bind(port, to: seat)
        let timer = timers.add()
        precondition(timer == seatTimer(seat), "timers were added after the seats")
    }

    /// When the endpoint in a seat had done all it was there for, in virtual time; nil while it has not, or has no end.
    package func completion(ofSeat seat: Int) -> Instant? { seats[seat].completedAt }

    /// Notes the virtual time at which an endpoint completes, or that a restart undid it.
    mutating func noteCompletion(seat: Int) {
        guard let completing = seats[seat].completing else { return }
        if completing.completedAt == nil {
            seats[seat].completedAt = nil
        } else if seats[seat].completedAt == nil {
            seats[seat].completedAt = now
        }
    }

    mutating func startSeats() {
        guard events == 0 else { return }
        for seat in seats.indices { pump(seat: seat) }
    }

    /// The seat's deadline came.
    mutating func wake(seat: Int) {
        let host = seats[seat].host
        guard hosts[host].state == .running else { return }
        let reading = hosts[host].clock.monotonic(at: now)
        let endpoint = seats[seat].endpoint
        endpoint.deadlineReached(now: reading)
        pump(endpoint, seat: seat)
    }

    mutating func pump(seat: Int) { pump(seats[seat].endpoint, seat: seat) }

    /// Lets an endpoint send all it has, then arms its deadline.
    ///
    /// It comes with the endpoint because each reading of a reference from the table counts it up and down again, and
    /// atomic counts were a tenth of a packet's cost.
    mutating func pump(_ endpoint: any Endpoint, seat index: Int) {
        let host = seats[index].host
        guard hosts[host].state == .running else { return }
        let reading = hosts[host].clock.monotonic(at: now)
        var sent: UInt64 = 0
        while true {
            guard sent < transmitsPerCall else {
                runaway = index
                return
            }
            sent += 1
            let packet = fabric.packets.take()
            var storage = fabric.packets.storage(packet)
            guard let transmit = endpoint.nextTransmit(into: &storage, now: reading) else {
                fabric.packets.give(packet)
                break
            }
            send(packet, transmit, from: index)
        }
        arm(endpoint, seat: index)
    }

    mutating func arm(seat: Int) { arm(seats[seat].endpoint, seat: seat) }

    private mutating func arm(_ endpoint: any Endpoint, seat index: Int) {
        let deadline = endpoint.deadline
        guard deadline != seats[index].deadline || timers.alarm(of: seatTimer(index)) == .none else { return }
        seats[index].deadline = deadline
        guard !deadline.isNever else { return timers.set(seatTimer(index), to: .none) }
        let due = max(now, hosts[seats[index].host].clock.virtual(at: deadline))
        timers.set(seatTimer(index), to: Alarm(time: due, order: fabric.nextOrder()))
    }

    private mutating func send(_ packet: PacketSlot, _ transmit: Transmit, from index: Int) {
        let host = seats[index].host
        precondition(transmit.length >= 0 && transmit.length <= fabric.packets.capacity, "a datagram beyond its buffer")
        let uplink = topology.uplink(of: transmit.local.interface)
        var record = PacketRecord()
        record.serial = fabric.nextSerial()
        record.length = UInt32(transmit.length)
        record.ecn = transmit.ecn
        record.flow = seats[index].flow
        record.source = SocketAddress(interface: topology.interface(for: uplink), port: seats[index].externalPort)
        record.destination = transmit.remote
        fabric.packets[packet] = record
        fabric.packets[packet].digest = fabric.packets.bytes(packet).digest
        hosts[host].counters.sent += 1
        note(.sent, packet, at: host, detail: fabric.packets[packet].digest)
        guard topology.ends(of: uplink).from.index == host else { return drop(packet, .noRoute, at: host) }
        if !partitions.isEmpty, isPartitioned(from: host, to: record.destination) {
            return drop(packet, .partitioned, at: host)
        }
        if control != nil {
            control?.hold(packet)
        } else {
            offer(packet, to: Int(uplink.index))
        }
    }
}
