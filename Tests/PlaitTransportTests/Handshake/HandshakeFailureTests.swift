import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

@Suite("Handshakes that fail, and what they say")
struct HandshakeFailureTests {
    /// Runs until the client gives up.
    static func failure(
        mode: HandshakeMode = .ik,
        client: HandshakeConfiguration = HandshakeConfiguration(),
        server: HandshakeConfiguration = HandshakeConfiguration(),
        serverKey: HandshakeWorld.ServerKey = .right,
        over channel: Channel = perfect(oneWay: .milliseconds(20))
    ) -> (HandshakeFailure?, HandshakeWorld) {
        let world = HandshakeWorld(mode: mode, client: client, server: server, serverKey: serverKey)
        world.run(until: .start + .seconds(20), over: channel)
        return (world.failure, world)
    }

    @Test("nobody answers: the failure says so, after the whole time, having repeated the message seven times")
    func silence() {
        let (failure, world) = Self.failure(over: { _, _ in [] })
        #expect(failure == .noAnswer(after: .seconds(10)))
        #expect(failure?.wasHeard == false)
        #expect(world.now == .start + .seconds(10))
        #expect(world.sent.count == 8)
        #expect(failure?.description.contains("listens at this address") == true)
        let deadline = world.initiator.deadline
        #expect(deadline.isNever)
    }

    @Test("IK with another server's key: the server says that it could not read, and the client tells it")
    func wrongKeyIK() {
        let (failure, world) = Self.failure(serverKey: .wrong)
        #expect(failure == .timedOut(after: .seconds(10), .unreadable))
        #expect(failure?.wasHeard == true)
        #expect(failure?.description.contains("plait key show") == true)
        let unreadable = world.gate.counters.unreadable
        #expect(unreadable == 8)
        #expect(world.serverResult == nil)
    }

    @Test("XX with a pinned key that the server does not hold")
    func wrongKeyXX() {
        let (failure, world) = Self.failure(mode: .xx, serverKey: .wrong)
        #expect(failure == .wrongServerKey(after: .seconds(10)))
        #expect(failure?.description.contains("another key") == true)
        #expect(world.serverResult == nil)
    }

    @Test("no common version: the failure names the server's")
    func version() {
        let (failure, world) = Self.failure(
            client: HandshakeConfiguration(versions: [1]),
            server: HandshakeConfiguration(versions: [7, 8])
        )
        #expect(failure == .timedOut(after: .seconds(10), .versions([7, 8])))
        #expect(failure?.description.contains("7, 8") == true)
        let exchanges = world.gate.counters.exchanges
        #expect(exchanges == 0)
    }

    @Test("no common suite: the failure names the server's")
    func suite() {
        let (failure, _) = Self.failure(
            client: HandshakeConfiguration(suites: [.chaChaPolySHA256]),
            server: HandshakeConfiguration(suites: [.chaChaPolyBLAKE2b])
        )
        #expect(failure == .timedOut(after: .seconds(10), .suites([2])))
    }

    @Test(
        "a capability that one end requires and the other lacks closes with its code",
        arguments: [HandshakeMode.xx, .ik]
    )
    func capability(mode: HandshakeMode) {
        let demanding = HandshakeConfiguration(capabilities: Capabilities(supported: 1, required: 4))
        let plain = HandshakeConfiguration(capabilities: Capabilities(supported: 3))
        let (atPeer, first) = Self.failure(mode: mode, client: demanding, server: plain)
        #expect(atPeer == .missingCapability(atPeer: 4, here: 0))
        #expect(atPeer?.closeCode == .missingCapability)
        #expect(first.clientResult == nil && first.serverResult == nil)
        let (here, second) = Self.failure(mode: mode, client: plain, server: demanding)
        #expect(here == .missingCapability(atPeer: 0, here: 4))
        #expect(second.clientResult == nil && second.serverResult == nil)
    }

    @Test(
        "an offer that is changed on the way each time: answers do not verify, or the server cannot read",
        arguments: [HandshakeMode.xx, .ik]
    )
    func prologue(mode: HandshakeMode) {
        let (failure, world) = Self.failure(mode: mode) { flight, now in
            var flight = flight
            flight.arrival = now + .milliseconds(20)
            guard HandshakeHeader(flight.bytes.span.raw)?.kind == .initiation else { return [flight] }
            // The last byte of the capabilities that are supported: still a well-formed offer.
            flight.bytes[HandshakeOffer.place(in: flight.bytes).upperBound - 9] ^= 1
            return [flight]
        }
        #expect(failure == .timedOut(after: .seconds(10), mode == .ik ? .unreadable : .unverifiedReply))
        #expect(world.serverResult == nil)
    }
}

