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
        for seed in 0..<UInt64(isOptimized ? 500 : 15) {
            let seed = seed * 8 + UInt64(part)
            var trial = RecoveryTrial(seed: seed)
            trial.play(steps: 150)
            let complaint = trial.complaint
            let isComplete = trial.isComplete
            #expect(complaint == nil, "seed \(seed)")
            #expect(isComplete, "a frame was resolved twice, seed \(seed)")
            guard complaint == nil else { break }
            let counted = trial.recovery.statistics
            spurious += counted.packetsSpurious
            undone += counted.eventsUndone
            probes += counted.probeTimeouts
            persistent += counted.persistentCongestions
        }
        // The trials visit what they are meant to try.
        #expect(spurious > 0 && undone > 0 && probes > 0 && persistent > 0)
    }
}
