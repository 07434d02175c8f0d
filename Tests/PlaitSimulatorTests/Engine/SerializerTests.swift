import PlaitCore
import PlaitNetwork
import Testing

/// A fluid server in exact numbers: how much work a rate that changes has done, in billionths of a bit.
private struct Fluid {
    var rate: UInt64
    private(set) var done: Int128 = 0
    /// What was done one nanosecond of service before `now`.
    private(set) var doneBefore: Int128 = -1
    private(set) var now: Int64 = 0

    init(rate: UInt64) { self.rate = rate }

    mutating func advance(to time: Int64, isPaused: Bool = false) {
        guard time > now else { return }
        defer { now = time }
        guard !isPaused else { return }
        doneBefore = done + Int128(rate) * Int128(time - 1 - now)
        done += Int128(rate) * Int128(time - now)
    }
}

@Suite("The serialiser is exact")
struct SerializerTests {
    static let rates: [UInt64] = [3, 999, 7_000_000, 1_000_000_000, 9_999_999_999, 123_456_789_012]

    @Test(
        "over a busy period each packet ends at the first nanosecond at which all bits up to it are through",
        arguments: rates,
        [1, 2, 3] as [UInt64]
    )
    func constant(rate: UInt64, seed: UInt64) {
        var draws = Draws(seed: seed &* rate)
        busyPeriod(&draws, rates: [rate], packets: 400, changes: 0)
    }

    @Test("the same with rate changes and clogs in between, some at the very instant of an end", arguments: 0..<60)
    func changing(seed: UInt64) {
        var draws = Draws(seed: seed)
        let rates = seed % 3 == 0 ? [7_000_000, 7_000_001, 9_999_999_999] : Self.rates
        busyPeriod(&draws, rates: rates, packets: 300, changes: 50)
    }

    private func busyPeriod(_ draws: inout Draws, rates: [UInt64], packets: Int, changes: Int) {
        var fluid = Fluid(rate: rates[0])
        var serializer = Serializer(rate: Rate(bitsPerSecond: rates[0]))
        var work: Int128 = 0
        for packet in 0..<packets {
            let length = draws.chance(30) ? draws.number(1...20) : draws.number(1...1_500)
            work += Int128(length) * 8_000_000_000
            var finish = serializer.begin(
                byteCount: length,
                wasWaiting: packet > 0,
                now: Instant(nanoseconds: fluid.now)
            ).nanoseconds
            while draws.chance(changes) {
                // A third at the very instant of the end, a third at once, a third anywhere between.
                let moment = [finish, fluid.now, fluid.now + (finish - fluid.now) / 2][draws.number(0...2)]
                fluid.advance(to: moment)
                let now = Instant(nanoseconds: moment)
                if draws.chance(70) {
                    fluid.rate = rates[draws.number(0...rates.count - 1)]
                    finish = serializer.change(to: Rate(bitsPerSecond: fluid.rate), now: now).nanoseconds
                } else {
                    serializer.pause(now: now)
                    let released = moment + Int64(draws.number(0...10_000))
                    fluid.advance(to: released, isPaused: true)
                    finish = serializer.resume(now: Instant(nanoseconds: released)).nanoseconds
                }
            }
            fluid.advance(to: finish)
            serializer.end(now: Instant(nanoseconds: finish))
            guard fluid.done >= work, fluid.doneBefore < work else {
                Issue.record("packet \(packet): \(work) to do, \(fluid.doneBefore) ... \(fluid.done) done at \(finish)")
                return
            }
        }
    }

    @Test("a packet that comes at the instant of an end has no claim to the nanosecond before")
    func newcomer() {
        var serializer = Serializer(rate: Rate(bitsPerSecond: 3_000_000_000))
        let first = serializer.begin(byteCount: 1, wasWaiting: false, now: .start)
        #expect(first == Instant(nanoseconds: 3))
        serializer.end(now: first)
        #expect(serializer.begin(byteCount: 1, wasWaiting: false, now: first) == Instant(nanoseconds: 6))
        serializer.end(now: Instant(nanoseconds: 6))
        #expect(
            serializer.begin(byteCount: 1, wasWaiting: true, now: Instant(nanoseconds: 6)) == Instant(nanoseconds: 9)
        )
        // The third was waiting: with the bit done for it, it leaves two bits' worth to the fourth.
        serializer.end(now: Instant(nanoseconds: 9))
        let fourth = serializer.begin(byteCount: 1, wasWaiting: true, now: Instant(nanoseconds: 9))
        #expect(fourth == Instant(nanoseconds: 11))
    }
}
