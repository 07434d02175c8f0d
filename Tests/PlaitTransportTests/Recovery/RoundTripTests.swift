import PlaitCore
import PlaitTransport
import Testing

@Suite("Round trips")
struct RoundTripTests {
    private static let start = Instant.start + .seconds(1)

    @Test("the first sample is taken as it is, with half of it as variation")
    func first() {
        var estimator = RoundTripEstimator(initial: .milliseconds(333))
        #expect(estimator.smoothed == .milliseconds(333) && estimator.variation == .microseconds(166_500))
        // 333 + 4 * 166.5: RFC 9002, 6.2.2 and 6.2.1.
        #expect(estimator.probeTimeout == .milliseconds(999))
        estimator.sample(.milliseconds(100), ackDelay: .milliseconds(20), now: Self.start)
        #expect(estimator.smoothed == .milliseconds(100) && estimator.variation == .milliseconds(50))
        #expect(estimator.minimum == .milliseconds(100) && estimator.firstSampleAt == Self.start)
    }

    @Test("samples move the estimate as RFC 9002, A.7, says, worked by hand")
    func byHand() {
        var estimator = RoundTripEstimator(initial: .milliseconds(333))
        estimator.sample(.milliseconds(100), ackDelay: .zero, now: Self.start)
        // 180 less 20 of delay is 160: variation 3/4 * 50 + 1/4 * 60, smoothed 7/8 * 100 + 1/8 * 160.
        estimator.sample(.milliseconds(180), ackDelay: .milliseconds(20), now: Self.start)
        #expect(estimator.latest == .milliseconds(180))
        #expect(estimator.variation == .microseconds(52_500))
        #expect(estimator.smoothed == .microseconds(107_500))
        // 90 with 10: less would be below the minimum, which is now 90. Variation 3/4 * 52.5 + 1/4 * 17.5.
        estimator.sample(.milliseconds(90), ackDelay: .milliseconds(10), now: Self.start)
        #expect(estimator.minimum == .milliseconds(90))
        #expect(estimator.variation == .microseconds(43_750))
        #expect(estimator.smoothed == .nanoseconds(105_312_500))
        #expect(estimator.probeTimeout == .nanoseconds(105_312_500 + 4 * 43_750_000))
    }

    @Test("a delay that would go below the minimum is not believed")
    func exaggerated() {
        var estimator = RoundTripEstimator(initial: .milliseconds(333))
        estimator.sample(.milliseconds(100), ackDelay: .zero, now: Self.start)
        estimator.sample(.milliseconds(110), ackDelay: .milliseconds(25), now: Self.start)
        #expect(estimator.smoothed == .microseconds(101_250))
    }

    @Test("a delay that leads exactly to the minimum is believed")
    func exact() {
        var estimator = RoundTripEstimator(initial: .milliseconds(333))
        estimator.sample(.milliseconds(100), ackDelay: .zero, now: Self.start)
        estimator.sample(.milliseconds(120), ackDelay: .milliseconds(20), now: Self.start)
        #expect(estimator.smoothed == .milliseconds(100))
    }

    @Test("a steady round trip waits no less than the granularity on top")
    func granularity() {
        var estimator = RoundTripEstimator(initial: .milliseconds(333))
        for _ in 0..<100 { estimator.sample(.milliseconds(10), ackDelay: .zero, now: Self.start) }
        #expect(estimator.probeTimeout == .milliseconds(11))
    }

    @Test("after persistent congestion the minimum is the latest sample")
    func forgets() {
        var estimator = RoundTripEstimator(initial: .milliseconds(333))
        estimator.sample(.milliseconds(10), ackDelay: .zero, now: Self.start)
        estimator.sample(.milliseconds(50), ackDelay: .zero, now: Self.start)
        estimator.forgetMinimum()
        #expect(estimator.minimum == .milliseconds(50))
    }

    @Test(
        "no round trip overflows or becomes nothing",
        arguments: [.zero, .nanoseconds(-5), .nanoseconds(1), .seconds(2 * 604_800), Interval(nanoseconds: .max)]
            as [Interval]
    )
    func extremes(sample: Interval) {
        var estimator = RoundTripEstimator(initial: sample)
        for round in 0..<200 {
            estimator.sample(round % 3 == 0 ? .zero : sample, ackDelay: .zero, now: Self.start)
            #expect(estimator.smoothed.nanoseconds >= 1)
            #expect(estimator.variation.nanoseconds >= 0)
            #expect(estimator.probeTimeout >= RoundTripEstimator.granularity)
            #expect((64 * estimator.probeTimeout).nanoseconds > 0)
        }
    }
}
