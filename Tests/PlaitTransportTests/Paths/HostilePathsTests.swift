import PlaitCore
import PlaitTransport
import Testing

/// An authenticated peer that says of paths whatever it likes.
@Suite("Hostile words about paths")
struct HostilePathsTests {
    private static func configuration(paths: UInt64) -> EndpointConfiguration {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.pathsMax = paths
        configuration.connection.pathsMax = Int(paths)
        return configuration
    }

    private static func newID(path: UInt64, sequence: UInt64 = 0) -> Payload {
        var payload: Payload = [FrameType.newConnectionID, path, sequence, 0]
        payload.add(word: 0x7777_0000_0000_0000 | path << 8 | sequence)
        return payload
    }

    @Test(
        "a frame about a path that there is not even an id of closes the connection",
        arguments: [
            [FrameType.pathStatus, 4, 1, 1], [FrameType.pathAbandon, 4, 0], [FrameType.ack, 4, 0, 0, 0, 0],
            [FrameType.retireConnectionID, 4, 0], [FrameType.pathAbandon, 0xffff_ffff, 0],
            [FrameType.ack, 2, 0, 0, 0, 0], [FrameType.retireConnectionID, 2, 1],
        ] as [[UInt64]]
    )
    func unknownPath(fields: [UInt64]) {
        var peer = HostilePeer(Self.configuration(paths: 4))
        var payload = Payload()
        for field in fields { payload.add(field) }
        peer.say(payload)
        #expect(peer.closed == .protocolViolation && peer.isReported)
    }

    @Test("an id for a path beyond the limit closes the connection")
    func newIDBeyond() {
        var peer = HostilePeer(Self.configuration(paths: 4))
        peer.say(Self.newID(path: 3, sequence: 1))
        #expect(peer.closed == nil)
        peer.say(Self.newID(path: 4))
        #expect(peer.closed == .protocolViolation)
    }

    @Test("who abandons paths without an end is thrown out before they fill the memory")
    func flood() {
        var peer = HostilePeer(Self.configuration(paths: 4))
        var path: UInt64 = 1
        while peer.closed == nil, path < 1_000 {
            peer.say([FrameType.pathAbandon, path, 0])
            path += 1
        }
        #expect(peer.closed == .resourceLimit)
        #expect(path < 100)
    }

    @Test("a path abandoned twice before its first packet is made good once")
    func abandonedTwice() {
        var peer = HostilePeer(Self.configuration(paths: 4))
        for _ in 0..<5 { peer.say([FrameType.pathAbandon, 1, 0]) }
        let given = peer.frames.compactMap { if case .newConnectionID(let new) = $0 { new.path.value } else { nil } }
        #expect(given.max() == 4)
        #expect(peer.closed == nil)
    }

    @Test("abandoning the only path closes the connection")
    func lastPath() {
        var peer = HostilePeer(Self.configuration(paths: 4))
        peer.say([FrameType.pathAbandon, 0, 0])
        #expect(peer.closed == .noPath)
    }

    @Test("paths that are opened out of order, abandoned and left out repeat no nonce, and trap nobody")
    func outOfOrder() throws {
        var peer = HostilePeer(Self.configuration(paths: 6))
        peer.open(4, peer.pathIDs[3])
        peer.say([FrameType.pathAbandon, 4, 0])
        peer.wait(.seconds(20))
        let given = peer.frames.compactMap { if case .newConnectionID(let new) = $0 { new } else { nil } }
        let six = try #require(given.first { $0.path == PathID(6) })
        peer.say(Self.newID(path: 6))
        peer.open(6, six.id)
        peer.open(1, peer.pathIDs[0])
        peer.open(2, peer.pathIDs[1])
        peer.wait(.milliseconds(100))
        let open = peer.server.statistics(of: peer.handle)?.paths.map(\.path)
        #expect(open == [0, 6, 1, 2] || open == [0, 1, 2, 6])
        #expect(peer.closed == nil)
    }

    @Test("a path for which the peer gave no id yet is not opened by its packet")
    func noID() throws {
        var peer = HostilePeer(Self.configuration(paths: 2))
        peer.say([FrameType.pathAbandon, 1, 0])
        let given = peer.frames.compactMap { if case .newConnectionID(let new) = $0 { new } else { nil } }
        let two = try #require(given.first { $0.path == PathID(2) })
        peer.open(2, two.id)
        peer.wait(.seconds(5))
        #expect(peer.server.statistics(of: peer.handle)?.paths.map(\.path) == [0])
        peer.say(Self.newID(path: 2))
        peer.open(2, two.id)
        peer.wait(.milliseconds(100))
        #expect(peer.server.statistics(of: peer.handle)?.paths.map(\.path) == [0, 2])
    }

    @Test("after its end a connection opens no path, and tells of nothing any more")
    func afterTheEnd() {
        var peer = HostilePeer(Self.configuration(paths: 2))
        peer.server.close(peer.handle, now: peer.now)
        peer.listen()
        let before = peer.events.count
        peer.open(1, peer.pathIDs[0])
        #expect(peer.events.count == before)
    }

    @Test("a flood of challenges is answered in bounded room")
    func challenges() {
        var peer = HostilePeer(Self.configuration(paths: 2))
        peer.open(1, peer.pathIDs[0])
        for token in 0..<500 as Range<UInt64> {
            peer.say(.challenge(token) + .challenge(token + 10_000), path: 1)
        }
        #expect(peer.closed == nil && peer.life == .established)
    }

    @Test("words on a path's use that come late or in thousands change what the latest says")
    func statuses() {
        var peer = HostilePeer(Self.configuration(paths: 2))
        peer.open(1, peer.pathIDs[0])
        for sequence in (1...1_000 as ClosedRange<UInt64>).reversed() {
            peer.say([FrameType.pathStatus, 1, sequence, sequence == 1_000 ? 1 : 0])
        }
        let path = peer.server.statistics(of: peer.handle)?.paths.last
        #expect(path?.isBackup == true)
    }
}
