import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

@Suite("Keys in use")
struct KeyUpdateTests {
    private static func limited(_ limits: KeyLimits, age: Interval = .seconds(600)) -> EndpointConfiguration {
        var configuration = EndpointConfiguration()
        configuration.connection.keyLimits = limits
        configuration.connection.keyAgeMax = age
        return configuration
    }

    /// Moves bytes both ways, one stream after the other, and answers what the two ends' observers saw.
    private static func transfer(
        _ bytes: Int,
        rounds: Int = 1,
        client: EndpointConfiguration,
        server: EndpointConfiguration,
        seed: UInt64 = 1,
        fate: @escaping (Bool, Int) -> Pair.Fate = { _, _ in .delivered }
    ) throws -> (client: Watcher, server: Watcher, updates: [UInt64]) {
        let watchers = (Watcher(), Watcher())
        var pair = Pair(
            seed: seed,
            client: client,
            server: server,
            clientObserver: watchers.0,
            serverObserver: watchers.1
        )
        pair.fate = fate
        let handle = pair.connect()
        pair.run(until: .start + .seconds(10)) { $0.accepted == nil || $0.clientEvents.isEmpty }
        for round in 0..<UInt64(rounds) {
            var talk = Talk()
            let id = try pair.client.open(.bidirectional, on: handle, now: pair.now)
            talk.write(Talk.bytes(bytes, seed: seed + round), on: id, fromClient: true)
            talk.write(Talk.bytes(bytes, seed: seed + round + 1), on: id, fromClient: false)
            var failure: StreamError?
            pair.run(until: pair.now + .seconds(300)) { pair in
                do throws(StreamError) { try talk.advance(&pair, handle) } catch { failure = error }
                return failure == nil && !talk.isComplete
            }
            #expect(failure == nil && talk.isComplete, "seed \(seed), at \(pair.now)")
        }
        let updates: [UInt64] = pair.clientEvents.compactMap {
            if case .keysUpdated(let generation) = $0.event { generation } else { nil }
        }
        return (watchers.0, watchers.1, updates)
    }

    private static func check(_ watcher: Watcher) {
        #expect(watcher.repeatedNonces == 0)
        #expect(watcher.untoldPackets == 0)
        #expect(watcher.isComplete)
        #expect(watcher.hastyUpdates == 0)
    }

    @Test("keys are updated at the packet limit, by one end or by both", arguments: [true, false])
    func packets(both: Bool) throws {
        let limited = Self.limited(KeyLimits(packets: 40))
        let seen = try Self.transfer(
            60_000,
            rounds: 30,
            client: limited,
            server: both ? limited : EndpointConfiguration()
        )
        Self.check(seen.client)
        Self.check(seen.server)
        let (first, second) = (seen.client.installed.count, seen.server.installed.count)
        #expect(first > 4 && abs(first - second) <= 1)
        for generation in 0..<UInt64(first - 1) {
            // The one who follows may be short of it.
            let most = max(seen.client.packetsSent[generation] ?? 0, seen.server.packetsSent[generation] ?? 0)
            #expect(most >= 40)
        }
        #expect(seen.updates.first == 1 && seen.updates == seen.updates.sorted())
        #expect(Set(seen.updates).count == seen.updates.count, "each update is an event once")
    }

    @Test("keys are updated at the byte limit")
    func bytes() throws {
        let limited = Self.limited(KeyLimits(bytes: 100_000))
        let seen = try Self.transfer(60_000, rounds: 20, client: limited, server: EndpointConfiguration())
        Self.check(seen.client)
        Self.check(seen.server)
        #expect(seen.client.installed.count >= 3)
        // 100,000 bytes are at least 84 packets.
        #expect(seen.client.packetsSent[0] ?? 0 >= 84)
    }

    @Test("keys are updated when they are old, and only when something is sent")
    func age() throws {
        let watchers = (Watcher(), Watcher())
        let limited = Self.limited(KeyLimits(), age: .seconds(2))
        var pair = Pair(client: limited, clientObserver: watchers.0, serverObserver: watchers.1)
        let handle = pair.connect()
        pair.run(for: .seconds(1))
        let wakes = pair.wakes.client
        pair.run(for: .seconds(20))
        #expect(watchers.0.installed.count == 1, "silence updates nothing")
        #expect(pair.wakes.client == wakes, "and wakes nobody")
        for _ in 0..<10 {
            try pair.client.sendDatagram([1, 2, 3].span.raw, on: handle, now: pair.now)
            pair.run(for: .seconds(1))
        }
        #expect(watchers.0.installed.count == 6, "at 21 s, and then with every second datagram")
        Self.check(watchers.0)
        Self.check(watchers.1)
    }

