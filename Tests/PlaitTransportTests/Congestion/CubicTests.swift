import Foundation
import PlaitCore
import PlaitTransport
import Testing

@Suite("CUBIC")
struct CubicTests {
    private static let packet = 1_000
    private static let now = Instant.start + .seconds(1)

    /// RFC 9438, figures 1 and 2, in packets and seconds.
    private static func curve(_ time: Double, from start: Double, origin: Double) -> Double {
        let plateau = pow((origin - start) / 0.4, 1.0 / 3)
        return 0.4 * pow(time - plateau, 3) + origin
    }

    @Test("the cube root is the largest number whose cube is not larger", arguments: 0..<50 as Range<UInt64>)
    func roots(seed: UInt64) {
        let stream = RandomStream(seed: seed, name: "cubes")
        for index in 0..<200 as Range<UInt64> {
            let (up, down) = (stream.draw(index, 1) % 64, stream.draw(index, 2) % 64)
            let value = (UInt128(stream.draw(index)) << UInt128(up)) >> UInt128(down)
            let root = UInt128(cubeRoot(value))
            #expect(root * root * root <= value)
            #expect((root + 1) * (root + 1) * (root + 1) > value)
        }
        for root in [0, 1, 2, 3, UInt128(seed * 1_000_003)] {
            #expect(cubeRoot(root * root * root) == UInt64(root))
            if root > 0 { #expect(cubeRoot(root * root * root - 1) == UInt64(root) - 1) }
        }
        #expect(cubeRoot(.max) == 6_981_463_658_331)
    }

    @Test("the curve is RFC 9438's to a few bytes", arguments: [3, 10, 100, 1_000, 20_000])
    func curve(highest: Int) {
        let (start, origin) = (highest * Self.packet * 7 / 10, highest * Self.packet)
        let curve = CubicCurve(from: start, origin: origin, packetSize: Self.packet)
        #expect(abs(curve.window(after: .zero) - start) <= 2)
        for step in 0..<400 as Range<Int64> {
            let time = Double(step) / 10
            let expected = Self.curve(time, from: Double(start) / 1_000, origin: Double(origin) / 1_000) * 1_000
            // A microsecond of the steepest part on top of the rounding.
            let tolerance = 2 + abs(expected - Double(origin)) * 1e-5
            #expect(abs(Double(curve.window(after: .milliseconds(step * 100))) - expected) <= tolerance)
        }
        #expect(curve.window(after: .seconds(1_209_600)) == NewReno.windowMax)
        #expect(curve.window(after: Interval(nanoseconds: .max)) == NewReno.windowMax)
    }

    /// Windows of a busy sender after one loss at `highest` packets, at every arrival, with the time since recovery.
    private func windows(
        _ highest: Int,
        roundTrip: Interval,
        seconds: Int64,
        before: (inout Cubic) -> Void = { _ in }
    ) -> [(time: Double, window: Double)] {
        var cubic = Cubic(CongestionContext(packetSize: Self.packet, initialWindow: highest * Self.packet))
        before(&cubic)
        cubic.lose(at: Self.now)
        var now = Self.now + roundTrip
        var rows = [(0.0, Double(cubic.window) / 1_000)]
        let begin = now
        while now < begin + .seconds(seconds) {
            // A window of packets arrives evenly over each round trip.
            cubic.acknowledged(.full(at: now, smoothed: roundTrip))
            now = now + Interval(nanoseconds: roundTrip.nanoseconds * Int64(Self.packet) / Int64(cubic.window))
            rows.append((Double((now - begin).nanoseconds) / 1e9, Double(cubic.window) / 1_000))
        }
        return rows
    }

    // The rule aims at the curve a round trip ahead, and so lags by half the curve's bend in that time: 0.9 packets for
    // 800 packets at 300 ms, more beyond.
    @Test(
        "between losses the window stays within a packet of the curve, or of Reno's where that is higher",
        arguments: [20, 60, 100, 400, 800],
        [10, 40, 100, 300] as [Int64]
    )
    func followsCurve(highest: Int, milliseconds: Int64) {
        let seconds = Double(milliseconds) / 1_000
        let start = Double(highest) * 0.7
        let plateau = pow(0.3 * Double(highest) / 0.4, 1.0 / 3)
        for (time, window) in windows(highest, roundTrip: .milliseconds(milliseconds), seconds: Int64(plateau) + 2) {
            // W_est: 9/17 of a packet a round trip, a whole one from the window before the loss on.
            let back = (Double(highest) - start) / (9.0 / 17) * seconds
            let reno = time < back ? start + 9.0 / 17 * time / seconds : Double(highest) + (time - back) / seconds
            let expected = max(Self.curve(time, from: start, origin: Double(highest)), reno)
            guard abs(window - expected) > 1 else { continue }
            Issue.record("after \(time) s: \(window), not \(expected)")
            return
        }
    }

    @Test("who loses again before the old height aims lower: fast convergence")
    func fastConvergence() {
        let rows = windows(400, roundTrip: .milliseconds(100), seconds: 6) { cubic in
            // Down from 400 to 280; the next loss is at 280, so the plateau is at 280 * 0.85 = 238, and the window 196.
            cubic.lose(at: Self.now)
        }
        let (time, window) = rows.first { $0.time >= 4.7 } ?? (0, 0)
        #expect(abs(window - Self.curve(time, from: 196, origin: 238)) <= 1)
    }

    @Test("the clock of the curve stands still while the application has nothing to send")
    func pause() {
        func height(_ limited: Bool) -> Int {
            var cubic = Cubic(CongestionContext(packetSize: Self.packet, initialWindow: 100_000))
            cubic.lose(at: Self.now)
            cubic.acknowledged(.full(at: Self.now))
            let window = cubic.window
            cubic.acknowledged(.full(at: Self.now + .milliseconds(1), limited: limited))
            let later = Self.now + .seconds(limited ? 20 : 0) + .milliseconds(1)
            for _ in 0..<100 { cubic.acknowledged(.full(at: later)) }
            #expect(cubic.window > window)
            return cubic.window
        }
        #expect(abs(height(true) - height(false)) <= Self.packet / 10)
    }

    @Test("the window grows by half in a round trip at most")
    func bounded() {
        var cubic = Cubic(CongestionContext(packetSize: Self.packet, initialWindow: 10_000))
        cubic.lose(at: Self.now)
        cubic.acknowledged(.full(at: Self.now))
        let window = cubic.window
        for _ in 0..<window / Self.packet { cubic.acknowledged(.full(at: Self.now + .seconds(3_600))) }
        #expect(cubic.window > window * 5 / 4 && cubic.window <= window * 3 / 2)
    }

    @Test("a spurious event gives back the window and where the curve was")
    func undo() {
        var disturbed = Cubic(CongestionContext(packetSize: Self.packet, initialWindow: 100_000))
        disturbed.lose(at: Self.now)
        for step in 1..<300 as Range<Int64> { disturbed.acknowledged(.full(at: Self.now + .milliseconds(10 * step))) }
        var calm = disturbed
        disturbed.lose(at: Self.now + .seconds(3))
        #expect(disturbed.window < calm.window)
        disturbed.spuriousCongestion(now: Self.now + .seconds(3))
        for step in 300..<600 as Range<Int64> {
            calm.acknowledged(.full(at: Self.now + .milliseconds(10 * step)))
            disturbed.acknowledged(.full(at: Self.now + .milliseconds(10 * step)))
            #expect(disturbed.window == calm.window)
        }
    }

    @Test("persistent congestion begins again with two packets")
    func persistent() {
        var cubic = Cubic(CongestionContext(packetSize: Self.packet))
        cubic.lose(at: Self.now)
        cubic.persistentCongestion(now: Self.now)
        #expect(cubic.window == 2_000 && cubic.slowStartThreshold == 7_000)
        cubic.acknowledged(.full(at: Self.now))
        #expect(cubic.window == 3_000)
    }

    @Test("nothing grows in recovery, and the window is never below two packets")
    func recovery() {
        var cubic = Cubic(CongestionContext(packetSize: Self.packet))
        cubic.lose(at: Self.now)
        cubic.acknowledged(.full(at: Self.now, recovery: true))
        #expect(cubic.window == 7_000)
        for _ in 0..<20 { cubic.lose(at: Self.now) }
        #expect(cubic.window == 2_000)
    }

    @Test("the curve begins on its plateau when slow start ended without a loss")
    func withoutLoss() {
        var cubic = Cubic(CongestionContext(packetSize: Self.packet, initialWindow: 100_000))
        var now = Self.now
        // Round trips that grow by half: HyStart++ gives in.
        for round in 0..<30 as Range<Int64> where cubic.slowStartThreshold == .max {
            let length = Interval.milliseconds(round < 2 ? 40 : 60)
            for index in 0..<10 as Range<Int64> where cubic.slowStartThreshold == .max {
                let at = now + .microseconds(index * 100)
                cubic.acknowledged(.full(at: at + length, sentAt: at, sample: length))
            }
            now = now + length
        }
        let threshold = cubic.slowStartThreshold
        #expect(threshold < 200_000 && cubic.window == threshold)
        cubic.acknowledged(.full(at: now))
        for _ in 0..<100 { cubic.acknowledged(.full(at: now + .milliseconds(100))) }
        // On the plateau hardly anything, Reno's packet a round trip at most.
        #expect(cubic.window - threshold <= 1_100)
    }
}

@Suite("HyStart++")
struct HyStartTests {
    /// Plays rounds of `samples` equal round trips; answers in which round slow start became conservative, and in which
    /// it ended.
    private func play(_ rounds: [Int64], samples: Int64 = 10) -> (conservative: Int?, over: Int?) {
        var hyStart = HyStart()
        var now = Instant.start + .seconds(1)
        var conservative: Int?
        for (round, milliseconds) in rounds.enumerated() {
            let length = Interval.milliseconds(milliseconds)
            for index in 0..<samples {
                let at = now + .microseconds(index)
                if hyStart.acknowledged(sentAt: at, sample: length, now: at + length) { return (conservative, round) }
                if hyStart.divisor == 4, conservative == nil { conservative = round }
                if hyStart.divisor == 1 { conservative = nil }
            }
            now = now + length
        }
        return (conservative, nil)
    }

    @Test("a round trip that grows by an eighth ends slow start after five conservative rounds")
    func ends() {
        let (conservative, over) = play([40, 40, 45, 45, 45, 45, 45, 45, 45])
        #expect(conservative == 2 && over == 7)
    }

    @Test("less than an eighth, or less than 4 ms, is noise", arguments: [[100, 112], [8, 11]] as [[Int64]])
    func noise(lengths: [Int64]) {
        let (conservative, over) = play([lengths[0], lengths[0]] + Array(repeating: lengths[1], count: 10))
        #expect(conservative == nil && over == nil)
    }

    @Test("16 ms more is a sign however long the round trip")
    func longest() {
        let (conservative, _) = play([300, 300, 316, 316])
        #expect(conservative == 2)
    }

    @Test("when round trips fall below those at the entry, slow start goes on")
    func resumes() {
        let (conservative, over) = play([40, 40, 50, 50, 42, 42, 42, 42, 42, 42])
        #expect(conservative == nil && over == nil)
    }

    @Test("fewer than eight samples a round prove nothing")
    func fewSamples() {
        let (conservative, over) = play([40, 40, 60, 60, 60, 60, 60, 60, 60], samples: 7)
        #expect(conservative == nil && over == nil)
    }
}
