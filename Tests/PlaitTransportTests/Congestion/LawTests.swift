import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Laws of congestion control", .enabled(if: isOptimized))
struct LawTests {
    private static let packet = 1_200
    private static let delay = Interval.milliseconds(50)
    /// Of the pipes below.
    private static let roundTrip = 0.1

    /// Packets sent a round trip over a link that only delays and loses, over 10,000 s.
    private func window(
        _ make: (CongestionContext) -> any CongestionController,
        seeds: Range<UInt64> = 0..<2,
        loses: @escaping (RandomStream, UInt64) -> Bool
    ) -> Double {
        var sent: UInt64 = 0
        for seed in seeds {
            let stream = RandomStream(seed: seed, name: "law/loss")
            var pipe = Pipe(
                make(CongestionContext(packetSize: Self.packet)),
                link: .init(delay: Self.delay) { index in loses(stream, index) }
            )
            pipe.run(until: .start + .seconds(100))
            let before = pipe.sent
            pipe.run(until: .start + .seconds(5_100))
            sent += pipe.sent - before
        }
        return Double(sent) / Double(seeds.count) / 5_000 * Self.roundTrip
    }

    private func loses(_ stream: RandomStream, _ index: UInt64, _ millionths: UInt64) -> Bool {
        stream.draw(index).uniform(below: 1_000_000) < millionths
    }

    /// 1.22 holds for losses at equal distances (Mathis and others, 1997, table 1); independent ones make it 1.31, and
    /// that packets in flight at a loss neither grow the window nor halve it again brings it back.
    @Test(
        "NewReno's window follows 1.22 / sqrt(p)",
        arguments: [(1_000, 0.05), (2_000, 0.05), (5_000, 0.05), (10_000, 0.12), (20_000, 0.12)] as [(UInt64, Double)]
    )
    func squareRoot(millionths: UInt64, tolerance: Double) {
        let window = window({ NewReno($0) }) { loses($0, $1, millionths) }
        let law = 1.22 / (Double(millionths) / 1e6).squareRoot()
        print("NewReno at \(millionths) losses in a million: \(window) packets, \(window / law) of the law")
        #expect(abs(window / law - 1) <= tolerance)
    }

    /// Padhye and others, 1998, equation 30, with an acknowledgement for each packet and a timeout of 1.3 round trips.
    @Test("at 3 % loss NewReno follows the formula that knows timeouts")
    func timeouts() {
        let loss = 0.03
        let window = window({ NewReno($0) }) { loses($0, $1, 30_000) }
        let often = min(1, 3 * (3 * loss / 8).squareRoot())
        let law = 1 / ((2 * loss / 3).squareRoot() + 1.3 * often * loss * (1 + 32 * loss * loss))
        print("NewReno at 30000 losses in a million: \(window) packets, \(window / law) of the law")
        #expect(abs(window / law - 1) <= 0.15)
    }

    /// RFC 9438, 5.1: 1.054 RTT^(3/4) / p^(3/4) packets with losses at equal distances, less what a recovery without
    /// growth costs.
    @Test("CUBIC's window follows its law where it is not Reno's", arguments: [2_000, 5_000] as [UInt64])
    func cubicLaw(distance: UInt64) {
        let window = window({ Cubic($0) }, seeds: 0..<1) { $1 % distance == distance - 1 }
        let ratio = Self.roundTrip * Double(distance)
        let law = 1.054 * ratio.squareRoot() * ratio.squareRoot().squareRoot()
        print("CUBIC with a loss in \(distance): \(window) packets, \(window / law) of the law")
        #expect(abs(window / law - 1) <= 0.07)
    }

    @Test("one flow fills 100 Mbps at 40 ms with a queue of one product", arguments: ["newreno", "cubic"])
    func utilisation(name: String) throws {
        let registration = try #require(CongestionControllers.standard[name])
        let controller = try registration.make(ModelChoice(name), CongestionContext(packetSize: Self.packet))
        var pipe = Pipe(
            controller,
            link: .init(delay: .milliseconds(20), rate: .megabits(100), queueMax: 500_000)
        )
        pipe.run(until: .start + .seconds(5))
        let before = pipe.delivered
        pipe.run(until: .start + .seconds(35))
        let used = Double(pipe.delivered - before) * Double(Self.packet) * 8 / 30 / 100e6
        let spurious = pipe.sender.statistics.packetsSpurious
        print("\(name) uses \(used) of the link")
        #expect(used >= 0.95 && used <= 1.001)
        #expect(spurious == 0)
    }

