/// Something wrong with, or worth a warning about, a scenario file: what, where, and what to write instead.
public struct Diagnostic: Error, Hashable, Sendable {
    public let severity: Severity
    public let place: Place
    public let message: String
    /// What to do: `did you mean 'delay'?`
    public let remedy: String?

    public init(_ severity: Severity = .error, at place: Place, _ message: String, remedy: String? = nil) {
        self.severity = severity
        self.place = place
        self.message = Self.printable(message)
        self.remedy = remedy.map(Self.printable)
    }

    /// Messages quote the file, and a file must not be able to move the terminal's cursor.
    private static func printable(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 32 || $0 == 127 }) else { return text }
        return text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : String($0) }.joined()
    }

    /// Whether the file can be run all the same.
    public enum Severity: String, Hashable, Sendable {
        case error
        case warning
    }
}

/// All that is wrong with a scenario, sorted by place. Thrown when at least one of them is an error.
public struct Diagnostics: Error, Sendable {
    /// Sorted: files in the order in which they were read, then by line and column.
    public let entries: [Diagnostic]
    /// Further ones that were found but not kept.
    public let omitted: Int
    public let sources: SourceTexts

    /// For problems that are found after reading, such as a registry's `ModelError`.
    public init(_ entries: [Diagnostic], omitted: Int = 0, sources: SourceTexts) {
        self.entries =
            entries
            .enumerated()
            .sorted { a, b in
                let (left, right) = (a.element.place, b.element.place)
                return (sources.rank(of: left.file), left.line, left.column, a.offset)
                    < (sources.rank(of: right.file), right.line, right.column, b.offset)
            }
            .map(\.element)
        self.omitted = omitted
        self.sources = sources
    }

    public var hasErrors: Bool { entries.contains { $0.severity == .error } }
}

extension Diagnostics: CustomStringConvertible {
    /// As a terminal shows it: each with its source line and a caret.
    public var description: String {
        var text = ""
        for entry in entries {
            text += "\(entry.place): \(entry.severity.rawValue): \(entry.message)\n"
            if let excerpt = sources.excerpt(at: entry.place) {
                text += "    \(excerpt.line)\n    " + String(repeating: " ", count: excerpt.caret) + "^"
                text += entry.remedy.map { " " + $0 } ?? ""
                text += "\n"
            } else if let remedy = entry.remedy {
                text += "    \(remedy)\n"
            }
        }
        if omitted > 0 { text += "and \(omitted) more\n" }
        return text
    }
}

/// Collects what is wrong, so that a user sees all of it at once.
package final class DiagnosticLog {
    package private(set) var entries: [Diagnostic] = []
    /// A preset that is used by many links is wrong only once.
    private var seen: Set<Diagnostic> = []
    package private(set) var omitted = 0
    package private(set) var errorCount = 0
    package var sources = SourceTexts()

    /// Enough for any person; the rest is counted. A hostile file must not make megabytes of messages.
    private static let limit = 200

    package init() {}

    /// Whether there is still room, so that suggestions are not computed in vain.
    package var hasRoom: Bool { entries.count < Self.limit }

    package func add(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { errorCount += 1 }
        guard hasRoom else {
            omitted += 1
            return
        }
        guard seen.insert(diagnostic).inserted else { return }
        entries.append(diagnostic)
    }

    package func error(_ place: Place, _ message: String, remedy: String? = nil) {
        add(Diagnostic(at: place, message, remedy: remedy))
    }

    package func warn(_ place: Place, _ message: String, remedy: String? = nil) {
        add(Diagnostic(.warning, at: place, message, remedy: remedy))
    }

    package var diagnostics: Diagnostics { Diagnostics(entries, omitted: omitted, sources: sources) }
}
