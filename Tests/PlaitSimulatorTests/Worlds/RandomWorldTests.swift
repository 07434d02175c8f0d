import PlaitCore
import PlaitSimulator
import TestSupport
import Testing

@Suite("Random worlds")
struct RandomWorldTests {
    /// Seeds that once found a bug. Never removed.
    static let remembered: [UInt64] = []

    @Test("a random world is lawful, conserves packets and bytes, ends, and ends the same twice", arguments: 0..<20)
    func lawful(block: UInt64) throws {
        for seed in (20 * block)..<(20 * block + 20) { try judge(seed) }
    }

    @Test("the seeds that once found a bug stay lawful", arguments: remembered)
    func regressions(seed: UInt64) throws { try judge(seed) }

    private func judge(_ seed: UInt64) throws {
        let world = RandomWorld.make(seed: seed)
        let first = try world.runUnjudged(keepingEvents: false)
        let fault = first.fault
        #expect(fault == nil, "seed \(seed)")
        let second = try world.runUnjudged(keepingEvents: false)
        #expect(first.hash == second.hash, "seed \(seed)")
        #expect(first.eventCount == second.eventCount, "seed \(seed)")
        guard first.reason != .eventLimit else { return }
        #expect(first.reason == .quiescent, "seed \(seed) did not fall silent after its traffic stopped")
        #expect(first.inside == 0, "seed \(seed) is silent and \(first.inside) packets are inside")
    }

    @Test("the random worlds do everything that a trace can tell, and most of them fall silent")
    func coverage() throws {
        var seen: Set<TraceEvent.Kind> = []
        var reasons: Set<TraceEvent.DropReason> = []
        var properties: Set<TraceEvent.Property> = []
        var silent = 0
        for seed in 0..<150 as Range<UInt64> {
            let outcome = try RandomWorld.make(seed: seed).runUnjudged()
            if outcome.reason == .quiescent { silent += 1 }
            for event in outcome.events {
                seen.insert(event.kind)
                reasons.insert(event.reason)
                properties.insert(event.property)
            }
        }
        #expect(seen == Set(TraceEvent.Kind.allCases))
        #expect(reasons == Set(TraceEvent.DropReason.allCases).subtracting([.controlled]))
        #expect(
            properties == Set(TraceEvent.Property.allCases),
            "without \(Set(TraceEvent.Property.allCases).subtracting(properties))"
        )
        #expect(silent >= 120)
    }
}
