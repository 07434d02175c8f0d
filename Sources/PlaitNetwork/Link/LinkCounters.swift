package import PlaitCore

/// Packets and bytes (of UDP payload) that met one end.
package struct Tally: Hashable, Sendable {
    package var packets: UInt64 = 0
    package var bytes: UInt64 = 0

    package init() {}

    package mutating func add(_ length: UInt32) {
        packets &+= 1
        bytes &+= UInt64(length)
    }
}

/// What one direction did since the run began. `offered` + `copied` = `arrived` + all drops + queued + on the wire.
package struct LinkCounters: Sendable {
    package var offered = Tally()
    package var departed = Tally()
    package var arrived = Tally()
    package var copied = Tally()
    package var corrupted = Tally()
    /// Bytes that truncation took; they are in no other tally.
    package var truncatedBytes: UInt64 = 0
    package var marked = Tally()
    /// By `TraceEvent.DropReason.rawValue`: those that happen on a link.
    private var drops: InlineArray<8, Tally> = .init(repeating: Tally())

    package init() {}

    package subscript(reason: TraceEvent.DropReason) -> Tally { drops[Int(reason.rawValue)] }

    package mutating func drop(_ length: UInt32, _ reason: TraceEvent.DropReason) {
        drops[Int(reason.rawValue)].add(length)
    }
}
