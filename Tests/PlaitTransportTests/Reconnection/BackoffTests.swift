import PlaitCore
import PlaitTransport
import Testing

@Suite("Backoff")
struct BackoffTests {
    @Test("windows double from 100 ms to 300 s: the first n add up to 100 ms x (2^n - 1), then 300 s each")
    func closedForm() {
        let backoff = Backoff()
        var sum = Interval.zero
        for round in 0..<40 {
            sum = sum + backoff.window(round)
            let doubling = Interval(nanoseconds: 100_000_000 * ((1 << Int64(min(round + 1, 12))) - 1))
            let capped = Int64(max(0, round + 1 - 12)) * Interval.seconds(300)
            #expect(sum == doubling + capped, "\(round)")
        }
    }

    @Test("no round is too late to be computed, and none exceeds the cap")
    func extremes() {
        for round in [0, 11, 12, 61, 62, 63, 64, 1_000, .max] {
            #expect(Backoff().window(round) <= .seconds(300))
            for draw in [0, 1, .max / 2, .max] as [UInt64] {
                for backoff in [Backoff(), .tenth] {
                    let wait = backoff.wait(round, draw: draw)
                    #expect(wait > .zero && wait <= .seconds(300), "\(round) \(draw)")
                }
            }
        }
        let long = Backoff(first: Interval(nanoseconds: 1), waitMax: .seconds(100_000))
        #expect(long.isValid && long.window(.max) == .seconds(100_000) && long.window(10) == .nanoseconds(1_024))
    }

    @Test("full jitter reaches from nothing to the whole window, and a tenth from nine tenths to eleven")
    func ranges() {
        for round in [0, 3, 11] {
            let window = Backoff().window(round)
            #expect(Backoff().wait(round, draw: 0) == .nanoseconds(1))
            #expect(Backoff().wait(round, draw: .max) == window)
            #expect(Backoff.tenth.wait(round, draw: 0).nanoseconds * 10 == window.nanoseconds * 9)
            #expect(Backoff.tenth.wait(round, draw: .max).nanoseconds * 10 == window.nanoseconds * 11)
        }
        // At the cap the range is clipped, and still drawn from.
        #expect(Backoff.tenth.wait(20, draw: 0) == .seconds(270))
        #expect(Backoff.tenth.wait(20, draw: .max / 2) < .seconds(286))
        #expect(Backoff.tenth.wait(20, draw: .max) == .seconds(300))
    }

    @Test("the mean of full jitter is half the window")
    func mean() {
        let stream = RandomStream(seed: 7, name: "test/backoff")
        var sum: Int64 = 0
        for index in 0..<10_000 as Range<UInt64> { sum += Backoff().wait(4, draw: stream.draw(index)).nanoseconds }
        // 1.6 s; the deviation of this mean is 1.6 s / sqrt(12 x 10,000), 4.6 ms.
        #expect(abs(sum / 10_000 - 800_000_000) < 5 * 4_600_000)
    }

    @Test("what cannot be computed is refused")
    func validity() {
        #expect(Backoff().isValid && Backoff.tenth.isValid)
        #expect(!Backoff(first: .zero).isValid)
        #expect(!Backoff(first: .seconds(301)).isValid)
        #expect(!Backoff(jitter: .around(perMille: 1_000)).isValid)
        #expect(!Backoff(waitMax: Interval(nanoseconds: .max)).isValid)
    }
}
