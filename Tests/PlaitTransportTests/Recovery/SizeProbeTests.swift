import PlaitCore
import PlaitTransport
import Testing

/// Probes of the path's MTU among other packets: what they count for, and what not.
@Suite("Probes of the MTU in recovery")
struct SizeProbeTests {
    /// A path with a measured round trip of 20 ms, on which packets 0 and 1 arrived at 20 ms.
    private static func path() throws -> HandPath {
        var path = HandPath(RecoveryConfiguration(packetSize: 1_200, packetMax: 1_452, peerAckDelayMax: .zero))
        path.send(2, at: 0)
        try path.hear(0...1, at: 20)
        return path
    }

    /// Sends the probe that is due, and answers its number.
    private static func probe(_ path: inout HandPath, at milliseconds: Int64) throws -> UInt64 {
        let due = path.recovery.sizeProbe(now: HandPath.at(milliseconds))
        let bytes = try #require(due)
        let number = path.recovery.nextNumber()
        path.recovery.sizeProbeSent(number: number, bytes: bytes, now: HandPath.at(milliseconds))
        path.recovery.checkInvariants()
        return number
    }

    @Test("nothing is tried on a path that carries nothing else, and one at a time on one that does")
    func oneAtATime() throws {
        var path = try Self.path()
        let before = path.recovery.sizeProbe(now: HandPath.at(20))
        path.send(at: 21)
        _ = try Self.probe(&path, at: 21)
        let after = path.recovery.sizeProbe(now: HandPath.at(22))
        #expect(before == nil && after == nil)
        #expect(path.recovery.bytesInFlight == 1_200 + 1_452)
    }

    @Test("a probe that is lost among others is no congestion, and no loss that anybody counts")
    func lost() throws {
        var path = try Self.path()
        let window = path.recovery.congestion.window
        path.send(at: 21)
        let probe = try Self.probe(&path, at: 21)
        let last = path.send(4, at: 22)
        try path.hear([probe - 1] + Array(probe + 1...last), at: 42)
        let statistics = path.recovery.statistics
        #expect(statistics.sizeProbesSent == 1 && statistics.sizeProbesLost == 1)
        #expect(statistics.packetsLost == 0 && statistics.congestionEvents == 0)
        #expect(path.recovery.congestion.window >= window && path.recovery.congestion.slowStartThreshold == .max)
        #expect(path.recovery.lossRate(now: HandPath.at(42)) == 0)
        #expect(path.recovery.bytesInFlight == 0 && path.fates.allSatisfy(\.wasAcknowledged))
        #expect(path.recovery.mtu.size == 1_200)
        // It arrives all the same: the size is good, and nothing else changes.
        try path.hear(probe...probe, at: 60)
        #expect(path.recovery.mtu.size == 1_452)
        #expect(path.recovery.statistics.packetsSpurious == 0 && path.recovery.statistics.eventsUndone == 0)
    }

    @Test("a probe that arrives makes packets larger, and tells so once")
    func arrived() throws {
        var path = try Self.path()
        path.send(at: 21)
        let probe = try Self.probe(&path, at: 21)
        let before = path.recovery.takeSizeNews()
        try path.hear(probe - 1...probe, at: 41)
        let news = [path.recovery.takeSizeNews(), path.recovery.takeSizeNews()]
        #expect(!before && news == [true, false])
        #expect(path.recovery.packetSize == 1_452 && path.recovery.statistics.packetsAcknowledged == 3)
    }

    @Test("a probe alone in flight is given up without a probe timeout")
    func alone() throws {
        var path = try Self.path()
        path.send(at: 21)
        let probe = try Self.probe(&path, at: 25)
        try path.hear(probe - 1...probe - 1, at: 41)
        #expect(path.recovery.deadline == HandPath.at(25) + path.recovery.probeTimeout)
        let isTimeout = path.recovery.deadlineReached(now: path.recovery.deadline)
        path.recovery.checkInvariants()
        #expect(!isTimeout && path.recovery.statistics.probeTimeouts == 0 && path.recovery.probesDue == 0)
        #expect(path.recovery.isIdle && path.recovery.deadline.isNever)
        #expect(path.recovery.statistics.sizeProbesLost == 1 && path.recovery.statistics.packetsLost == 0)
    }

    @Test("a probe does not put off the probe timeout of what was sent before it")
    func timeout() throws {
        var path = try Self.path()
        path.send(at: 21)
        let deadline = path.recovery.deadline
        _ = try Self.probe(&path, at: 30)
        #expect(path.recovery.deadline == deadline)
        path.recovery.deadlineReached(now: deadline)
        #expect(path.recovery.statistics.probeTimeouts == 1)
        let next = path.recovery.sizeProbe(now: deadline)
        #expect(next == nil, "who does not answer is not probed")
    }

    @Test("with the second probe timeout in a row packets have their first size again")
    func silence() throws {
        var path = try Self.path()
        path.send(at: 21)
        let probe = try Self.probe(&path, at: 21)
        try path.hear(probe - 1...probe, at: 41)
        path.send(at: 42)
        path.recovery.deadlineReached(now: path.recovery.deadline)
        #expect(path.recovery.packetSize == 1_452)
        path.recovery.deadlineReached(now: path.recovery.deadline)
        path.recovery.checkInvariants()
        #expect(path.recovery.packetSize == 1_200 && path.recovery.statistics.probeTimeouts == 2)
    }

    @Test("a path that is given up with a probe in flight has no loss to tell of it")
    func failure() throws {
        var path = try Self.path()
        path.send(at: 21)
        let probe = try Self.probe(&path, at: 21)
        path.recovery.forgetAll(now: HandPath.at(30))
        path.recovery.checkInvariants()
        #expect(path.recovery.statistics.packetsLost == 1 && path.recovery.statistics.sizeProbesLost == 1)
        try path.hear(probe...probe, at: 60)
        #expect(path.recovery.packetSize == 1_200, "it is of the path as it was")
        #expect(path.recovery.statistics.packetsSpurious == 0)
    }

    @Test("whoever acknowledges a probe that never was breaks the protocol")
    func forged() throws {
        var path = try Self.path()
        path.send(at: 21)
        let next = path.recovery.nextNumber()
        var caught: PeerViolation?
        do throws(PeerViolation) { try path.hear(next...next, at: 30) } catch { caught = error }
        #expect(caught?.code == .protocolViolation && path.recovery.packetSize == 1_200)
    }

    @Test("a probe goes only where the window has room for two of its size")
    func window() throws {
        var path = HandPath(RecoveryConfiguration(packetSize: 1_200, packetMax: 9_000, peerAckDelayMax: .zero))
        path.send(2, at: 0)
        try path.hear(0...1, at: 20)
        path.send(at: 21)
        #expect(path.recovery.congestion.window < 18_000)
        let due = path.recovery.sizeProbe(now: HandPath.at(21))
        #expect(due == nil)
    }
}
