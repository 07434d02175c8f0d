import PlaitCore
import PlaitTransport
import Testing

@Suite("Paths that are given up")
struct AbandonTests {
    @Test("either end gives a path up in the midst of a transfer, and nothing is lost", arguments: [true, false])
    func abandon(byClient: Bool) throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.send(500_000, fromClient: true, seed: 1)
        try pair.send(500_000, fromClient: false, seed: 2)
        pair.run(for: .milliseconds(60))
        if byClient {
            try pair.client.abandon(.first, on: pair.handle, code: 3, now: pair.now)
        } else {
            try pair.server.abandon(.first, on: pair.handle, code: 3, now: pair.now)
        }
        let isWhole = pair.finish(within: .seconds(5))
        #expect(isWhole)
        #expect(pair.story(0).last == .abandoned(code: 3) && pair.story(0, atServer: true).last == .abandoned(code: 3))
        let before = pair.links[0].toServer.datagrams + pair.links[0].toClient.datagrams
        pair.run(for: .seconds(5))
        let after = pair.links[0].toServer.datagrams + pair.links[0].toClient.datagrams
        #expect(before == after && pair.closed.isEmpty)
    }

    @Test("the ids of a path that is over lead nowhere after a while")
    func drained() throws {
        var pair = MultiPair()
        try pair.begin()
        let datagram = pair.last[1]
        try pair.client.abandon(PathID(1), on: pair.handle, now: pair.now)
        pair.run(for: .milliseconds(60))
        let before = pair.server.datagramsUnknown
        pair.server.receive(
            datagram.span.raw,
            from: MultiPair.clientAddress(1),
            to: MultiPair.serverAddress,
            ecn: .notCapable,
            now: pair.now
        )
        let lingering = pair.server.datagramsUnknown
        #expect(lingering == before, "late packets are known")
        pair.run(for: .seconds(3))
        pair.server.receive(
            datagram.span.raw,
            from: MultiPair.clientAddress(1),
            to: MultiPair.serverAddress,
            ecn: .notCapable,
            now: pair.now
        )
        let after = pair.server.datagramsUnknown
        #expect(after == before + 1)
        #expect(pair.path(1) == nil)
    }

    @Test("a way that is wanted already is not opened twice")
    func wantedTwice() throws {
        var pair = MultiPair(latencies: [.milliseconds(10), .milliseconds(50), .milliseconds(50)])
        try pair.begin()
        for path in [1, 2] as [UInt32] { try pair.server.abandon(PathID(path), on: pair.handle, now: pair.now) }
        pair.run(until: pair.now + .seconds(1)) { $0.path(2)?.state == .abandoned }
        // The ids for the paths that take their place are still to come.
        try pair.open(1)
        #expect(pair.path(3) == nil)
        #expect(throws: PathError.open) { try pair.open(1) }
        pair.run(for: .seconds(2))
        #expect(pair.state(3) == .active)
    }

    @Test("ids rotate on the paths that there are")
    func rotation() throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.client.abandon(.first, on: pair.handle, now: pair.now)
        pair.run(for: .seconds(3))
        let before = pair.last[1][1..<9]
        pair.client.rotateID(of: pair.handle, now: pair.now)
        try pair.send(10_000, fromClient: true)
        let isWhole = pair.finish(within: .seconds(1))
        #expect(isWhole)
        #expect(pair.last[1][1..<9] != before)
    }

    @Test("the last path that works cannot be given up")
    func last() throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.client.abandon(.first, on: pair.handle, now: pair.now)
        let (handle, now) = (pair.handle, pair.now)
        #expect(throws: PathError.last) { try pair.client.abandon(PathID(1), on: handle, now: now) }
        #expect(throws: PathError.unknown) { try pair.client.abandon(.first, on: handle, now: now) }
    }

    @Test("paths come and go without an end, under ids that never return, also when a tenth is lost", arguments: 1...2)
    func cycles(seed: UInt64) throws {
        let fates = RandomStream(seed: seed, name: "fates")
        let watchers = (Watcher(), Watcher())
        var pair = MultiPair(latencies: [.milliseconds(10), .milliseconds(13)], seed: seed, watchers: watchers)
        pair.isLost = { link, toServer, number in
            number > 6 && fates.draw(UInt64(number), UInt64(2 * link + (toServer ? 1 : 0))) % 10 == 0
        }
        try pair.connect()
        var last: UInt32 = 0
        for round in 0..<30 as Range<UInt64> {
            let id = try pair.open(1).value
            #expect(id == last + 1)
            last = id
            // Now and then it is over before the server has heard of it.
            if round % 3 > 0 { pair.run(for: .milliseconds(200)) }
            try pair.send(20_000, fromClient: true, seed: round)
            if round % 5 == 4, pair.state(id, atServer: true) == .active, pair.state(0, atServer: true) == .active {
                try pair.server.abandon(PathID(id), on: pair.handle, now: pair.now)
            } else {
                // What is lost may have brought the other down for a moment, and the last one cannot be given up.
                pair.run(until: pair.now + .seconds(5)) { $0.state(0, atServer: false) == .active }
                try pair.client.abandon(PathID(id), on: pair.handle, now: pair.now)
            }
            let isWhole = pair.finish(within: .seconds(5))
            pair.run(for: .seconds(2))
            #expect(isWhole && pair.closed.isEmpty)
        }
        #expect(watchers.0.repeatedNonces == 0 && watchers.1.repeatedNonces == 0)
    }

    @Test("a path whose first packet comes after later paths have come and gone is still taken in")
    func lateFirstPacket() throws {
        var pair = MultiPair(latencies: [10, 11, 12, 13, 14].map { .milliseconds($0) })
        try pair.connect()
        pair.links[2].isCutToServer = true
        for link in 1..<5 { try pair.open(link) }
        pair.run(for: .milliseconds(500))
        #expect(pair.path(2, atServer: true) == nil)
        try pair.client.abandon(PathID(4), on: pair.handle, now: pair.now)
        pair.run(for: .seconds(3))
        let next = try pair.open(4)
        #expect(next == PathID(5))
        pair.run(for: .milliseconds(500))
        pair.links[2].isCutToServer = false
        pair.run(for: .seconds(2))
        let states = (pair.state(2), pair.state(2, atServer: true))
        #expect(states == (.active, .active))
    }

    @Test("a path given up before the server heard of it is made good by another, once")
    func unheard() throws {
        var pair = MultiPair(latencies: [.milliseconds(10), .milliseconds(10), .milliseconds(10)])
        try pair.connect()
        pair.links[1].isCut = true
        for _ in 0..<10 {
            let id = try pair.open(1)
            try pair.client.abandon(id, on: pair.handle, now: pair.now)
            pair.run(for: .seconds(1))
        }
        try pair.open(1)
        try pair.open(2)
        pair.links[1].isCut = false
        pair.run(for: .seconds(1))
        let states = (pair.state(11), pair.state(12, atServer: true))
        #expect(states == (.active, .active))
        #expect(throws: PathError.open) { try pair.open(2) }
        #expect(pair.closed.isEmpty)
    }
}
