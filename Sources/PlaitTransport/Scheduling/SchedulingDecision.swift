package import PlaitCore

/// One answer of a scheduler with all that it knew: what `decisions.csv` has a row a path for.
///
/// Made only when an observer asked for decisions; an ordinary connection never builds one.
package struct SchedulingDecision: Sendable {
    package let time: Instant
    package let packet: PacketToSchedule
    /// In the order in which the scheduler saw them.
    package let candidates: [Candidate]
    package let choice: SchedulerChoice

    /// A path that was shown, and when the scheduler thought that the packet would arrive by it.
    package struct Candidate: Sendable {
        package let view: PathView
        /// `.never` when the scheduler does not estimate.
        package let arrival: Instant
    }

    /// The scheduler is asked for its estimates, so it should be as it was before the choice.
    package init(
        _ choice: SchedulerChoice,
        of scheduler: borrowing any Scheduler,
        for packet: PacketToSchedule,
        among paths: Span<PathView>,
        now: Instant
    ) {
        time = now
        self.packet = packet
        self.choice = choice
        var candidates: [Candidate] = []
        candidates.reserveCapacity(paths.count)
        for index in paths.indices {
            let estimate = scheduler.estimate(paths[index], for: packet, now: now)
            candidates.append(Candidate(view: paths[index], arrival: estimate.map { now + $0 } ?? .never))
        }
        self.candidates = candidates
    }

    /// When the scheduler thought that the packet would arrive by the path it chose.
    package var expectedArrival: Instant {
        guard case .send(let slot) = choice else { return .never }
        return candidates.first { $0.view.slot == slot }?.arrival ?? .never
    }
}
