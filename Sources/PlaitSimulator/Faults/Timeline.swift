package import PlaitCore
package import PlaitNetwork

/// Something that the scenario does to the network.
package enum Fault {
    case direction(DirectionID, LinkDirection.Change)
    case host(HostID, HostFault)
    case partition(Partition)
    /// Ends all partitions.
    case heal
}

/// What a timeline can do to one host.
package enum HostFault: Hashable, Sendable {
    /// Everything in memory and in the receive buffer is lost; what arrives is lost until `restart`.
    case crash
    case restart
    /// Stands still: no timers, no packets; the clocks go on and the receive buffer fills.
    case pause
    case resume
    /// Parts per billion by which the clocks run fast from now on.
    case drift(Int64)
    case stepWall(Interval)
    /// A new port for every endpoint, as when a NAT forgets its mapping. The endpoints do not know.
    case rebindPorts
    /// A new address for the interface whose uplink is given.
    case rebindAddress(DirectionID)
}

/// Packets from a host in `from` for a host in `to` are lost, at the sender and on arrival, while it lasts.
package struct Partition: Hashable, Sendable {
    package let from: [HostID]
    package let to: [HostID]

    package init(from: [HostID], to: [HostID]) {
        self.from = from
        self.to = to
    }
}

/// Faults in order of time; those of one instant in the order of the scenario.
struct Timeline {
    private var items: [(time: Instant, fault: Fault)] = []
    private var done = 0

    var next: Instant? { done < items.count ? items[done].time : nil }

    mutating func insert(_ fault: Fault, at time: Instant) {
        var place = items.count
        while place > done, items[place - 1].time > time { place -= 1 }
        items.insert((time, fault), at: place)
    }

    mutating func popFirst(notAfter now: Instant) -> Fault? {
        guard let next, next <= now else { return nil }
        done += 1
        return items[done - 1].fault
    }
}

extension Simulator {
    /// Puts a fault into the timeline. At its instant it comes before all packets.
    package mutating func schedule(_ fault: Fault, at time: Instant) {
        precondition(time >= now, "the past is closed")
        timeline.insert(fault, at: time)
    }

    mutating func advanceTimeline() {
        while let fault = timeline.popFirst(notAfter: now) { apply(fault) }
    }

    /// Applies a fault at once.
    package mutating func apply(_ fault: Fault) {
        switch fault {
        case .direction(let id, let change):
            directions[Int(id.index)].apply(change, now: now, in: &fabric)
            syncAlarms(of: Int(id.index))
        case .host(let id, let change):
            apply(change, to: Int(id.index))
        case .partition(let partition):
            partitions.append(partition)
            notePartitions()
        case .heal:
            partitions.removeAll()
            notePartitions()
        }
    }

    private mutating func notePartitions() {
        let count = UInt64(partitions.count)
        fabric.trace.append(TraceEvent(time: now, kind: .changed, place: -1, property: .partition, detail: count))
    }

    /// Whether a partition keeps packets of `source` from the owner of `destination`.
    func isPartitioned(from source: Int, to destination: SocketAddress) -> Bool {
        guard !partitions.isEmpty else { return false }
        let (from, to) = (HostID(source), topology.owner(of: destination.interface))
        return partitions.contains { $0.from.contains(from) && $0.to.contains(to) }
    }
}
