import PlaitCore
import PlaitTransport

/// Keeps to the path that was opened first, which costs nothing, and uses the others, which do, only when what waits
/// would keep that one busy for longer than `patience`.
struct Thrifty: Scheduler {
    let patience: Interval

    mutating func choose(for packet: PacketToSchedule, among paths: Span<PathView>, now: Instant) -> SchedulerChoice {
        let free = paths[0]
        if free.mayNow { return .send(slot: free.slot) }
        guard backlog(of: free, packet) > patience else { return .wait }
        for index in paths.indices where paths[index].mayNow { return .send(slot: paths[index].slot) }
        return .wait
    }

    /// A window a round trip is what a path carries; so long does it take for what is under way and what waits.
    private func backlog(of path: PathView, _ packet: PacketToSchedule) -> Interval {
        let bytes = Double(path.bytesInFlight) + Double(packet.queuedBytes)
        return Interval(nanoseconds: Int64(Double(path.smoothedRoundTrip.nanoseconds) * bytes / Double(path.window)))
    }

    /// For `decisions.csv`: when this packet would arrive, so that a run shows how good the guess was.
    func estimate(_ path: PathView, for packet: PacketToSchedule, now: Instant) -> Interval? {
        Interval(nanoseconds: path.smoothedRoundTrip.nanoseconds / 2)
    }

    static let registration = SchedulerRegistration(
        signature: ModelSignature(
            name: "thrifty",
            summary: "uses further paths only when the first one would be busy for longer than `patience`",
            parameters: [.init("patience", .interval, "How long the first path may take. Default: 100 ms.")]
        )
    ) { choice, _ in Thrifty(patience: choice.interval("patience") ?? .milliseconds(100)) }
}
