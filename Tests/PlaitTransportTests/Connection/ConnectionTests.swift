import PlaitCore
import PlaitTransport
import Testing

@Suite("Connections")
struct ConnectionTests {
    @Test("both ends are established, IK and XX", arguments: [HandshakeMode.ik, .xx])
    func established(mode: HandshakeMode) {
        var pair = Pair()
        let client = pair.connect(mode)
        pair.run(for: .seconds(1))
        let statistics = pair.client.statistics(of: client)
        #expect(statistics?.life == .established)
        #expect(statistics?.handshakeTime == .milliseconds(40))
        let server = pair.accepted.flatMap { pair.server.statistics(of: $0) }
        #expect(server?.life == .established)
    }

    @Test("bytes arrive both ways, whatever the network does", arguments: 0..<20 as Range<UInt64>)
    func bytes(seed: UInt64) throws {
        var pair = Pair(seed: seed)
        let fates = RandomStream(seed: seed, name: "fates")
        pair.fate = { toServer, number in
            let draw = fates.draw(UInt64(number), toServer ? 1 : 0)
            switch draw % 100 {
            case 0..<10: return .lost
            case 10..<15: return .copied(after: .milliseconds(Int64(draw >> 32 % 50)))
            case 15..<25: return .delayed(by: .milliseconds(Int64(draw >> 40 % 30)))
            case 25..<28: return .damaged(bit: Int(draw >> 20 & 0xffff))
            default: return .delivered
            }
        }
        let client = pair.connect(seed % 2 == 0 ? .ik : .xx)
        pair.run(until: .start + .seconds(10)) { $0.accepted == nil || $0.clientEvents.isEmpty }
        var talk = Talk()
        let id = try pair.client.open(.bidirectional, on: client, now: pair.now)
        talk.write(Talk.bytes(200_000, seed: seed), on: id, fromClient: true)
        talk.write(Talk.bytes(100_000, seed: seed + 1), on: id, fromClient: false)
        var failure: StreamError?
        pair.run(until: pair.now + .seconds(60)) { pair in
            pair.client.checkInvariants()
            pair.server.checkInvariants()
            do throws(StreamError) { try talk.advance(&pair, client) } catch { failure = error }
            return failure == nil && !talk.isComplete
        }
        #expect(failure == nil, "seed \(seed)")
        #expect(talk.isComplete, "seed \(seed), at \(pair.now)")
        #expect(pair.clientClosed == nil && pair.serverClosed == nil)
    }

    @Test("a close reaches the peer with its code and reason, and both ends forget their keys")
    func closes() {
        var pair = Pair()
        let client = pair.connect()
        pair.run(for: .seconds(1))
        pair.client.close(client, code: 7, reason: Array("done".utf8), now: pair.now)
        pair.run(for: .seconds(5))
        #expect(pair.clientClosed == .local(code: 7))
        #expect(pair.serverClosed == .peer(code: 7, reason: "done"))
        let left = (pair.client.connectionCount, pair.server.connectionCount)
        #expect(left == (0, 0))
    }

    @Test("silence ends a connection after the idle timeout, at both ends")
    func idle() {
        var pair = Pair()
        _ = pair.connect()
        pair.run(for: .seconds(1))
        pair.fate = { _, _ in .lost }
        pair.run(for: .seconds(100))
        #expect(pair.clientClosed == .idle && pair.serverClosed == .idle)
    }

    @Test("a keep-alive that the closed window holds back does not wake its end again and again")
    func heldKeepAlive() throws {
        var lively = EndpointConfiguration()
        lively.connection.keepAlive = .milliseconds(20)
        var pair = Pair(server: lively)
        let client = pair.connect()
        pair.run(for: .seconds(1))
        let server = try #require(pair.accepted)
        // From here on the server is not heard: its window fills, and what it hears moves its keep-alive, not the
        // window.
        pair.fate = { toServer, _ in toServer ? .delivered : .lost }
        let down = try pair.server.open(.bidirectional, on: server, now: pair.now)
        let one: [UInt8] = [1]
        let up = try pair.client.open(.bidirectional, on: client, now: pair.now)
        _ = try pair.server.write(Talk.bytes(200_000, seed: 1).span.raw, to: down, on: server, now: pair.now)
        _ = try pair.client.write(one.span.raw, to: up, on: client, now: pair.now)
        var steps = 0
        pair.run(until: pair.now + .milliseconds(300)) { _ in
            steps += 1
            return steps < 10_000
        }
        #expect(steps < 1_000)
    }
}
