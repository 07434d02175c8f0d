import PlaitCore
import PlaitTransport
import Testing

@Suite("The earliest scheduler")
struct EarliestTests {
    /// Knows nothing of its paths.
    private func new() -> Earliest { Earliest(SchedulerContext(pathsMax: 2)) }

    /// Has seen thousands of packets arrive on both paths, and none get lost.
    private func made() -> Earliest {
        var scheduler = new()
        for slot in 0..<2 {
            for _ in 0..<400 { scheduler.acknowledged(20_000, on: slot, now: viewedAt) }
        }
        return scheduler
    }

    /// 20 ms, 20,000 B a round trip, open again in 10 ms: a packet would arrive in 20 ms.
    private var fast: PathView { .steady(0, roundTrip: 20, window: 20_000).full(oldest: 10) }
    /// A packet sent now arrives in 100 ms.
    private var slow: PathView { .steady(1, roundTrip: 200) }

    @Test("it waits exactly as long as the faster path can deliver all before the slower one a packet")
    func holdsBack() {
        // In 100 ms the fast path delivers for 80 ms: 20,000 B / 20 ms * 80 ms = 80,000 B.
        var scheduler = made()
        // At least until its packet would have to leave to be there first: 100 - 10 ms.
        let pause = SchedulerChoice.waitUntil(viewedAt + .milliseconds(90))
        #expect(scheduler.choose(.next(queued: 80_000), [fast, slow]) == pause)
        #expect(scheduler.choose(.next(queued: 80_001), [fast, slow]) == .send(slot: 1))
    }

    @Test("a window that doubles is followed round by round")
    func slowStart() {
        // 10,000 B, free in 10 ms, there in 20 ms: by 80 ms three rounds of 20 ms, 10,000 + 20,000 + 40,000 B.
        var young = PathView.steady(0, roundTrip: 20).paced(10)
        young.slowStartThreshold = .max
        let other = PathView.steady(1, roundTrip: 160)
        var scheduler = made()
        #expect(scheduler.choose(.next(queued: 70_000), [young, other]) == .waitUntil(viewedAt + .milliseconds(70)))
        #expect(scheduler.choose(.next(queued: 70_001), [young, other]) == .send(slot: 1))
        // Up to its threshold only: 10,000 + 20,000 + 20,000.
        young.slowStartThreshold = 20_000
        #expect(scheduler.choose(.next(queued: 50_001), [young, other]) == .send(slot: 1))
        #expect(scheduler.choose(.next(queued: 50_000), [young, other]) != .send(slot: 1))
    }

    @Test("what opens a full window in slow start also doubles it, and its burst is over by then")
    func fullInSlowStart() {
        // All 10,000 B left just now: open in 20 ms, there in 30. By 80 ms: 20,000 + 40,000 + half of 80,000 B.
        var young = PathView.steady(0, roundTrip: 20).full()
        young.slowStartThreshold = .max
        young.deliveredRate = 0
        let other = PathView.steady(1, roundTrip: 160)
        var scheduler = made()
        #expect(scheduler.choose(.next(queued: 100_000), [young, other]) != .send(slot: 1))
        #expect(scheduler.choose(.next(queued: 100_001), [young, other]) == .send(slot: 1))
        #expect(scheduler.estimate(young, for: .next(), now: viewedAt) == .milliseconds(30))
        // Half of the window just sent by a path whose rate nobody has seen: a quarter of its one-way time more.
        var begun = other
        begun.deliveredRate = 0
        begun.bytesInFlight = 5_000
        #expect(scheduler.estimate(begun, for: .next(), now: viewedAt) == .milliseconds(120))
    }

    @Test("what will be lost counts as queued")
    func expectedLosses() {
        var lossy = slow
        lossy.bytesInFlight = 5_000
        lossy.lossRate = 0.2
        // A packet there needs 100 ms and a quarter of 200 ms: 130 ms of 1,000 B on the fast path, for all that is
        // queued and for 1,000 B of the 5,000 B in flight.
        var scheduler = made()
        #expect(scheduler.choose(.next(queued: 129_000), [fast, lossy]) != .send(slot: 1))
        #expect(scheduler.choose(.next(queued: 129_001), [fast, lossy]) == .send(slot: 1))
    }

    @Test("it leaves the slower path empty when the faster one needs the credit meanwhile")
    func credit() {
        // Until the slow packet is known to be there, 110 ms, the fast path sends 110,000 B.
        // The window is credit + 20,000 in flight, and the packet takes 1,000: enough from 91,000 on.
        var scheduler = made()
        #expect(scheduler.choose(.next(credit: 90_999), [fast, slow]) == .waitUntil(viewedAt + .milliseconds(90)))
        scheduler = made()
        #expect(scheduler.choose(.next(credit: 91_000), [fast, slow]) == .send(slot: 1))
    }

