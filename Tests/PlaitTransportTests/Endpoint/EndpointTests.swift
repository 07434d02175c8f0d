import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

@Suite("Endpoints")
struct EndpointTests {
    /// Whom a data packet is for: in clear behind its first byte.
    private static func destination(_ datagram: [UInt8]) -> ConnectionID? {
        DataHeader.destination(of: datagram.span.raw)
    }

    @Test("connections with much to send take turns, one datagram each")
    func fairness() throws {
        var pair = Pair()
        let handles = (0..<8).map { _ in pair.connect() }
        pair.run(for: .seconds(1))
        for handle in handles {
            let id = try pair.client.open(.unidirectional, on: handle, now: pair.now)
            _ = try pair.client.write(Talk.bytes(100_000, seed: 1).span.raw, to: id, on: handle, now: pair.now)
        }
        pair.keepsRecord = true
        pair.pump()
        let turns = pair.recorded.compactMap { Self.destination($0.bytes) }
        #expect(turns.count >= 80, "ten packets each, at least")
        for round in 0..<10 {
            let once = Set(turns[8 * round..<8 * (round + 1)])
            #expect(once.count == 8, "round \(round)")
        }
    }

    @Test("a thousand connections through one server, and nothing is left of them")
    func thousand() throws {
        var pair = Pair()
        pair.checks = false
        let handles = (0..<1_000).map { _ in pair.connect() }
        pair.run(for: .seconds(3))
        let established = pair.clientEvents.filter { if case .established = $0.event { true } else { false } }
        #expect(established.count == 1_000)
        for handle in handles {
            try pair.client.sendDatagram([1, 2, 3].span.raw, on: handle, now: pair.now)
        }
        pair.run(for: .seconds(1))
        pair.client.checkInvariants()
        pair.server.checkInvariants()
        let arrived = pair.serverEvents.filter { if case .datagramReceived = $0.event { true } else { false } }
        #expect(Set(arrived.map(\.connection)).count == 1_000)
        let wakes = pair.wakes
        pair.run(for: .seconds(25))
        let (client, server) = (pair.wakes.client - wakes.client, pair.wakes.server - wakes.server)
        #expect(client == 0 && server == 0, "idle connections wake nobody")
        pair.run(for: .seconds(10))
        let left = pair.client.connectionCount + pair.server.connectionCount
        let keys = pair.client.keysInUse + pair.server.keysInUse
        #expect(left == 0 && keys == 0)
        pair.server.checkInvariants()
    }

    @Test("waking early, often or late is harmless", arguments: 0..<6 as Range<UInt64>)
    func waking(seed: UInt64) throws {
        let dice = RandomStream(seed: seed, name: "wakes")
        var pair = Pair(seed: seed)
        pair.fate = { toServer, number in
            dice.draw(UInt64(number), toServer ? 1 : 2) % 10 == 0 ? .lost : .delivered
        }
        let client = pair.connect()
        pair.run(until: .start + .seconds(9)) { $0.accepted == nil || $0.clientEvents.isEmpty }
        var talk = Talk()
        let id = try pair.client.open(.bidirectional, on: client, now: pair.now)
        talk.write(Talk.bytes(300_000, seed: seed), on: id, fromClient: true)
        var step: UInt64 = 0
        var failure: StreamError?
        pair.run(until: pair.now + .seconds(200)) { pair in
            step += 1
            if dice.draw(step) % 2 == 0 { pair.client.deadlineReached(now: pair.now) }
            if dice.draw(step) % 3 == 0 { pair.server.deadlineReached(now: pair.now) }
            do throws(StreamError) { try talk.advance(&pair, client) } catch { failure = error }
            return failure == nil && !talk.isComplete
        }
        #expect(failure == nil && talk.isComplete, "seed \(seed)")
        // Much too late: everything is overdue at once.
        let end = pair.now + .seconds(100)
        pair.client.deadlineReached(now: end)
        pair.server.deadlineReached(now: end)
        pair.run(until: end + .seconds(100))
        let closed = (pair.clientClosed, pair.serverClosed)
        #expect(closed.0 == .idle && closed.1 == .idle)
    }

