import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Schedulers on any views")
struct RandomViewTests {
    /// Consistent views of one to six paths, extremes included.
    private func views(_ random: RandomStream, _ index: UInt64) -> [PathView] {
        var number: UInt64 = 0
        func draw(_ bound: UInt64) -> UInt64 {
            number += 1
            return random.draw(index, number).uniform(below: bound)
        }
        func length() -> Interval { Interval(nanoseconds: 1 + Int64(draw(1 << (10 + draw(43))))) }
        return (0...Int(draw(6))).map { slot in
            let minimum = length()
            var view = PathView(slot: slot * 3, path: UInt32(slot), roundTrip: minimum, window: 0, packetSize: 1_200)
            view.smoothedRoundTrip = draw(2) == 0 ? minimum : minimum + length()
            view.roundTripVariation = length()
            view.window = 2_400 + Int(draw(1 << (1 + draw(39))))
            view.slowStartThreshold = draw(2) == 0 ? .max : view.window
            view.bytesInFlight = draw(3) == 0 ? 0 : Int(draw(UInt64(view.window)))
            if view.bytesInFlight > 0 { view.oldestSentAt = viewedAt - length() }
            if draw(4) == 0 { view.unacknowledgedSince = view.oldestSentAt }
            if draw(3) == 0 { view.sendTime = viewedAt + length() }
            view.lossRate = draw(3) == 0 ? Double(draw(101)) / 100 : 0
            view.deliveredRate = draw(2) == 0 ? 0 : Double(draw(1 << 40))
            view.isBackup = draw(10) == 0
            view.isSuspected = draw(10) == 0
            view.hasRoom = view.bytesInFlight + 1_200 <= view.window
            view.mayNow = view.hasRoom && view.sendTime <= viewedAt
            return view
        }
    }

    @Test("a choice may send, and nobody waits for what never comes", arguments: singleCopySchedulers + ["redundant"])
    func choices(name: String) throws {
        let random = RandomStream(seed: 11, name: "views")
        var scheduler = try scheduler(name)
        var sent = 0
        for index in 0..<5_000 as Range<UInt64> {
            let paths = views(random, index)
            let queued = random.draw(index, 1_000).uniform(below: 1 << (1 + random.draw(index, 1_001) % 40))
            let credit = random.draw(index, 1_002) % 2 == 0 ? UInt64.max : queued / 2
            let choice = scheduler.choose(.next(queued: queued + 1, credit: credit), paths)
            switch choice {
            case .send(let slot):
                sent += 1
                #expect(paths.contains { $0.slot == slot && $0.mayNow })
            case .sendOnAll:
                sent += 1
                #expect(paths.contains { $0.mayNow })
            case .wait, .waitUntil:
                #expect(paths.contains { $0.bytesInFlight > 0 || $0.sendTime > viewedAt })
                if case .waitUntil(let time) = choice { #expect(time > viewedAt && !time.isNever) }
            }
        }
        #expect(sent > 2_000, "\(sent)")
    }

    @Test("the same calls give the same choices", arguments: singleCopySchedulers)
    func determinism(name: String) throws {
        let random = RandomStream(seed: 12, name: "views")
        var one = try scheduler(name)
        var other = try scheduler(name)
        for index in 0..<500 as Range<UInt64> {
            let paths = views(random, index)
            #expect(one.choose(.next(), paths) == other.choose(.next(), paths))
        }
    }

    @Test("a decision allocates nothing", .enabled(if: isOptimized), arguments: singleCopySchedulers + ["redundant"])
    func allocationFree(name: String) throws {
        var scheduler = try scheduler(name, paths: 6)
        let paths = (0..<6).map { PathView.steady($0, roundTrip: Int64(10 + 10 * $0)) }
        let busy = paths.map { $0.slot < 3 ? $0.full() : $0 }
        var chosen = 0
        let count = allocations {
            for turn in 0..<1_000 {
                let span = turn % 2 == 0 ? paths.span : busy.span
                if scheduler.choose(for: .next(), among: span, now: viewedAt) != .wait { chosen += 1 }
                scheduler.sent(1_000, on: 0, now: viewedAt)
                scheduler.acknowledged(1_000, on: 0, now: viewedAt)
            }
        }
        #expect(count ?? 0 == 0, "\(count ?? 0) allocations")
        #expect(chosen == 1_000)
    }
}
