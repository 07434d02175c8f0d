import PlaitCore
import PlaitNetwork
import PlaitSimulator
import TestSupport
import Testing

@Suite("Timers and the event heap")
struct TimersTests {
    @Test(
        "the heap gives back everything in order of time, ties by insertion",
        arguments: [1, 2, 3, 0xbad5eed] as [UInt64]
    )
    func heap(seed: UInt64) {
        var draws = Draws(seed: seed)
        var heap = EventHeap(capacity: 16)
        var model: [(time: Int64, order: UInt64)] = []
        for order in 1...4_000 as ClosedRange<UInt64> {
            if draws.chance(65) {
                let time = Int64(draws.number(0...300))
                heap.insert(.init(time: Instant(nanoseconds: time), order: order, timer: UInt32(order % 7)))
                let place = model.firstIndex { $0.time > time } ?? model.count
                model.insert((time, order), at: place)
            } else {
                let (popped, expected) = (heap.popFirst(), model.isEmpty ? nil : model.removeFirst())
                #expect(popped?.time == expected?.time && popped?.order == expected?.order, "seed \(seed)")
                #expect(popped.map { $0.timer == UInt32($0.order % 7) } ?? true)
            }
            let count = heap.count
            #expect(count == model.count)
        }
        while let popped = heap.popFirst() { #expect(popped.order == model.removeFirst().order) }
        #expect(model.isEmpty)
    }

    @Test(
        "timers that are armed, moved, cancelled and popped behave as a sorted list",
        arguments: [1, 2, 3, 4, 5, 0xbad5eed] as [UInt64]
    )
    func timers(seed: UInt64) {
        var draws = Draws(seed: seed)
        var timers = Timers()
        for _ in 0..<12 { _ = timers.add() }
        var model = [Alarm](repeating: .none, count: 12)
        var (now, order): (Int64, UInt64) = (0, 0)
        for _ in 0..<6_000 {
            let timer = draws.number(0...11)
            switch draws.number(0...9) {
            case 0...4:
                order += 1
                let alarm = Alarm(time: Instant(nanoseconds: now + Int64(draws.number(0...60))), order: order)
                timers.set(timer, to: alarm)
                model[timer] = alarm
            case 5:
                timers.set(timer, to: .none)
                model[timer] = .none
            case 6:
                // Earlier under the same rank, as an arrival that is released.
                guard model[timer] != .none, model[timer].time.nanoseconds > now else { continue }
                model[timer].time = Instant(nanoseconds: now)
                timers.set(timer, to: model[timer])
            default:
                let horizon = now + Int64(draws.number(0...20))
                let due = model.indices.filter { model[$0] != .none && model[$0].time.nanoseconds <= horizon }
                    .min {
                        (model[$0].time.nanoseconds, model[$0].order) < (model[$1].time.nanoseconds, model[$1].order)
                    }
                let popped = timers.popFirst(notAfter: Instant(nanoseconds: horizon))
                #expect(popped?.timer == due, "seed \(seed)")
                guard let due else { continue }
                #expect(popped?.time == model[due].time)
                now = max(now, model[due].time.nanoseconds)
                model[due] = .none
            }
            let (armed, next) = (timers.armed, timers.nextDeadline())
            #expect(armed == model.count { $0 != .none })
            #expect(next == model.map(\.time).min())
        }
    }

    @Test("an event costs at most 2 log2(pending) comparisons", arguments: [100, 1_000, 10_000])
    func comparisons(pending: Int) {
        var draws = Draws(seed: UInt64(pending))
        var heap = EventHeap(capacity: 16)
        var order: UInt64 = 0
        func entry(after time: Int64) -> EventHeap.Entry {
            order += 1
            let instant = Instant(nanoseconds: time + Int64(draws.number(0...1_000_000)))
            return EventHeap.Entry(time: instant, order: order, timer: 0)
        }
        for _ in 0..<pending { heap.insert(entry(after: 0)) }
        let (before, events) = (heap.comparisons, 20_000)
        for _ in 0..<events {
            guard let first = heap.popFirst() else { break }
            heap.insert(entry(after: first.time))
        }
        let each = Double(heap.comparisons - before) / Double(events)
        var log = 0.0
        while Double(1 << Int(log + 1)) <= Double(pending) { log += 1 }
        #expect(each <= 2 * log, "\(each) comparisons an event with \(pending) pending")
        #expect(each > 1)
    }

    @Test("a heap in steady state allocates nothing", .enabled(if: isOptimized))
    func allocations() {
        var heap = EventHeap(capacity: 2_048)
        for order in 1...1_000 as ClosedRange<UInt64> {
            heap.insert(.init(time: Instant(nanoseconds: Int64(order * 7_919 % 1_000)), order: order, timer: 1))
        }
        let count = TestSupport.allocations {
            for order in 1_001...50_000 as ClosedRange<UInt64> {
                guard let first = heap.popFirst() else { return }
                heap.insert(.init(time: first.instant + .microseconds(1), order: order, timer: 1))
            }
        }
        #expect(count ?? 0 == 0)
    }
}
