import PlaitCore
import PlaitTransport
import TestSupport
import Testing

/// The schedule's promise: `HandshakeTiming` calculates it, this counts it.
@Suite("Handshake over lossy links")
struct HandshakeLossTests {
    /// Enough to see a wrong schedule; optimised, as many as the promise is about.
    static let seeds: UInt64 = isOptimized ? 2_000 : 150

    @Test("loss each way, RTT 100 ms: keys at both ends within 10 s, and p99 at 10 %", arguments: [10, 30] as [UInt64])
    func loss(percent: UInt64) {
        for mode in [HandshakeMode.xx, .ik] {
            var times: [Interval] = []
            for seed in 1...Self.seeds { if let time = Self.time(mode, percent, seed) { times.append(time) } }
            times.sort { $0 < $1 }
            let p99 = times.isEmpty ? Interval.zero : times[min(times.count - 1, Int(Self.seeds) * 99 / 100)]
            print("handshake \(mode) loss \(percent) %: \(times.count) of \(Self.seeds) within 10 s, p99 \(p99)")
            if percent == 10 {
                #expect(times.count * 1_000 >= Int(Self.seeds) * 999, "\(mode)")
                #expect(p99 <= .milliseconds(3_300), "\(mode)")
            } else {
                #expect(times.count * 100 >= Int(Self.seeds) * 98, "\(mode)")
            }
        }
    }

    /// From the client's first packet until both ends have keys, or nil.
    static func time(_ mode: HandshakeMode, _ percent: UInt64, _ seed: UInt64) -> Interval? {
        let chance = RandomStream(seed: seed, name: "handshake/\(mode)/loss")
        var index: UInt64 = 0
        let world = HandshakeWorld(mode: mode, seed: seed)
        world.run(until: .start + .seconds(10)) { flight, now in
            index += 1
            if chance.draw(index).uniform(below: 100) < percent { return [] }
            return perfect(oneWay: .milliseconds(50))(flight, now)
        }
        guard let client = world.clientResult else { return nil }
        // The server of IK has keys with the first message, without which the client would have none.
        if mode == .ik { return world.clientKeysAt - .start }
        guard let server = world.serverResult, client.fits(server) else { return nil }
        return max(world.clientKeysAt, world.serverKeysAt) - .start
    }

    @Test(
        "lost, doubled, delayed and damaged packets in any order never bring two ends to different keys",
        arguments: [HandshakeMode.xx, .ik]
    )
    func anything(mode: HandshakeMode) {
        var established = 0
        let seeds: UInt64 = isOptimized ? 2_000 : 100
        for seed in 1...seeds {
            let chance = RandomStream(seed: seed, name: "handshake/anything")
            var index: UInt64 = 0
            let world = HandshakeWorld(mode: mode, seed: seed)
            world.run(until: .start + .seconds(10)) { flight, now in
                index += 1
                if chance.draw(index, 0).uniform(below: 100) < 20 { return [] }
                var copies: [Flight] = []
                for copy in 0...chance.draw(index, 1).uniform(below: 3) {
                    var one = flight
                    let delay = chance.draw(index, 10 + 3 * copy).uniform(below: 800)
                    one.arrival = now + .milliseconds(Int64(delay))
                    if chance.draw(index, 11 + 3 * copy).uniform(below: 100) < 30 {
                        let bit = chance.draw(index, 12 + 3 * copy).uniform(below: UInt64(one.bytes.count * 8))
                        one.bytes[Int(bit / 8)] ^= 1 << UInt8(bit % 8)
                    }
                    copies.append(one)
                }
                return copies
            }
            if let client = world.clientResult, let server = world.serverResult {
                #expect(client.fits(server), "seed \(seed)")
                established += 1
            }
            #expect(world.failure == nil || world.clientResult == nil, "seed \(seed)")
        }
        #expect(established * 100 >= Int(seeds) * 95)
    }
}

@Suite("The schedule of a handshake's repetitions")
struct HandshakeTimingTests {
    @Test("half as long again each time, to five first timeouts: the times that the calculation is about")
    func schedule() {
        var timer = RepeatTimer(.usual, of: .server)
        var times: [Interval] = []
        var now = Instant.start
        timer.sent(now: now)
        while now < .start + .seconds(10) {
            times.append(now - .start)
            now = timer.deadline
            let early = timer.isDue(now: now - .milliseconds(1))
            #expect(!early)
            let due = timer.isDue(now: now)
            #expect(due)
            timer.sent(now: now)
        }
        #expect(times == [0, 400, 1_000, 1_900, 3_250, 5_250, 7_250, 9_250].map { .milliseconds($0) })
    }

    @Test("a server's repetitions end after their number, and answers to the client do not count; a client's go on")
    func end() {
        var timing = HandshakeTiming.usual
        timing.repetitionsMax = 2
        for role in [Role.server, .client] {
            var timer = RepeatTimer(timing, of: role)
            var now = Instant.start
            for _ in 0..<2 {
                timer.sent(now: now)
                timer.sent(now: now)
                now = timer.deadline
                let due = timer.isDue(now: now)
                #expect(due)
            }
            timer.sent(now: now)
            #expect(timer.deadline.isNever == (role == .server))
        }
    }

    @Test("scaled to weeks, nothing overflows")
    func scaled() {
        let timing = HandshakeTiming(firstTimeout: .seconds(21 * 24 * 3_600))
        #expect(timing.isValid)
        #expect(timing.giveUpAfter == .seconds(525 * 24 * 3_600))
    }
}
