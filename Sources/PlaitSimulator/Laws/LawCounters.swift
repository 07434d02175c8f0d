public import PlaitCore

/// Packets and their bytes of UDP payload.
public struct LawTally: Hashable, Sendable {
    public var packets: UInt64
    public var bytes: UInt64

    public init(packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }

    static func + (a: LawTally, b: LawTally) -> LawTally {
        LawTally(packets: a.packets + b.packets, bytes: a.bytes + b.bytes)
    }

    mutating func count(_ length: UInt32) {
        packets &+= 1
        bytes &+= UInt64(length)
    }
}

/// What one direction counted by itself, to be compared with what the trace says it did.
public struct LawCounters: Hashable, Sendable {
    public var offered = LawTally()
    public var copied = LawTally()
    public var arrived = LawTally()
    /// By `TraceEvent.DropReason.rawValue`.
    public private(set) var dropped = [LawTally](repeating: LawTally(), count: TraceEvent.DropReason.allCases.count)
    /// Waiting now, not counting the packet in serialisation.
    public var queued = LawTally()
    /// Departed and not arrived, and the packet in serialisation.
    public var onWire = LawTally()
    /// Cut off by corruption.
    public var truncatedBytes: UInt64 = 0

    public init() {}

    public subscript(reason: TraceEvent.DropReason) -> LawTally {
        get { dropped[Int(reason.rawValue)] }
        set { dropped[Int(reason.rawValue)] = newValue }
    }
}
