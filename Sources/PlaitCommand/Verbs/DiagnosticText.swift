package import PlaitScenario

/// Diagnostics as a terminal shows them, with the parts that matter in colour.
package struct DiagnosticText {
    private let usesColor: Bool

    package init(usesColor: Bool) { self.usesColor = usesColor }

    /// Without colour this is the diagnostics' own description.
    package func text(of diagnostics: Diagnostics) -> String {
        guard usesColor else { return diagnostics.description }
        var text = ""
        for entry in diagnostics.entries {
            text += bold("\(entry.place): ") + severity(entry.severity) + bold(entry.message) + "\n"
            if let excerpt = diagnostics.sources.excerpt(at: entry.place) {
                let caret = "^" + (entry.remedy.map { " " + $0 } ?? "")
                text += "    \(excerpt.line)\n    " + String(repeating: " ", count: excerpt.caret)
                text += painted(caret, "32") + "\n"
            } else if let remedy = entry.remedy {
                text += "    " + painted(remedy, "32") + "\n"
            }
        }
        if diagnostics.omitted > 0 { text += "and \(diagnostics.omitted) more\n" }
        return text
    }

    private func severity(_ severity: Diagnostic.Severity) -> String {
        painted(severity.rawValue + ": ", severity == .error ? "1;31" : "1;35")
    }

    private func bold(_ text: String) -> String { painted(text, "1") }

    /// With a code of ECMA-48, section 8.3.117 (SGR).
    private func painted(_ text: String, _ code: String) -> String { "\u{1B}[\(code)m\(text)\u{1B}[0m" }
}
