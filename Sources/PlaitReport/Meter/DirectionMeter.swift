import PlaitCore

/// What the meter keeps of one direction.
struct DirectionMeter {
    /// Since the last sample.
    var interval = DirectionCounts()
    /// Up to the last sample.
    var total = DirectionCounts()

    /// Offered, and neither started nor dropped.
    private(set) var queue = Traffic()
    private var queueChanged: Int64 = 0
    private var serialising: UInt64 = .max
    private var serialisingSince: Int64 = 0

    /// Keeps a length of the queue as the largest one only if time passed while the queue had it: a packet that is
    /// offered to an idle link, or dropped at once, never waited.
    private mutating func queueWillChange(at now: Int64) {
        guard now > queueChanged else { return }
        interval.queueMax.raise(to: queue)
        queueChanged = now
    }

    mutating func offered(_ event: TraceEvent) {
        queueWillChange(at: event.time.nanoseconds)
        interval.offered.add(event.length)
        queue.add(event.length)
    }

    mutating func started(_ event: TraceEvent) {
        queueWillChange(at: event.time.nanoseconds)
        queue.remove(event.length)
        serialising = event.packet
        serialisingSince = event.time.nanoseconds
    }

    mutating func departed(_ event: TraceEvent) {
        interval.departed.add(event.length)
        serialisationEnded(of: event.packet, at: event.time.nanoseconds)
    }

    mutating func dropped(_ event: TraceEvent) {
        interval.drops.add(event.length, event.reason)
        switch event.reason {
        case .tooBig, .down, .queueFull, .aqm, .flushed:
            queueWillChange(at: event.time.nanoseconds)
            queue.remove(event.length)
        case .cut:
            serialisationEnded(of: event.packet, at: event.time.nanoseconds)
        case .loss, .none, .noRoute, .hostDown, .unreachable, .partitioned, .bufferFull, .controlled:
            break
        }
    }

    private mutating func serialisationEnded(of packet: UInt64, at now: Int64) {
        guard packet == serialising else { return }
        interval.busy &+= now &- serialisingSince
        serialising = .max
    }

    /// Ends the interval at `end`.
    mutating func sample(_ direction: Int, from start: Instant, to end: Instant) -> DirectionSample {
        queueWillChange(at: end.nanoseconds)
        if serialising != .max {
            interval.busy &+= end.nanoseconds &- serialisingSince
            serialisingSince = end.nanoseconds
        }
        let counts = interval
        total.add(counts)
        interval = DirectionCounts()
        return DirectionSample(direction: DirectionID(direction), start: start, end: end, counts: counts, queue: queue)
    }
}
