import PlaitCore
import PlaitTransport
import Testing

@Suite("Streams pinned to a path")
struct PinTests {
    private static let schedulers: [@Sendable (SchedulerContext) -> any Scheduler] = [
        { Earliest($0) }, { _ in RoundRobin() }, { _ in Redundant() },
    ]

    @Test(
        "all bytes of a pinned stream leave on its path, again and again if lost, and others on any",
        arguments: [0, 1] as [UInt32],
        0..<3
    )
    func keeps(path: UInt32, scheduler: Int) throws {
        let watch = PinWatch()
        let make = Self.schedulers[scheduler]
        var pair = MultiPair(watchers: (watch, PinWatch())) { $0.connection.scheduler = make }
        pair.isLost = { _, toServer, number in toServer && number % 40 == 39 }
        try pair.begin()
        try pair.send(200_000, fromClient: true, seed: 1)
        try pair.send(150_000, fromClient: true, seed: 2, pin: path)
        let isWhole = pair.finish(within: .seconds(10))
        let (free, pinned) = (pair.flows[0].stream, pair.flows[1].stream)
        #expect(isWhole)
        #expect(watch.paths(pinned) == [path])
        #expect(watch.chunks.contains { $0.stream == pinned && !$0.isFirst })
        #expect(watch.paths(free) == [0, 1])
    }

    @Test("nobody waits behind a pinned stream that waits for its path, whatever the priority")
    func noHeadOfLine() throws {
        var alone = MultiPair(latencies: [.milliseconds(10), .milliseconds(300)])
        try alone.begin()
        alone.run(for: .seconds(1))
        try alone.send(400_000, fromClient: true, seed: 1, pin: 0)
        let begin = alone.now
        let isWhole = alone.finish(within: .seconds(10))
        let usual = alone.now - begin
        #expect(isWhole)

        var pair = MultiPair(latencies: [.milliseconds(10), .milliseconds(300)])
        try pair.begin()
        // Until the long way is validated.
        pair.run(for: .seconds(1))
        try pair.send(800_000, fromClient: true, seed: 2, pin: 1, priority: 1)
        pair.run(for: .milliseconds(50))
        try pair.send(400_000, fromClient: true, seed: 1, priority: 9)
        let start = pair.now
        pair.run(until: start + .seconds(10)) { $0.flows[1].isWhole }
        let (taken, other) = (pair.now - start, pair.flows[0].isEnd)
        #expect(!other && taken <= usual + usual, "\(taken) beside a pinned stream, \(usual) alone")
        let all = pair.finish(within: .seconds(60))
        #expect(all)
    }

    @Test("a pinned stream does not wait for what the scheduler holds back, however urgent")
    func notHeldBack() throws {
        var pair = MultiPair { $0.connection.scheduler = { _ in Never() } }
        try pair.begin()
        try pair.send(100_000, fromClient: true, seed: 1, priority: 1)
        try pair.send(100_000, fromClient: true, seed: 2, pin: 1, priority: 9)
        pair.run(for: .seconds(2))
        let (held, pinned) = (pair.flows[0].isEnd, pair.flows[1].isWhole)
        #expect(!held && pinned)
    }

