import PlaitCore
import PlaitCrypto
import PlaitTransport
import TestSupport
import Testing

@Suite("Handshake under tampering")
struct HandshakeTamperTests {
    /// The clean packets of one handshake, and what each is.
    static func packets(_ mode: HandshakeMode) -> [Flight] {
        let world = HandshakeWorld(mode: mode)
        world.run(until: .start + .seconds(1), over: perfect(oneWay: .milliseconds(10)))
        return world.sent.filter { HandshakeHeader($0.bytes.span.raw) != nil }
    }

    /// Every bit in optimised builds, else one bit of every byte; of the padding only a few.
    static func flips(_ bytes: [UInt8]) -> [(byte: Int, bit: UInt8)] {
        let end = (bytes.lastIndex { $0 != 0 } ?? 0) + 4
        let places = Array(0..<min(end, bytes.count)) + [bytes.count - 1].filter { $0 >= end }
        return places.flatMap { place in
            (isOptimized ? Array(0..<8) : [UInt8(place % 8)]).map { (place, $0) }
        }
    }

    @Test(
        "any flipped byte of any message gives no keys, and the right message still completes",
        arguments: [HandshakeMode.xx, .ik]
    )
    func flipped(mode: HandshakeMode) throws {
        for (number, packet) in Self.packets(mode).enumerated() {
            for (byte, bit) in Self.flips(packet.bytes) {
                let world = HandshakeWorld(mode: mode)
                var seen = -1
                // The damaged copy arrives first, the right one right behind it.
                world.run(until: .start + .milliseconds(350)) { flight, now in
                    guard HandshakeHeader(flight.bytes.span.raw) != nil else {
                        return perfect(oneWay: .milliseconds(10))(flight, now)
                    }
                    seen += 1
                    var right = flight
                    right.arrival = now + .milliseconds(12)
                    guard seen == number else { return [right] }
                    var wrong = flight
                    wrong.arrival = now + .milliseconds(10)
                    wrong.bytes[byte] ^= 1 << bit
                    return [wrong, right]
                }
                let place = "\(mode) packet \(number) byte \(byte) bit \(bit)"
                #expect(world.failure == nil, "\(place)")
                guard let client = world.clientResult, let server = world.serverResult else {
                    Issue.record("no keys after \(place)")
                    continue
                }
                #expect(client.fits(server), "\(place)")
            }
        }
    }

    @Test("a message that is damaged each time gives no keys at all", arguments: [HandshakeMode.xx, .ik])
    func alwaysFlipped(mode: HandshakeMode) {
        for (number, packet) in Self.packets(mode).enumerated() {
            guard let header = HandshakeHeader(packet.bytes.span.raw), let kind = header.kind else { continue }
            let end = (packet.bytes.lastIndex { $0 != 0 } ?? 0) + 1
            // Behind the header, whose kind and ids only lead a packet astray; the frames' types and lengths included.
            for byte in stride(from: HandshakeHeader.length, to: end, by: isOptimized ? 1 : 5) {
                let world = HandshakeWorld(mode: mode)
                world.run(until: .start + .seconds(3)) { flight, now in
                    var flight = flight
                    flight.arrival = now + .milliseconds(10)
                    if HandshakeHeader(flight.bytes.span.raw)?.kind == kind { flight.bytes[byte] ^= 0x10 }
                    return [flight]
                }
                let place = "\(mode) packet \(number) byte \(byte)"
                switch kind {
                case .initiation, .reply: #expect(world.clientResult == nil && world.serverResult == nil, "\(place)")
                default: #expect(world.serverResult == nil, "\(place)")
                }
            }
        }
    }

    @Test("everything that was ever sent, replayed at any time, changes nothing", arguments: [HandshakeMode.xx, .ik])
    func replayed(mode: HandshakeMode) throws {
        let world = HandshakeWorld(mode: mode)
        var seen: [Flight] = []
        world.run(until: .start + .seconds(1)) { flight, now in
            var flight = flight
            flight.arrival = now + .milliseconds(10)
            seen.append(flight)
            return seen.map {
                var again = $0
                again.arrival = now + .milliseconds(10)
                return again
            }
        }
        let (client, server) = (try #require(world.clientResult), try #require(world.serverResult))
        #expect(client.fits(server))
        // And to the same server after it began anew: nobody gets a connection of it.
        let other = HandshakeWorld(mode: mode)
        other.serverSecrets = SecretStream(simulationSeed: 2, name: "server, begun anew")
        for flight in seen where flight.toServer { other.deliver(flight) }
        #expect(other.serverResult == nil)
    }

    @Test(
        "a forged initiation under the same id and address does not stand in the way",
        arguments: [HandshakeMode.xx, .ik]
    )
    func forgedFirst(mode: HandshakeMode) throws {
        let world = HandshakeWorld(mode: mode)
        world.run(until: .start + .milliseconds(100)) { flight, now in
            var right = flight
            right.arrival = now + .milliseconds(12)
            guard HandshakeHeader(flight.bytes.span.raw)?.kind == .initiation else { return [right] }
            // Another ephemeral key of the attacker's own, everything else the same.
            var forged = flight
            forged.arrival = now + .milliseconds(10)
            let end = (forged.bytes.lastIndex { $0 != 0 } ?? 0) - 20
            for byte in end - 8..<end { forged.bytes[byte] ^= 0x5a }
            return [forged, right]
        }
        #expect(try #require(world.clientResult).fits(try #require(world.serverResult)))
        #expect(world.failure == nil)
    }
}
