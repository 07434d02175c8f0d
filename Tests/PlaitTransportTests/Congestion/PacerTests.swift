import PlaitCore
import PlaitTransport
import Testing

@Suite("Pacing")
struct PacerTests {
    private static let start = Instant.start + .seconds(1)

    private func pace(window: Int = 100_000, slow: Bool = false, smoothed: Interval = .milliseconds(100)) -> Pacer.Pace
    {
        Pacer.Pace(window: window, isSlowStart: slow, smoothed: smoothed)
    }

    @Test("a burst leaves at once, then packets follow at the rate", arguments: [true, false])
    func rate(slow: Bool) {
        var pacer = Pacer(burst: 12_000)
        var now = Self.start
        var bytes = 0
        while now < Self.start + .seconds(10) {
            now = max(now, pacer.earliestSend(1_000, at: pace(slow: slow)))
            pacer.packetSent(1_000, at: pace(slow: slow), now: now)
            bytes += 1_000
            if bytes == 12_000 { #expect(now == Self.start) }
            if bytes == 13_000 { #expect(now > Self.start) }
        }
        // 100,000 bytes in 100 ms, twice or five quarters of that, for ten seconds.
        let expected = 12_000 + (slow ? 20_000_000 : 12_500_000)
        #expect(abs(bytes - expected) <= 2_000)
    }

    @Test("a packet may leave exactly when it may, and not before")
    func exact() {
        var pacer = Pacer(burst: 1_000)
        pacer.packetSent(1_000, at: pace(), now: Self.start)
        // 1,000 bytes at 1,250,000 a second.
        let due = pacer.earliestSend(1_000, at: pace())
        #expect(due == Self.start + .microseconds(800))
    }

    @Test("after a pause there is one burst, not more")
    func pause() {
        var pacer = Pacer(burst: 3_000)
        for _ in 0..<9 { pacer.packetSent(1_000, at: pace(), now: Self.start) }
        let later = Self.start + .seconds(1_000)
        var count = 0
        while pacer.earliestSend(1_000, at: pace()) <= later {
            pacer.packetSent(1_000, at: pace(), now: later)
            count += 1
        }
        #expect(count == 3)
    }

    @Test("what was sent at an assumed slow rate does not hold packets back once the real one is known")
    func sample() {
        var pacer = Pacer(burst: 12_000)
        for _ in 0..<10 { pacer.packetSent(1_200, at: pace(slow: true, smoothed: .seconds(10)), now: Self.start) }
        let due = pacer.earliestSend(1_200, at: pace(window: 12_000, slow: true, smoothed: .milliseconds(10)))
        #expect(due - Self.start == .microseconds(500))
    }

    @Test("probes that did not ask overdraw by a burst at most")
    func overdrawn() {
        var pacer = Pacer(burst: 2_000)
        for _ in 0..<100 { pacer.packetSent(1_000, at: pace(), now: Self.start) }
        let due = pacer.earliestSend(1_000, at: pace())
        #expect(due == Self.start + .microseconds(2_400))
    }

    @Test("extreme windows and round trips give times, not traps")
    func extremes() {
        for window in [0, 1, 2_400, 1 << 40] {
            for smoothed in [Interval.zero, .nanoseconds(1), .seconds(1_209_600), RoundTripEstimator.sampleMax] {
                let pace = pace(window: window, smoothed: smoothed)
                var pacer = Pacer(burst: 65_535 * 10)
                for _ in 0..<30 {
                    let due = pacer.earliestSend(65_535, at: pace)
                    #expect(due >= .start)
                    pacer.packetSent(65_535, at: pace, now: max(Self.start, min(due, Self.start + .seconds(1 << 32))))
                }
            }
        }
    }
}