    @Test("it waits when the slower path is likely to cost more than it wins: of 33 packets 2.6 were lost")
    func odds() {
        // Overdue after 200 ms, there 100 ms later: the fast path delivers for 280 ms until then, and sends for 310.
        // p is (32 x 5 % + 1) / 33, so that 1,000 B are won with 1 - p against 11,692 B lost with p.
        var scheduler = new()
        scheduler.lost(1_200, on: 1, now: viewedAt)
        #expect(scheduler.choose(.next(queued: 268_307), [fast, slow]) == .waitUntil(viewedAt + .milliseconds(90)))
        #expect(scheduler.choose(.next(queued: 268_309), [fast, slow]) == .send(slot: 1))
        // The window is credit + 20,000 in flight, and the packet takes 1,000.
        #expect(scheduler.choose(.next(credit: 279_309), [fast, slow]) == .send(slot: 1))
        scheduler = new()
        scheduler.lost(1_200, on: 1, now: viewedAt)
        #expect(scheduler.choose(.next(credit: 279_307), [fast, slow]) == .waitUntil(viewedAt + .milliseconds(90)))
    }

    @Test("an unknown path is taken for one that loses 5 %, until packets show that it does not")
    func unknown() {
        // 1,000 B with 95 % against 19,000 B with 5 %.
        var scheduler = new()
        #expect(scheduler.choose(.next(queued: 260_999), [fast, slow]) == .waitUntil(viewedAt + .milliseconds(90)))
        #expect(scheduler.choose(.next(queued: 261_001), [fast, slow]) == .send(slot: 1))
        // 32 packets halve the odds: 2.5 %, 39,000 B.
        scheduler.acknowledged(32_000, on: 1, now: viewedAt)
        #expect(scheduler.choose(.next(queued: 240_999), [fast, slow]) == .waitUntil(viewedAt + .milliseconds(90)))
        #expect(scheduler.choose(.next(queued: 241_001), [fast, slow]) == .send(slot: 1))
        scheduler = made()
        #expect(scheduler.choose(.next(queued: 80_001), [fast, slow]) == .send(slot: 1))
    }

    @Test("a path that takes the place of one that is over is as unknown as any new one")
    func replaced() {
        var scheduler = made()
        #expect(scheduler.choose(.next(queued: 80_001), [fast, slow]) == .send(slot: 1))
        var other = slow
        other.path = 7
        #expect(scheduler.choose(.next(queued: 80_001), [fast, other]) == .waitUntil(viewedAt + .milliseconds(90)))
    }

    @Test("a mishap is not charged with what a window that doubles may become")
    func steady() {
        // 10,000 B a round trip of 20 ms. Were it to double, two rounds more would make 1,000,000 B of it.
        var young = PathView.steady(0, roundTrip: 20).paced(10)
        young.slowStartThreshold = .max
        let other = PathView.steady(1, roundTrip: 160)
        var scheduler = new()
        scheduler.lost(1_200, on: 1, now: viewedAt)
        #expect(scheduler.choose(.next(queued: 109_000), [young, other]) == .send(slot: 1))
        #expect(scheduler.choose(.next(queued: 98_000), [young, other]) != .send(slot: 1))
    }

    @Test("a path with nothing better to do carries a copy of what a lossy one may lose, if that is in time")
    func copies() {
        // By 20 ms, when a packet of the other path would be there, the lossy one delivers 10,000 B / 20 ms * 10 ms.
        let own = PathView.steady(0, roundTrip: 20)
        let spare = PathView.steady(1, roundTrip: 40)
        var scheduler = made()
        #expect(scheduler.choose(.next(queued: 5_000), [own, spare]) == .send(slot: 0))
        // One packet in a thousand is no reason yet.
        scheduler.lost(1_000, on: 0, now: viewedAt)
        #expect(scheduler.choose(.next(queued: 5_000), [own, spare]) == .send(slot: 0))
        for _ in 0..<2 { scheduler.lost(1_000, on: 0, now: viewedAt) }
        #expect(scheduler.choose(.next(queued: 5_000), [own, spare]) == .sendOnAll)
        #expect(scheduler.choose(.next(queued: 5_001), [own, spare]) == .send(slot: 0), "it is needed for more")
        // A loss would be noticed after 20 ms and repaired after 30: a copy that takes as long is of no use.
        #expect(scheduler.choose(.next(queued: 5_000), [own, .steady(1, roundTrip: 60)]) == .send(slot: 0))
        #expect(scheduler.choose(.next(queued: 5_000), [own]) == .send(slot: 0))
    }