    @Test("a pinned stream takes turns with the copies of another that its path has to carry, too")
    func copies() throws {
        let watch = PinWatch()
        var pair = MultiPair(watchers: (watch, PinWatch())) { $0.connection.scheduler = { _ in Redundant() } }
        try pair.begin()
        try pair.send(600_000, fromClient: true, seed: 1)
        try pair.send(300_000, fromClient: true, seed: 2, pin: 1)
        let isWhole = pair.finish(within: .seconds(20))
        #expect(isWhole)
        // While both have something for it, neither waits for more than the other's next packet.
        let (copied, pinned) = (pair.flows[0].stream, pair.flows[1].stream)
        let order = watch.chunks.filter { $0.path == 1 }.map(\.stream)
        let both = order[try #require(order.firstIndex(of: pinned))...].prefix(40)
        let turns = zip(both, both.dropFirst()).filter { $0 != $1 }.count
        #expect(both.contains(copied) && turns > 36, "\(turns) turns in \(both.count) packets")
    }

    private struct Never: Scheduler {
        mutating func choose(
            for packet: PacketToSchedule,
            among paths: Span<PathView>,
            now: Instant
        ) -> SchedulerChoice { .waitUntil(now + .seconds(60)) }
    }

    @Test("what is more urgent than a pinned stream goes first on its path")
    func urgency() throws {
        var pair = MultiPair(latencies: [.milliseconds(10), .milliseconds(300)])
        try pair.begin()
        try pair.send(400_000, fromClient: true, seed: 1, pin: 0, priority: 9)
        try pair.send(400_000, fromClient: true, seed: 2, priority: 1)
        pair.run(until: pair.now + .seconds(5)) { $0.flows[0].isWhole || $0.flows[1].isWhole }
        let (pinned, urgent) = (pair.flows[0].isEnd, pair.flows[1].isWhole)
        #expect(urgent && !pinned)
    }

    @Test("a pinned stream goes elsewhere while its path is cut, and back when it returns", arguments: [true, false])
    func failover(fromClient: Bool) throws {
        let (near, far) = (PinWatch(), PinWatch())
        var pair = MultiPair(watchers: (near, far))
        let watch = fromClient ? near : far
        try pair.begin()
        try pair.send(1_500_000, fromClient: fromClient, pin: 1)
        let stream = pair.flows[0].stream
        pair.run(for: .milliseconds(200))
        #expect(watch.paths(stream) == [1])
        pair.links[1].isCut = true
        let cutAt = pair.now
        pair.run(for: .seconds(2))
        #expect(watch.paths(stream, since: cutAt).contains(0))
        pair.links[1].isCut = false
        pair.run(until: pair.now + .seconds(10)) { $0.state(1, atServer: !fromClient) == .active }
        let returnedAt = pair.now
        try pair.send(100_000, fromClient: fromClient, seed: 3, pin: 1)
        let isWhole = pair.finish(within: .seconds(60))
        let last = pair.flows[pair.flows.count - 1].stream
        #expect(isWhole)
        #expect(watch.paths(last, since: returnedAt) == [1])
    }

    @Test("a backup carries what is pinned to it, and nothing else while another path works")
    func backup() throws {
        let watch = PinWatch()
        var pair = MultiPair(watchers: (watch, PinWatch()))
        try pair.connect()
        try pair.open(1, isBackup: true)
        pair.run(for: .milliseconds(300))
        try pair.send(200_000, fromClient: true, seed: 1)
        try pair.send(200_000, fromClient: true, seed: 2, pin: 1)
        let isWhole = pair.finish(within: .seconds(10))
        #expect(isWhole)
        #expect(watch.paths(pair.flows[0].stream) == [0] && watch.paths(pair.flows[1].stream) == [1])
    }

    @Test("a pin to a path that is not there yet, or is over, or never will be, loses and holds up nothing")
    func absent() throws {
        let watch = PinWatch()
        var pair = MultiPair(watchers: (watch, PinWatch()))
        try pair.connect()
        try pair.send(100_000, fromClient: true, seed: 1, pin: 1)
        try pair.send(100_000, fromClient: true, seed: 2, pin: 77)
        let early = pair.finish(within: .seconds(5))
        #expect(early && watch.paths(pair.flows[0].stream) == [0])
        try pair.open(1)
        pair.run(for: .milliseconds(300))
        try pair.send(500_000, fromClient: true, seed: 3, pin: 1)
        pair.run(for: .milliseconds(100))
        #expect(watch.paths(pair.flows[2].stream) == [1])
        try pair.client.abandon(PathID(1), on: pair.handle, now: pair.now)
        let isWhole = pair.finish(within: .seconds(20))
        #expect(isWhole && watch.paths(pair.flows[2].stream) == [0, 1])
    }

    @Test("what is bound to a slow path is not repeated on a fast one at the tail, and what is not is")
    func tail() throws {
        for pin in [1, nil] as [UInt32?] {
            let watch = PinWatch()
            var pair = MultiPair(latencies: [.milliseconds(5), .milliseconds(200)], watchers: (watch, PinWatch())) {
                $0.connection.scheduler = { _ in RoundRobin() }
            }
            try pair.begin()
            pair.run(for: .seconds(1))
            try pair.send(12_000, fromClient: true, pin: pin)
            let isWhole = pair.finish(within: .seconds(5))
            let again = watch.paths(pair.flows[0].stream, isFirst: false)
            #expect(isWhole && again.contains(0) == (pin == nil) && (pin == nil || again.isEmpty), "\(again)")
        }
    }

    @Test("a stream may change its mind: from then on it goes the other way, or any")
    func changes() throws {
        let watch = PinWatch()
        var pair = MultiPair(watchers: (watch, PinWatch()))
        try pair.begin()
        try pair.send(1_500_000, fromClient: true, pin: 0)
        let stream = pair.flows[0].stream
        pair.run(for: .milliseconds(50))
        try pair.pin(stream, to: 1, fromClient: true)
        let second = pair.now
        pair.run(for: .milliseconds(150))
        let between = watch.paths(stream, since: second + .milliseconds(1))
        try pair.pin(stream, to: nil, fromClient: true)
        let third = pair.now
        let isWhole = pair.finish(within: .seconds(20))
        #expect(isWhole && between == [1] && watch.paths(stream, since: third) == [0, 1])
    }

    @Test("a pin is told as a decision that nobody was asked for")
    func decisions() throws {
        let watch = PinWatch(wantsDecisions: true)
        var pair = MultiPair(watchers: (watch, PinWatch()))
        try pair.begin()
        try pair.send(100_000, fromClient: true, seed: 1)
        try pair.send(100_000, fromClient: true, seed: 2, pin: 1)
        let isWhole = pair.finish(within: .seconds(10))
        let pinned = watch.decisions.filter { $0.packet.pin != nil }
        #expect(isWhole && pinned.count >= 80 && pinned.count < watch.decisions.count)
        #expect(pinned.allSatisfy { $0.choice == .send(slot: 1) && $0.candidates.map(\.view.slot) == [1] })
        #expect(pinned.allSatisfy { $0.packet.stream == pair.flows[1].stream.value })
        let asked = watch.decisions.filter { $0.packet.pin == nil }
        #expect(asked.allSatisfy { $0.packet.stream != pair.flows[1].stream.value })
        #expect(asked.allSatisfy { $0.packet.queuedBytes <= 100_000 })
    }
}