    @Test("before its time is over a call of deadlineReached does nothing at all")
    func early() {
        var pair = Pair()
        _ = pair.connect()
        pair.run(for: .seconds(1))
        let deadline = pair.client.deadline
        var sent = pair.sent.toServer
        for _ in 0..<100 {
            pair.client.deadlineReached(now: pair.now)
            pair.pump()
        }
        sent = pair.sent.toServer - sent
        let after = pair.client.deadline
        #expect(sent == 0 && after == deadline)
    }

    @Test("under a flood of forged initiations a real client needs one more round trip at most")
    func flood() {
        for mode in [HandshakeMode.ik, .xx] {
            var pair = Pair()
            pair.keepsRecord = true
            let clean = pair.connect(mode)
            pair.run(for: .seconds(1))
            let before = pair.client.statistics(of: clean)?.handshakeTime ?? .zero
            guard let initiation = pair.recorded.first?.bytes else { return }
            pair.keepsRecord = false
            let dice = RandomStream(seed: 1, name: "flood")
            for index in 0..<5_000 as Range<UInt64> {
                var forged = initiation
                // Another ephemeral key: IK cannot be read then, XX can.
                for place in [80, 90] {
                    forged[place] ^= UInt8(truncatingIfNeeded: dice.draw(index, UInt64(place))) | 1
                }
                pair.server.receive(
                    forged.span.raw,
                    from: SocketAddress(interface: UInt32(index), port: 9),
                    to: Pair.serverAddress,
                    ecn: .notCapable,
                    now: pair.now
                )
                var buffer = [UInt8](repeating: 0, count: 2_048)
                var span = buffer.mutableSpan
                var bytes = span.mutableRaw
                while pair.server.nextTransmit(into: &bytes, now: pair.now) != nil {}
            }
            let client = pair.connect(mode)
            pair.run(for: .seconds(2))
            let statistics = pair.client.statistics(of: client)
            #expect(statistics?.life == .established)
            #expect((statistics?.handshakeTime ?? .seconds(9)) <= before + .milliseconds(40))
            let (connections, keys) = (pair.server.connectionCount, pair.server.keysInUse)
            #expect(connections == 2, "no connection for any of the forged ones")
            let clientKeys = pair.client.keysInUse
            #expect(keys == clientKeys)
            let counters = pair.server.gateCounters
            #expect((counters?.cookiesSent ?? 0) > 4_000)
            // 128 half-open ones, the two real clients, and at most five agreements each.
            #expect((counters?.exchanges ?? .max) <= 130 * 5)
        }
    }

    @Test(
        "whatever a datagram holds, an endpoint drops it or answers it, and goes on",
        arguments: 0..<4 as Range<UInt64>
    )
    func noise(seed: UInt64) {
        var pair = Pair(seed: seed)
        pair.keepsRecord = true
        let client = pair.connect(seed % 2 == 0 ? .ik : .xx)
        pair.run(for: .seconds(1))
        let dice = RandomStream(seed: seed, name: "noise")
        let record = pair.recorded
        pair.keepsRecord = false
        for step in 0..<3_000 as Range<UInt64> {
            let draw = dice.draw(step)
            var bytes = record[Int(draw % UInt64(record.count))].bytes
            switch draw >> 32 % 4 {
            case 0: bytes = Array(bytes.prefix(Int(draw >> 40 % UInt64(bytes.count + 1))))
            case 1: bytes += Talk.bytes(Int(draw >> 40 % 50), seed: step)
            case 2: bytes = Talk.bytes(Int(draw >> 40 % 1_300), seed: step)
            default:
                for turn in 0..<(1 + draw >> 50 % 4) {
                    let place = dice.draw(step, turn + 1)
                    bytes[Int(place % UInt64(bytes.count))] ^= UInt8(truncatingIfNeeded: place >> 32)
                }
            }
            pair.inject(bytes, toServer: draw >> 60 % 2 == 0)
            pair.run(for: .microseconds(100))
        }
        pair.run(for: .seconds(1))
        let life = pair.client.statistics(of: client)?.life
        #expect(life == .established)
        let closed = pair.clientClosed != nil || pair.serverClosed != nil
        #expect(!closed)
    }
}
