import PlaitCore
import PlaitTransport
import Testing

/// A thousand clients lose one server at the same instant.
@Suite("A crowd comes back")
struct CrowdTests {
    static let clients = 1_000

    /// All instants at which one of the clients begins an attempt within `time`; each fails at once.
    private static func attempts(
        _ configuration: ReconnectorConfiguration,
        breaker: BreakerConfiguration,
        seed: UInt64,
        within time: Interval
    ) -> [Instant] {
        var instants: [Instant] = []
        for client in 0..<clients {
            var rig = ReconnectorRig(configuration, breaker: breaker, seed: seed, name: "reconnect/client-\(client)")
            rig.lose()
            while rig.machine.deadline <= .start + time {
                rig.now = rig.machine.deadline
                rig.wake()
                guard rig.trial != nil else { continue }
                instants.append(rig.now)
                rig.fail()
            }
        }
        return instants
    }

    /// The most attempts in a tenth of `range`, over a tenth of all that are in it.
    private static func peakToMean(_ instants: [Instant], in range: Range<Instant>) -> Double {
        var bins = [Int](repeating: 0, count: 10)
        let length = (range.upperBound - range.lowerBound).nanoseconds
        for instant in instants where range.contains(instant) {
            bins[Int((instant - range.lowerBound).nanoseconds * 10 / length)] += 1
        }
        return Double(bins.max() ?? 0) * 10 / Double(max(1, bins.reduce(0, +)))
    }

    /// Window k of the backoff, as if every wait were as long as its window: 100 (2^k - 1) to 100 (2^(k+1) - 1) ms.
    private static func window(_ k: Int) -> Range<Instant> {
        Instant.start + .milliseconds(100 * (1 << Int64(k) - 1))..<Instant.start
            + .milliseconds(100 * (2 << Int64(k) - 1))
    }

    @Test("the peak rate of attempts is at most twice the mean of the window", arguments: [1, 2, 3, 4] as [UInt64])
    func full(seed: UInt64) {
        let instants = Self.attempts(
            ReconnectorConfiguration(),
            breaker: ReconnectorRig.patient,
            seed: seed,
            within: .milliseconds(102_300)
        )
        for k in 0..<10 {
            let ratio = Self.peakToMean(instants, in: Self.window(k))
            print("crowd: seed \(seed), window \(k): peak / mean \(ratio)")
            #expect(ratio <= 2, "seed \(seed), window \(k)")
        }
    }

    @Test("with 10 % jitter it is ten times the mean at first, and never less than twice")
    func tenth() {
        var configuration = ReconnectorConfiguration()
        configuration.backoff = .tenth
        let breaker = ReconnectorRig.patient
        let instants = Self.attempts(configuration, breaker: breaker, seed: 1, within: .milliseconds(102_300))
        for k in 0..<10 {
            let ratio = Self.peakToMean(instants, in: Self.window(k))
            print("crowd: a tenth, window \(k): peak / mean \(ratio)")
            #expect(ratio > (k == 0 ? 9.9 : 2), "window \(k)")
        }
    }

    @Test("breakers that opened together let their trials go evenly", arguments: [1, 2, 3, 4] as [UInt64])
    func breakers(seed: UInt64) {
        let breaker = BreakerConfiguration()
        let instants = Self.attempts(ReconnectorConfiguration(), breaker: breaker, seed: seed, within: .seconds(79))
            .filter { $0 > .start + .seconds(60) }
        #expect(instants.count == Self.clients)
        // Opened within 3.1 s, open for 60 s, spread over 15 s.
        let range = Instant.start + .seconds(60)..<Instant.start + .seconds(79)
        let ratio = Self.peakToMean(instants, in: range)
        print("crowd: breakers, seed \(seed): peak / mean \(ratio)")
        #expect(ratio <= 2, "seed \(seed)")
    }
}
