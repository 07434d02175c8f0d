import PlaitCore
import PlaitNetwork
import PlaitSimulator

/// Times the event queue by the hold model: the earliest event goes, another comes, so many are always pending.
///
/// `Bench/queue/priority_queue.cc` does exactly the same with `std::priority_queue` and the same 16-byte entries; equal
/// checksums say that both popped the same events in the same order.
package struct EventQueueBench: Sendable {
    package let pending: Int
    package let events: Int

    package init(pending: Int, events: Int) {
        precondition(pending > 0 && events > 0, "a queue with something in it")
        self.pending = pending
        self.events = events
    }

    /// Measures both.
    ///
    /// - Parameter clock: Times them.
    /// - Returns: All that is to be printed.
    package func figures(_ clock: BenchClock) -> [BenchFigure] {
        let (heap, timers) = (heap(clock), timers(clock))
        precondition(heap.checksum == timers.checksum, "the timers popped other events than the heap alone")
        let digits = String(heap.checksum, radix: 16)
        return [
            BenchFigure("pending", pending),
            BenchFigure("events", events),
            BenchFigure("checksum", String(repeating: "0", count: 16 - digits.count) + digits),
            BenchFigure("heap_ns_per_event", heap.cost(of: events)),
            BenchFigure("timers_ns_per_event", timers.cost(of: events)),
            BenchFigure("comparisons_per_event", decimal(heap.comparisons, per: UInt64(events), digits: 2)),
        ]
    }

    /// What one run of a queue popped, and how long that took.
    package struct Result: Hashable, Sendable {
        /// Of times and timers, in the order in which they were popped.
        package let checksum: UInt64
        /// Nanoseconds of wall time, filling the queue not counted.
        package let wall: UInt64
        /// Comparisons of two entries, filling the queue not counted.
        package let comparisons: UInt64

        /// Nanoseconds an event.
        package func cost(of events: Int) -> String { decimal(wall, per: UInt64(events), digits: 2) }
    }

    /// The heap alone, which is what `std::priority_queue` is beside.
    package func heap(_ clock: BenchClock) -> Result {
        var heap = EventHeap(capacity: pending)
        var increments = Increments()
        var order: UInt64 = 0
        for timer in 0..<pending {
            order += 1
            heap.insert(.init(time: Instant(nanoseconds: increments.next()), order: order, timer: UInt32(timer)))
        }
        var checksum: UInt64 = 0
        let before = heap.comparisons
        let wall = clock.time {
            for _ in 0..<events {
                guard let first = heap.popFirst() else { preconditionFailure("the queue ran empty") }
                order += 1
                let time = first.instant + Interval(nanoseconds: increments.next())
                heap.insert(.init(time: time, order: order, timer: first.timer))
                checksum = Self.fold(checksum, first.instant, first.timer)
            }
        }.wall
        return Result(checksum: checksum, wall: wall, comparisons: heap.comparisons - before)
    }

    /// The simulator's timers, which are the heap and a table of what each timer waits for.
    package func timers(_ clock: BenchClock) -> Result {
        var timers = Timers()
        var increments = Increments()
        var order: UInt64 = 0
        for _ in 0..<pending {
            order += 1
            timers.set(timers.add(), to: Alarm(time: Instant(nanoseconds: increments.next()), order: order))
        }
        var checksum: UInt64 = 0
        let before = timers.comparisons
        let wall = clock.time {
            for _ in 0..<events {
                guard let (timer, time) = timers.popFirst(notAfter: .never) else {
                    preconditionFailure("the queue ran empty")
                }
                order += 1
                timers.set(timer, to: Alarm(time: time + Interval(nanoseconds: increments.next()), order: order))
                checksum = Self.fold(checksum, time, UInt32(timer))
            }
        }.wall
        return Result(checksum: checksum, wall: wall, comparisons: timers.comparisons - before)
    }

    @inline(__always)
    private static func fold(_ checksum: UInt64, _ time: Instant, _ timer: UInt32) -> UInt64 {
        (checksum ^ UInt64(bitPattern: time.nanoseconds)) &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(timer)
    }
}

/// Waiting times from SplitMix64: nearly exponential by integer arithmetic alone, so that C++ has the very same.
///
/// The number of leading zeros has a geometric distribution; 20 further bits spread each step evenly.
private struct Increments {
    private var state: UInt64 = 0x706c_6169_7400_0001

    mutating func next() -> Int64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        word ^= word >> 31
        return Int64(word.leadingZeroBitCount) << 20 | Int64(word & 0xf_ffff)
    }
}
