package import PlaitCore

/// When data that is in flight on one path is sent again by another, before anything says that it is lost.
///
/// Independent of the scheduler, and decided chunk by chunk: frames are packed anew, packets are never copied.
package enum ReinjectionPolicy: Hashable, Sendable {
    /// Never: only what recovery declared lost is sent again.
    case none
    /// What was in flight on a path when it fell under suspicion, at once.
    case onSuspicion
    /// Also at the tail: there is nothing new to send, and another path would bring a chunk earlier than the first
    /// copy.
    case atTail

    /// Whether a chunk is worth sending again at the tail.
    ///
    /// The first copy is given what a packet of its path takes; one whose answer is overdue counts as lost, and is
    /// worth more than anything that recovery would do later. The second copy must be an eighth of its round trip
    /// earlier, so that equal paths do not repeat each other's last packets over nothing.
    ///
    /// - Parameters:
    ///   - sentAt: When the chunk was first sent.
    ///   - from: The path on which it is in flight.
    ///   - to: Another one, that may send now.
    ///   - now: The time of the views.
    /// - Returns: Whether to send it again on `to`.
    package func repeats(sentAt: Instant, from: PathView, to: PathView, now: Instant) -> Bool {
        guard self == .atTail, to.mayNow, to.slot != from.slot, !to.isSuspected else { return false }
        let again = PathForecast(to, now: now)
        let margin = Double(to.smoothedRoundTrip.nanoseconds) / 8
        let first = PathForecast(from, now: now).remaining(of: sentAt, again: again.arrival, now: now)
        return again.arrival + margin < first
    }

    /// Whether what is in flight on a path is handed to the others when it falls under suspicion.
    package var handsOutOnSuspicion: Bool { self != .none }
}
