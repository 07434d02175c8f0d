package import PlaitCore

/// A host or router: its clocks, what is bound to its ports, and what it holds while paused.
package struct Host: ~Copyable {
    /// Whether it takes part at all; a paused host still receives into its buffer, a crashed one loses it.
    package enum State: Hashable, Sendable { case running, paused, crashed }

    package let name: String
    /// Passes on packets that are not for itself.
    package let forwards: Bool
    package internal(set) var clock: HostClock
    package internal(set) var state = State.running
    /// Everything that happened here, in order.
    package internal(set) var hash = RunningHash()
    package internal(set) var counters = HostCounters()

    let receiveBuffer: Int
    /// Sorted by port, so that a lookup is a binary search.
    var bindings: [Binding] = []
    /// What arrived while paused, in order.
    var held = RingBuffer<PacketSlot>(capacity: 2)
    var heldBytes = 0
    private var lastPort: UInt16 = 49_151

    /// Packets in the receive buffer of a paused host.
    package var heldPackets: Int { held.count }

    struct Binding {
        /// The port that the outside world uses; a rebinding changes it.
        var port: UInt16
        let seat: Int
    }

    init(_ plan: HostPlan) {
        name = plan.name
        forwards = plan.forwards
        clock = HostClock(drift: plan.drift, wallOffset: plan.wallOffset)
        receiveBuffer = plan.receiveBuffer
    }

    /// The seat that the outside world reaches at `port`.
    func seat(at port: UInt16) -> Int? {
        let place = lowerBound(port)
        guard place < bindings.count, bindings[place].port == port else { return nil }
        return bindings[place].seat
    }

    mutating func bind(_ port: UInt16, to seat: Int) {
        let place = lowerBound(port)
        precondition(place == bindings.count || bindings[place].port != port, "two endpoints on one port")
        bindings.insert(Binding(port: port, seat: seat), at: place)
    }

    mutating func unbind(_ port: UInt16) {
        let place = lowerBound(port)
        guard place < bindings.count, bindings[place].port == port else { return }
        bindings.remove(at: place)
    }

    /// A port that nobody holds, as a translator hands them out: from 49,152 on, then from 1,024.
    mutating func nextFreePort() -> UInt16 {
        precondition(bindings.count < 60_000, "a host without a free port")
        repeat { lastPort = lastPort == .max ? 1_024 : lastPort + 1 } while seat(at: lastPort) != nil
        return lastPort
    }

    private func lowerBound(_ port: UInt16) -> Int {
        var (low, high) = (0, bindings.count)
        while low < high {
            let middle = (low + high) / 2
            if bindings[middle].port < port { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What a host's endpoints sent and got, in packets, and what ended here.
package struct HostCounters: Sendable {
    package var sent: UInt64 = 0
    package var delivered: UInt64 = 0
    package var dropped: UInt64 = 0

    package init() {}
}
