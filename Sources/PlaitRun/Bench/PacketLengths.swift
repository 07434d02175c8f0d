import PlaitCore

/// How many packets of each length hosts sent and received; the length is the index, and both have as many places.
struct PacketLengths: Hashable, Sendable {
    private(set) var sent: [Int] = []
    private(set) var arrived: [Int] = []

    init() {}

    init(sent: [Int], arrived: [Int]) {
        precondition(sent.count == arrived.count, "places for different lengths")
        (self.sent, self.arrived) = (sent, arrived)
    }

    mutating func note(_ event: TraceEvent) {
        guard event.kind == .sent || event.kind == .delivered else { return }
        let length = Int(event.length)
        while sent.count <= length {
            sent.append(0)
            arrived.append(0)
        }
        if event.kind == .sent { sent[length] += 1 } else { arrived[length] += 1 }
    }

    /// Of all that was sent.
    var bytes: Int { sent.enumerated().reduce(0) { $0 + $1.offset * $1.element } }
}

/// Counts the lengths of a run's packets.
final class PacketLengthMeter: TraceObserver {
    private(set) var lengths = PacketLengths()

    func observe(_ events: Span<TraceEvent>) {
        for index in events.indices { lengths.note(events[index]) }
    }

    func finish(at end: Instant) {}
}
