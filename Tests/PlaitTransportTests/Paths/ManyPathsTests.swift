import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

@Suite("A connection with several paths")
struct ManyPathsTests {
    // MARK: Opening

    @Test("a path carries no data before it was validated, and both ends validate it")
    func validation() throws {
        var pair = MultiPair()
        try pair.connect()
        pair.links[1].isCutToClient = true
        try pair.open(1)
        try pair.send(100_000, fromClient: true)
        try pair.send(100_000, fromClient: false)
        let isWhole = pair.finish(within: .seconds(2))
        pair.run(for: .seconds(1))
        let first = (pair.path(1), pair.path(1, atServer: true))
        #expect(isWhole)
        #expect(first.0?.state == .validating && first.1?.state == .validating)
        #expect(first.0?.firstBytes == 0 && first.1?.firstBytes == 0)
        pair.links[1].isCutToClient = false
        pair.run(for: .seconds(2))
        let states = (pair.state(1), pair.state(1, atServer: true))
        let stories = (pair.story(1), pair.story(1, atServer: true))
        #expect(states == (.active, .active))
        #expect(stories.0 == [.opened, .validated] && stories.1 == [.opened, .validated])
    }

    @Test("a server sends at most three times what came by a path that was not validated")
    func amplification() throws {
        var pair = MultiPair()
        try pair.connect()
        pair.links[1].isCutToClient = true
        try pair.open(1)
        try pair.send(500_000, fromClient: false)
        for _ in 0..<200 {
            pair.run(for: .milliseconds(20))
            let link = pair.links[1]
            #expect(link.toClient.bytes <= 3 * link.toServer.bytes)
        }
        #expect(pair.links[1].toClient.datagrams > 0)
    }

    @Test("data goes over both paths, whichever end sends it, and no nonce comes twice")
    func bothPaths() throws {
        let watchers = (Watcher(), Watcher())
        var pair = MultiPair(latencies: [.milliseconds(20), .milliseconds(20)], watchers: watchers)
        try pair.begin()
        try pair.send(1_000_000, fromClient: true, seed: 1)
        try pair.send(1_000_000, fromClient: false, seed: 2)
        let isWhole = pair.finish(within: .seconds(5))
        #expect(isWhole)
        for id in 0..<2 as Range<UInt32> {
            let shares = (pair.path(id)?.firstBytes ?? 0, pair.path(id, atServer: true)?.firstBytes ?? 0)
            #expect(shares.0 > 200_000 && shares.1 > 200_000)
        }
        #expect(watchers.0.repeatedNonces == 0 && watchers.1.repeatedNonces == 0)
    }

    @Test("there are as many paths at a time as the two ends allow, and one between two addresses")
    func limit() throws {
        var pair = MultiPair(latencies: [.milliseconds(10), .milliseconds(10), .milliseconds(10)]) {
            $0.handshake.parameters.pathsMax = 2
        }
        try pair.beginTwo()
        #expect(throws: PathError.open) { try pair.open(1) }
        #expect(throws: PathError.limit) { try pair.open(2) }
    }

    @Test("with the fastest path's acknowledgements round trips are half of both ways, with the same path's its own")
    func acknowledgementPolicies() throws {
        var trips: [Interval] = []
        for policy in AcknowledgementPolicy.allCases {
            var pair = MultiPair(latencies: [.milliseconds(10), .milliseconds(50)]) {
                $0.connection.acknowledgements = policy
                $0.connection.scheduler = { _ in RoundRobin() }
            }
            try pair.begin()
            try pair.send(300_000, fromClient: true)
            let isWhole = pair.finish(within: .seconds(5))
            #expect(isWhole)
            trips.append(pair.path(1)?.leastRoundTrip ?? .zero)
        }
        #expect(trips[0] >= .milliseconds(100) && trips[0] < .milliseconds(130))
        #expect(trips[1] >= .milliseconds(60) && trips[1] < .milliseconds(100))
    }

    @Test("a redundant scheduler sends every byte on both paths, so that a cut costs nothing")
    func redundant() throws {
        var pair = MultiPair(latencies: [.milliseconds(20), .milliseconds(20)]) {
            $0.connection.scheduler = { _ in Redundant() }
            $0.connection.reinjection = .none
        }
        try pair.begin()
        try pair.send(60_000, fromClient: true)
        pair.run(for: .milliseconds(5))
        pair.links[0].isCut = true
        let begin = pair.now
        let isWhole = pair.finish(within: .seconds(5))
        let sums = (pair.path(0)?.bytesSent ?? 0, pair.path(1)?.bytesSent ?? 0)
        #expect(isWhole)
        #expect(pair.now - begin < .milliseconds(250))
        #expect(sums.0 > 10_000 && sums.1 > 60_000)
    }

    @Test("what both paths carry is not passed to and fro between them")
    func copiesOfCopies() throws {
        // The copy on the slow path is late from the beginning: sent again, it would be late again.
        var pair = MultiPair(latencies: [.milliseconds(10), .milliseconds(200)]) {
            $0.connection.scheduler = { _ in Redundant() }
        }
        try pair.begin()
        pair.run(for: .seconds(1))
        let before = pair.links.map(\.toServer.datagrams)
        try pair.send(300, fromClient: true)
        pair.run(for: .milliseconds(300))
        let sent = zip(pair.links, before).map { $0.toServer.datagrams - $1 }
        #expect(pair.areWhole && sent[0] >= 1 && sent[1] >= 1)
        #expect(sent[0] + sent[1] <= 5, "once each, and what keeps paths alive")
    }

    @Test("a key update goes through over the path that works when the other is dead")
    func keyUpdate() throws {
        let watchers = (Watcher(), Watcher())
        var pair = MultiPair(watchers: watchers) { $0.connection.keyLimits = KeyLimits(packets: 200) }
        try pair.begin()
        try pair.send(1_500_000, fromClient: true)
        pair.run(for: .milliseconds(100))
        pair.links[0].isCut = true
        let before = pair.client.statistics(of: pair.handle)?.keyGeneration ?? 0
        let isWhole = pair.finish(within: .seconds(10))
        let generation = pair.client.statistics(of: pair.handle)?.keyGeneration ?? 0
        #expect(isWhole && pair.closed.isEmpty)
        #expect(generation > before)
        pair.links[0].isCut = false
        pair.run(for: .seconds(3))
        let states = (pair.state(0), pair.state(0, atServer: true))
        #expect(states == (.active, .active))
        #expect(watchers.0.repeatedNonces == 0 && watchers.1.repeatedNonces == 0)
    }

    @Test("CLOSE is said on every path that works")
    func close() throws {
        var pair = MultiPair()
        try pair.begin()
        let before = pair.links.map(\.toServer.datagrams)
        pair.client.close(pair.handle, code: 7, now: pair.now)
        pair.links[0].isCut = true
        pair.run(for: .milliseconds(100))
        let after = pair.links.map(\.toServer.datagrams)
        #expect(after == before.map { $0 + 1 })
        #expect(pair.closed.contains(.peer(code: 7, reason: "")))
    }
}

extension MultiPair {
    /// Connects and opens a second path.
    mutating func beginTwo() throws {
        try connect()
        try open(1)
        run(for: .milliseconds(300))
    }
}
