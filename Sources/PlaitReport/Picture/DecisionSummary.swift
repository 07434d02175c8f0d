import PlaitCore

/// How well a scheduler's estimates held, in a line for people.
package struct DecisionSummary {
    private let decisions: [DecisionRecord]

    package init(_ decisions: [DecisionRecord]) { self.decisions = decisions }

    /// Half of the errors lie between the quartiles; a packet that comes later than expected counts as positive.
    package var text: String {
        let waits = decisions.count { $0.choice == .wait }
        var text = "decisions  \(Readable.count(UInt64(decisions.count))), of which"
        text += " \(Readable.count(UInt64(waits))) to wait"
        let pinned = decisions.count { $0.isPinned }
        if pinned > 0 { text += " and \(Readable.count(UInt64(pinned))) by a pin" }
        let errors = decisions.compactMap(\.error).map(\.nanoseconds).sorted()
        guard !errors.isEmpty else { return text + "; no arrival was estimated\n" }
        let shown = [5, 50, 95].map { percent in
            let error = nearestRank(percent, of: errors) ?? 0
            return (error < 0 ? "-" : "+") + Readable.duration(abs(error))
        }
        text += "; \(Readable.count(UInt64(errors.count))) arrivals differ from their estimates by \(shown[1])"
        return text + " (median; 5 % by less than \(shown[0]), 5 % by more than \(shown[2]))\n"
    }
}
