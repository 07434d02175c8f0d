package import PlaitCore

/// Round robin in which a path comes up as often as its round trip is short: weight 1 / RTT.
///
///     each that may send:  credit += weight
///     chosen is the largest credit:  credit -= sum of those weights
///
/// The smooth form: with weights 3 and 1 the order is a a b a, not a a a b. A path that may not send now takes no part
/// and keeps its credit.
package struct WeightedRoundRobin: Scheduler {
    /// By slot.
    private var credit: [Int64]

    package init(_ context: SchedulerContext) {
        credit = Array(repeating: 0, count: max(context.pathsMax, 1))
    }

    package mutating func choose(
        for packet: PacketToSchedule,
        among paths: Span<PathView>,
        now: Instant
    ) -> SchedulerChoice {
        var best: Int?
        var sum: Int64 = 0
        for index in paths.indices where paths[index].mayNow {
            let slot = paths[index].slot
            // Slots beyond what was announced come at most once each.
            while credit.count <= slot { credit.append(0) }
            let weight = Self.weight(paths[index])
            credit[slot] += weight
            sum += weight
            if let found = best, credit[found] >= credit[slot] { continue }
            best = slot
        }
        guard let best else { return .wait }
        credit[best] -= sum
        return .send(slot: best)
    }

    /// In packets per 2^50 ns (13 days): precise for any round trip, and 2^13 of the largest fit a sum.
    private static func weight(_ path: PathView) -> Int64 {
        max((1 << 50) / max(path.smoothedRoundTrip.nanoseconds, 1), 1)
    }

    static let registration = SchedulerRegistration(
        signature: ModelSignature(
            name: "weighted-round-robin",
            summary: "paths in turn, each as often as its smoothed round trip is short (weight 1/RTT)"
        )
    ) { _, context in WeightedRoundRobin(context) }
}
