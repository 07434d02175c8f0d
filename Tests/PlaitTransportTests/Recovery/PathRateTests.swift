import PlaitCore
import PlaitTransport
import Testing

@Suite("Loss and delivery rates")
struct PathRateTests {
    @Test("a steady path delivers what it delivers, and loses its share")
    func steady() throws {
        var path = HandPath()
        var now: Int64 = 0
        for round in 0..<400 {
            // Ten packets a round of 20 ms, of which one in the middle is lost: 9 * 1,200 bytes in 20 ms.
            let numbers = path.sendAll(10, at: now)
            now += 20
            try path.hear(numbers.filter { $0 != numbers[4] }, at: now)
            let loss = path.recovery.lossRate(now: HandPath.at(now))
            let rate = path.recovery.deliveredRate
            #expect(abs(rate - 540_000) < 1, "\(rate)")
            if round > 300 { #expect(abs(loss - 0.1) < 0.001, "\(loss)") }
        }
    }

    @Test("a second after a change most of it is seen, and idle time counts for the loss rate alone")
    func change() throws {
        var path = HandPath()
        var now: Int64 = 0
        for round in 0..<200 {
            let numbers = path.sendAll(round < 100 ? 10 : 20, at: now)
            now += 10
            try path.hear(numbers, at: now)
        }
        // From 1.2 MB/s to 2.4 MB/s: of the second before, 1.01 ^ -100 is left.
        let rate = path.recovery.deliveredRate
        #expect(rate > 2_000_000 && rate < 2_100_000, "\(rate)")
        let numbers = path.sendAll(4, at: now)
        try path.hear(numbers.suffix(1), at: now + 10)
        path.wake(at: path.deadline + 1)
        let early = path.recovery.lossRate(now: HandPath.at(now + 12))
        now += 6_000_000
        let late = path.recovery.lossRate(now: HandPath.at(now))
        #expect(early > 0 && late < early / 2 && late > 0, "\(early), \(late)")
        let before = path.recovery.deliveredRate
        try path.hear(path.sendAll(20, at: now), at: now + 10)
        #expect(path.recovery.deliveredRate > before)
    }

    @Test("a loss that was none is taken back")
    func spurious() throws {
        var path = HandPath()
        path.send(10, at: 0)
        try path.hear(7...9, at: 100)
        let before = path.recovery.lossRate(now: HandPath.at(100))
        try path.hear(0...9, at: 100)
        let after = path.recovery.lossRate(now: HandPath.at(100))
        #expect(before > 0.6 && after == 0, "\(before), \(after)")
    }
}

@Suite("Coupled paths")
struct CoupledPathTests {
    /// Grows by how many paths it is told of.
    private struct Counting: CongestionController {
        var window = 12_000
        var slowStartThreshold: Int { 12_000 }
        mutating func acknowledged(_ packet: AcknowledgedPacket) { window += 1_000 }
        mutating func acknowledged(_ packet: AcknowledgedPacket, among paths: Span<CoupledPath>) {
            window += paths.count
        }
        mutating func congestionEvent(_ event: CongestionEvent) {}
        mutating func persistentCongestion(now: Instant) {}
        mutating func spuriousCongestion(now: Instant) {}
    }

    @Test("a controller is told of all paths with each packet that arrives")
    func among() throws {
        var path = HandPath(controller: Counting())
        path.send(2, at: 0)
        let rows = [path.recovery.coupledPath(isSelf: true), path.recovery.coupledPath(isSelf: false)]
        try path.recovery.acknowledge(AckRange(first: 0, last: 1))
        path.recovery.finishAcknowledgement(largest: 1, delay: 0, among: rows.span, now: HandPath.at(100))
        #expect(path.recovery.congestion.window == 12_004)
        path.send(at: 100)
        try path.hear(2...2, at: 200)
        #expect(path.recovery.congestion.window == 12_004)
    }

    @Test("a path's row counts what was acknowledged since the last event, and between it and the one before")
    func row() throws {
        var path = HandPath()
        path.send(8, at: 0)
        try path.hear(0...1, at: 100)
        var row = path.recovery.coupledPath(isSelf: true)
        #expect(row.bytesAcknowledgedSinceLoss == 2_400 && row.bytesAcknowledgedBeforeLoss == 0)
        try path.hear(5...5, at: 101)
        row = path.recovery.coupledPath(isSelf: true)
        #expect(row.bytesAcknowledgedSinceLoss == 0 && row.bytesAcknowledgedBeforeLoss == 3_600)
        try path.hear(6...7, at: 102)
        row = path.recovery.coupledPath(isSelf: false)
        #expect(row.bytesAcknowledgedSinceLoss == 2_400 && row.bytesAcknowledgedBeforeLoss == 3_600)
        #expect(row.window == path.recovery.congestion.window && row.slowStartThreshold == row.window)
        #expect(row.smoothedRoundTrip == path.recovery.roundTrip.smoothed && row.slot == 0 && !row.isSelf)
    }
}

extension HandPath {
    mutating func sendAll(_ count: Int, at milliseconds: Int64) -> [UInt64] {
        var numbers: [UInt64] = []
        for _ in 0..<count { numbers.append(send(at: milliseconds)) }
        return numbers
    }
}
