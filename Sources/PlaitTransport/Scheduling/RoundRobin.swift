package import PlaitCore

/// One packet a path in turn: Linux MPTCP's `roundrobin` with a quota of one packet, filling windows.
///
/// A path whose turn it is but that may not send now is passed over, so that a full window stops nobody else: the
/// order is round robin, the shares are those of the windows as soon as they are full. (C. Paasch et al.,
/// "Experimental evaluation of multipath TCP schedulers", CSWS 2014.)
package struct RoundRobin: Scheduler {
    private var lastSlot = -1

    package init() {}

    package mutating func choose(
        for packet: PacketToSchedule,
        among paths: Span<PathView>,
        now: Instant
    ) -> SchedulerChoice {
        var next: Int?
        var first: Int?
        for index in paths.indices where paths[index].mayNow {
            let slot = paths[index].slot
            first = min(first ?? slot, slot)
            if slot > lastSlot { next = min(next ?? slot, slot) }
        }
        guard let slot = next ?? first else { return .wait }
        lastSlot = slot
        return .send(slot: slot)
    }

    static let registration = SchedulerRegistration(
        signature: ModelSignature(
            name: "round-robin",
            summary: "one packet a path in turn, passing over those that may not send"
        )
    ) { _, _ in RoundRobin() }
}