    @Test("of two paths that may send it takes the one with less queue, loss and silence")
    func comparison() {
        let good = PathView.steady(1, roundTrip: 20)
        var scheduler = made()
        var other = PathView.steady(0, roundTrip: 20)
        #expect(scheduler.choose(.next(), [other, good]) == .send(slot: 0))
        other.smoothedRoundTrip = .milliseconds(21)
        #expect(scheduler.choose(.next(), [other, good]) == .send(slot: 1))
        other = .steady(0, roundTrip: 20)
        other.lossRate = 0.01
        #expect(scheduler.choose(.next(), [other, good]) == .send(slot: 1))
        other = .steady(0, roundTrip: 20)
        other.unacknowledgedSince = viewedAt - .milliseconds(20)
        #expect(scheduler.choose(.next(), [other, good]) == .send(slot: 0))
        other.unacknowledgedSince = viewedAt - .milliseconds(21)
        #expect(scheduler.choose(.next(), [other, good]) == .send(slot: 1))
        // A backup and a suspected path do not count beside a better one, however fast.
        other = .steady(0, roundTrip: 1)
        other.isBackup = true
        #expect(scheduler.choose(.next(), [other, good]) == .send(slot: 1))
        #expect(scheduler.choose(.next(), [other, good.full()]) == .wait)
        other.isBackup = false
        other.isSuspected = true
        #expect(scheduler.choose(.next(), [other, good]) == .send(slot: 1))
        #expect(scheduler.choose(.next(), [other]) == .send(slot: 0))
    }

    @Test("the estimate is the wait, half the shortest round trip, the queue and the repairs")
    func estimate() {
        var view = PathView.steady(0, roundTrip: 20)
        let scheduler = made()
        func milliseconds() -> Double? {
            scheduler.estimate(view, for: .next(), now: viewedAt).map { Double($0.nanoseconds) / 1e6 }
        }
        #expect(milliseconds() == 10)
        view.smoothedRoundTrip = .milliseconds(50)
        #expect(milliseconds() == 40, "10 of the wire, 30 of the queue")
        view.lossRate = 0.2
        #expect(milliseconds() == 52.5, "a quarter of a round trip for repairs")
        view.lossRate = 0
        #expect(scheduler.estimate(view.paced(7), for: .next(), now: viewedAt) == .milliseconds(47))
        #expect(scheduler.estimate(view.full(oldest: 30), for: .next(), now: viewedAt) == .milliseconds(60))
        #expect(scheduler.estimate(view.full(oldest: 60), for: .next(), now: viewedAt) == .milliseconds(50), "10 late")
        view = view.full()
        view.oldestSentAt = .never
        #expect(scheduler.estimate(view, for: .next(), now: viewedAt) == nil, "nothing will open it")
    }

    @Test("a queue that a smaller window let drain is not counted though the round trip still shows it")
    func drained() {
        var view = PathView.steady(0, roundTrip: 60)
        view.smoothedRoundTrip = .milliseconds(120)
        view.window = 600_000
        view.bytesInFlight = 600_000
        view.deliveredRate = 5_000_000
        var scheduler = made()
        _ = scheduler.choose(.next(), [view])
        #expect(scheduler.estimate(view, for: .next(), now: viewedAt) == .milliseconds(90))
        view.bytesInFlight = 400_000
        #expect(scheduler.estimate(view, for: .next(), now: viewedAt) == .milliseconds(50), "200 kB less at 5 MB/s")
        view.bytesInFlight = 0
        #expect(scheduler.estimate(view, for: .next(), now: viewedAt) == .milliseconds(30))
        // Remembered for four round trips at most.
        view.bytesInFlight = 100_000
        var later = viewedAt
        for _ in 0..<3 {
            later = later + .milliseconds(240)
            _ = scheduler.choose(for: .next(), among: [view].span, now: later)
        }
        #expect(scheduler.estimate(view, for: .next(), now: later) == .milliseconds(90))
    }

    @Test("a decision in a trace has what each path was estimated at")
    func traced() {
        var scheduler = made()
        let paths = [fast, slow]
        let before: any Scheduler = scheduler
        let choice = scheduler.choose(.next(), paths)
        let decision = SchedulingDecision(choice, of: before, for: .next(), among: paths.span, now: viewedAt)
        #expect(decision.candidates.map(\.arrival) == [viewedAt + .milliseconds(20), viewedAt + .milliseconds(100)])
        #expect(decision.candidates.map(\.view.slot) == [0, 1])
        #expect(decision.expectedArrival == viewedAt + .milliseconds(100))
        let silent = SchedulingDecision(.wait, of: MinRTT(), for: .next(), among: paths.span, now: viewedAt)
        #expect(silent.expectedArrival.isNever)
        #expect(silent.candidates.allSatisfy { $0.arrival.isNever })
    }
}
