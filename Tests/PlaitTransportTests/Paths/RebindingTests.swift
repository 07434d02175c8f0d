import PlaitCore
import PlaitTransport
import Testing

@Suite("Addresses that change")
struct RebindingTests {
    private static let elsewhere = SocketAddress(interface: 77, port: 7_777)

    @Test(
        "a client whose address changes in the midst of a transfer is followed, and validated anew",
        arguments: [0, 1],
        [true, false]
    )
    func rebinding(link: Int, fromClient: Bool) throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.send(1_000_000, fromClient: fromClient)
        pair.run(for: .milliseconds(60))
        pair.links[link].seen = Self.elsewhere
        let isWhole = pair.finish(within: .seconds(5))
        pair.run(for: .seconds(3))
        #expect(isWhole)
        #expect(pair.story(UInt32(link), atServer: true).contains(.rebound))
        #expect(pair.path(UInt32(link), atServer: true)?.remote == Self.elsewhere)
        #expect(pair.story(0).allSatisfy { $0 != .failed })
    }

    @Test("a quiet client that moves is followed at its next packet, however small, and wakes nobody for ever")
    func quiet() throws {
        var pair = MultiPair()
        try pair.begin()
        pair.links[0].seen = Self.elsewhere
        pair.run(for: .seconds(10))
        #expect(pair.path(0, atServer: true)?.remote == Self.elsewhere)
        #expect(pair.story(0, atServer: true).last == .rebound)
    }

    @Test(
        "at another address everything is measured anew, at another port of the same nothing",
        arguments: [true, false]
    )
    func measuring(isOnlyPort: Bool) throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.send(400_000, fromClient: false, seed: 1)
        _ = pair.finish(within: .seconds(5))
        pair.run(for: .seconds(1))
        let before = pair.path(0, atServer: true)
        pair.links[0].seen =
            isOnlyPort ? SocketAddress(interface: MultiPair.clientAddress(0).interface, port: 7_777) : Self.elsewhere
        pair.run(for: .seconds(10))
        let after = pair.path(0, atServer: true)
        #expect(pair.story(0, atServer: true).last == .rebound)
        let isKept = after?.congestionWindow == before?.congestionWindow
        #expect(isKept == isOnlyPort)
        try pair.send(400_000, fromClient: false, seed: 2)
        let isWhole = pair.finish(within: .seconds(5))
        #expect(isWhole)
    }

    @Test("an address that answered a short challenge is asked whether full packets reach it")
    func fullChallenge() throws {
        var pair = MultiPair()
        try pair.begin()
        pair.links[0].seen = Self.elsewhere
        let before = pair.links[0].toClient.bytes
        pair.run(until: pair.now + .seconds(10)) { $0.story(0, atServer: true).last == .rebound }
        pair.run(for: .milliseconds(100))
        // The quiet client's packet allows but a short challenge; and once in full is enough.
        let sent = pair.links[0].toClient.bytes - before
        #expect((1_200..<2_000).contains(sent), "\(sent) bytes")
        pair.run(for: .seconds(10))
        #expect(pair.links[0].toClient.bytes - before < 4_000)
    }

    @Test("who copies packets from elsewhere does not get the path, nor more than three times what it sent")
    func spoofed() throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.send(1_000_000, fromClient: false)
        let before = pair.links[0].toServer.bytes
        pair.spoofs = (0, Self.elsewhere)
        pair.run(for: .milliseconds(200))
        pair.spoofs = nil
        let copied = pair.links[0].toServer.bytes - before
        let isWhole = pair.finish(within: .seconds(10))
        pair.run(for: .seconds(5))
        #expect(isWhole)
        #expect(pair.astray.bytes > 0 && pair.astray.bytes <= 3 * copied)
        #expect(pair.path(0, atServer: true)?.remote == MultiPair.clientAddress(0))
        #expect(!pair.story(0, atServer: true).contains(.rebound))
    }

    @Test("a storm of rebindings costs nothing but time")
    func storm() throws {
        var pair = MultiPair()
        try pair.begin()
        try pair.send(1_000_000, fromClient: false, seed: 1)
        try pair.send(200_000, fromClient: true, seed: 2)
        for port in 0..<100 as Range<UInt16> {
            pair.links[0].seen = SocketAddress(interface: 50, port: port)
            pair.run(for: .milliseconds(7))
        }
        let isWhole = pair.finish(within: .seconds(10))
        pair.run(for: .seconds(5))
        #expect(isWhole)
        #expect(pair.path(0, atServer: true)?.remote == SocketAddress(interface: 50, port: 99))
    }

    @Test("an answer to a challenge that was sent elsewhere does not prove an address")
    func answerFromElsewhere() throws {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.pathsMax = 2
        var peer = HostilePeer(configuration)
        peer.open(1, peer.pathIDs[0])
        let challenge = peer.frames.compactMap { if case .pathChallenge(let token) = $0 { token } else { nil } }.first
        let token = try #require(challenge)
        // It has the challenge, and names a victim as its address.
        var answer: Payload = [FrameType.pathResponse]
        answer.add(word: token)
        let packet = peer.packet(answer, path: 1)
        peer.send(packet, from: Self.elsewhere)
        peer.fillWindow()
        peer.wait(.seconds(2))
        let sent = peer.sentTo[Self.elsewhere] ?? 0
        #expect(sent <= 3 * packet.count)
    }
}
