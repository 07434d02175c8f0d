import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

@Suite("Connection life")
struct LifeTests {
    @Test("both ends close at once: each reports its own close, and soon both are gone")
    func simultaneous() {
        let watchers = (Watcher(), Watcher())
        var pair = Pair(clientObserver: watchers.0, serverObserver: watchers.1)
        let client = pair.connect()
        pair.run(for: .seconds(1))
        guard let server = pair.accepted else { return }
        let before = pair.sent
        pair.client.close(client, code: 1, now: pair.now)
        pair.server.close(server, code: 2, now: pair.now)
        pair.run(for: .seconds(5))
        let seen = (pair.clientClosed, pair.serverClosed)
        #expect(seen.0 == .local(code: 1) && seen.1 == .local(code: 2))
        #expect(pair.clientEvents.isLife && pair.serverEvents.isLife)
        let sent = (pair.sent.toServer - before.toServer, pair.sent.toClient - before.toClient)
        #expect(sent == (1, 1))
        #expect(watchers.0.lives.map(\.word) == ["closing", "draining", "closed"])
        let left = (pair.client.keysInUse, pair.server.keysInUse)
        #expect(left == (0, 0))
    }

    @Test("a CLOSE that was lost is said again when the peer goes on talking")
    func closeLost() throws {
        var pair = Pair()
        let client = pair.connect()
        pair.run(for: .seconds(1))
        guard let server = pair.accepted else { return }
        let first = pair.sent.toServer
        pair.fate = { toServer, number in toServer && number == first ? .lost : .delivered }
        pair.client.close(client, code: 9, reason: Array("bye".utf8), now: pair.now)
        try pair.server.sendDatagram([1].span.raw, on: server, now: pair.now)
        pair.run(for: .seconds(5))
        let (closed, sent) = (pair.serverClosed, pair.sent.toServer)
        #expect(closed == .peer(code: 9, reason: "bye"))
        #expect(sent == first + 2)
        #expect(pair.clientEvents.isLife && pair.serverEvents.isLife)
    }

    @Test("if every CLOSE is lost, the peer ends by its idle timeout")
    func allClosesLost() {
        var pair = Pair()
        let client = pair.connect()
        pair.run(for: .seconds(1))
        pair.fate = { toServer, _ in toServer ? .lost : .delivered }
        pair.client.close(client, now: pair.now)
        pair.run(for: .seconds(28))
        let early = (pair.clientClosed, pair.serverClosed)
        #expect(early.0 == .local(code: 0) && early.1 == nil)
        pair.run(for: .seconds(2))
        let late = pair.serverClosed
        #expect(late == .idle)
    }

    @Test("closing and draining last three probe timeouts")
    func lingering() {
        let watchers = (Watcher(), Watcher())
        var pair = Pair(clientObserver: watchers.0, serverObserver: watchers.1)
        let client = pair.connect()
        pair.run(for: .seconds(1))
        guard let path = pair.client.statistics(of: client)?.path else { return }
        let probe = path.smoothedRoundTrip + max(4 * path.roundTripVariation, .milliseconds(1)) + .milliseconds(25)
        pair.client.close(client, now: pair.now)
        pair.pump()
        let until = pair.now + 3 * probe
        #expect(watchers.0.lives == [.closing(until: until)])
        // The peer drains, and says nothing: this end never knows that it was heard.
        pair.run(until: until - .microseconds(1))
        let count = pair.client.connectionCount
        #expect(watchers.0.lives.count == 1 && count == 1)
        pair.run(until: until)
        let after = pair.client.connectionCount
        #expect(watchers.0.lives.last == .closed && after == 0)
        pair.run(for: .seconds(5))
        #expect(watchers.1.lives.map(\.word) == ["draining", "closed"])
    }

