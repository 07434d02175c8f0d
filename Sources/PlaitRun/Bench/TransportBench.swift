import PlaitCore
import PlaitCrypto
import PlaitTransport

/// Two endpoints in memory: what a packet costs beside libsodium's own seal and open of the same packets, and what a
/// connection costs that does nothing.
///
/// Transfer and cipher take turns in rounds over the same packets; the median round of each figure counts. A packet is
/// sent by one end and received by the other, both counted; acknowledgements are packets.
package struct TransportBench: Sendable {
    /// Packets in a round.
    package var packets = 2_000
    package var rounds = 250
    package var connections = 10_000

    package init() {}

    /// All that is to be printed.
    package func figures(_ clock: BenchClock) throws(BenchError) -> [BenchFigure] {
        var figures = [BenchFigure("packets", packets * rounds)]
        for suite in [Suite.chaChaPolySHA256, .aesGCMSHA256] {
            let name = suite.noise.cipher == .chaChaPoly ? "chacha20" : "aes256"
            guard suite.isAvailable else {
                figures.append(BenchFigure("\(name)_available", 0))
                continue
            }
            figures += try transfer(suite, name, clock)
        }
        return try figures + idle(clock)
    }

    // MARK: Packets

    private func transfer(_ suite: Suite, _ name: String, _ clock: BenchClock) throws(BenchError) -> [BenchFigure] {
        var transfer = try BenchTransfer(suite)
        try transfer.run(packets: 40 * packets)
        var (costs, floors, ratios): ([Double], [Double], [Double]) = ([], [], [])
        let floor = CipherRound(suite.noise.cipher)
        for _ in 0..<rounds {
            let (before, lengths) = (transfer.pair.packets, transfer.pair.packetsOfLength)
            let start = clock.now
            try transfer.run(packets: packets)
            let wall = clock.now - start
            let sent = transfer.pair.packets - before
            let counts = zip(transfer.pair.packetsOfLength, lengths).map { $0 - $1 }
            let cipher = clock.time { floor.run(counts) }.wall
            costs.append(Double(wall) / Double(sent))
            floors.append(Double(cipher) / Double(sent))
            ratios.append(Double(wall) / Double(max(cipher, 1)))
        }
        let (ours, theirs) = (UInt64(Self.median(costs) * 1_000), UInt64(Self.median(floors) * 1_000))
        return [
            BenchFigure("\(name)_packets_per_s", rate(1_000, in: ours)),
            BenchFigure("\(name)_ns_per_packet", decimal(ours, per: 1_000, digits: 1)),
            BenchFigure("\(name)_libsodium_ns_per_packet", decimal(theirs, per: 1_000, digits: 1)),
            BenchFigure("\(name)_times_libsodium", decimal(UInt64(Self.median(ratios) * 1_000), per: 1_000, digits: 2)),
        ]
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    // MARK: Connections

    private func idle(_ clock: BenchClock) throws(BenchError) -> [BenchFigure] {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.idleTimeout = .seconds(30)
        // All begin in the same millisecond, so that all are idle at the same time.
        var pair = BenchPair(configuration, latency: Interval(nanoseconds: 1), capacity: 1 << 14)
        let memory = residentMemory()
        let start = clock.now
        for _ in 0..<connections {
            _ = try pair.connect()
            while !pair.nextArrival.isNever { pair.step() }
            Self.drain(&pair)
        }
        let wall = clock.now - start
        while pair.next < .start + .seconds(5) { pair.step() }
        Self.drain(&pair)
        let held = residentMemory() - min(memory, residentMemory())
        guard pair.client.connectionCount == connections, pair.server.connectionCount == connections else {
            throw .transport("\(pair.server.connectionCount) of \(connections) connections are open")
        }
        var wakeups = 0
        while pair.next < .start + .seconds(30) {
            pair.step()
            wakeups += 1
        }
        return [
            BenchFigure("connections", connections),
            BenchFigure("handshakes_per_s", rate(UInt64(connections), in: wall)),
            BenchFigure("idle_bytes_per_end", held / UInt64(2 * connections)),
            BenchFigure("idle_wakeups_before_timeout", wakeups),
        ]
    }

    private static func drain(_ pair: inout BenchPair) {
        while pair.client.nextEvent() != nil {}
        while pair.server.nextEvent() != nil {}
    }
}
