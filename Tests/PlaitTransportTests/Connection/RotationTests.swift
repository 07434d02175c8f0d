import PlaitCore
import PlaitTransport
import Testing

@Suite("Connection ids")
struct RotationTests {
    @Test("an end may go on to another id at any time, under loss and reordering", arguments: 0..<10 as Range<UInt64>)
    func rotation(seed: UInt64) throws {
        let dice = RandomStream(seed: seed, name: "fates")
        var pair = Pair(seed: seed)
        pair.fate = { toServer, number in
            let draw = dice.draw(UInt64(number), toServer ? 1 : 2)
            switch draw % 10 {
            case 0, 1: return .lost
            case 2, 3, 4: return .delayed(by: .milliseconds(Int64(draw >> 32 % 100)))
            default: return .delivered
            }
        }
        pair.keepsRecord = true
        let client = pair.connect()
        pair.run(until: .start + .seconds(9)) { $0.accepted == nil || $0.clientEvents.isEmpty }
        var talk = Talk()
        let id = try pair.client.open(.bidirectional, on: client, now: pair.now)
        talk.write(Talk.bytes(300_000, seed: seed), on: id, fromClient: true)
        talk.write(Talk.bytes(300_000, seed: seed + 1), on: id, fromClient: false)
        var step: UInt64 = 0
        var failure: StreamError?
        pair.run(until: pair.now + .seconds(200)) { pair in
            step += 1
            if step % 10 == 0 { pair.client.rotateID(of: client, now: pair.now) }
            if step % 15 == 0, let server = pair.accepted { pair.server.rotateID(of: server, now: pair.now) }
            do throws(StreamError) { try talk.advance(&pair, client) } catch { failure = error }
            return failure == nil && !talk.isComplete
        }
        #expect(failure == nil && talk.isComplete, "seed \(seed)")
        let ids = Set(
            pair.recorded.compactMap { datagram -> ConnectionID? in
                PacketForm(of: datagram.bytes.span.raw) == .data
                    ? DataHeader.destination(of: datagram.bytes.span.raw) : nil
            }
        )
        #expect(ids.count > 20, "seed \(seed)")
        // The supply never dries up: with no more loss, an end can go on as often as it likes.
        pair.fate = { _, _ in .delivered }
        pair.run(for: .seconds(5))
        for round in 0..<30 {
            pair.keepsRecord = false
            pair.client.rotateID(of: client, now: pair.now)
            try pair.client.sendDatagram([1].span.raw, on: client, now: pair.now)
            pair.keepsRecord = true
            let before = pair.recorded.count
            pair.run(for: .seconds(1))
            let used = Self.destination(pair.recorded[before].bytes)
            #expect(!ids.contains(used) || round == 0, "seed \(seed): an id that was used already")
        }
        let closed = pair.clientClosed != nil || pair.serverClosed != nil
        #expect(!closed)
    }

    private static func destination(_ datagram: [UInt8]) -> ConnectionID {
        DataHeader.destination(of: datagram.span.raw) ?? .unknown
    }

    @Test("ids that overtake each other are kept, and the gap is retired with what was before it")
    func gap() {
        var peer = HostilePeer()
        peer.say(.newID(2))
        // Retires 0, and with it 1, which never came.
        peer.server.rotateID(of: peer.handle, now: peer.now)
        peer.listen()
        let retired: [UInt64] = peer.frames.compactMap {
            if case .retireConnectionID(_, let sequence) = $0 { sequence } else { nil }
        }
        #expect(retired == [0, 1])
        // It comes after all, and is no longer of interest.
        peer.say(.newID(1))
        peer.say(.newID(3))
        peer.say(.newID(4))
        peer.say(.newID(5))
        let life = peer.life
        #expect(life == .established)
        peer.say(.newID(6))
        let code = peer.closed
        #expect(code == .connectionIDLimit, "2 is in use, 3, 4 and 5 wait: four in all")
    }

    @Test("an id that retires all before it takes over at once")
    func takeover() {
        var peer = HostilePeer()
        peer.say(.newID(1) + .newID(2))
        peer.say(.newID(3, retirePrior: 3) + .challenge(5))
        let retired: [UInt64] = peer.frames.compactMap {
            if case .retireConnectionID(_, let sequence) = $0 { sequence } else { nil }
        }
        let answered = peer.frames.contains(.pathResponse(5))
        #expect(retired == [0, 1, 2] && answered)
    }

    @Test("an end rotates no further than it was given ids")
    func noSupply() {
        var peer = HostilePeer()
        peer.say(.newID(1))
        for _ in 0..<5 { peer.server.rotateID(of: peer.handle, now: peer.now) }
        peer.listen()
        let retired = peer.frames.filter { if case .retireConnectionID = $0 { true } else { false } }
        #expect(retired.count == 1)
    }
}
