import PlaitCore
import PlaitTransport
import Testing

/// Never lets anything go.
private struct Waiting: Scheduler {
    let isUntilNow: Bool

    mutating func choose(
        for packet: PacketToSchedule,
        among paths: Span<PathView>,
        now: Instant
    ) -> SchedulerChoice { isUntilNow ? .waitUntil(now) : .wait }
}

@Suite("Schedulers that wait for nothing")
struct WaitingSchedulerTests {
    @Test("a scheduler that waits though nothing is to come stalls nobody", arguments: [true, false])
    func waiting(isUntilNow: Bool) throws {
        var pair = MultiPair { $0.connection.scheduler = { _ in Waiting(isUntilNow: isUntilNow) } }
        try pair.begin()
        try pair.send(100_000, fromClient: true)
        let isWhole = pair.finish(within: .seconds(60))
        #expect(isWhole)
    }
}
