import PlaitCore
import PlaitTransport
import Testing

@Suite("Linked increases")
struct LIATests {
    private static let now = Instant.start + .seconds(1)

    private struct Hand: Sendable, CustomTestStringConvertible {
        var windows: [Int]
        var milliseconds: [Int64]
        /// Bytes by which each window grows on an ACK of 1,000,000 bytes in packets of 1,000.
        var growths: [Int]

        var testDescription: String { "\(windows) bytes, \(milliseconds) ms" }
    }

    /// alpha by hand, from the second formula of RFC 6356, section 3:
    ///
    /// 1. 30,000 * max(1,000,000; 500,000) / (100,000 + 200,000 / 2)^2 = 0.75; 0.75 * 10^9 / 30,000 = 25,000 for both.
    /// 2. 102,000 * 2 * 10^7 / (200,000 + 200,000)^2 = 12.75; 12.75 * 10^9 / 102,000 = 125,000, but the second window
    ///    alone would grow by 10^9 / 100,000 = 10,000.
    /// 3. 48,000 * 1.5 * 10^7 / (200,000 + 300,000 + 200,000)^2 = 1.469; 1.469 * 10^9 / 48,000 = 30,612.
    /// 4. Equal ones: alpha is 1 / 3; 10^9 / 3 / 36,000 = 9,259.
    private static let byHand = [
        Hand(windows: [10_000, 20_000], milliseconds: [100, 200], growths: [25_000, 25_000]),
        Hand(windows: [2_000, 100_000], milliseconds: [10, 500], growths: [125_000, 10_000]),
        Hand(windows: [12_000, 6_000, 30_000], milliseconds: [60, 20, 150], growths: [30_612, 30_612, 30_612]),
        Hand(windows: [12_000, 12_000, 12_000], milliseconds: [80, 80, 80], growths: [9_259, 9_259, 9_259]),
    ]

    @Test("a window grows as RFC 6356's formula says", arguments: byHand)
    private func formula(_ hand: Hand) {
        for own in hand.windows.indices {
            var lia = Self.avoiding(window: hand.windows[own])
            var rows: [CoupledPath] = []
            for slot in hand.windows.indices {
                rows.append(
                    CoupledPath(
                        slot: slot,
                        window: hand.windows[slot],
                        smoothedRoundTrip: .milliseconds(hand.milliseconds[slot]),
                        isSelf: slot == own
                    )
                )
            }
            let packet = AcknowledgedPacket.full(
                at: Self.now,
                bytes: 1_000_000,
                smoothed: .milliseconds(hand.milliseconds[own])
            )
            lia.acknowledged(packet, among: rows.span)
            #expect(lia.window - hand.windows[own] == hand.growths[own])
        }
    }

    @Test("what is less than a byte is carried on")
    func remainder() {
        var lia = Self.avoiding(window: 60_000)
        let rows = Self.rows(windows: [60_000, 60_000, 60_000])
        // A third of a third of 10 / 60 bytes each.
        for _ in 0..<5_400 { lia.acknowledged(.full(at: Self.now, bytes: 10), among: rows.span) }
        #expect(abs(lia.window - 60_100) <= 1)
    }

    @Test("within an ACK of several packets it grows from the window that it has, not from the row's")
    func ownWindow() {
        var lia = Self.avoiding(window: 20_000)
        var single = Self.avoiding(window: 20_000)
        let rows = Self.rows(windows: [1, 20_000])
        lia.acknowledged(.full(at: Self.now), among: rows.span)
        single.acknowledged(.full(at: Self.now), among: Self.rows(windows: [20_000, 20_000]).span)
        #expect(lia.window == single.window && lia.window == 20_012)
    }

    @Test("on one path it is NewReno, to the byte")
    func single() throws {
        var lia = LIA(CongestionContext(packetSize: 1_200))
        var reno = NewReno(CongestionContext(packetSize: 1_200))
        let stream = RandomStream(seed: 7, name: "lia/one-path")
        for index in 0..<20_000 as Range<UInt64> {
            let draw = stream.draw(index)
            let smoothed = Interval.microseconds(Int64(10_000 + draw % 90_000))
            let rows = [CoupledPath(slot: 3, window: lia.window, smoothedRoundTrip: smoothed, isSelf: true)]
            let packet = AcknowledgedPacket.full(
                at: Self.now,
                bytes: 1 + Int(draw >> 32) % 1_200,
                recovery: draw.isMultiple(of: 31),
                limited: draw.isMultiple(of: 29),
                smoothed: smoothed
            )
            lia.acknowledged(packet, among: rows.span)
            reno.acknowledged(packet)
            if draw.isMultiple(of: 200) {
                lia.lose(at: Self.now)
                reno.lose(at: Self.now)
            }
            if draw.isMultiple(of: 1_000) {
                lia.spuriousCongestion(now: Self.now)
                reno.spuriousCongestion(now: Self.now)
            }
            if draw.isMultiple(of: 1_600) {
                lia.persistentCongestion(now: Self.now)
                reno.persistentCongestion(now: Self.now)
            }
            try #require(lia.window == reno.window && lia.slowStartThreshold == reno.slowStartThreshold)
        }
    }

    @Test("slow start is not coupled, and nothing grows in recovery or on what was left unused")
    func slowStart() {
        var lia = LIA(CongestionContext(packetSize: 1_000))
        let rows = Self.rows(windows: [10_000, 50_000])
        lia.acknowledged(.full(at: Self.now), among: rows.span)
        #expect(lia.window == 11_000)
        lia.lose(at: Self.now)
        lia.acknowledged(.full(at: Self.now, bytes: 100_000, recovery: true), among: rows.span)
        lia.acknowledged(.full(at: Self.now, bytes: 100_000, limited: true), among: rows.span)
        #expect(lia.window == 5_500)
    }

    @Test("rows without a window or a round trip do not stop it")
    func emptyRows() {
        var lia = Self.avoiding(window: 20_000)
        let rows = [CoupledPath(slot: 1, window: 0, smoothedRoundTrip: .zero)]
        lia.acknowledged(.full(at: Self.now, smoothed: .zero), among: rows.span)
        #expect(lia.window >= 20_000 && lia.window <= 20_050)
    }

    /// The first window is this path's.
    private static func rows(windows: [Int]) -> [CoupledPath] {
        windows.indices.map {
            CoupledPath(slot: $0, window: windows[$0], smoothedRoundTrip: .milliseconds(100), isSelf: $0 == 0)
        }
    }

    /// In congestion avoidance, with that window.
    private static func avoiding(window: Int) -> LIA {
        var lia = LIA(CongestionContext(packetSize: 1_000, initialWindow: 2 * window))
        lia.lose(at: now)
        return lia
    }
}
