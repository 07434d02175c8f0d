package import PlaitCore
package import PlaitNetwork

/// Every deadline of the simulation: one timer each, armed, moved and cancelled in place.
///
/// A timer that is moved to a later time keeps its entry in the heap, which is put right when it comes up: re-arming a
/// retransmission timer at every packet costs no heap operation.
package struct Timers: ~Copyable {
    // Not private: the debug build of another file refers to its metadata, and the compiler (6.3.1) then fails its own
    // check.
    struct Timer {
        /// What the owner wants.
        var alarm = Alarm.none
        /// The entry that stands for this timer in the heap, or none; others are stale.
        var entry = Alarm.none
    }

    private var heap = EventHeap()
    private var timers = Table<Timer>(capacity: 64)
    /// Timers that are armed.
    package private(set) var armed = 0

    package init() {}

    package var count: Int { timers.count }

    /// Comparisons of two pending entries so far.
    package var comparisons: UInt64 { heap.comparisons }

    /// A new timer's number. Numbers are dense and never reused.
    package mutating func add() -> Int {
        timers.append(Timer())
        return timers.count - 1
    }

    package func alarm(of timer: Int) -> Alarm { timers[timer].alarm }

    /// Arms, moves or (with `.none`) cancels a timer.
    package mutating func set(_ timer: Int, to alarm: Alarm) {
        let previous = timers[timer].alarm
        guard alarm != previous else { return }
        let alarm = alarm.time.isNever ? Alarm.none : alarm
        armed += (alarm == .none ? 0 : 1) - (previous == .none ? 0 : 1)
        timers[timer].alarm = alarm
        // An entry that comes up no later than the alarm will find it; see `popFirst`.
        guard alarm != .none, !precedes(timers[timer].entry, alarm) else { return }
        timers[timer].entry = alarm
        heap.insert(.init(time: alarm.time, order: alarm.order, timer: UInt32(timer)))
    }

    /// The earliest armed timer, disarmed, if it is due at `horizon` or before.
    package mutating func popFirst(notAfter horizon: Instant) -> (timer: Int, time: Instant)? {
        while let first = heap.first, first.instant <= horizon {
            _ = heap.popFirst()
            let timer = Int(first.timer)
            guard timers[timer].alarm == first.alarm else {
                replaceStale(first)
                continue
            }
            timers[timer].alarm = .none
            if timers[timer].entry == first.alarm { timers[timer].entry = .none }
            armed -= 1
            return (timer, first.instant)
        }
        return nil
    }

    /// When the next armed timer is due, or `.never`.
    package mutating func nextDeadline() -> Instant {
        while let first = heap.first {
            if timers[Int(first.timer)].alarm == first.alarm { return first.instant }
            _ = heap.popFirst()
            replaceStale(first)
        }
        return .never
    }

    /// An entry came up whose timer was moved or cancelled. If it stood for the timer, its successor goes in.
    private mutating func replaceStale(_ stale: EventHeap.Entry) {
        let timer = Int(stale.timer)
        guard timers[timer].entry == stale.alarm else { return }
        let alarm = timers[timer].alarm
        timers[timer].entry = alarm
        guard alarm != .none else { return }
        heap.insert(.init(time: alarm.time, order: alarm.order, timer: stale.timer))
    }

    private func precedes(_ a: Alarm, _ b: Alarm) -> Bool {
        a != .none && (a.time < b.time || (a.time == b.time && a.order <= b.order))
    }
}

extension EventHeap.Entry {
    fileprivate var alarm: Alarm { Alarm(time: instant, order: order) }
}
