import PlaitCore
import PlaitTransport
import Testing

@Suite("Paths that fail and return")
struct FailoverTests {
    @Test("a transfer is whole whichever path is cut in its midst", arguments: [0, 1], [true, false])
    func cut(link: Int, fromClient: Bool) throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.send(1_000_000, fromClient: fromClient)
        pair.run(for: .milliseconds(100))
        let early = pair.areWhole
        pair.links[link].isCut = true
        let begin = pair.now
        let isWhole = pair.finish(within: .seconds(10))
        #expect(!early && isWhole)
        #expect(pair.now - begin < .seconds(2))
    }

    @Test("a transfer is whole when one direction of a path is cut", arguments: [true, false], [true, false])
    func half(toServer: Bool, fromClient: Bool) throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.send(1_000_000, fromClient: fromClient)
        pair.run(for: .milliseconds(100))
        if toServer { pair.links[0].isCutToServer = true } else { pair.links[0].isCutToClient = true }
        let begin = pair.now
        let isWhole = pair.finish(within: .seconds(10))
        #expect(isWhole)
        #expect(pair.now - begin < .seconds(3))
    }

    @Test("a dead path is suspected, fails, is asked ever more rarely up to a bound, and returns under its id")
    func storyOfAFailure() throws {
        var pair = MultiPair { $0.handshake.parameters.idleTimeout = .seconds(60) }
        try pair.begin()
        try pair.send(500_000, fromClient: true)
        pair.run(for: .milliseconds(60))
        pair.links[0].isCut = true
        let isWhole = pair.finish(within: .seconds(5))
        pair.run(for: .seconds(5))
        #expect(isWhole)
        #expect(pair.story(0).suffix(2) == [.suspected, .failed])
        let quick = pair.links[0].toServer.datagrams
        pair.run(for: .seconds(10))
        // At most every 500 ms for the first 30 s ...
        let count = pair.links[0].toServer.datagrams - quick
        #expect((18...22).contains(count), "\(count) challenges in 10 s")
        pair.run(for: .seconds(30))
        let late = pair.links[0].toServer.datagrams
        pair.run(for: .seconds(60))
        // ... and then a sixth of the idle timeout.
        let rare = pair.links[0].toServer.datagrams - late
        #expect((5...8).contains(rare), "\(rare) challenges in 60 s")
        pair.links[0].isCut = false
        pair.run(for: .seconds(11))
        #expect(pair.story(0).last == .returned)
        let before = pair.path(0)?.firstBytes ?? 0
        try pair.send(500_000, fromClient: true, seed: 2)
        let again = pair.finish(within: .seconds(5))
        #expect(again)
        #expect((pair.path(0)?.firstBytes ?? 0) > before)
    }

    @Test("a standby carries data only while nothing else works")
    func standby() throws {
        var pair = MultiPair(latencies: [.milliseconds(30), .milliseconds(10)])
        try pair.connect()
        try pair.open(1, isBackup: true)
        pair.run(for: .milliseconds(300))
        try pair.send(300_000, fromClient: true, seed: 1)
        try pair.send(300_000, fromClient: false, seed: 2)
        let first = pair.finish(within: .seconds(5))
        let idle = (pair.path(1), pair.path(1, atServer: true))
        #expect(first)
        #expect(idle.0?.firstBytes == 0 && idle.1?.firstBytes == 0)
        #expect(idle.0?.isBackup == true && idle.1?.isBackup == true)
        pair.links[0].isCut = true
        try pair.send(300_000, fromClient: true, seed: 3)
        try pair.send(300_000, fromClient: false, seed: 4)
        let second = pair.finish(within: .seconds(5))
        #expect(second)
    }

    @Test("a status that changes on the fly moves the traffic, at both ends")
    func status() throws {
        var pair = MultiPair(latencies: [.milliseconds(10), .milliseconds(30)])
        try pair.begin()
        try pair.client.setStatus(of: .first, on: pair.handle, isBackup: true, now: pair.now)
        pair.run(for: .milliseconds(100))
        let before = (pair.path(0)?.firstBytes, pair.path(0, atServer: true)?.firstBytes)
        try pair.send(200_000, fromClient: true, seed: 1)
        try pair.send(200_000, fromClient: false, seed: 2)
        let isWhole = pair.finish(within: .seconds(5))
        #expect(isWhole)
        let after = (pair.path(0)?.firstBytes, pair.path(0, atServer: true)?.firstBytes)
        #expect(after.0 == before.0 && after.1 == before.1)
        #expect(pair.story(0, atServer: true).contains(.statusChanged(isBackup: true)))
        try pair.client.setStatus(of: .first, on: pair.handle, isBackup: false, now: pair.now)
        pair.run(for: .milliseconds(100))
        try pair.send(200_000, fromClient: false, seed: 3)
        let again = pair.finish(within: .seconds(5))
        #expect(again)
        #expect((pair.path(0, atServer: true)?.firstBytes ?? 0) > (after.1 ?? 0))
    }

    @Test("what the socket refuses demotes its path at once, and data goes on elsewhere")
    func socket() throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.send(500_000, fromClient: true)
        pair.run(for: .milliseconds(40))
        pair.links[0].isCut = true
        pair.client.transmitFailed(from: MultiPair.clientAddress(0), to: MultiPair.serverAddress, now: pair.now)
        let state = pair.state(0)
        #expect(state == .failed)
        let begin = pair.now
        let isWhole = pair.finish(within: .seconds(5))
        #expect(isWhole)
        #expect(pair.now - begin < .milliseconds(700))
    }

    @Test("all paths dead, and one is back after a while: everything arrives", arguments: [0, 1])
    func allDead(first: Int) throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.send(500_000, fromClient: true, seed: 1)
        try pair.send(500_000, fromClient: false, seed: 2)
        pair.run(for: .milliseconds(60))
        pair.links[0].isCut = true
        pair.links[1].isCut = true
        pair.run(for: .seconds(10))
        #expect(pair.closed.isEmpty)
        pair.links[first].isCut = false
        let isWhole = pair.finish(within: .seconds(5))
        #expect(isWhole)
    }

    @Test("the sockets of all paths fail, and one of them works again after a while", arguments: [0, 1])
    func allRefused(first: Int) throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.send(500_000, fromClient: true, seed: 1)
        pair.run(for: .milliseconds(60))
        for link in 0..<2 {
            pair.links[link].isCut = true
            pair.client.addressRemoved(MultiPair.clientAddress(link), now: pair.now)
        }
        pair.run(for: .seconds(10))
        let states = (pair.state(0), pair.state(1))
        #expect(states == (.failed, .failed))
        pair.links[first].isCut = false
        let isWhole = pair.finish(within: .seconds(5))
        #expect(isWhole)
    }

    @Test("a path that dies while nobody uses it is found dead within five seconds")
    func idle() throws {
        var pair = MultiPair()
        try pair.connect()
        try pair.open(1, isBackup: true)
        pair.run(for: .seconds(1))
        pair.links[1].isCut = true
        pair.run(for: .seconds(5))
        let states = (pair.state(0), pair.state(1))
        #expect(states == (.active, .failed))
    }

    @Test("without any traffic paths ask rarely, and nothing else is sent")
    func quiet() throws {
        var pair = MultiPair()
        try pair.begin()
        pair.run(for: .seconds(5))
        let before = pair.links.map { $0.toServer.datagrams + $0.toClient.datagrams }
        pair.run(for: .seconds(100))
        let after = pair.links.map { $0.toServer.datagrams + $0.toClient.datagrams }
        let counts = zip(before, after).map { $1 - $0 }
        #expect(counts.allSatisfy { $0 > 50 && $0 < 250 }, "\(counts) datagrams in 100 s")
        #expect(pair.closed.isEmpty)
    }
}
