import PlaitCore
import PlaitCrypto
import PlaitTransport
import TestSupport
import Testing

@Suite("Paths in doubt")
struct DoubtTests {
    @Test("what arrived before a cut, and is told again by another path, does not revive a suspected one")
    func oldNews() throws {
        var pair = MultiPair(latencies: [.milliseconds(100), .milliseconds(100)])
        try pair.connect()
        try pair.open(1, isBackup: true)
        pair.run(for: .seconds(1))
        try pair.send(4_000_000, fromClient: true)
        pair.run(for: .milliseconds(900))
        let isEarly = pair.areWhole
        let before = pair.story(0).count
        pair.links[0].isCut = true
        let cut = pair.now
        let isWhole = pair.finish(within: .seconds(10))
        pair.run(for: .seconds(3))
        #expect(!isEarly && isWhole)
        #expect(pair.story(0).dropFirst(before).starts(with: [.suspected, .failed]))
        // Half a second for the suspicion; then a PING, and a challenge now and then.
        let late = pair.links[0].toServer.times.count { $0 > cut + .milliseconds(500) }
        #expect(late < 20, "\(late) packets went into the dark")
    }

    @Test("a suspected path that answers is active again", arguments: [Interval.zero, .seconds(2)])
    func answer(keepAlive: Interval) throws {
        var pair = MultiPair(latencies: [.milliseconds(20), .milliseconds(50)]) {
            $0.connection.pathKeepAlive = keepAlive
        }
        try pair.begin()
        try pair.send(200_000, fromClient: true, seed: 1)
        pair.run(for: .milliseconds(50))
        pair.links[0].isCut = true
        pair.run(until: pair.now + .seconds(1)) { $0.state(0) == .suspected }
        pair.links[0].isCut = false
        let isWhole = pair.finish(within: .seconds(5))
        pair.run(for: .seconds(5))
        #expect(isWhole)
        #expect(pair.story(0).contains(.suspected))
        #expect(pair.state(0) == .active)
    }

    @Test("all paths that are to be challenged at once are")
    func manyAtOnce() throws {
        var pair = MultiPair(latencies: Array(repeating: .milliseconds(10), count: 7))
        try pair.begin()
        pair.run(for: .seconds(1))
        let before = pair.links.map(\.toServer.datagrams)
        for link in pair.links.indices { pair.client.addressRemoved(MultiPair.clientAddress(link), now: pair.now) }
        pair.advance()
        let sent = pair.links.indices.map { pair.links[$0].toServer.datagrams - before[$0] }
        #expect(sent.allSatisfy { $0 == 1 }, "\(sent)")
    }

    @Test(
        "a key that is spent is confirmed on all paths, also on one that nobody asks anything",
        .enabled(if: isOptimized)
    )
    func keys() throws {
        var pair = MultiPair(latencies: [.milliseconds(30), .milliseconds(30)]) {
            $0.connection.keyLimits = KeyLimits(packets: 60, packetsMax: 600)
            $0.connection.pathKeepAlive = .milliseconds(100)
        }
        try pair.connect()
        try pair.open(1, isBackup: true)
        pair.run(for: .milliseconds(300))
        for round in 0..<30 as Range<UInt64> {
            try pair.send(60_000, fromClient: false, seed: round)
            _ = pair.finish(within: .seconds(2))
            pair.run(for: .milliseconds(100))
        }
        #expect(pair.closed.isEmpty && pair.areWhole)
        let generation = pair.server.statistics(of: pair.handle)?.keyGeneration ?? 0
        #expect(generation > 5, "\(generation) updates")
    }

    @Test("one slow path does not make the others wait for the end")
    func lingering() throws {
        var pair = MultiPair(latencies: [.milliseconds(10), .seconds(8)]) {
            $0.handshake.parameters.idleTimeout = .seconds(60)
        }
        try pair.connect()
        try pair.open(1, isBackup: true)
        pair.run(for: .seconds(100))
        #expect(pair.state(1) == .active)
        pair.client.close(pair.handle, now: pair.now)
        pair.run(for: .seconds(35))
        #expect(pair.client.connectionCount == 0 && pair.server.connectionCount == 0)
    }
}
