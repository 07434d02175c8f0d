import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

@Suite("The beginning of connections")
struct OpeningTests {
    @Test("a server that does not answer is given up, and that is told once")
    func noAnswer() {
        var pair = Pair()
        pair.fate = { _, _ in .lost }
        let client = pair.connect()
        pair.run(until: .start + .seconds(10) - .nanoseconds(1))
        let early = (pair.clientEvents.count, pair.client.statistics(of: client)?.life)
        #expect(early.0 == 0 && early.1 == .opening)
        pair.run(for: .seconds(100))
        #expect(pair.clientEvents.count == 1)
        guard case .handshake = pair.clientClosed else {
            Issue.record("not a handshake's failure")
            return
        }
        let left = (
            pair.client.connectionCount, pair.client.deadline.isNever, pair.client.statistics(of: client) == nil
        )
        #expect(left == (0, true, true))
    }

    @Test("a connection can be closed while it opens, and an answer that comes later changes nothing")
    func closeWhileOpening() {
        var pair = Pair()
        let client = pair.connect()
        pair.run(for: .milliseconds(30))
        pair.client.close(client, code: 3, now: pair.now)
        pair.client.close(client, code: 4, now: pair.now)
        pair.run(for: .seconds(20))
        #expect(pair.clientEvents.count == 1)
        let closed = pair.clientClosed
        #expect(closed == .local(code: 3))
        #expect(pair.serverEvents.isEmpty)
        let left = pair.client.connectionCount + pair.server.connectionCount + pair.client.keysInUse
        #expect(left == 0)
    }

    @Test("data is refused before the keys are there")
    func tooEarly() {
        var pair = Pair()
        let client = pair.connect()
        var refusals: (StreamError?, DatagramError?)
        do throws(StreamError) { _ = try pair.client.open(.bidirectional, on: client, now: pair.now) } catch {
            refusals.0 = error
        }
        do throws(DatagramError) { try pair.client.sendDatagram([1].span.raw, on: client, now: pair.now) } catch {
            refusals.1 = error
        }
        #expect(refusals.0 == .noConnection && refusals.1 == .noConnection)
    }

    @Test("the last message of XX may be lost, repeated and overtaken", arguments: 1...5)
    func finishLost(count: Int) {
        var pair = Pair()
        // The first datagram is the initiation; everything that the client sends for a while after it is lost.
        pair.fate = { toServer, number in
            guard toServer else { return .delivered }
            return number > 0 && number <= 2 * count ? .lost : .copied(after: .milliseconds(300))
        }
        let client = pair.connect(.xx)
        pair.run(for: .seconds(15))
        let life = pair.client.statistics(of: client)?.life
        #expect(life == .established)
        let server = (pair.accepted != nil, pair.server.connectionCount)
        #expect(server == (true, 1))
        let closed = pair.clientClosed != nil || pair.serverClosed != nil
        #expect(!closed)
    }

    @Test("the client's first packets under the new keys may be lost", arguments: 1...6)
    func firstDataLost(count: Int) {
        var pair = Pair()
        pair.fate = { toServer, number in toServer && number > 0 && number <= count ? .lost : .delivered }
        let client = pair.connect(.ik)
        pair.run(for: .seconds(15))
        let life = pair.client.statistics(of: client)?.life
        #expect(life == .established)
        let server = (pair.accepted != nil, pair.server.connectionCount)
        #expect(server == (true, 1))
    }

    @Test("who comes to a full server waits, and gets the next free place", arguments: [HandshakeMode.ik, .xx])
    func full(mode: HandshakeMode) {
        var configuration = EndpointConfiguration()
        configuration.connectionsMax = 1
        var pair = Pair(server: configuration)
        let first = pair.connect(mode)
        pair.run(for: .seconds(1))
        let second = pair.connect(mode)
        pair.run(for: .seconds(1))
        let early = (pair.server.connectionCount, pair.serverEvents.count)
        #expect(early == (1, 1))
        pair.client.close(first, now: pair.now)
        pair.run(for: .seconds(8))
        let life = pair.client.statistics(of: second)?.life
        #expect(life == .established)
        let late = pair.server.connectionCount
        #expect(late == 1)
        let established = pair.serverEvents.filter { if case .established = $0.event { true } else { false } }
        #expect(established.count == 2)
    }

    @Test("two whose handshakes end together at the last free place: one gets it, the other the next")
    func lastPlace() {
        var configuration = EndpointConfiguration()
        configuration.connectionsMax = 1
        var pair = Pair(server: configuration)
        let handles = [pair.connect(), pair.connect()]
        pair.run(for: .seconds(1))
        let count = pair.server.connectionCount
        #expect(count == 1)
        // Both clients have keys; the one that the server does not know yet goes on probing.
        pair.client.close(handles[0], now: pair.now)
        pair.run(for: .seconds(6))
        let lives = (pair.server.connectionCount, pair.client.statistics(of: handles[1])?.path.packetsReceived ?? 0)
        #expect(lives.0 == 1 && lives.1 > 0)
    }

    @Test("damage never gets further than the tag", arguments: 0..<64)
    func damage(bit: Int) {
        var pair = Pair()
        pair.fate = { _, number in number % 2 == 1 ? .damaged(bit: bit + 64 * number) : .delivered }
        let client = pair.connect(bit % 2 == 0 ? .ik : .xx)
        pair.run(for: .seconds(9))
        let life = pair.client.statistics(of: client)?.life
        #expect(life == .established)
        let closed = pair.clientClosed != nil || pair.serverClosed != nil
        #expect(!closed)
    }
}
