/// Notices that virtual time has stopped advancing, and finds out who keeps it from doing so.
struct StallGuard {
    private var eventsNow: UInt64 = 0
    /// Firings by timer, counted only after the limit was passed.
    private var firings: [Int] = []
    private var observed = 0

    /// Counts one event.
    ///
    /// - Returns: The timer that fired most often, once `limit` events and a thousand more passed at one instant.
    mutating func count(timer: Int, advances: Bool, limit: UInt64) -> Int? {
        if advances {
            eventsNow = 0
            if observed > 0 { forget() }
            return nil
        }
        eventsNow += 1
        guard eventsNow > limit else { return nil }
        if firings.count <= timer { firings += Array(repeating: 0, count: timer + 1 - firings.count) }
        firings[timer] += 1
        observed += 1
        guard observed > 1_000 else { return nil }
        return firings.indices.max { firings[$0] < firings[$1] }
    }

    /// Time went on after all: whoever was busy then is no culprit of what comes.
    private mutating func forget() {
        firings.removeAll(keepingCapacity: true)
        observed = 0
    }
}
