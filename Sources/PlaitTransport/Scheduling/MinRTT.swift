package import PlaitCore

/// The default of Linux MPTCP until 5.x: of the paths that may send, the one with the smallest smoothed round trip.
///
/// A path is filled up to its window before the next one gets anything, and none is ever kept free: what makes a slow
/// path delay the end of a transfer is exactly what BLEST and ECF were published against. (C. Raiciu et al., "How Hard
/// Can It Be? Designing and Implementing a Deployable Multipath TCP", NSDI 2012; C. Paasch et al., "Experimental
/// evaluation of multipath TCP schedulers", CSWS 2014.)
package struct MinRTT: Scheduler {
    package init() {}

    package mutating func choose(
        for packet: PacketToSchedule,
        among paths: Span<PathView>,
        now: Instant
    ) -> SchedulerChoice {
        guard let best = paths.fastest(mayNowOnly: true) else { return .wait }
        return .send(slot: paths[best].slot)
    }

    static let registration = SchedulerRegistration(
        signature: ModelSignature(
            name: "min-rtt",
            summary: "the path with the smallest smoothed round trip that may send (Linux MPTCP's first default)"
        )
    ) { _, _ in MinRTT() }
}

extension Span where Element == PathView {
    /// The index of the smallest smoothed round trip; the earlier opened path wins a tie.
    func fastest(mayNowOnly: Bool) -> Int? {
        var best: Int?
        for index in indices where !mayNowOnly || self[index].mayNow {
            guard let found = best, self[found].smoothedRoundTrip <= self[index].smoothedRoundTrip else {
                best = index
                continue
            }
        }
        return best
    }
}
