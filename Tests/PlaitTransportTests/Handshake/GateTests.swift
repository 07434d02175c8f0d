import PlaitCore
import PlaitCrypto
import PlaitTransport
import TestSupport
import Testing

@Suite("A server's gate under a flood")
struct GateTests {
    /// Initiations that nobody honest sent: each from another address, under another id.
    static func forge(_ number: Int, mode: HandshakeMode, from template: [UInt8]) -> (
        bytes: [UInt8], from: SocketAddress
    ) {
        var bytes = template
        let chance = RandomStream(seed: 7, name: "forged")
        let id = chance.draw(UInt64(number), 0) | 1
        let offer = HandshakeOffer.place(in: bytes)
        for index in 0..<8 {
            let byte = UInt8(truncatingIfNeeded: id >> UInt64(56 - 8 * index))
            // The source id, in front of the packet and in the offer.
            bytes[13 + index] = byte
            bytes[offer.lowerBound + index] = byte
            // Some ephemeral key.
            bytes[offer.upperBound + 4 + index] ^= UInt8(truncatingIfNeeded: number >> (8 * (index % 4)))
        }
        return (bytes, SocketAddress(interface: UInt32(truncatingIfNeeded: chance.draw(UInt64(number), 1)), port: 7))
    }

    static func template(_ mode: HandshakeMode) -> [UInt8] {
        let world = HandshakeWorld(mode: mode)
        world.transmitAll { _, _ in [] }
        return world.sent[0].bytes
    }

    @Test(
        "100,000 forged initiations: X25519 for at most halfOpenMax, and a client needs one round trip more",
        arguments: [HandshakeMode.xx, .ik]
    )
    func flood(mode: HandshakeMode) throws {
        let world = HandshakeWorld(mode: mode)
        let template = Self.template(mode)
        let count = isOptimized ? 100_000 : 3_000
        let clock = ContinuousClock()
        var elapsed = Duration.zero
        for number in 0..<count {
            let (bytes, from) = Self.forge(number, mode: mode, from: template)
            let flight = Flight(toServer: true, arrival: world.now, bytes: bytes, from: from, order: -number)
            elapsed += clock.measure { world.deliver(flight) }
            world.transmitAll { flight, _ in flight.order == 1 ? [flight] : [] }
        }
        let counters = world.gate.counters
        print("flood \(mode): \(counters), \(elapsed / count) a forged packet")
        let places = world.configuration.server.halfOpenMax
        #expect(counters.begun == UInt64(places))
        #expect(counters.cookiesSent == UInt64(count - places))
        #expect(counters.codes == UInt64(count - places))
        let waiting = world.gate.waiting
        #expect(waiting == places)
        // The client's first packet stood before the flood began; here it comes while nobody else is let in.
        let oneWay = Interval.milliseconds(50)
        let real = HandshakeWorldUnderLoad.join(world, over: perfect(oneWay: oneWay))
        #expect(try #require(real.clientResult).fits(try #require(real.serverResult)))
        #expect(real.clientKeysAt - .start <= 4 * oneWay + .milliseconds(5))
        let accepted = world.gate.counters.cookiesAccepted
        #expect(accepted == 1)
    }

    @Test("beyond the limit a forged packet costs no allocation", .enabled(if: isOptimized))
    func allocations() throws {
        let world = HandshakeWorld(mode: .xx)
        let template = Self.template(.xx)
        let forged = (0..<2_000).map { Self.forge($0, mode: .xx, from: template) }
        var gate = Gate(HandshakeConfiguration(), secrets: &world.serverSecrets, now: .start)
        let identity = KeyPair(from: &world.serverSecrets, storage: .heap)
        var secrets = SecretStream(simulationSeed: 3, name: "gate")
        var buffer = [UInt8](repeating: 0, count: 1_500)
        func feed(_ range: Range<Int>) {
            for index in range {
                let (bytes, from) = forged[index]
                _ = gate.receive(
                    bytes.span.raw,
                    from: from,
                    to: HandshakeWorld.serverAddress,
                    identity: identity,
                    secrets: &secrets,
                    now: .start + .milliseconds(Int64(index / 100))
                )
                var span = buffer.mutableSpan
                var target = span.mutableRaw
                while gate.nextTransmit(into: &target, now: .start) != nil {}
            }
        }
        feed(0..<500)
        let count = TestSupport.allocations { feed(500..<2_000) }
        #expect(count == nil || count == 0)
    }

    @Test(
        "places taken by initiations that nobody finishes are free again after the handshake's time",
        arguments: [HandshakeMode.xx, .ik]
    )
    func expiry(mode: HandshakeMode) {
        let world = HandshakeWorld(mode: mode)
        let template = Self.template(mode)
        for number in 0..<200 {
            let (bytes, from) = Self.forge(number, mode: mode, from: template)
            world.deliver(Flight(toServer: true, arrival: .start, bytes: bytes, from: from, order: 0))
        }
        world.now = .start + .seconds(10)
        world.gate.deadlineReached(now: world.now)
        let (waiting, deadline) = (world.gate.waiting, world.gate.deadline)
        #expect(waiting == 0)
        #expect(deadline.isNever)
    }

    @Test(
        "never more than three times what came from an address that nobody proved",
        arguments: [HandshakeMode.xx, .ik]
    )
    func amplification(mode: HandshakeMode) {
        // A server that would repeat itself a thousand times.
        let eager = HandshakeTiming(
            firstTimeout: .milliseconds(5),
            timeoutMax: .milliseconds(5),
            giveUpAfter: .seconds(10),
            repetitionsMax: 1_000,
            cookieLifetime: .seconds(20)
        )
        let world = HandshakeWorld(mode: mode, server: HandshakeConfiguration(timing: eager))
        var received = 0
        world.run(until: .start + .seconds(9)) { flight, _ in
            // The client's first packet arrives, and nothing else ever does.
            guard flight.toServer, received == 0 else { return [] }
            received = flight.bytes.count
            return [flight]
        }
        let replies = world.sent.filter { !$0.toServer }
        let bytes = replies.reduce(0) { $0 + $1.bytes.count }
        #expect(bytes <= 3 * received)
        #expect(bytes + (replies.first?.bytes.count ?? 0) > 3 * received)
    }

    @Test("a short initiation is dropped unread")
    func short() {
        let world = HandshakeWorld(mode: .ik)
        let whole = Self.template(.ik)
        let from = HandshakeWorld.clientAddress
        world.deliver(Flight(toServer: true, arrival: .start, bytes: Array(whole[..<1_199]), from: from, order: 0))
        let counters = world.gate.counters
        #expect(counters.tooShort == 1 && counters.initiations == 0 && counters.exchanges == 0)
        let waiting = world.gate.waiting
        #expect(waiting == 0)
    }

    @Test("who shows a cookie is let in even when all places are taken; the oldest makes room in the end")
    func eviction() {
        let server = HandshakeConfiguration(halfOpenMax: 2)
        let world = HandshakeWorld(mode: .xx, server: server)
        for seed in 1...40 as ClosedRange<UInt64> {
            let client = HandshakeWorld(mode: .xx, seed: seed, serverKey: .unknown)
            HandshakeWorldUnderLoad.exchange(client, with: world, port: UInt16(seed), messages: seed <= 2 ? 1 : 2)
        }
        let (waiting, counters) = (world.gate.waiting, world.gate.counters)
        #expect(waiting == 16)
        // The first two need no cookie.
        #expect(counters.evicted == 24 && counters.cookiesAccepted == 38)
    }
}
