package import PlaitCore
package import PlaitScenario
import PlaitSimulator

/// When a host's monotonic clock showed what, in virtual time, over the whole run: reports compare hosts by one clock.
///
/// A clock that runs slow shows one nanosecond for longer than one; the first of its virtual instants is answered.
package struct HostTimes: Sendable {
    /// By the reading at which each begins; the first at zero.
    private var segments: [(start: Instant, clock: HostClock)]

    package init(drift: Int64 = 0) { segments = [(.start, HostClock(drift: drift))] }

    /// The clock of a host of the scenario, with all the drifts that the timeline gives it.
    package init(_ scenario: Scenario, host: HostID) {
        self.init(drift: scenario.hosts[Int(host.index)].driftPartsPerBillion)
        for item in scenario.timeline {
            guard case .host(host, .drift(let drift)) = item.action, var clock = segments.last?.clock else { continue }
            let at = Instant.start + item.at
            clock.setDrift(drift, at: at)
            segments.append((clock.monotonic(at: at), clock))
        }
    }

    /// The virtual instant at which the clock first shows `reading`.
    package func virtual(at reading: Instant) -> Instant {
        guard !reading.isNever else { return .never }
        let segment = segments.last { $0.start <= reading } ?? segments[0]
        return segment.clock.virtual(at: reading)
    }

    /// What the clock shows at `virtual`.
    package func reading(at virtual: Instant) -> Instant {
        guard !virtual.isNever else { return .never }
        let segment = segments.last { $0.clock.virtual(at: $0.start) <= virtual } ?? segments[0]
        return segment.clock.monotonic(at: virtual)
    }
}
