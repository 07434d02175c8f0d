import PlaitCore
import PlaitTransport
import Testing

@Suite("Round trips by the path of the acknowledgements")
struct AckPathTests {
    @Test("each path that acknowledgements come by has a round trip of its own")
    func perPath() throws {
        var path = HandPath()
        path.send(at: 0)
        try path.hear(0...0, at: 100)
        path.send(at: 100)
        try path.hear(1...1, by: 1, at: 140)
        // The first sample of another path is not mixed with those of the first.
        #expect(path.recovery.roundTrip.smoothed == .milliseconds(40))
        #expect(path.recovery.roundTrip.minimum == .milliseconds(40))
        path.send(at: 200)
        try path.hear(2...2, by: 0, at: 300)
        #expect(path.recovery.roundTrip.smoothed == .milliseconds(100))
        #expect(path.recovery.roundTrip.variation == .microseconds(37_500))
        path.send(at: 300)
        try path.hear(3...3, by: 1, at: 340)
        #expect(path.recovery.roundTrip.variation == .milliseconds(15))
    }

    @Test("an ACK that brings no sample does not change whose round trip counts")
    func noSample() throws {
        var path = HandPath()
        path.send(2, at: 0)
        try path.hear(1...1, at: 100)
        try path.hear(0...1, by: 1, at: 101)
        #expect(path.recovery.roundTrip.latest == .milliseconds(100))
        try path.hear(0...1, by: 1, at: 300)
        #expect(path.recovery.roundTrip.latest == .milliseconds(100))
    }

    @Test("probes wait for the slower path while acknowledgements may still come by it, and no longer")
    func probes() throws {
        var path = HandPath()
        path.send(at: 0)
        try path.hear(0...0, at: 100)
        // 100 + 4 * 50 + 25 by path 0.
        path.send(at: 100)
        try path.hear(1...1, by: 1, at: 110)
        #expect(path.recovery.probeTimeout == .milliseconds(325))
        // Two probe timeouts, each 300, after path 0 was last heard of.
        for time in stride(from: Int64(600), through: 800, by: 100) {
            let number = path.send(at: time)
            try path.hear(number...number, by: 1, at: time + 10)
            #expect((path.recovery.probeTimeout == .milliseconds(325)) == (time < 700), "\(time)")
        }
        #expect(path.recovery.probeTimeout < .milliseconds(60))
    }

    @Test("a challenge measures this path both ways, wherever acknowledgements come by")
    func challenges() throws {
        var path = HandPath()
        path.recovery.challengeAnswered(.milliseconds(80), now: HandPath.at(0))
        #expect(path.recovery.roundTrip.latest == .milliseconds(80))
        path.send(at: 0)
        try path.hear(0...0, by: 1, at: 30)
        path.recovery.challengeAnswered(.milliseconds(160), now: HandPath.at(50))
        #expect(path.recovery.roundTrip.latest == .milliseconds(30))
        path.send(at: 100)
        try path.hear(1...1, at: 220)
        // 80, then 160, then 120.
        #expect(path.recovery.roundTrip.smoothed == .nanoseconds(93_750_000))
    }

    @Test("a path that is gone leaves nothing to the next one in its slot")
    func closed() throws {
        var path = HandPath()
        for slot in [0, 1, 2, 1] {
            let number = path.send(at: 0)
            try path.hear(number...number, by: slot, at: 100 + 100 * Int64(slot))
        }
        path.recovery.closed(ackSlot: 1)
        path.recovery.closed(ackSlot: 2)
        for (slot, wanted) in [(2, 20), (1, 10), (0, 90)] as [(Int, Int64)] {
            let number = path.send(at: 1_000)
            try path.hear(number...number, by: slot, at: 1_000 + (slot == 0 ? 20 : wanted))
            #expect(path.recovery.roundTrip.smoothed == .milliseconds(wanted), "\(slot)")
        }
    }

    @Test("the first ACK of a path may come by another one")
    func elsewhere() throws {
        var path = HandPath()
        path.send(at: 0)
        try path.hear(0...0, by: 3, at: 50)
        #expect(path.recovery.roundTrip.smoothed == .milliseconds(50))
        #expect(path.recovery.probeTimeout == .milliseconds(175))
    }
}