    @Test("many updates in a row under loss and reordering", arguments: 0..<10 as Range<UInt64>)
    func lossy(seed: UInt64) throws {
        let fates = RandomStream(seed: seed, name: "fates")
        let limited = Self.limited(KeyLimits(packets: 12))
        let seen = try Self.transfer(20_000, rounds: 20, client: limited, server: limited, seed: seed) {
            toServer,
            number in
            let draw = fates.draw(UInt64(number), toServer ? 1 : 0)
            switch draw % 100 {
            case 0..<20: return .lost
            case 20..<25: return .copied(after: .milliseconds(Int64((draw >> 32) % 400)))
            case 25..<50: return .delayed(by: .milliseconds(Int64((draw >> 40) % 120)))
            default: return .delivered
            }
        }
        Self.check(seen.client)
        Self.check(seen.server)
        #expect(seen.client.installed.count > 4, "seed \(seed)")
    }

    // MARK: A peer with keys

    @Test("a late packet opens under the key before, for three probe timeouts")
    func previous() {
        var peer = HostilePeer()
        let late = [peer.packet(.challenge(1)), peer.packet(.challenge(2)), peer.packet(.challenge(3))]
        peer.updateKeys()
        let retention = Self.retention(peer)
        peer.say(.ping)
        let generation = peer.server.statistics(of: peer.handle)?.keyGeneration
        #expect(generation == 1, "the server follows")
        peer.send(late[0])
        peer.wait(retention - .microseconds(1))
        peer.send(late[1])
        peer.wait(.microseconds(1))
        peer.send(late[2])
        let answered = ([1, 2, 3] as [UInt64]).map { token in peer.frames.contains(.pathResponse(token)) }
        #expect(answered == [true, true, false])
        let dropped = peer.server.statistics(of: peer.handle)?.datagramsDropped
        #expect(dropped == 1)
    }

    /// Three probe timeouts of the server (RFC 9002, 6.2.1).
    private static func retention(_ peer: borrowing HostilePeer) -> Interval {
        guard let path = peer.server.statistics(of: peer.handle)?.path else { return .zero }
        let slack = max(4 * path.roundTripVariation, .milliseconds(1))
        return 3 * (path.smoothedRoundTrip + slack + .milliseconds(25))
    }

    @Test("the key before is wiped by its timer, not by the next packet")
    func wiped() {
        var peer = HostilePeer()
        peer.acknowledge()
        peer.wait(.milliseconds(500))
        let before = peer.server.keysInUse
        peer.updateKeys()
        peer.say(.ping)
        let during = peer.server.keysInUse
        peer.wait(.seconds(5))
        let after = peer.server.keysInUse
        #expect(during == before + 1 && after == before)
    }

    @Test("a packet with the other phase that does not open changes nothing")
    func forged() {
        var peer = HostilePeer()
        var datagram = peer.packet(.challenge(9))
        let genuine = datagram
        datagram[0] ^= 0x04
        for _ in 0..<10 { peer.send(datagram) }
        let statistics = peer.server.statistics(of: peer.handle)
        #expect(statistics?.keyGeneration == 0 && statistics?.datagramsDropped == 10)
        peer.send(genuine)
        let answered = peer.frames.contains(.pathResponse(9))
        #expect(answered)
    }

    @Test("a second update before this end has sealed anything after the first is refused")
    func premature() {
        var peer = HostilePeer()
        peer.acknowledge()
        peer.wait(.seconds(1))
        peer.updateKeys()
        // Padding alone asks for no answer.
        peer.say([0])
        let life = peer.life
        #expect(life == .established)
        peer.updateKeys()
        peer.say([0])
        let code = peer.closed
        #expect(code == .keyUpdate)
    }

    @Test("a peer may update as often as its updates were answered")
    func often() {
        var peer = HostilePeer()
        for token in 0..<50 as Range<UInt64> {
            peer.updateKeys()
            peer.say([FrameType.keyUpdate, token + 1] + .challenge(token))
            peer.acknowledge()
        }
        let seen = (peer.life, peer.server.statistics(of: peer.handle)?.keyGeneration)
        #expect(seen.0 == .established && seen.1 == 50)
    }

    @Test("a key ends with its connection when the peer lets no update be completed", arguments: [false, true])
    func wornOut(acknowledges: Bool) {
        var configuration = EndpointConfiguration()
        configuration.connection.keyLimits = KeyLimits(packets: 20, packetsMax: 100)
        var peer = HostilePeer(configuration)
        // It opens what comes under the server's next key, and goes on sealing under its own first one.
        for token in 0..<400 as Range<UInt64> {
            peer.say(.challenge(token) + .ping)
            if acknowledges { peer.acknowledge() }
            peer.wait(.milliseconds(10))
            if peer.closed != nil { break }
        }
        let code = peer.closed
        #expect(code == .keyLimit)
        // What was left out of the numbers counts for nothing.
        let packets = peer.heard.count
        #expect(packets <= 102 + (acknowledges ? 40 : 0))
    }
}
