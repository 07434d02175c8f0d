import PlaitCore
import PlaitTransport
import Testing

/// Two ends that search for the MTU of each of their paths, over links that carry only so much.
@Suite("Packets as large as each path carries")
struct PathSizeTests {
    /// Links by place: bytes of UDP payload that get through. `pair.links[i].carries` may change at any time.
    private static func pair(
        _ carries: [Int],
        most: Int = 1_452,
        latencies: [Interval]? = nil,
        watchers: (client: Watcher, server: Watcher)? = nil,
        _ change: (inout EndpointConfiguration) -> Void = { _ in }
    ) throws -> MultiPair {
        let latencies = latencies ?? carries.indices.map { .milliseconds(10 + 10 * Int64($0)) }
        var pair = MultiPair(latencies: latencies, watchers: watchers) { configuration in
            configuration.connection.packetMax = most
            change(&configuration)
        }
        for link in carries.indices { pair.links[link].carries = carries[link] }
        return pair
    }

    private static func found(_ size: Int?, _ carries: Int, most: Int = 1_452) -> Bool {
        guard let size else { return false }
        return size <= min(carries, most) && size > min(carries, most) - PathMTU.precision
    }

    @Test("each path finds its own size, in the direction that carries data", arguments: [true, false])
    func twoPaths(fromClient: Bool) throws {
        var pair = try Self.pair([1_300, 1_452])
        try pair.begin()
        try pair.send(2_000_000, fromClient: fromClient)
        let isWhole = pair.finish(within: .seconds(20))
        let sizes = [0, 1].map { pair.path($0, atServer: !fromClient)?.packetSize }
        #expect(isWhole)
        #expect(Self.found(sizes[0], 1_300) && Self.found(sizes[1], 1_452), "\(sizes)")
        #expect(pair.story(1, atServer: !fromClient).contains(.packetSizeChanged(to: 1_452)))
        #expect(pair.closed.isEmpty)
    }

    @Test("the search costs no congestion, no loss and no suspicion", arguments: [1, 2])
    func quiet(paths: Int) throws {
        var pair = try Self.pair([1_300, 1_330].prefix(paths).map(\.self))
        try pair.begin()
        try pair.send(1_000_000, fromClient: false)
        let isWhole = pair.finish(within: .seconds(20))
        pair.run(for: .seconds(3))
        #expect(isWhole)
        for path in 0..<UInt32(paths) {
            guard let statistics = pair.path(path, atServer: true) else { continue }
            #expect(statistics.packetSize > 1_280)
            #expect(statistics.packetsLost == 0 && statistics.packetsSpurious == 0)
            #expect(statistics.slowStartThreshold == nil, "no congestion event")
            #expect(statistics.probeTimeouts == 0)
            #expect(!pair.story(path, atServer: true).contains(.suspected))
        }
    }

    @Test("without the key nothing is tried: every packet has its old length")
    func without() throws {
        for most in [0, 1_200] {
            var pair = try Self.pair([9_000, 9_000], most: most)
            try pair.begin()
            try pair.send(500_000, fromClient: false)
            let isWhole = pair.finish(within: .seconds(20))
            #expect(isWhole && pair.longest == 1_200)
        }
    }

    @Test(
        "a route that carries less in the midst of a transfer costs time, and no byte",
        arguments: [1, 2],
        [1_200, 1_260, 1_400]
    )
    func blackHole(paths: Int, carries: Int) throws {
        var pair = try Self.pair([1_500, 1_500].prefix(paths).map(\.self)) { $0.connection.congestion = Steady.init }
        try pair.begin()
        try pair.send(3_000_000, fromClient: false)
        pair.run(for: .milliseconds(200))
        let before = pair.path(0, atServer: true)?.packetSize
        pair.links[0].carries = carries
        let isWhole = pair.finish(within: .seconds(20))
        let after = pair.path(0, atServer: true)?.packetSize
        #expect(before == 1_452)
        #expect(isWhole && pair.closed.isEmpty)
        #expect(Self.found(after, carries), "\(after ?? 0)")
        #expect(pair.story(0, atServer: true).contains(.packetSizeChanged(to: 1_200)))
        #expect(!pair.story(0, atServer: true).contains(.failed))
    }

