import PlaitCore

/// One vertical line of a plot: everything that began to change at one instant.
struct TimelineMark {
    let start: Int64
    private var changes: [Change]

    /// One property of one place, changed once or, in a ramp, step by step.
    private struct Change: Hashable {
        var place: String
        let property: TraceEvent.Property
        let start: Int64
        var end: Int64
        let first: String
        var last: String

        /// `wifi rate 6 Mbps to 3 Mbps until 2 s`.
        var wording: String {
            guard start < end else { return place.isEmpty ? last : place + " " + last }
            let name = property.word + " "
            let value = last.hasPrefix(name) ? String(last.dropFirst(name.count)) : last
            return "\(place) \(first) to \(value) until \(Interval(nanoseconds: end))"
        }
    }

    private struct Subject: Hashable {
        let place: Int32
        let property: TraceEvent.Property
    }

    /// Changes of one instant make a mark. Steps of one measured property that follow each other closely are a ramp
    /// and count as one change, at the instant of the first step.
    static func marks(of events: [TraceEvent], labels: RunLabels, runEnd: Instant) -> [TimelineMark] {
        let close = runEnd.nanoseconds / 33
        var changes: [Change] = []
        // Only looked up, never walked through.
        var latest: [Subject: Int] = [:]
        for event in events {
            let time = event.time.nanoseconds
            let phrase = ChangedValue(event).phrase
            let subject = Subject(place: event.place, property: event.property)
            if event.property.isMeasured, let index = latest[subject], time - changes[index].end <= close {
                changes[index].end = time
                changes[index].last = phrase
            } else {
                latest[subject] = changes.count
                let place = labels.place(of: event)
                changes.append(
                    Change(place: place, property: event.property, start: time, end: time, first: phrase, last: phrase)
                )
            }
        }
        var marks: [TimelineMark] = []
        for change in changes {
            if marks.last?.start == change.start {
                marks[marks.count - 1].changes.append(change)
            } else {
                marks.append(TimelineMark(start: change.start, changes: [change]))
            }
        }
        for index in marks.indices { marks[index].mergeDirections(labels) }
        return marks
    }

    /// `2 s: wifi down, lte rate 5 Mbps`.
    var wording: String {
        "\(Interval(nanoseconds: start)): " + changes.map(\.wording).joined(separator: ", ")
    }

    /// Both directions of a link changed alike: say it once, of the link.
    private mutating func mergeDirections(_ labels: RunLabels) {
        for pair in stride(from: 0, to: labels.directions.count - 1, by: 2) {
            let back = labels.directions[pair + 1].name
            for index in changes.indices.reversed() where changes[index].place == labels.directions[pair].name {
                var twin = changes[index]
                twin.place = back
                guard let other = changes.firstIndex(of: twin) else { continue }
                changes[index].place = labels.directions[pair].link
                changes.remove(at: other)
            }
        }
    }
}

extension TraceEvent.Property {
    /// Whether its values are quantities, which a ramp moves through, and not states.
    fileprivate var isMeasured: Bool {
        switch self {
        case .rate, .delay, .jitter, .queue, .duplication, .reordering, .corruption, .drift: true
        case .none, .up, .clog, .mtu, .overhead, .loss, .host, .wallStep, .rebind, .partition: false
        }
    }
}
