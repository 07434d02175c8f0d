import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

@Suite("Cookies of a server under load")
struct CookieTests {
    /// A gate whose only place is taken, and a client's first packet with the cookie that it was given.
    struct Setting: ~Copyable {
        var gate: Gate
        var secrets: SecretStream
        let identity: KeyPair
        let client: HandshakeWorld

        init() {
            secrets = SecretStream(simulationSeed: 5, name: "server")
            identity = KeyPair(from: &secrets, storage: .heap)
            gate = Gate(HandshakeConfiguration(halfOpenMax: 1), secrets: &secrets, now: .start)
            client = HandshakeWorld(mode: .xx, serverKey: .unknown)
            let first = GateTests.template(.xx)
            let (bytes, from) = GateTests.forge(1, mode: .xx, from: first)
            deliver(bytes, from: from, now: .start)
            _ = reply(now: .start)
        }

        mutating func deliver(_ bytes: [UInt8], from: SocketAddress = HandshakeWorld.clientAddress, now: Instant) {
            _ = gate.receive(
                bytes.span.raw,
                from: from,
                to: HandshakeWorld.serverAddress,
                identity: identity,
                secrets: &secrets,
                now: now
            )
        }

        mutating func reply(now: Instant) -> [UInt8]? {
            var datagram = [UInt8](repeating: 0, count: 1_500)
            var span = datagram.mutableSpan
            var bytes = span.mutableRaw
            guard let transmit = gate.nextTransmit(into: &bytes, now: now) else { return nil }
            return Array(datagram[..<transmit.length])
        }

        /// The client's packet as it would next send it.
        mutating func initiation() -> [UInt8]? {
            var datagram = [UInt8](repeating: 0, count: 1_500)
            var span = datagram.mutableSpan
            var bytes = span.mutableRaw
            guard let length = client.initiator.nextTransmit(into: &bytes, now: .start) else { return nil }
            return Array(datagram[..<length])
        }

        /// The packet without, and the packet with, the cookie that the server gave for it.
        mutating func packets() throws -> (plain: [UInt8], proven: [UInt8]) {
            let plain = try #require(initiation())
            deliver(plain, now: .start)
            let answer = try #require(reply(now: .start))
            #expect(HandshakeHeader(answer.span.raw)?.kind == .cookie)
            client.deliver(
                Flight(toServer: false, arrival: .start, bytes: answer, from: HandshakeWorld.serverAddress, order: 0)
            )
            return (plain, try #require(initiation()))
        }

        /// Whether the server let the packet in.
        mutating func accepts(
            _ bytes: [UInt8],
            from: SocketAddress = HandshakeWorld.clientAddress,
            now: Instant = .start
        ) -> Bool {
            let before = gate.counters.begun
            deliver(bytes, from: from, now: now)
            while reply(now: now) != nil {}
            return gate.counters.begun > before
        }
    }

    @Test("the packet with its cookie is let in; the Noise message around it is the same")
    func accepted() throws {
        var setting = Setting()
        let (plain, proven) = try setting.packets()
        #expect(plain.count == 1_200 && proven.count == 1_200 && plain != proven)
        let accepted = setting.accepts(proven)
        #expect(accepted)
        let codes = setting.gate.counters.codes
        #expect(codes == 2)
    }

    @Test("a cookie reaches the attempt that the server would take, though a forged refusal added another")
    func despiteRefusal() throws {
        var setting = Setting()
        let first = setting.initiation()
        let plain = try #require(first)
        let sent = Flight(toServer: true, arrival: .start, bytes: plain, from: HandshakeWorld.clientAddress, order: 0)
        setting.client.deliver(HandshakeNegotiationTests.refusal(to: sent, suites: [.chaChaPolyBLAKE2b], now: .start))
        let other = setting.initiation()
        #expect(other != nil && other != plain)
        setting.deliver(plain, now: .start)
        let reply = setting.reply(now: .start)
        let answer = try #require(reply)
        #expect(HandshakeHeader(answer.span.raw)?.kind == .cookie)
        setting.client.deliver(
            Flight(toServer: false, arrival: .start, bytes: answer, from: HandshakeWorld.serverAddress, order: 0)
        )
        var letIn: [Bool] = []
        while let next = setting.initiation() { letIn.append(setting.accepts(next)) }
        #expect(letIn == [true, false])
    }

