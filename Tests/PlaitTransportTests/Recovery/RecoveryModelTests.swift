import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Recovery against its model")
struct RecoveryModelTests {
    @Test("recovery agrees with a plain model after every event", arguments: 0..<8)
    func model(part: Int) {
        var spurious: UInt64 = 0
        var undone: UInt64 = 0
        var probes: UInt64 = 0
        var persistent: UInt64 = 0
        var failures = 0
        var late = 0
        for seed in 0..<UInt64(isOptimized ? 500 : 15) {
            let seed = seed * 8 + UInt64(part)
            var trial = RecoveryTrial(seed: seed)
            trial.play(steps: 150)
            let complaint = trial.complaint
            let isInOrder = trial.isInOrder
            #expect(complaint == nil, "seed \(seed)")
            #expect(isInOrder, "a frame was handed back or acknowledged twice, seed \(seed)")
            guard complaint == nil else { break }
            let counted = trial.recovery.statistics
            spurious += counted.packetsSpurious
            undone += counted.eventsUndone
            probes += counted.probeTimeouts
            persistent += counted.persistentCongestions
            failures += trial.failures
            late += trial.lateArrivals
        }
        // The trials visit what they are meant to try.
        #expect(spurious > 0 && undone > 0 && probes > 0 && persistent > 0 && failures > 0 && late > 0)
    }
}
