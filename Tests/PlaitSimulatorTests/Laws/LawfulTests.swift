import PlaitCore
import PlaitSimulator
import TestSupport
import Testing

@Suite("Lawful traces")
struct LawfulTests {
    @Test("no lawful trace raises an alarm", arguments: 0..<40)
    func noFalseAlarm(block: UInt64) {
        for seed in (100 * block)..<(100 * block + 100) {
            let checker = IdealWorld.random(seed: seed).judge()
            #expect(checker.isLawful, "seed \(seed): \(checker.violations.first.map(\.description) ?? "")")
            if !checker.isLawful { return }
        }
    }

    @Test("the random worlds do everything that a trace can tell")
    func coverage() {
        var kinds: Set<TraceEvent.Kind> = []
        var reasons: Set<TraceEvent.DropReason> = []
        for seed in 0..<300 as Range<UInt64> {
            let world = IdealWorld.random(seed: seed)
            world.run(until: 4_000_000)
            for event in world.events {
                kinds.insert(event.kind)
                reasons.insert(event.reason)
            }
        }
        #expect(kinds == Set(TraceEvent.Kind.allCases))
        #expect(reasons == Set(TraceEvent.DropReason.allCases).subtracting([.noRoute, .unreachable, .controlled]))
    }
}
