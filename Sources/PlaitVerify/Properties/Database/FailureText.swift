import PlaitScenario

/// A failing case for people: what failed, how to see it again, the case itself, and what happened at its end.
package struct FailureText {
    private let found: FoundCase
    private let property: Property
    /// Where the case's files lie, if they were written.
    private let files: CaseFiles?
    private static let eventsShown = 24

    package init(_ found: FoundCase, of property: Property, files: CaseFiles? = nil) {
        self.found = found
        self.property = property
        self.files = files
    }

    /// The command that shows the failure again.
    package var command: String {
        switch found.origin {
        case .seed(let seed): property.command(seed: seed)
        case .search, .regression:
            "plait verify --property \(property.name) --replay \(files?.replay ?? "CASE")"
        }
    }

    package var lines: [String] {
        let failure = found.shrunk.failure ?? found.failure
        var lines = ["\(property.name) FAILED in \(failure.property), case \(found.cases)"]
        lines += failure.words.split(whereSeparator: \.isNewline).map { "  \($0)" }
        lines.append("  again: \(command)")
        if let files { lines.append("  shrunk: plait verify --property \(property.name) --replay \(files.replay)") }
        lines.append(
            "  \(found.choices.count) choices shrunk to \(found.shrunk.choices.count) in \(found.tries) tries"
        )
        if let document = found.document {
            if let scenario = files?.scenario { lines.append("  scenario: plait run \(scenario) --check-laws") }
            lines.append("  the scenario, \(document.words):")
            lines += document.scenario.briefText.split(separator: "\n").map { "    \($0)" }
        }
        return lines + events
    }

    private var events: [String] {
        let events = found.document?.events ?? found.shrunk.record.events
        guard !events.isEmpty else { return [] }
        let shown = events.suffix(Self.eventsShown)
        let more = events.count - shown.count
        var lines = ["  the last events" + (more > 0 ? " (\(more) more before them)" : "") + ":"]
        let hasSteps = shown.contains { $0.step > 0 }
        for event in shown {
            let step = String(event.step)
            let column = hasSteps ? String(repeating: " ", count: max(0, 4 - step.count)) + step + "  " : ""
            lines.append("    " + column + event.text)
        }
        return lines
    }
}

/// The files of one failing case.
package struct CaseFiles: Sendable {
    /// For `plait verify --replay`.
    package let replay: String
    /// For `plait run`; nil if the case is no scenario.
    package let scenario: String?

    package init(replay: String, scenario: String?) {
        self.replay = replay
        self.scenario = scenario
    }
}
