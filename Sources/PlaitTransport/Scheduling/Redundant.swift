package import PlaitCore

/// Everything on every path: the lowest delay that the paths can give, at the price of their sum.
///
/// The connection copies the packet's frames to each path that may send now, and gives the others the same frames when
/// they may, unless these were acknowledged meanwhile. (A. Froemmgen et al., "ReMP TCP: Low latency multipath TCP",
/// ICC 2016.)
package struct Redundant: Scheduler {
    package init() {}

    package mutating func choose(
        for packet: PacketToSchedule,
        among paths: Span<PathView>,
        now: Instant
    ) -> SchedulerChoice {
        for index in paths.indices where paths[index].mayNow { return .sendOnAll }
        return .wait
    }

    static let registration = SchedulerRegistration(
        signature: ModelSignature(name: "redundant", summary: "a copy of every packet on every path (ReMP TCP)")
    ) { _, _ in Redundant() }
}