    @Test("a window of exactly one product, paced, fills the link and no queue")
    func paced() {
        // 100 Mbps * 40 ms = 500,000 bytes, and two packets for the ACK that waits for the second. At first, five
        // quarters of the rate pile up a quarter of that.
        var pipe = Pipe(
            Fixed(window: 502_400),
            link: .init(delay: .milliseconds(20), rate: .megabits(100), queueMax: 150_000),
            initial: .milliseconds(40)
        )
        pipe.run(until: .start + .seconds(1))
        let before = pipe.delivered
        pipe.run(until: .start + .seconds(11))
        let used = Double(pipe.delivered - before) * Double(Self.packet) * 8 / 10 / 100e6
        let dropped = pipe.dropped
        print("a fixed window uses \(used) of the link, \(dropped) dropped")
        #expect(used >= 0.95 && dropped == 0)
    }

    @Test("a path at work allocates nothing", arguments: ["newreno", "cubic", "lia"])
    func allocations(name: String) throws {
        let registration = try #require(CongestionControllers.standard[name])
        let controller = try registration.make(ModelChoice(name), CongestionContext(packetSize: Self.packet))
        var recovery = PathRecovery(
            configuration: RecoveryConfiguration(),
            congestion: controller,
            random: RandomStream(seed: 1, name: "allocations")
        )
        var receiver = ReceivedPackets()
        for index in 0..<800 as Range<Int64> { try Self.round(&recovery, &receiver, index) }
        let count = try TestSupport.allocations { () throws(PeerViolation) in
            for index in 800..<2_800 as Range<Int64> { try Self.round(&recovery, &receiver, index) }
        }
        #expect(count == nil || count == 0)
        let lost = recovery.statistics.packetsLost
        #expect(lost > 2_000)
    }

    @Test("a path among others allocates nothing either: hand-outs, failures, acknowledgements by several ways")
    func multipathAllocations() throws {
        var recovery = PathRecovery(
            configuration: RecoveryConfiguration(),
            congestion: NewReno(CongestionContext(packetSize: Self.packet)),
            random: RandomStream(seed: 1, name: "allocations")
        )
        var receiver = ReceivedPackets()
        for index in 0..<800 as Range<Int64> { try Self.round(&recovery, &receiver, index, hasOthers: true) }
        let count = try TestSupport.allocations { () throws(PeerViolation) in
            for index in 800..<2_800 as Range<Int64> { try Self.round(&recovery, &receiver, index, hasOthers: true) }
        }
        #expect(count == nil || count == 0)
        let spurious = recovery.statistics.packetsSpurious
        #expect(spurious > 200)
    }

    /// Answers the highest number.
    private static func acknowledge(
        _ ranges: Span<AckRange>,
        by recovery: inout PathRecovery
    ) throws(PeerViolation) -> UInt64 {
        for index in ranges.indices { try recovery.acknowledge(ranges[index]) }
        return ranges[0].last
    }

    /// Sends twenty packets, acknowledges all but the fourth, and hears of it. Among other paths some are handed out
    /// first, the path fails now and then, and the acknowledgement comes now by this path, now by that one.
    private static func round(
        _ recovery: inout PathRecovery,
        _ receiver: inout ReceivedPackets,
        _ index: Int64,
        hasOthers: Bool = false
    ) throws(PeerViolation) {
        let now = Instant.start + .milliseconds(index * 10)
        var first: UInt64 = 0
        for packet in 0..<20 {
            let number = recovery.nextNumber()
            if packet == 0 { first = number }
            recovery.record(.datagram(number))
            recovery.record(.maxData)
            recovery.packetSent(number: number, bytes: 1_200, isAckEliciting: true, now: now)
            guard packet != 3 else { continue }
            receiver.received(number, isAckEliciting: true, ecn: .notCapable, now: now)
        }
        let heard = now + .milliseconds(5)
        if hasOthers {
            recovery.handOut(oldest: 4_000)
            if index % 10 == 0 { recovery.handOutAll() }
            if index % 100 == 0 { recovery.forgetAll(now: now) }
        }
        let largest = try acknowledge(receiver.ranges, by: &recovery)
        let paths: InlineArray<1, CoupledPath> = [recovery.coupledPath(isSelf: true)]
        recovery.finishAcknowledgement(
            largest: largest,
            delay: 0,
            by: hasOthers ? Int(index % 3) : nil,
            among: paths.span,
            now: heard
        )
        _ = recovery.lossRate(now: heard) + recovery.deliveredRate
        receiver.ackSent(now: heard)
        receiver.acknowledged(upTo: first)
        if recovery.deadline <= heard { recovery.deadlineReached(now: heard) }
        while recovery.nextResolved() != nil {}
    }
}

/// As in the documentation of the plug-in protocol.
struct Fixed: CongestionController {
    let window: Int
    var slowStartThreshold: Int { 0 }
    mutating func acknowledged(_ packet: AcknowledgedPacket) {}
    mutating func congestionEvent(_ event: CongestionEvent) {}
    mutating func persistentCongestion(now: Instant) {}
    mutating func spuriousCongestion(now: Instant) {}
}