    @Test("the least MTU there may be comes and goes, and every byte arrives", arguments: 0..<12 as Range<UInt64>)
    func flapping(seed: UInt64) throws {
        var dice = Dice(seed: seed, name: "mtu")
        let most = 1_200 + dice.roll(8_000)
        var pair = try Self.pair([9_000, 9_000], most: most)
        pair.isLost = { _, _, number in number % 37 == 5 }
        try pair.begin()
        try pair.send(1_500_000, fromClient: false, seed: seed)
        try pair.send(300_000, fromClient: true, seed: seed + 1)
        for _ in 0..<30 {
            pair.links[dice.roll(2)].carries = 1_200 + dice.roll(8_000)
            pair.run(for: .milliseconds(Int64(20 + dice.roll(300))))
        }
        let isWhole = pair.finish(within: .seconds(120))
        #expect(isWhole && pair.closed.isEmpty && pair.longest <= most)
    }

    @Test("a path that fails and returns by a narrower way begins with what every path carries")
    func returning() throws {
        var pair = try Self.pair([1_452, 1_452]) { $0.connection.congestion = Steady.init }
        try pair.begin()
        try pair.send(6_000_000, fromClient: false)
        pair.run(for: .milliseconds(250))
        let before = pair.path(0, atServer: true)?.packetSize
        pair.links[0].isCut = true
        pair.run(for: .seconds(1))
        let (failed, between) = (pair.state(0, atServer: true), pair.path(0, atServer: true)?.packetSize)
        pair.links[0].carries = 1_250
        pair.links[0].isCut = false
        let isWhole = pair.finish(within: .seconds(30))
        #expect(before == 1_452 && failed == .failed && between == 1_200)
        #expect(isWhole && pair.story(0, atServer: true).contains(.returned))
        let most = pair.path(0, atServer: true)?.packetSize ?? 0
        #expect(most <= 1_250)
    }

    @Test("whoever moves to another address is sent no more than every path carries, until that is found out")
    func moving() throws {
        var pair = try Self.pair([1_452]) { $0.connection.congestion = Steady.init }
        try pair.begin()
        try pair.send(2_000_000, fromClient: false)
        pair.run(for: .milliseconds(200))
        let before = pair.path(0, atServer: true)?.packetSize
        pair.links[0].seen = SocketAddress(interface: 77, port: 7_777)
        pair.links[0].carries = 1_300
        pair.links[0].large = 0
        pair.run(for: .milliseconds(100))
        let large = pair.links[0].large
        let isWhole = pair.finish(within: .seconds(20))
        #expect(before == 1_452 && isWhole)
        #expect(large <= 5, "probes, one a round trip")
        #expect(Self.found(pair.path(0, atServer: true)?.packetSize, 1_300))
    }

    @Test("a quiet client that seems to be elsewhere is sent short packets at once, lost large ones or not")
    func movingQuietly() throws {
        var pair = try Self.pair([1_452])
        try pair.begin()
        try pair.send(300_000, fromClient: false)
        let isWhole = pair.finish(within: .seconds(20))
        pair.run(for: .seconds(1))
        let before = pair.path(0, atServer: true)?.packetSize
        // The same host by another port, so that nothing else begins anew.
        pair.links[0].seen = SocketAddress(interface: pair.links[0].seen.interface, port: 7_777)
        try pair.send(100, fromClient: true)
        pair.run(for: .milliseconds(200))
        #expect(isWhole && pair.areWhole && before == 1_452)
        #expect(pair.path(0, atServer: true)?.packetSize == 1_200)
        #expect(pair.path(0, atServer: true)?.packetsLost == 0)
    }

    @Test("a window that data would fill all the time leaves room for the probe")
    func fullWindow() throws {
        // No larger than what the pacer lets go at once: nothing but the window holds data back.
        var pair = try Self.pair([16_000], most: 4_000) { $0.connection.congestion = { _ in Narrow() } }
        try pair.begin()
        try pair.send(2_000_000, fromClient: false)
        // What is found at once, with hardly any data under way, is found again in the midst of it: after the second
        // black hole nothing is tried for a second.
        for _ in 0..<2 {
            Self.run(&pair, untilPacketsOf: 4_000)
            pair.links[0].carries = 1_200
            Self.run(&pair, untilPacketsOf: 1_200)
            pair.links[0].carries = 16_000
        }
        pair.run(for: .milliseconds(900))
        let early = pair.path(0, atServer: true)?.packetSize
        pair.run(for: .milliseconds(300))
        #expect(early == 1_200)
        #expect(!pair.areWhole && pair.path(0, atServer: true)?.packetSize == 4_000)
    }

    private static func run(_ pair: inout MultiPair, untilPacketsOf size: Int) {
        let end = pair.now + .seconds(2)
        pair.run(until: end) { $0.path(0, atServer: true)?.packetSize == size }
    }