@Suite("Negotiation of version and suite")
struct HandshakeNegotiationTests {
    @Test("refused choices lead to the best common one, in as many round trips")
    func fallback() throws {
        let world = HandshakeWorld(
            mode: .xx,
            client: HandshakeConfiguration(versions: [2, 1], suites: [.chaChaPolySHA256, .chaChaPolyBLAKE2b]),
            server: HandshakeConfiguration(versions: [1], suites: [.chaChaPolyBLAKE2b])
        )
        world.run(until: .start + .seconds(1), over: perfect(oneWay: .milliseconds(20)))
        let client = try #require(world.clientResult)
        #expect(client.fits(try #require(world.serverResult)))
        #expect(client.version == 1 && client.suite == .chaChaPolyBLAKE2b)
        #expect(world.clientKeysAt == .start + .milliseconds(120))
        // A new choice is a new ephemeral key: no two first messages are the same.
        let first = world.sent.filter { HandshakeHeader($0.bytes.span.raw)?.kind == .initiation }
        #expect(first.count == 3 && Set(first.map(\.bytes)).count == 3)
    }

    @Test(
        "a forged refusal adds an attempt and ends none: the best choice still wins",
        arguments: [HandshakeMode.xx, .ik]
    )
    func forgedRefusal(mode: HandshakeMode) throws {
        for lostReplies in 0...2 {
            let world = HandshakeWorld(mode: mode)
            var lost = 0
            world.run(until: .start + .seconds(9)) { flight, now in
                var flights = perfect(oneWay: .milliseconds(20))(flight, now)
                if !flight.toServer, lost < lostReplies {
                    lost += 1
                    flights = []
                }
                if flight.toServer, flight.order == 1 {
                    // Somebody who sees the packet is faster than the server.
                    flights.append(Self.refusal(to: flight, suites: [.chaChaPolyBLAKE2b], now: now))
                }
                return flights
            }
            let client = try #require(world.clientResult, "\(lostReplies) lost")
            #expect(client.fits(try #require(world.serverResult)))
            #expect(client.suite == .chaChaPolySHA256)
        }
    }

    @Test("a client that is talked down by refusals alone gets no connection, and learns why")
    func downgrade() {
        let world = HandshakeWorld(mode: .xx)
        world.run(until: .start + .seconds(20)) { flight, now in
            var flights = perfect(oneWay: .milliseconds(20))(flight, now)
            guard flight.toServer, HandshakeHeader(flight.bytes.span.raw)?.kind == .initiation else { return flights }
            let payload = flight.bytes[HandshakeOffer.place(in: flight.bytes)]
            guard let offer = Offer(reading: Array(payload).span.raw) else { return flights }
            if offer.suite == Suite.chaChaPolySHA256.rawValue {
                // The best choice never reaches the server.
                flights = [Self.refusal(to: flight, suites: [.chaChaPolyBLAKE2b], now: now)]
            }
            return flights
        }
        #expect(world.clientResult == nil && world.serverResult == nil)
        guard case .timedOut(_, let hint)? = world.failure else {
            Issue.record("no failure")
            return
        }
        #expect(hint == .downgrade || hint == .suites([2]))
        let refusals = world.gate.counters.refusals
        #expect(refusals > 0)
    }

    @Test("endless forged refusals make at most four attempts")
    func attempts() {
        let world = HandshakeWorld(
            mode: .xx,
            client: HandshakeConfiguration(versions: [1, 2, 3, 4, 5, 6, 7, 8])
        )
        world.run(until: .start + .seconds(3)) { flight, now in
            guard flight.toServer else { return [] }
            return (1...8).map { version in
                Self.refusal(to: flight, code: 1, details: [0, 0, 0, UInt8(version)], now: now)
            }
        }
        let messages = Set(world.sent.filter(\.toServer).map(\.bytes))
        #expect(messages.count == 4)
        #expect(world.failure == nil)
    }

    static func refusal(to flight: Flight, suites: [Suite], now: Instant) -> Flight {
        refusal(to: flight, code: 2, details: suites.flatMap { [0, UInt8($0.rawValue)] }, now: now)
    }

    static func refusal(to flight: Flight, code: UInt64, details: [UInt8], now: Instant) -> Flight {
        var bytes = [UInt8](repeating: 0, count: 100)
        var span = bytes.mutableSpan
        var writer = ByteWriter(span.mutableRaw)
        let client = HandshakeHeader(flight.bytes.span.raw)?.source ?? .unknown
        let header = HandshakeHeader(kind: .refusal, version: 1, destination: client, source: .unknown)
        let fits = writer.writeHandshakeHeader(header) && writer.writeRefusal(code: code, details: details.span.raw)
        precondition(fits, "a refusal fits into 100 bytes")
        let length = writer.offset
        return Flight(
            toServer: false,
            arrival: now + .milliseconds(5),
            bytes: Array(bytes[..<length]),
            from: HandshakeWorld.serverAddress,
            order: 1_000_000 + flight.order
        )
    }
}
