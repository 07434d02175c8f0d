import PlaitCore
import PlaitTransport

/// Keeps to the path that was opened first, which costs nothing, and uses the others, which do, only while more than
/// `above` bytes wait to be sent.
struct Thrifty: Scheduler {
    let above: UInt64

    mutating func choose(for packet: PacketToSchedule, among paths: Span<PathView>, now: Instant) -> SchedulerChoice {
        let free = paths[0]
        if free.mayNow { return .send(slot: free.slot) }
        guard packet.queuedBytes > above else { return .wait }
        for index in paths.indices where paths[index].mayNow { return .send(slot: paths[index].slot) }
        return .wait
    }

    /// For `--decisions`: how long this packet would take, so that a run shows how good the guess was.
    func estimate(_ path: PathView, for packet: PacketToSchedule, now: Instant) -> Interval? {
        Interval(nanoseconds: path.smoothedRoundTrip.nanoseconds / 2)
    }

    static let registration = SchedulerRegistration(
        signature: ModelSignature(
            name: "thrifty",
            summary: "uses further paths only while more than `above` bytes wait",
            parameters: [.init("above", .bytes, "Default: 500 kB.")]
        )
    ) { choice, _ in Thrifty(above: UInt64(choice.bytes("above") ?? 500_000)) }
}