    @Test("another address or port, another id or message, or one changed bit: the cookie is none")
    func bound() throws {
        var setting = Setting()
        let (_, proven) = try setting.packets()
        let own = HandshakeWorld.clientAddress
        for from in [
            SocketAddress(interface: own.interface, port: own.port + 1),
            SocketAddress(interface: own.interface + 1, port: own.port),
        ] {
            let accepted = setting.accepts(proven, from: from)
            #expect(!accepted)
        }
        let offer = HandshakeOffer.place(in: proven)
        let end = (proven.lastIndex { $0 != 0 } ?? 0) + 1
        for place in Array(13..<21) + Array(offer) + Array(offer.upperBound + 2..<end) {
            var changed = proven
            changed[place] ^= 1
            // The id stands twice; both must be changed for the offer to be well-formed.
            if (13..<21).contains(place) { changed[offer.lowerBound + place - 13] ^= 1 }
            let accepted = setting.accepts(changed)
            #expect(!accepted, "byte \(place)")
        }
        let accepted = setting.accepts(proven)
        #expect(accepted)
    }

    @Test("a cookie lives through one change of the key, not through two")
    func rotation() throws {
        let lifetime = HandshakeTiming.usual.cookieLifetime
        for (age, lives) in [(1, true), (2, false), (3, false), (40, false)] as [(Int64, Bool)] {
            var setting = Setting()
            let (_, proven) = try setting.packets()
            // The key changes at each multiple of the lifetime; nobody wakes the gate, so its only place stays taken.
            let now = Instant.start + age * lifetime
            let accepted = setting.accepts(proven, now: now)
            #expect(accepted == lives, "after \(age) lifetimes")
        }
    }

    @Test("a wrong cookie of the current key costs one code: the right one was computed to compare")
    func price() throws {
        var setting = Setting()
        let (_, proven) = try setting.packets()
        var wrong = proven
        let offer = HandshakeOffer.place(in: proven)
        // Behind the cookie frame's type, length and parity.
        wrong[offer.upperBound + 5] ^= 1
        let before = setting.gate.counters.codes
        let accepted = setting.accepts(wrong)
        let after = setting.gate.counters.codes
        #expect(!accepted && after == before + 1)
    }

    @Test("forged cookies make the client send one packet each time its own clock allows, no more")
    func forgedCookies() throws {
        let world = HandshakeWorld(mode: .xx)
        world.run(until: .start + .milliseconds(390)) { flight, now in
            guard flight.toServer, let client = HandshakeHeader(flight.bytes.span.raw)?.source else { return [] }
            return (0..<20).map { number in
                var bytes = [UInt8](repeating: 0, count: 40)
                var span = bytes.mutableSpan
                var writer = ByteWriter(span.mutableRaw)
                let header = HandshakeHeader(kind: .cookie, version: 1, destination: client, source: .unknown)
                let cookie = [UInt8](repeating: UInt8(number), count: 17)
                let fits = writer.writeHandshakeHeader(header) && writer.writeCookie(cookie.span.raw)
                precondition(fits, "a cookie fits into 40 bytes")
                let length = writer.offset
                return Flight(
                    toServer: false,
                    arrival: now + .milliseconds(Int64(number)),
                    bytes: Array(bytes[..<length]),
                    from: HandshakeWorld.serverAddress,
                    order: 100 + number
                )
            }
        }
        #expect(world.sent.count == 2)
        let messages = world.sent.map { $0.bytes }
        #expect(messages.first != messages.last)
    }
}
