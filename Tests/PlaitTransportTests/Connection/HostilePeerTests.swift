import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

/// What an authenticated peer can do to an end: nothing but have its connection closed, with a code that says why.
@Suite("Hostile peers")
struct HostilePeerTests {
    /// One packet that breaks the protocol, and the code that answers it.
    struct Crime: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let payload: Payload
        let code: CloseCode

        init(_ name: String, _ payload: Payload, _ code: CloseCode) {
            testDescription = name
            self.payload = payload
            self.code = code
        }
    }

    /// Stream 3 is a server's own unidirectional one, 2 a client's.
    static let crimes: [Crime] = [
        Crime("acknowledging a packet that was never sent", .ack(1_000, 1_000), .protocolViolation),
        Crime("acknowledging the largest number there is", .ack(Varint.max, Varint.max), .protocolViolation),
        Crime("acknowledging everything there could be", .ack(0, Varint.max), .protocolViolation),
        Crime("acknowledging on another path", .ack(0, 0, path: 7), .protocolViolation),
        Crime("a range below packet 0", [FrameType.ack, 0, 3, 0, 0, 4], .frameEncoding),
        Crime("more ranges than are allowed", [FrameType.ack, 0, 1_000, 0, 64, 0], .frameEncoding),
        Crime("a stream beyond the limit", .stream(4 * 128, offset: 0, [1]), .streamLimit),
        Crime("the last stream of all", .stream(Varint.max - 3, offset: 0, [1]), .streamLimit),
        Crime("a unidirectional stream beyond the limit", .stream(4 * 128 + 2, offset: 0, [1]), .streamLimit),
        Crime("data beyond the stream's limit", .stream(0, offset: 1 << 20, [1]), .flowControl),
        Crime("data far beyond", .stream(0, offset: Varint.max - 1, [1]), .flowControl),
        Crime("data beyond 2^62", .stream(0, offset: Varint.max, [1]), .frameEncoding),
        Crime(
            "an end before what came",
            .stream(0, offset: 0, [1, 2, 3]) + .stream(0, offset: 0, [1], isLast: true),
            .finalSize
        ),
        Crime(
            "data after the end",
            .stream(0, offset: 0, [1], isLast: true) + .stream(0, offset: 1, [2]),
            .finalSize
        ),
        Crime(
            "two ends",
            .stream(0, offset: 0, [1], isLast: true) + [FrameType.resetStream, 0, 0, 2],
            .finalSize
        ),
        Crime("data on the server's own sending stream", .stream(3, offset: 0, [1]), .streamState),
        Crime("data on a stream of the server that it never opened", .stream(1, offset: 0, [1]), .streamState),
        Crime("a reset of the server's own sending stream", [FrameType.resetStream, 3, 0, 0], .streamState),
        Crime("stopping a stream that only receives", [FrameType.stopSending, 2, 0], .streamState),
        Crime("credit for a stream that only receives", [FrameType.maxStreamData, 2, 9], .streamState),
        Crime("credit for a stream that was never opened", [FrameType.maxStreamData, 1, 9], .streamState),
        Crime("more streams than there are ids", [FrameType.maxStreamsBidirectional, 1 << 61], .frameEncoding),
        Crime("retiring an id that was never given out", .retireID(99), .protocolViolation),
        Crime("retiring the id that the packet came by", .retireID(0), .protocolViolation),
        Crime("retiring on a path that is not there", [FrameType.retireConnectionID, 5, 0], .protocolViolation),
        Crime("an id numbered far ahead", .newID(4), .connectionIDLimit),
        Crime("an id numbered as far as can be", .newID(Varint.max), .connectionIDLimit),
        Crime("an id that retires a great many", .newID(Varint.max, retirePrior: Varint.max), .connectionIDLimit),
        Crime("an id that retires itself", .newID(1, retirePrior: 2), .frameEncoding),
        Crime("connection id zero", .newID(1, id: 0), .frameEncoding),
        Crime("one number for two ids", .newID(1, id: 5) + .newID(1, id: 6), .protocolViolation),
        Crime("another id under the number in use", .newID(0, id: 5), .protocolViolation),
        Crime("the status of a path that is not there", [FrameType.pathStatus, 9, 0, 0], .protocolViolation),
        Crime("abandoning a path that is not there", [FrameType.pathAbandon, 9, 0], .protocolViolation),
        Crime("abandoning the only path", [FrameType.pathAbandon, 0, 7], .noPath),
        Crime("a key update that did not happen", [FrameType.keyUpdate, 1], .keyUpdate),
        Crime("a key update in the far future", [FrameType.keyUpdate, Varint.max], .keyUpdate),
        Crime("a client that confirms the handshake", [FrameType.handshakeConfirmed], .protocolViolation),
        Crime("a handshake's message", .run([FrameType.handshake], [1, 2]), .protocolViolation),
        Crime("a cookie", .run([FrameType.cookie], [1, 2]), .protocolViolation),
        Crime("an offer", .run([FrameType.offer], [1, 2]), .protocolViolation),
        Crime("a refusal", .run([FrameType.refusal, 1], []), .protocolViolation),
        Crime("an extension that must be understood", .run([0x81], [1]), .frameEncoding),
        Crime("a frame of error correction", [0x40], .frameEncoding),
        Crime("a frame type that is not in use", [0x25], .frameEncoding),
        Crime("a frame that is cut off", [FrameType.maxStreamData, 0], .frameEncoding),
        Crime("a frame after a good one", .ping + [0x3f], .frameEncoding),
        Crime("no frame at all", [], .protocolViolation),
    ]

    @Test("a violation closes the connection, with its code", arguments: crimes)
    func crime(_ crime: Crime) {
        var peer = HostilePeer()
        peer.say(crime.payload)
        let seen = (peer.closed, peer.isReported, peer.life)
        #expect(seen.0 == crime.code)
        #expect(seen.1)
        guard case .closing = seen.2 else {
            Issue.record("the connection goes on: \(String(describing: seen.2))")
            return
        }
        // It is forgotten, whatever the peer goes on to say.
        for _ in 0..<20 { peer.say(crime.payload) }
        let closes = peer.frames.filter { if case .close = $0 { true } else { false } }
        #expect(closes.count == 6, "answers to packets 0, 1, 2, 4, 8 and 16")
        peer.wait(.seconds(20))
        let count = peer.server.connectionCount
        #expect(count == 0)
    }

    @Test("what looks odd and is allowed changes nothing")
    func allowed() {
        let payloads: [Payload] = [
            .run([0x80], [1, 2, 3]), .run([0x3ffe], []), [FrameType.dataBlocked, 5],
            [FrameType.streamsBlockedBidirectional, 5],
            .run([FrameType.ticket], [9]), .ack(0, 0), .ack(0, 0), [0, 0, 0], .challenge(1),
            [FrameType.pathStatus, 0, 0, 1], [FrameType.maxData, 0], [FrameType.maxData, Varint.max], .newID(1),
            .newID(1),
            [FrameType.keyUpdate, 0], [FrameType.stopSending, 0, Varint.max],
            [FrameType.maxStreamsUnidirectional, 1 << 60],
        ]
        var peer = HostilePeer()
        for payload in payloads { peer.say(payload) }
        let seen = (peer.closed, peer.life)
        #expect(seen.0 == nil && seen.1 == .established)
    }

    @Test("a reserved bit in a packet that opened is a violation", arguments: [UInt8(0x08), 0x10, 0x18])
    func reserved(bits: UInt8) {
        var peer = HostilePeer()
        peer.say(.ping, reserved: bits)
        let code = peer.closed
        #expect(code == .protocolViolation)
    }

    @Test("a packet for a path that is not there is dropped")
    func otherPath() {
        var peer = HostilePeer()
        peer.say(.ping, path: 1)
        let seen = (peer.life, peer.server.statistics(of: peer.handle)?.datagramsDropped)
        #expect(seen.0 == .established && seen.1 == 1)
    }

    @Test("a number that was left out may not be acknowledged")
    func skipped() {
        var peer = HostilePeer()
        // The first gap comes among the first 256 numbers.
        for _ in 0..<600 { peer.say(.ping) }
        let numbers = Set(peer.heard.map(\.number))
        let skipped = (0...(numbers.max() ?? 0)).first { !numbers.contains($0) }
        guard let skipped else {
            Issue.record("no number was left out")
            return
        }
        peer.say(.ack(skipped, skipped))
        let code = peer.closed
        #expect(code == .protocolViolation)
    }

    @Test("packet numbers may be far ahead, and the window does not grow with them")
    func farAhead() {
        var peer = HostilePeer()
        for _ in 0..<200 {
            peer.number += 1 << 30
            peer.say(.ping)
        }
        let life = peer.life
        #expect(life == .established)
        let last = peer.frames.last { if case .ack = $0 { true } else { false } }
        guard case .ack(let ack) = last else {
            Issue.record("nothing was acknowledged")
            return
        }
        #expect(ack.largest == peer.number - 1)
        #expect(ack.rangeCount <= ReceivedPackets.rangesMax)
    }

    @Test("gaps without end are refused")
    func gaps() {
        var configuration = EndpointConfiguration()
        configuration.connection.buffers = StreamBuffers(gapsMax: 100, gapsTotalMax: 300)
        var peer = HostilePeer(configuration)
        var offset: UInt64 = 1
        while peer.closed == nil, offset < 10_000 {
            peer.say(.stream(0, offset: offset, [7]))
            offset += 2
        }
        let code = peer.closed
        #expect(code == .resourceLimit)
        #expect(offset < 300)
    }

    @Test("gaps on many streams are counted together")
    func gapsOnManyStreams() {
        var configuration = EndpointConfiguration()
        configuration.connection.buffers = StreamBuffers(gapsMax: 100, gapsTotalMax: 300)
        var peer = HostilePeer(configuration)
        var said = 0
        while peer.closed == nil, said < 10_000 {
            peer.say(.stream(UInt64(said % 100) * 4, offset: UInt64(1 + 2 * (said / 100)), [7]))
            said += 1
        }
        let code = peer.closed
        #expect(code == .resourceLimit)
        #expect(said < 500)
    }

    @Test("floods of frames that ask for answers do not pile up", arguments: [false, true])
    func floods(acknowledges: Bool) {
        var peer = HostilePeer()
        var many = Payload()
        for token in 0..<100 as Range<UInt64> { many = many + .challenge(token) + .ping }
        for round in 0..<500 as Range<UInt64> {
            peer.say(many)
            peer.say([FrameType.dataBlocked, round])
            peer.say(.datagram(Array(repeating: 1, count: 1_000)))
            if acknowledges { peer.acknowledge() }
        }
        let seen = (peer.closed, peer.life, peer.server.statistics(of: peer.handle)?.path.bytesInFlight ?? 0)
        #expect(seen.0 == nil && seen.1 == .established)
        #expect(seen.2 < 1 << 20)
    }

    @Test("a peer that never acknowledges gets no more than the window")
    func unacknowledged() {
        var peer = HostilePeer()
        peer.fillWindow()
        let statistics = peer.server.statistics(of: peer.handle)?.path
        #expect((statistics?.bytesInFlight ?? .max) <= (statistics?.congestionWindow ?? 0))
    }

    @Test("a flood of ids, each retiring the one before, ends when none of the answers is acknowledged")
    func newIDs() {
        var peer = HostilePeer()
        var sequence: UInt64 = 1
        while peer.closed == nil, sequence < 10_000 {
            peer.say(.newID(sequence, retirePrior: sequence))
            sequence += 1
        }
        let code = peer.closed
        #expect(code == .connectionIDLimit)
        #expect(sequence < 100)
    }

    @Test("retiring ids as fast as they are given out gets as many as were acknowledged, and no more")
    func retiring() {
        var peer = HostilePeer()
        for _ in 0..<2_000 {
            var payload = Payload.ping
            for frame in peer.heard.last?.frames ?? [] {
                if case .newConnectionID(let new) = frame { payload = payload + .retireID(new.sequence) }
            }
            peer.say(payload)
        }
        let seen = (peer.life, peer.frames.filter { if case .newConnectionID = $0 { true } else { false } }.count)
        #expect(seen.0 == .established)
        // 12,000 bytes of window, at least 24 bytes each.
        #expect(seen.1 < 500)
    }

    @Test("an id that is there but was not told of yet cannot be retired by guessing its number")
    func guessed() {
        var peer = HostilePeer()
        // The window is full: the ids that replace the first three wait for it.
        peer.fillWindow()
        peer.say(.retireID(1) + .retireID(2) + .retireID(3))
        let life = peer.life
        #expect(life == .established)
        peer.say(.retireID(4))
        let code = peer.closed
        #expect(code == .protocolViolation)
    }

    @Test("an id that was retired leads nowhere, another one does")
    func retired() {
        var peer = HostilePeer()
        var given: [NewConnectionIDFrame] = []
        for frame in peer.frames {
            if case .newConnectionID(let new) = frame { given.append(new) }
        }
        #expect(given.map(\.sequence) == [1, 2, 3])
        guard given.count == 3 else { return }
        peer.destination = given[1].id
        peer.say(.retireID(0))
        peer.say(.retireID(given[0].sequence))
        let unknown = peer.server.datagramsUnknown
        for id in [peer.serverID, given[0].id] {
            peer.destination = id
            peer.say(.ping)
        }
        #expect(peer.server.datagramsUnknown == unknown + 2)
        peer.destination = given[2].id
        peer.say(.challenge(77))
        let answered = peer.frames.contains(.pathResponse(77))
        #expect(answered)
    }

    @Test("a CLOSE with a reason as long as a packet is told to the application")
    func longReason() {
        var peer = HostilePeer()
        let reason = Array(repeating: UInt8(ascii: "x"), count: 60_000)
        peer.say(.run([FrameType.applicationClose, Varint.max], reason))
        var reported: CloseReason?
        for event in peer.events {
            if case .closed(let reason) = event.event { reported = reason }
        }
        #expect(reported == .peer(code: Varint.max, reason: String(repeating: "x", count: 60_000)))
        let closes = peer.frames.contains { if case .close = $0 { true } else { false } }
        #expect(!closes, "who was told that it is over answers nothing")
    }

    @Test("a reason that is no text is told as well as it goes")
    func oddReason() {
        var peer = HostilePeer()
        peer.say(.run([FrameType.close, 0x1_0000, 0x99], [0xff, 0xfe, 0x41]))
        var reported: CloseReason?
        for event in peer.events {
            if case .closed(let reason) = event.event { reported = reason }
        }
        #expect(reported == .peerProtocol(CloseCode(0x1_0000), reason: "\u{fffd}\u{fffd}A"))
    }

    @Test("a datagram longer than any of UDP is dropped")
    func tooLong() {
        var peer = HostilePeer()
        let unknown = peer.server.datagramsUnknown
        var datagram = peer.packet(.ping)
        datagram += Array(repeating: 0, count: 70_000)
        peer.send(datagram)
        #expect(peer.server.datagramsUnknown == unknown + 1)
    }

    @Test("datagrams beyond what was allowed close the connection")
    func longDatagram() {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.datagramMax = 100
        var peer = HostilePeer(configuration)
        peer.say(.datagram(Array(repeating: 1, count: 100)))
        #expect(peer.closed == nil)
        peer.say(.datagram(Array(repeating: 1, count: 101)))
        let code = peer.closed
        #expect(code == .protocolViolation)
    }

    @Test("a peer that names the longest delays there are does not break any timer")
    func delays() {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.ackDelayMax = .milliseconds(16_384)
        configuration.handshake.parameters.idleTimeout = .microseconds(1 << 52)
        // Both ends say so here: what counts is what the server makes of its peer's word.
        var peer = HostilePeer(configuration)
        for delay in [0, 1, 1 << 40, Varint.max] {
            peer.say([FrameType.ack, 0, 0, delay, 0, 0])
            peer.say(.ping)
        }
        peer.say([0x3f])
        let code = peer.closed
        #expect(code == .frameEncoding)
    }
}
