/// A verb of the command line: everything that its help text, its parser and its caller need to know.
package struct Verb: Sendable {
    package let name: String
    /// One line for `plait help`.
    package let summary: String
    package let operands: Operands
    /// The first one is what most people want.
    package let examples: [Example]
    /// Further paragraphs of `plait help VERB`, a line each.
    package let notes: [String]
    package let options: [Option]
    package let action: @Sendable (Arguments, Context) throws(CommandError) -> ExitStatus

    package init(
        _ name: String,
        _ summary: String,
        operands: Operands,
        examples: [Example],
        notes: [String] = [],
        options: [Option] = [],
        action: @escaping @Sendable (Arguments, Context) throws(CommandError) -> ExitStatus
    ) {
        precondition(!examples.isEmpty, "help shows an example first")
        self.name = name
        self.summary = summary
        self.operands = operands
        self.examples = examples
        self.notes = notes
        self.options = options
        self.action = action
    }

    /// A command line, and what it does.
    package struct Example: Sendable {
        package let command: String
        package let effect: String

        package init(_ command: String, _ effect: String) {
            self.command = command
            self.effect = effect
        }
    }
}

/// How many words that are not options a verb takes.
package struct Operands: Sendable {
    /// As in the help text: `FILE...`; empty when there are none.
    package let usage: String
    package let count: ClosedRange<Int>

    package init(_ usage: String, _ count: ClosedRange<Int>) {
        self.usage = usage
        self.count = count
    }

    package static let none = Operands("", 0...0)

    func check(_ words: [String]) throws(CommandError) {
        if words.count < count.lowerBound {
            throw CommandError(.usage, words.isEmpty ? "\(usage) is missing" : "expected \(usage)")
        }
        if words.count > count.upperBound {
            let extra = Printable.quoted(words[count.upperBound])
            throw CommandError(
                .usage,
                usage.isEmpty ? "\(extra) is not expected" : "\(extra) is one too many: \(usage)"
            )
        }
        if words.contains("") {
            throw CommandError(.usage, "an empty name", remedy: "is a variable of your shell unset?")
        }
    }
}
