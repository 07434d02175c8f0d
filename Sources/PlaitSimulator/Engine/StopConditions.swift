package import PlaitCore

/// When a run ends, and who hears of its progress. Whatever comes first.
package struct StopConditions {
    package var time: Instant = .never
    package var events: UInt64 = .max
    /// Whether a run in which nothing is left to happen ends there. If not, it lasts until `time`, in silence.
    package var whenQuiet = false
    /// More events, or datagrams of one endpoint, without any passing of virtual time are taken for a loop.
    package var eventsPerInstant: UInt64 = 1_000_000
    /// Events between two calls of `progress`.
    package var progressEvery = 65_536
    /// Told the virtual time and the events so far; answers whether to go on.
    package var progress: ((Instant, UInt64) -> Bool)?

    package init() {}
}

/// Why a run ended.
package enum StopReason: Hashable, Sendable {
    case timeReached
    case eventLimit
    /// Nothing is left that could happen.
    case quiescent
    /// Virtual time stopped advancing; the culprit is who fired most often meanwhile.
    case stalled(culprit: String)
    /// The progress callback said so.
    case interrupted
}
