package import PlaitCore

/// Packets and the bytes of UDP payload in them.
package struct Traffic: Hashable, Sendable {
    package var packets: UInt64
    package var bytes: UInt64

    package init(packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }

    mutating func add(_ length: UInt32) {
        packets &+= 1
        bytes &+= UInt64(length)
    }

    mutating func remove(_ length: UInt32) {
        packets &-= 1
        bytes &-= UInt64(length)
    }

    mutating func add(_ other: Traffic) {
        packets += other.packets
        bytes += other.bytes
    }

    /// Of each number the larger one.
    mutating func raise(to other: Traffic) {
        packets = max(packets, other.packets)
        bytes = max(bytes, other.bytes)
    }
}

/// Drops by reason.
package struct DropCounts: Sendable {
    private var byReason = InlineArray<14, Traffic>(repeating: Traffic())

    package init() {}

    package subscript(reason: TraceEvent.DropReason) -> Traffic {
        get { byReason[Int(reason.rawValue)] }
        set { byReason[Int(reason.rawValue)] = newValue }
    }

    mutating func add(_ length: UInt32, _ reason: TraceEvent.DropReason) { byReason[Int(reason.rawValue)].add(length) }

    mutating func add(_ other: DropCounts) {
        for place in byReason.indices { byReason[place].add(other.byReason[place]) }
    }

    /// Over all reasons.
    package var total: Traffic {
        var sum = Traffic()
        for place in byReason.indices { sum.add(byReason[place]) }
        return sum
    }
}

/// What happened on one direction in some time.
package struct DirectionCounts: Sendable {
    package var offered = Traffic()
    package var departed = Traffic()
    package var arrived = Traffic()
    package var copied = Traffic()
    package var corrupted = Traffic()
    package var marked = Traffic()
    package var drops = DropCounts()
    /// Nanoseconds in which a packet was being serialised.
    package var busy: Int64 = 0
    /// The largest numbers that waited for at least a nanosecond.
    package var queueMax = Traffic()

    package init() {}

    mutating func add(_ other: DirectionCounts) {
        offered.add(other.offered)
        departed.add(other.departed)
        arrived.add(other.arrived)
        copied.add(other.copied)
        corrupted.add(other.corrupted)
        marked.add(other.marked)
        drops.add(other.drops)
        busy += other.busy
        queueMax.raise(to: other.queueMax)
    }
}

/// One row of `links.csv`: one direction over (start, end].
package struct DirectionSample: Sendable {
    package let direction: DirectionID
    package let start: Instant
    package let end: Instant
    package let counts: DirectionCounts
    /// Waiting at `end`, after everything that happened at that instant.
    package let queue: Traffic

    package init(direction: DirectionID, start: Instant, end: Instant, counts: DirectionCounts, queue: Traffic) {
        self.direction = direction
        self.start = start
        self.end = end
        self.counts = counts
        self.queue = queue
    }

    /// Departed bits per second.
    package var rate: Int64 { bitsPerSecond(counts.departed.bytes, from: start, to: end) }
}

/// One-way delays in nanoseconds, summed up exactly.
package struct DelaySum: Hashable, Sendable {
    package var count: UInt64 = 0
    package var sum: UInt128 = 0
    package var least: Int64 = .max
    package var largest: Int64 = 0

    package init() {}

    /// Rounded to the nearest nanosecond; `nil` without any delay.
    package var mean: Int64? {
        count == 0 ? nil : Int64((sum + UInt128(count / 2)) / UInt128(count))
    }

    /// One more delay.
    package mutating func include(_ delay: Int64) { add(delay) }

    mutating func add(_ delay: Int64) {
        count &+= 1
        sum &+= UInt128(UInt64(bitPattern: delay))
        if delay < least { least = delay }
        if delay > largest { largest = delay }
    }

    mutating func add(_ other: DelaySum) {
        count += other.count
        sum += other.sum
        least = min(least, other.least)
        largest = max(largest, other.largest)
    }
}

/// What happened to one flow in some time.
package struct FlowCounts: Sendable {
    package var sent = Traffic()
    package var copied = Traffic()
    package var delivered = Traffic()
    package var duplicate = Traffic()
    package var corrupted = Traffic()
    package var good = Traffic()
    package var dropped = Traffic()
    package var delays = DelaySum()

    package init() {}

    mutating func add(_ other: FlowCounts) {
        sent.add(other.sent)
        copied.add(other.copied)
        delivered.add(other.delivered)
        duplicate.add(other.duplicate)
        corrupted.add(other.corrupted)
        good.add(other.good)
        dropped.add(other.dropped)
        delays.add(other.delays)
    }
}

/// One row of `flows.csv`: one flow over (start, end].
package struct FlowSample: Sendable {
    package let flow: FlowID
    package let start: Instant
    package let end: Instant
    package let counts: FlowCounts

    package init(flow: FlowID, start: Instant, end: Instant, counts: FlowCounts) {
        self.flow = flow
        self.start = start
        self.end = end
        self.counts = counts
    }

    /// Good bits per second.
    package var goodput: Int64 { bitsPerSecond(counts.good.bytes, from: start, to: end) }
}

/// Someone who wants the time series while it grows: a table, a picture.
package protocol SampleObserver: AnyObject {
    /// Directions in the order of their numbers, interval after interval.
    func observe(_ sample: DirectionSample)
    /// Flows in the order of their numbers, after the directions of the same interval.
    func observe(_ sample: FlowSample)
}

/// Rounded to the nearest bit per second; zero over no time.
package func bitsPerSecond(_ bytes: UInt64, from start: Instant, to end: Instant) -> Int64 {
    ratio(bytes, 8_000_000_000, over: UInt64((end - start).nanoseconds))
}
