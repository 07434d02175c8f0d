import PlaitCore
import PlaitTransport
import Testing

@Suite("Published schedulers")
struct PublishedSchedulerTests {
    @Test("minRTT takes the shortest round trip that may send, and the earlier path of two equal ones")
    func minRTT() {
        var scheduler = MinRTT()
        let slow = PathView.steady(0, roundTrip: 100)
        let fast = PathView.steady(1, roundTrip: 10)
        #expect(scheduler.choose(.next(), [slow, fast]) == .send(slot: 1))
        #expect(scheduler.choose(.next(), [slow, fast.full()]) == .send(slot: 0))
        #expect(scheduler.choose(.next(), [slow.full(), fast.paced(5)]) == .wait)
        #expect(scheduler.choose(.next(), [.steady(4, roundTrip: 10), fast]) == .send(slot: 4))
    }

    @Test("round robin goes on from the last path and passes over one that may not send")
    func roundRobin() {
        var scheduler = RoundRobin()
        let paths = [0, 2, 5].map { PathView.steady($0, roundTrip: 10) }
        let turns = (0..<4).map { _ in scheduler.choose(.next(), paths) }
        #expect(turns == [.send(slot: 0), .send(slot: 2), .send(slot: 5), .send(slot: 0)])
        #expect(scheduler.choose(.next(), [paths[0], paths[1].full(), paths[2]]) == .send(slot: 5))
        // A path that is gone does not break the order.
        #expect(scheduler.choose(.next(), [paths[0], paths[1]]) == .send(slot: 0))
        #expect(scheduler.choose(.next(), paths.map { $0.full() }) == .wait)
    }

    @Test("with round trips of 10 and 30 ms the weights are 3 and 1, evenly mixed")
    func weightedRoundRobin() {
        var scheduler = WeightedRoundRobin(SchedulerContext(pathsMax: 1))
        let paths = [PathView.steady(0, roundTrip: 10), .steady(1, roundTrip: 30)]
        let turns = (0..<4).map { _ in scheduler.choose(.next(), paths) }
        #expect(turns == [.send(slot: 0), .send(slot: 0), .send(slot: 1), .send(slot: 0)])
        var counts = [0, 0]
        for _ in 0..<400 {
            if case .send(let slot) = scheduler.choose(.next(), paths) { counts[slot] += 1 }
        }
        #expect(counts == [300, 100])
        #expect(scheduler.choose(.next(), [paths[0].full(), paths[1]]) == .send(slot: 1))
    }

    @Test("BLEST skips the slow path when the fast one would need the window meanwhile")
    func blest() {
        // F: window of 10 packets of 1,000 B, 20 ms, full. S: 100 ms, empty.
        // rounds = 5,  X = 1,000 (10 + (5 - 1) / 2) 5 = 60,000,  lambda X = 1.2 * 60,000 = 72,000
        // SW = credit + 10,000 in flight; S is skipped if 72,000 > SW - 1,000 (0 + 1), that is if credit < 63,000.
        let fast = PathView.steady(0, roundTrip: 20).full()
        let slow = PathView.steady(1, roundTrip: 100)
        var scheduler = BLEST()
        #expect(BLEST.meantime(on: fast, during: slow) == 60_000)
        #expect(scheduler.choose(.next(credit: 62_999), [fast, slow]) == .wait)
        #expect(scheduler.choose(.next(credit: 63_000), [fast, slow]) == .send(slot: 1))
        // What S has in flight belongs to the window, and is taken off it again.
        var used = slow
        used.bytesInFlight = 5_000
        #expect(scheduler.choose(.next(credit: 62_999), [fast, used]) == .wait)
        #expect(scheduler.choose(.next(credit: 63_000), [fast, used]) == .send(slot: 1))
        #expect(scheduler.choose(.next(credit: 1_000), [.steady(0, roundTrip: 20), slow]) == .send(slot: 0))
    }

    @Test("bytes that wait at the receiver for earlier ones still belong to BLEST's window")
    func blestWindow() {
        // 73,000 in all, of which 10,000 are in flight; later 13,000 arrived out of order, and the window is what it
        // was.
        let fast = PathView.steady(0, roundTrip: 20).full()
        let slow = PathView.steady(1, roundTrip: 100)
        var scheduler = BLEST()
        #expect(scheduler.choose(.next(credit: 63_000), [fast, slow]) == .send(slot: 1))
        #expect(scheduler.choose(.next(credit: 50_000), [fast, slow]) == .send(slot: 1))
    }