    @Test("an idle connection ends exactly when its timeout is over, and wakes nobody before")
    func idle() {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.idleTimeout = .seconds(10)
        // The lesser of the two counts.
        var pair = Pair(client: configuration)
        _ = pair.connect()
        pair.run(for: .seconds(5))
        let wakes = pair.wakes
        let deadlines = (pair.client.deadline, pair.server.deadline)
        #expect(deadlines.0 > .start + .seconds(10) && deadlines.0 < .start + .seconds(11))
        #expect(deadlines.1 > .start + .seconds(10) && deadlines.1 < .start + .seconds(11))
        pair.run(until: min(deadlines.0, deadlines.1) - .nanoseconds(1))
        let (client, server) = (pair.wakes.client, pair.wakes.server)
        #expect(client == wakes.client && server == wakes.server)
        pair.run(until: max(deadlines.0, deadlines.1))
        let seen = (pair.clientClosed, pair.serverClosed)
        #expect(seen.0 == .idle && seen.1 == .idle)
        #expect(pair.clientEvents.isLife && pair.serverEvents.isLife)
        let left = (pair.client.connectionCount + pair.server.connectionCount, pair.client.keysInUse)
        #expect(left == (0, 0))
        let deadline = pair.client.deadline
        #expect(deadline.isNever)
    }

    @Test("keys are wiped when a connection ends, not when its application has taken note")
    func wiped() {
        var pair = Pair()
        let client = pair.connect()
        pair.run(for: .seconds(1))
        let before = pair.client.keysInUse
        let end = pair.client.deadline
        pair.client.deadlineReached(now: end)
        let after = (pair.client.statistics(of: client)?.life, pair.client.keysInUse, pair.client.connectionCount)
        #expect(before > 0 && after.0 == .closed)
        #expect(after.1 == 0 && after.2 == 1)
    }

    @Test("an idle timeout is never shorter than three probe timeouts")
    func shortIdle() {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.idleTimeout = .milliseconds(1)
        var pair = Pair(latency: .milliseconds(100), client: configuration)
        let client = pair.connect()
        pair.run(for: .milliseconds(200))
        let life = pair.client.statistics(of: client)?.life
        #expect(life == .established)
        pair.run(for: .milliseconds(600))
        let early = pair.clientClosed
        #expect(early == nil, "a round trip is 200 ms, three probe timeouts are more than 600")
        pair.run(for: .seconds(10))
        let late = pair.clientClosed
        #expect(late == .idle)
    }

    @Test("a timeout of zero is none")
    func noIdle() {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.idleTimeout = .zero
        var pair = Pair(client: configuration, server: configuration)
        _ = pair.connect()
        pair.run(for: .seconds(1_000_000))
        let seen = (pair.clientClosed, pair.serverClosed, pair.client.deadline, pair.server.deadline)
        #expect(seen.0 == nil && seen.1 == nil)
        #expect(seen.2.isNever && seen.3.isNever)
    }

    @Test("keep-alive keeps both ends, at one exchange each time", arguments: [true, false])
    func keepAlive(byClient: Bool) {
        var configuration = EndpointConfiguration()
        configuration.connection.keepAlive = .seconds(5)
        var pair = Pair(
            client: byClient ? configuration : EndpointConfiguration(),
            server: byClient ? EndpointConfiguration() : configuration
        )
        _ = pair.connect()
        pair.run(for: .seconds(10))
        let before = pair.sent
        pair.run(for: .seconds(1_000))
        let alive = pair.clientClosed == nil && pair.serverClosed == nil
        #expect(alive)
        let sent = (pair.sent.toServer - before.toServer, pair.sent.toClient - before.toClient)
        #expect(sent.0 > 190 && sent.0 < 210 && sent.1 > 190 && sent.1 < 210)
        pair.fate = { _, _ in .lost }
        pair.run(for: .seconds(100))
        let over = pair.clientClosed == .idle && pair.serverClosed == .idle
        #expect(over)
    }

    @Test("keep-alive behind a closed window waits for it to open")
    func keepAliveAndWindow() {
        var configuration = EndpointConfiguration()
        configuration.connection.keepAlive = .milliseconds(10)
        var peer = HostilePeer(configuration)
        for token in 0..<2_000 as Range<UInt64> { peer.say(.challenge(token)) }
        // Heard, but nothing acknowledged: the window stays closed.
        peer.say([0])
        peer.wait(.seconds(2))
        let life = peer.life
        #expect(life == .established)
    }

