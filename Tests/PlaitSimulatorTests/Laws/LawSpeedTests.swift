import PlaitCore
import PlaitSimulator
import TestSupport
import Testing

@Suite("The law checker's cost")
struct LawSpeedTests {
    /// A busy link, endlessly: `packets` of 1,250 bytes (100 us at 100 Mbps), six events each, about 20 in flight.
    static func stream(_ packets: Int, from first: Int = 0) -> [TraceEvent] {
        var events: [TraceEvent] = []
        events.reserveCapacity(6 * packets)
        for step in first..<first + packets {
            let now = Int64(step) * 100_000
            func add(_ kind: TraceEvent.Kind, _ serial: Int, _ place: Int32, _ detail: Int = 0) {
                guard serial >= 0 else { return }
                events.append(
                    TraceEvent(
                        time: Instant(nanoseconds: now),
                        kind: kind,
                        place: place,
                        packet: UInt64(serial),
                        length: 1_250,
                        detail: UInt64(detail)
                    )
                )
            }
            // 10 wait, one is served, 10 are on the wire of 1 ms.
            add(.arrived, step - 21, 0)
            add(.delivered, step - 21, 1, (step - 21) &* 77)
            add(.departed, step - 11, 0)
            add(.started, step - 10, 0)
            add(.sent, step, 0, step &* 77)
            add(.offered, step, 0, step)
        }
        return events
    }

    static func checker() -> LawChecker {
        LawChecker(
            hosts: [HostFacts(name: "a"), HostFacts(name: "b")],
            directions: [
                LinkFacts(
                    name: "a>b",
                    from: HostID(0),
                    to: HostID(1),
                    rate: .megabits(100),
                    delay: .milliseconds(1),
                    queue: .packets(10)
                )
            ]
        )
    }

    @Test("a lawful event allocates nothing once the tables have grown", .enabled(if: isOptimized))
    func allocations() throws {
        let (warm, steady) = (Self.stream(1_000), Self.stream(20_000, from: 1_000))
        let checker = Self.checker()
        checker.observe(warm.span)
        let count = TestSupport.allocations { checker.observe(steady.span) }
        // The first packet of the stream starts late, because ten had to gather before it: that is all.
        #expect(checker.violations.map(\.law) == [.workConservation])
        #expect(checker.inFlight == 21)
        guard let count else { return }
        #expect(count == 0)
    }

    @Test("memory follows the packets in flight, not the packets seen")
    func memory() {
        let checker = Self.checker()
        for block in 0..<20 { checker.observe(all: Self.stream(500, from: 500 * block)) }
        #expect(checker.inFlight == 21)
        #expect(checker.eventCount == 6 * 10_000 - 2 * 21 - 11 - 10)
    }
}
