import PlaitCore

/// What one direction must obey now, and what the trace says it holds.
///
/// The stations have a file each: `+Queue`, `+Service`, `+Wire`; what the timeline changes is in `+World`.
struct DirectionLedger: ~Copyable {
    enum Condition: UInt8 {
        case up
        case down
        /// Down, with the queue kept.
        case held
    }

    let index: Int32
    let from: Int32
    let to: Int32
    var isManaged: Bool

    // What the scenario and the timeline say.
    var rate: UInt64
    var delay: Int64
    var overhead: Int64
    var mtu: Int64
    var jitterMax: Int64
    let reorderHoldMax: Int64
    var queue: QueueBound
    var jitterMayReorder: Bool
    var mayReorder: Bool
    /// A packet that departed by then may be overtaken. In force: `Int64.max`; never been: -1.
    var overtakableUntil: Int64
    var mayLose: Bool
    var mayDuplicate: Bool
    var mayCorrupt: Bool
    var condition: Condition = .up
    var isClogged = false
    /// When it last became able to serialise: up and not clogged.
    var enabledAt: Int64 = 0
    var releasedAt: Int64 = -1
    /// When its wire, and when its queue, was last lost.
    var cutAt: Int64 = -1
    var flushedAt: Int64 = -1

    // The queue. The packet offered last is pending until another event shows that it was not refused.
    var nextIndex: UInt64 = 0
    var pending: UInt64 = .max
    var pendingSince: Int64 = 0
    var pendingLength: UInt32 = 0
    var waiting = WaitingRing()

    var service = Service()

    // The wire, without the packet in service.
    var wire = LawTally()
    var departures: UInt32 = 0
    var lastArrivedOrder: UInt32 = 0
    var lastArrivedAt: Int64 = -1

    var offered = LawTally()
    var copied = LawTally()
    var arrived = LawTally()
    var dropped = Block(count: TraceEvent.DropReason.allCases.count) { _ in LawTally() }
    var truncatedBytes: UInt64 = 0

    init(_ facts: LinkFacts, index: Int) {
        self.index = Int32(index)
        from = facts.from.index
        to = facts.to.index
        isManaged = facts.isManaged
        rate = facts.rate.bitsPerSecond
        delay = facts.delay.nanoseconds
        overhead = Int64(facts.overheadBytes)
        mtu = Int64(facts.mtu)
        jitterMax = facts.jitterMax.nanoseconds
        reorderHoldMax = facts.reorderHoldMax.nanoseconds
        queue = facts.queue
        jitterMayReorder = facts.jitterMayReorder
        mayReorder = facts.mayReorder
        overtakableUntil = facts.jitterMayReorder || facts.mayReorder ? .max : -1
        mayLose = facts.mayLose
        mayDuplicate = facts.mayDuplicate
        mayCorrupt = facts.mayCorrupt
    }

    var isAble: Bool { condition == .up && !isClogged }

    /// Bits of a packet on the wire times 10^9, so that work divided by bits per second is nanoseconds.
    func work(ofBytes bytes: Int64, packets: Int64 = 1) -> Int64 {
        let (product, overflow) = (bytes &+ packets &* overhead).multipliedReportingOverflow(by: 8_000_000_000)
        return overflow ? .max / 4 : product
    }

    mutating func countDrop(_ event: TraceEvent) {
        dropped[Int(event.reason.rawValue)].count(event.length)
    }

    /// What this ledger counted, in the form in which the link counts by itself.
    func counters(inService: LawTally) -> LawCounters {
        var result = LawCounters()
        result.offered = offered
        result.copied = copied
        result.arrived = arrived
        for reason in TraceEvent.DropReason.allCases { result[reason] = dropped[Int(reason.rawValue)] }
        result.queued = LawTally(packets: UInt64(waiting.count), bytes: UInt64(waiting.bytes))
        result.onWire = wire + inService
        result.truncatedBytes = truncatedBytes
        return result
    }
}
