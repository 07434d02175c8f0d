import PlaitCore
import Testing

@Suite("Time")
struct TimeTests {
    @Test("an interval prints in the units of scenario files, exactly")
    func prints() {
        #expect(Interval.milliseconds(15).description == "15 ms")
        #expect(Interval(nanoseconds: 2_500_000_000).description == "2.5 s")
        #expect(Interval(nanoseconds: -1_001).description == "-1.001 us")
        #expect(Interval.zero.description == "0 s")
    }

    @Test("the end of time stays the end of time")
    func never() {
        #expect(Instant.never + .seconds(1) == .never)
        #expect(Instant(nanoseconds: .max - 1) + .seconds(1) == .never)
        #expect(Instant.start + .seconds(1) == Instant(nanoseconds: 1_000_000_000))
    }

    @Test("serialisation rounds up, so that a rate is never exceeded")
    func serialisation() {
        #expect(Rate.megabits(25).serialisation(of: 1_200) == .microseconds(384))
        #expect(Rate(bitsPerSecond: 3).serialisation(of: 1) == Interval(nanoseconds: 2_666_666_667))
        #expect(Rate.unlimited.serialisation(of: 1_500) == .zero)
    }

    @Test("a probability is exact at its ends")
    func probability() {
        #expect(!Probability.never.happens(0))
        #expect(Probability.always.happens(.max))
        #expect(Probability.percent(50).happens(.max / 2 - 1))
        #expect(!Probability.percent(50).happens(.max / 2 + 1))
    }
}
