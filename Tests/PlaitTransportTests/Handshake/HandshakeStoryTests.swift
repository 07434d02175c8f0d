import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

@Suite("Handshake, one client and one server")
struct HandshakeStoryTests {
    @Test("XX: the client has keys after one round trip, the server half of one later", arguments: Suite.allCases)
    func xx(suite: Suite) throws {
        guard suite.isAvailable else { return }
        let world = HandshakeWorld(
            mode: .xx,
            client: HandshakeConfiguration(suites: [suite]),
            serverKey: .unknown
        )
        world.run(until: .start + .seconds(1), over: perfect(oneWay: .milliseconds(50)))
        let (client, server) = (try #require(world.clientResult), try #require(world.serverResult))
        #expect(client.fits(server))
        #expect(client.suite == suite)
        #expect(world.clientKeysAt == .start + .milliseconds(100))
        #expect(world.serverKeysAt == .start + .milliseconds(150))
        #expect(client.roundTrip == .milliseconds(100) && server.roundTrip == .milliseconds(100))
        let (clientKey, serverKey) = (world.clientIdentity.publicKey, world.serverIdentity.publicKey)
        #expect(client.peerKey == serverKey && server.peerKey == clientKey)
        let kinds = world.sent.compactMap { HandshakeHeader($0.bytes.span.raw)?.kind }
        #expect(kinds == [.initiation, .reply, .finish])
        #expect(world.sent[0].bytes.count == 1_200)
    }

    @Test("IK: both know each other after one round trip", arguments: Suite.allCases)
    func ik(suite: Suite) throws {
        guard suite.isAvailable else { return }
        let world = HandshakeWorld(mode: .ik, client: HandshakeConfiguration(suites: [suite]))
        world.run(until: .start + .seconds(1), over: perfect(oneWay: .milliseconds(50)))
        let (client, server) = (try #require(world.clientResult), try #require(world.serverResult))
        #expect(client.fits(server))
        #expect(world.clientKeysAt == .start + .milliseconds(100))
        let clientKey = world.clientIdentity.publicKey
        #expect(server.peerKey == clientKey)
        let waiting = world.gate.waiting
        #expect(waiting == 0)
    }

    @Test("each end learns the other's parameters and the capabilities both have", arguments: [HandshakeMode.xx, .ik])
    func parameters(mode: HandshakeMode) throws {
        var client = HandshakeConfiguration(capabilities: Capabilities(supported: 0b0111, required: 0b0001))
        client.parameters.dataMax = 12_345
        client.parameters.idleTimeout = .seconds(77)
        var server = HandshakeConfiguration(capabilities: Capabilities(supported: 0b1011))
        server.parameters.pathsMax = 3
        let world = HandshakeWorld(mode: mode, client: client, server: server)
        world.run(until: .start + .seconds(1), over: perfect(oneWay: .milliseconds(5)))
        let (atClient, atServer) = (try #require(world.clientResult), try #require(world.serverResult))
        #expect(atClient.parameters == server.parameters)
        #expect(atServer.parameters == client.parameters)
        #expect(atClient.capabilities == 0b0011 && atServer.capabilities == 0b0011)
    }

    @Test("a lost first message is repeated byte for byte, and the round trip is not measured then")
    func repeated() throws {
        let world = HandshakeWorld(mode: .xx)
        var losses = 2
        world.run(until: .start + .seconds(5)) { flight, now in
            if flight.toServer, losses > 0 {
                losses -= 1
                return []
            }
            return perfect(oneWay: .milliseconds(50))(flight, now)
        }
        #expect(world.clientKeysAt == .start + .milliseconds(1_100))
        let initiations = world.sent.filter { HandshakeHeader($0.bytes.span.raw)?.kind == .initiation }
        #expect(initiations.count == 3)
        #expect(initiations[0].bytes == initiations[1].bytes && initiations[1].bytes == initiations[2].bytes)
        #expect(initiations.map(\.arrival.nanoseconds) == [0, 400_000_000, 1_000_000_000])
        #expect(try #require(world.clientResult).roundTrip == nil)
    }

    @Test("a lost reply is repeated by the server's own clock, byte for byte")
    func replyRepeated() throws {
        let world = HandshakeWorld(mode: .xx)
        var lost = false
        world.run(until: .start + .seconds(5)) { flight, now in
            // The client's repetitions are lost too, so that only the server's clock can help.
            if flight.toServer, now > .start, HandshakeHeader(flight.bytes.span.raw)?.kind == .initiation { return [] }
            if !flight.toServer, !lost {
                lost = true
                return []
            }
            return perfect(oneWay: .milliseconds(50))(flight, now)
        }
        let replies = world.sent.filter { !$0.toServer }
        #expect(replies.count == 2 && replies[0].bytes == replies[1].bytes)
        #expect(world.clientKeysAt == .start + .milliseconds(50 + 400 + 50))
        #expect(world.serverResult != nil)
    }

    @Test("a lost third message is repeated until the client hears of the server under the new keys")
    func finishRepeated() throws {
        let world = HandshakeWorld(mode: .xx)
        var losses = 3
        world.run(until: .start + .seconds(9)) { flight, now in
            if HandshakeHeader(flight.bytes.span.raw)?.kind == .finish, losses > 0 {
                losses -= 1
                return []
            }
            return perfect(oneWay: .milliseconds(50))(flight, now)
        }
        let finishes = world.sent.filter { HandshakeHeader($0.bytes.span.raw)?.kind == .finish }
        #expect(finishes.count == 4)
        #expect(finishes.allSatisfy { $0.bytes == finishes[0].bytes })
        let due = world.initiator.deadline
        #expect(!due.isNever)
        world.initiator.confirmed()
        let after = world.initiator.deadline
        #expect(after.isNever)
        #expect(try #require(world.clientResult).fits(try #require(world.serverResult)))
    }

    @Test("a reply seen again says that message 3 was lost: it goes out at once")
    func repeatedReply() {
        let server = HandshakeConfiguration(timing: HandshakeTiming(firstTimeout: .milliseconds(200)))
        let world = HandshakeWorld(mode: .xx, server: server)
        var lost = false
        world.run(until: .start + .seconds(5)) { flight, now in
            if HandshakeHeader(flight.bytes.span.raw)?.kind == .finish, !lost {
                lost = true
                return []
            }
            return perfect(oneWay: .milliseconds(100))(flight, now)
        }
        // The reply left at 0.1 s and, by the server's clock, at 0.3 s; the client's own would ring at 0.6 s.
        #expect(world.serverKeysAt == .start + .milliseconds(500))
    }

    @Test("a week one way: the same handshake with every time scaled", arguments: [HandshakeMode.xx, .ik])
    func week(mode: HandshakeMode) throws {
        let week = Interval.seconds(7 * 24 * 3_600)
        let configuration = HandshakeConfiguration(timing: HandshakeTiming(firstTimeout: 3 * week))
        let world = HandshakeWorld(mode: mode, client: configuration, server: configuration)
        world.run(until: .start + 10 * week, over: perfect(oneWay: week))
        #expect(try #require(world.clientResult).fits(try #require(world.serverResult)))
        #expect(world.serverKeysAt == .start + 3 * week)
        #expect(world.sent.count { HandshakeHeader($0.bytes.span.raw) != nil } == (mode == .xx ? 3 : 2))
    }

    @Test("the client's port changes between its messages: the third counts wherever it comes from")
    func rebound() throws {
        let world = HandshakeWorld(mode: .xx)
        world.run(until: .start + .seconds(5)) { flight, now in
            var flight = flight
            flight.arrival = now + .milliseconds(10)
            if HandshakeHeader(flight.bytes.span.raw)?.kind == .finish {
                flight.from = SocketAddress(interface: 9, port: 9)
            }
            return [flight]
        }
        #expect(try #require(world.clientResult).fits(try #require(world.serverResult)))
    }
}
