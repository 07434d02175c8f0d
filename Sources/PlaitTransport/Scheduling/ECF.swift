package import PlaitCore

/// Earliest Completion First: waits for the fast path when that finishes what is queued sooner.
///
/// With xf the path of the smallest round trip, xs the one that minRTT would take instead, k what is queued, windows W,
/// round trips R, variations sigma, delta = max(sigma_f, sigma_s), beta = 1/4:
///
///     xf may send                                              -> xf
///     R_f (1 + k/W_f) < (1 + waiting beta) (R_s + delta)
///        and  R_s k/W_s >= 2 R_f + delta                       -> wait,  waiting = 1
///        otherwise                                             -> xs
///     otherwise                                                -> xs,    waiting = 0
///
/// Both k/W count at least one whole round, as in the authors' own implementation: what is queued needs a round of
/// either path however little it is, and without that the paper's own example (one packet left, round trips of 10 and
/// 100 ms) would not wait. The second condition keeps a short queue from waiting for a path that is hardly faster.
/// sigma is the variation of RFC 6298. The implementation (net/mptcp/mptcp_ecf.c of MPTCP 0.95) takes twice that and
/// never less than 100 ms, since Linux keeps its variation so for timeouts: with that it would hardly ever wait on
/// paths like those of the example, and the paper says nothing of it.
/// (Y. Lim et al., "ECF: An MPTCP Path Scheduler to Manage Heterogeneous Paths", CoNEXT 2017, algorithm 1.)
package struct ECF: Scheduler {
    /// Waited the last time: then it takes a quarter more to stop waiting.
    private var isWaiting = false

    package init() {}

    package mutating func choose(
        for packet: PacketToSchedule,
        among paths: Span<PathView>,
        now: Instant
    ) -> SchedulerChoice {
        guard let fast = paths.fastest(mayNowOnly: false), let other = paths.fastest(mayNowOnly: true) else {
            return .wait
        }
        guard other != fast else { return .send(slot: paths[fast].slot) }
        return shouldWait(for: paths[fast], insteadOf: paths[other], queued: packet.queuedBytes)
            ? .wait : .send(slot: paths[other].slot)
    }

    private mutating func shouldWait(for fast: PathView, insteadOf slow: PathView, queued: UInt64) -> Bool {
        let delta = Double(max(fast.roundTripVariation, slow.roundTripVariation).nanoseconds)
        let fastTrip = Double(fast.smoothedRoundTrip.nanoseconds)
        let slowTrip = Double(slow.smoothedRoundTrip.nanoseconds)
        let fastRounds = 1 + Self.rounds(of: queued, by: fast)
        let hysteresis = isWaiting ? 1 + Self.beta : 1
        guard fastRounds * fastTrip < hysteresis * (slowTrip + delta) else {
            isWaiting = false
            return false
        }
        guard Self.rounds(of: queued, by: slow) * slowTrip >= 2 * fastTrip + delta else { return false }
        isWaiting = true
        return true
    }

    private static func rounds(of queued: UInt64, by path: PathView) -> Double {
        max(Double(queued) / Double(max(path.window, 1)), 1)
    }

    static let beta = 0.25

    static let registration = SchedulerRegistration(
        signature: ModelSignature(
            name: "ecf",
            summary: "waits for the fastest path when that completes what is queued earlier (Lim et al., CoNEXT 2017)"
        )
    ) { _, _ in ECF() }
}
