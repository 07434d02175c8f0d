import PlaitScenario

/// The words after a verb, sorted into operands and options by the verb's table.
///
/// `--key value` and `--key=value` are the same; options and operands may be mixed; after `--` everything is an
/// operand.
package struct Arguments: Hashable, Sendable {
    package private(set) var operands: [String] = []
    /// In the order given.
    private var given: [Given] = []

    private struct Given: Hashable {
        let name: String
        let value: String?
    }

    /// Whether `--help` or `-h` is among them. It wins over everything else, mistakes included.
    package static func askForHelp(_ words: [String]) -> Bool {
        words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    }

    package init(_ words: [String], of verb: Verb) throws(CommandError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            if word.hasPrefix("--") {
                try readOption(word.dropFirst(2), &rest, verb)
            } else if word.hasPrefix("-"), word != "-" {
                throw Self.unknown(word, verb)
            } else {
                operands.append(word)
            }
        }
        try verb.operands.check(operands)
    }

    package func flag(_ name: String) -> Bool { given.contains { $0.name == name } }

    package func value(_ name: String) -> String? { values(name).last }

    package func values(_ name: String) -> [String] { given.compactMap { $0.name == name ? $0.value : nil } }

    private mutating func readOption(
        _ word: Substring,
        _ rest: inout ArraySlice<String>,
        _ verb: Verb
    ) throws(CommandError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        guard let option = verb.options.first(where: { $0.name == name }) else { throw Self.unknown("--" + name, verb) }
        guard option.isRepeatable || !flag(name) else {
            throw CommandError(.usage, "--\(name) is given twice", remedy: "leave one of them out")
        }
        let attached = parts.count > 1 ? String(parts[1]) : nil
        guard let placeholder = option.value else {
            guard attached == nil else {
                throw CommandError(.usage, "--\(name) takes no value", remedy: "write --\(name) alone")
            }
            given.append(Given(name: name, value: nil))
            return
        }
        let needed = CommandError(.usage, "--\(name) needs a value", remedy: "write --\(name) \(placeholder)")
        if let attached {
            guard !attached.isEmpty else { throw needed }
            given.append(Given(name: name, value: attached))
            return
        }
        // A forgotten value must not swallow the option behind it; one that really begins so can be attached.
        guard let next = rest.first, !next.isEmpty, !next.hasPrefix("--") else { throw needed }
        rest.removeFirst()
        given.append(Given(name: name, value: next))
    }

    private static func unknown(_ word: String, _ verb: Verb) -> CommandError {
        let names = verb.options.map { "--" + $0.name } + ["--help"]
        return CommandError(
            .usage,
            "\(verb.name) has no option \(Printable.quoted(word))",
            remedy: Suggestion.nearest(to: word, among: names).map { "did you mean \($0)?" }
                ?? "'plait help \(verb.name)' lists its options"
        )
    }
}