    // MARK: What comes again, or too late

    @Test("replaying every datagram changes nothing", arguments: [HandshakeMode.ik, .xx])
    func replays(mode: HandshakeMode) throws {
        var pair = Pair()
        pair.keepsRecord = true
        let client = pair.connect(mode)
        pair.run(for: .seconds(1))
        guard let server = pair.accepted else { return }
        for _ in 0..<20 {
            try pair.client.sendDatagram(Talk.bytes(1_000, seed: 1).span.raw, on: client, now: pair.now)
            try pair.server.sendDatagram(Talk.bytes(1_000, seed: 2).span.raw, on: server, now: pair.now)
            pair.run(for: .milliseconds(100))
        }
        let before = (pair.client.statistics(of: client), pair.server.statistics(of: server))
        let events = (pair.clientEvents.count, pair.serverEvents.count)
        let record = pair.recorded
        pair.keepsRecord = false
        for datagram in record {
            pair.inject(datagram.bytes, toServer: datagram.toServer)
            // Reflected, too: back to who sent it.
            pair.inject(datagram.bytes, toServer: !datagram.toServer)
            pair.run(for: .milliseconds(1))
        }
        pair.run(for: .seconds(1))
        let after = (pair.client.statistics(of: client), pair.server.statistics(of: server))
        #expect(after.0?.path == before.0?.path && after.1?.path == before.1?.path)
        #expect(after.0?.life == .established && after.1?.life == .established)
        #expect((after.0?.duplicates ?? 0) > 20 && (after.1?.duplicates ?? 0) > 20)
        let counts = (pair.clientEvents.count, pair.serverEvents.count)
        #expect(counts == events)
        let connections = pair.server.connectionCount
        #expect(connections == 1)
    }

    @Test("datagrams for connections that are over are dropped")
    func afterTheEnd() {
        var pair = Pair()
        pair.keepsRecord = true
        let client = pair.connect()
        pair.run(for: .seconds(1))
        pair.client.close(client, now: pair.now)
        pair.run(for: .seconds(60))
        let events = pair.clientEvents.count + pair.serverEvents.count
        let record = pair.recorded
        for datagram in record { pair.inject(datagram.bytes, toServer: datagram.toServer) }
        pair.run(for: .seconds(60))
        let more = pair.clientEvents.count + pair.serverEvents.count - events
        let left = pair.client.connectionCount + pair.server.connectionCount
        let keys = pair.client.keysInUse + pair.server.keysInUse
        let unknown = (pair.client.datagramsUnknown, pair.server.datagramsUnknown)
        #expect(more == 0 && left == 0 && keys == 0)
        #expect(unknown.0 > 0 && unknown.1 > 0)
    }

    @Test("a handle never leads to another connection, and its slot is used again")
    func handles() {
        var pair = Pair()
        var old: [ConnectionHandle] = []
        for round in 0..<20 {
            let client = pair.connect(round % 2 == 0 ? .ik : .xx)
            pair.run(for: .seconds(1))
            for handle in old {
                let isKnown = pair.client.statistics(of: handle) != nil
                #expect(!isKnown)
                var refusal: StreamError?
                do throws(StreamError) {
                    _ = try pair.client.open(.bidirectional, on: handle, now: pair.now)
                } catch { refusal = error }
                #expect(refusal == .noConnection)
                pair.client.close(handle, now: pair.now)
            }
            let life = pair.client.statistics(of: client)?.life
            #expect(life == .established, "closing old handles closes nothing new")
            #expect(client.slot == 0)
            pair.client.close(client, now: pair.now)
            pair.run(for: .seconds(5))
            old.append(client)
        }
        #expect(Set(old).count == 20)
        let slots = Set(pair.serverEvents.map(\.connection.slot))
        #expect(slots == [0])
    }
}