    @Test("BLEST's lambda moves once a slow round trip: up by 0.04 when the window blocked, else down by 0.01")
    func lambda() {
        var scheduler = BLEST()
        let paths = [PathView.steady(0, roundTrip: 20).full(), .steady(1, roundTrip: 100)]
        var now = viewedAt
        func decide(credit: UInt64) {
            now = now + .milliseconds(50)
            _ = scheduler.choose(for: .next(credit: credit), among: paths.span, now: now)
        }
        for _ in 0..<5 { decide(credit: 1_000_000) }
        #expect(scheduler.lambda == 118, "two round trips")
        for _ in 0..<4 { decide(credit: 1_500) }
        #expect(scheduler.lambda == 126)
        for _ in 0..<100 { decide(credit: 1_500) }
        #expect(scheduler.lambda == 130)
        for _ in 0..<100 { decide(credit: 1_000_000) }
        #expect(scheduler.lambda == 100)
    }

    @Test("ECF waits for 10 ms rather than send the last packet by 100 ms: the paper's example")
    func ecfExample() {
        // One packet left, windows of 10: sent by S it arrives with a round trip of 100 ms, by F after 2 * 10 ms.
        //     (1 + 1) 10 < 100   and   1 * 100 >= 2 * 10
        let fast = PathView.steady(0, roundTrip: 10).full()
        let slow = PathView.steady(1, roundTrip: 100)
        var scheduler = ECF()
        #expect(scheduler.choose(.next(queued: 1_000), [fast, slow]) == .wait)
        #expect(scheduler.choose(.next(queued: 1_000), [.steady(0, roundTrip: 10), slow]) == .send(slot: 0))
    }

    @Test("ECF needs a quarter more to stop waiting than to begin")
    func ecfHysteresis() {
        // (1 + k/10) 10 < 100 for k < 90 packets; having waited, (1 + k/10) 10 < 125 for k < 115.
        let paths = [PathView.steady(0, roundTrip: 10).full(), .steady(1, roundTrip: 100)]
        var scheduler = ECF()
        #expect(scheduler.choose(.next(queued: 90_000), paths) == .send(slot: 1))
        #expect(scheduler.choose(.next(queued: 89_000), paths) == .wait)
        #expect(scheduler.choose(.next(queued: 114_000), paths) == .wait)
        #expect(scheduler.choose(.next(queued: 115_000), paths) == .send(slot: 1))
        #expect(scheduler.choose(.next(queued: 114_000), paths) == .send(slot: 1))
    }

    @Test("ECF does not wait for a path that is hardly faster")
    func ecfMargin() {
        // delta = 5 ms: 20 < 21 + 5, but 21 >= 2 * 10 + 5 does not hold. Without variation it does.
        let fast = PathView.steady(0, roundTrip: 10).full()
        var slow = PathView.steady(1, roundTrip: 21)
        var scheduler = ECF()
        #expect(scheduler.choose(.next(queued: 1_000), [fast, slow]) == .wait)
        slow.roundTripVariation = .milliseconds(5)
        scheduler = ECF()
        #expect(scheduler.choose(.next(queued: 1_000), [fast, slow]) == .send(slot: 1))
    }

    @Test("on the same views the schedulers part")
    func differences() throws {
        let paths = [PathView.steady(0, roundTrip: 10).full(oldest: 5), .steady(1, roundTrip: 100)]
        func choices(_ packet: PacketToSchedule) throws -> [SchedulerChoice] {
            try Schedulers.standard.registrations.map { registration in
                var made = try registration.make(
                    ModelChoice(registration.signature.name),
                    SchedulerContext(pathsMax: 2)
                )
                return made.choose(packet, paths)
            }
        }
        #expect(
            Schedulers.standard.registrations.map(\.signature.name) == [
                "min-rtt", "round-robin", "weighted-round-robin", "blest", "ecf", "redundant", "earliest",
            ]
        )
        let slow = SchedulerChoice.send(slot: 1)
        let pause = SchedulerChoice.waitUntil(viewedAt + .milliseconds(45))
        #expect(try choices(.next(queued: 1_000)) == [slow, slow, slow, slow, .wait, .sendOnAll, pause])
        #expect(
            try choices(.next(queued: 1_000, credit: 9_000)) == [slow, slow, slow, .wait, .wait, .sendOnAll, pause]
        )
        #expect(try choices(.next(queued: 9_000_000)) == [slow, slow, slow, slow, slow, .sendOnAll, slow])
    }

    @Test("redundant waits only when no path may send")
    func redundant() {
        var scheduler = Redundant()
        #expect(scheduler.choose(.next(), [.steady(0, roundTrip: 10).full(), .steady(1, roundTrip: 10)]) == .sendOnAll)
        #expect(scheduler.choose(.next(), [.steady(0, roundTrip: 10).full()]) == .wait)
    }
}
