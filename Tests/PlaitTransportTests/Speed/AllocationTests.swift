import PlaitCore
import PlaitCrypto
import PlaitTransport
import TestSupport
import Testing

/// Counted from when rings and windows have reached the size that the path needs: after so many packets the replay
/// window is at its largest, and as many left-out numbers are remembered as ever will be.
@Suite("Allocations per packet", .enabled(if: isOptimized))
struct AllocationTests {
    private static let warmUp: UInt64 = 100_000
    private static let counted: UInt64 = 20_000
    private static let stretches = 3

    /// First on a worse day than what is counted, so that a longer list of gaps than ever is nothing to be counted;
    /// then as long again as windows take to grow.
    private static func warm(_ ferry: inout Ferry, packets: UInt64, _ oneLostOf: UInt64) throws(StreamError) {
        ferry.lose(oneOf: oneLostOf / 4)
        try ferry.run(packets: warmUp)
        ferry.lose(oneOf: oneLostOf)
        try ferry.run(packets: packets)
    }

    /// Counts over so many packets, of which each carries so many bytes in the mean. A list that once gets longer than
    /// ever grows in one stretch of several; what allocates with packets does so in each.
    private static func expectNone(in ferry: inout Ferry, bytes: Int) throws {
        var counts: [Int] = []
        for _ in 0..<stretches where counts.last != 0 {
            let before = ferry.received
            var failure: StreamError?
            counts.append(
                allocations {
                    do throws(StreamError) { try ferry.run(packets: counted) } catch { failure = error }
                } ?? 0
            )
            let carried = ferry.received - before
            #expect(failure == nil)
            #expect(carried > Int(counted) * bytes, "\(carried) bytes in \(counted) packets")
        }
        #expect(counts.last == 0 && counts.allSatisfy { $0 <= 2 }, "\(counts) allocations in \(counted) packets each")
    }

    @Test(
        "a steady transfer allocates nothing",
        arguments: [0, 100] as [UInt64],
        [Suite.chaChaPolySHA256, .aesGCMSHA256]
    )
    func transfer(oneLostOf: UInt64, suite: Suite) throws {
        guard suite.isAvailable else { return }
        var configuration = EndpointConfiguration()
        configuration.handshake.suites = [suite]
        var ferry = Ferry(oneLostOf: oneLostOf, configuration)
        try ferry.begin()
        try Self.warm(&ferry, packets: Self.warmUp, oneLostOf)
        try Self.expectNone(in: &ferry, bytes: 500)
    }

    @Test("a steady transfer over two paths allocates nothing, scheduling included", arguments: [0, 100] as [UInt64])
    func twoPaths(oneLostOf: UInt64) throws {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.pathsMax = 2
        configuration.connection.pathsMax = 2
        var ferry = Ferry(oneLostOf: oneLostOf, configuration)
        try ferry.begin()
        try ferry.openPath()
        try Self.warm(&ferry, packets: 2 * Self.warmUp, oneLostOf)
        let before = ferry.shares
        try Self.expectNone(in: &ferry, bytes: 500)
        let shares = zip(ferry.shares, before).map { $0 - $1 }
        #expect(shares.count == 2 && shares.allSatisfy { $0 > 1_000_000 }, "\(shares) bytes by path")
    }

    @Test("two streams, one pinned to a path, allocate nothing", arguments: [0, 100] as [UInt64])
    func pinned(oneLostOf: UInt64) throws {
        var configuration = EndpointConfiguration()
        configuration.handshake.parameters.pathsMax = 2
        configuration.connection.pathsMax = 2
        // A wire without a rate carries two full buffers at once, and has room for so many datagrams only.
        configuration.connection.buffers = StreamBuffers(sendMax: 1 << 19)
        var ferry = Ferry(oneLostOf: oneLostOf, configuration)
        try ferry.begin()
        try ferry.openPath()
        try ferry.openPinned(to: PathID(1))
        try Self.warm(&ferry, packets: 3 * Self.warmUp, oneLostOf)
        let before = ferry.shares
        try Self.expectNone(in: &ferry, bytes: 500)
        let shares = zip(ferry.shares, before).map { $0 - $1 }
        #expect(shares.count == 2 && shares.allSatisfy { $0 > 1_000_000 }, "\(shares) bytes by path")
    }

    @Test("packets of the size that a search found allocate nothing", arguments: [0, 100] as [UInt64])
    func largePackets(oneLostOf: UInt64) throws {
        var configuration = EndpointConfiguration()
        configuration.connection.packetMax = 4_000
        var ferry = Ferry(oneLostOf: oneLostOf, configuration)
        try ferry.begin()
        try Self.warm(&ferry, packets: Self.warmUp, oneLostOf)
        try Self.expectNone(in: &ferry, bytes: 1_700)
    }

    @Test("key updates allocate for the keys of each generation, and nothing per packet")
    func updates() throws {
        var configuration = EndpointConfiguration()
        configuration.connection.keyLimits = KeyLimits(packets: 2_000)
        // An update needs round trips, and a wire without a rate carries any number of packets in one.
        configuration.connection.buffers = StreamBuffers(sendMax: 1 << 18)
        var ferry = Ferry(configuration)
        try ferry.begin()
        try ferry.run(packets: Self.warmUp)
        let before = ferry.generation
        var failure: StreamError?
        let count = allocations {
            do throws(StreamError) { try ferry.run(packets: 5 * Self.counted) } catch { failure = error }
        }
        let generations = Int(ferry.generation - before)
        #expect(failure == nil)
        #expect(generations >= 4)
        // Both ends ratchet both directions: two keys each, with the hashes and expansions that make them.
        #expect(count ?? 0 <= 80 * generations, "\(count ?? 0) allocations in \(generations) generations")
    }

    @Test("forged datagrams allocate nothing, and end nothing")
    func forgeries() throws {
        var ferry = Ferry()
        try ferry.begin()
        try ferry.run(packets: Self.warmUp)
        ferry.forge(3)
        try ferry.run(packets: 1_000)
        var failure: StreamError?
        let count = allocations {
            do throws(StreamError) { try ferry.run(packets: Self.counted) } catch { failure = error }
        }
        let (forged, closed) = (ferry.toServer.forged + ferry.toClient.forged, ferry.closed)
        #expect(failure == nil)
        #expect(count ?? 0 == 0, "\(count ?? 0) allocations for \(forged) forgeries")
        #expect(forged > 2 * Self.counted && closed == 0)
    }

    @Test("keeping a silent connection alive allocates nothing")
    func keepAlive() throws {
        var configuration = EndpointConfiguration()
        configuration.connection.keepAlive = .seconds(5)
        configuration.connection.keyAgeMax = .seconds(1_000_000)
        var ferry = Ferry(configuration)
        try ferry.begin()
        ferry.rest(for: .seconds(400_000))
        let before = ferry.packets
        let count = allocations { ferry.rest(for: .seconds(40_000)) }
        let (packets, closed) = (ferry.packets - before, ferry.closed)
        #expect(count ?? 0 == 0, "\(count ?? 0) allocations in \(packets) packets")
        #expect(packets > 8_000 && closed == 0)
    }
}