    @Test("nobody sends more than its peer takes", arguments: [1_200, 1_300, 65_527] as [UInt64])
    func peerLimit(most: UInt64) throws {
        var pair = try Self.pair([9_000, 9_000], most: 2_000) { configuration in
            configuration.connection.packetSize = 1_250
            configuration.handshake.parameters.packetMax = most
        }
        try pair.begin()
        try pair.send(2_000_000, fromClient: true)
        let isWhole = pair.finish(within: .seconds(20))
        #expect(isWhole && pair.longest == min(2_000, Int(most)))
    }

    @Test("packets that are padded to one length stay at it")
    func constant() throws {
        var pair = try Self.pair([9_000]) { $0.connection.padsPackets = true }
        try pair.begin()
        try pair.send(500_000, fromClient: false)
        let isWhole = pair.finish(within: .seconds(20))
        #expect(isWhole && pair.longest == 1_200)
    }

    @Test(
        "packets of any size leave room for a large one",
        arguments: [Int](stride(from: 2_000, to: 16_001, by: 2_000))
    )
    func jumbo(most: Int) throws {
        // The window is full all the time: nothing would leave room for a probe of nearly half of it by itself.
        var pair = try Self.pair([16_000], most: most) { $0.connection.congestion = Steady.init }
        try pair.begin()
        try pair.send(2_000_000, fromClient: false)
        pair.run(for: .milliseconds(300))
        let (size, isOver) = (pair.path(0, atServer: true)?.packetSize, pair.areWhole)
        let isWhole = pair.finish(within: .seconds(60))
        #expect(isWhole && !isOver && size == most)
    }

    @Test("a controller that never heard of large packets stalls nothing")
    func deafController() throws {
        var pair = try Self.pair([16_000], most: 4_000) { $0.connection.congestion = { _ in Deaf() } }
        try pair.begin()
        try pair.send(2_000_000, fromClient: false)
        pair.run(for: .milliseconds(200))
        let (size, isOver) = (pair.path(0, atServer: true)?.packetSize, pair.areWhole)
        // Its window goes down to two packets of the base.
        pair.isLost = { _, toServer, number in !toServer && number % 50 == 7 }
        let isWhole = pair.finish(within: .seconds(120))
        #expect(size == 4_000 && !isOver && isWhole)
        #expect((pair.path(0, atServer: true)?.congestionWindow ?? 0) < 4_000)
    }

    @Test("a lost probe keeps nobody from keeping the connection alive")
    func keepAlive() throws {
        var pair = try Self.pair([1_200]) {
            $0.connection.keepAlive = .seconds(5)
            $0.handshake.parameters.idleTimeout = .seconds(12)
        }
        try pair.begin()
        for seed in 0..<20 as Range<UInt64> {
            try pair.send(3_000, fromClient: true, seed: seed)
            pair.run(for: .seconds(10))
        }
        pair.run(for: .seconds(60))
        #expect(pair.areWhole && pair.closed.isEmpty)
        #expect(pair.path(0)?.probeTimeouts == 0 && pair.path(0)?.packetsLost == 0)
    }
}

/// Two packets of 1,200 bytes after a loss for ever, whatever it is told.
private struct Deaf: CongestionController {
    var window = 24_000
    var slowStartThreshold: Int { .max }

    mutating func acknowledged(_ packet: AcknowledgedPacket) {}
    mutating func congestionEvent(_ event: CongestionEvent) { window = 2_400 }
    mutating func persistentCongestion(now: Instant) { window = 2_400 }
    mutating func spuriousCongestion(now: Instant) {}
}

/// Two packets of 4,000 bytes, whatever happens.
private struct Narrow: CongestionController {
    let window = 8_000
    var slowStartThreshold: Int { .max }

    mutating func acknowledged(_ packet: AcknowledgedPacket) {}
    mutating func congestionEvent(_ event: CongestionEvent) {}
    mutating func persistentCongestion(now: Instant) {}
    mutating func spuriousCongestion(now: Instant) {}
}

/// The same window always, so that a transfer lasts.
private struct Steady: CongestionController {
    let window = 40_000
    var slowStartThreshold: Int { .max }

    init(_ context: CongestionContext) {}

    mutating func acknowledged(_ packet: AcknowledgedPacket) {}
    mutating func congestionEvent(_ event: CongestionEvent) {}
    mutating func persistentCongestion(now: Instant) {}
    mutating func spuriousCongestion(now: Instant) {}
}
