import PlaitRun
import PlaitScenario

/// Help texts, made from the tables that the parser reads by.
package enum Help {
    /// `plait help`
    package static func overview(_ verbs: [Verb]) -> String {
        let rows = verbs.map { ($0.name, $0.summary) }
        return """
            plait: a testbed for multipath transport. It runs scenario files over a simulated network.

              plait run first    runs a scenario that ships with Plait
              plait help run     what a verb can do, examples first

            Verbs
            \(table(rows))
            Topics
            \(table([("help exit", "what the exit status says")]))
            plait --version prints the version.

            """
    }

    /// `plait help VERB`
    package static func text(of verb: Verb) -> String {
        var text = "Examples\n" + table(verb.examples.map { ($0.command, $0.effect) })
        text += "\nplait \(verb.name)"
        if !verb.operands.usage.isEmpty { text += " " + verb.operands.usage }
        text += verb.options.isEmpty ? "\n" : " [OPTION...]\n"
        text += "  \(verb.summary)\n"
        for note in verb.notes { text += "  \(note)\n" }
        let options = verb.options.map { option in
            (option.usage, option.summary + (option.isRepeatable ? " (may be repeated)" : ""))
        }
        return text + "\nOptions\n" + table(options + [("--help", "prints this text")])
    }

    /// `plait help exit`
    package static var exit: String {
        "Exit status of plait\n" + table(ExitStatus.allCases.map { (String($0.rawValue), $0.meaning) })
    }

    /// `plait --version`
    package static var version: String { "plait \(PlaitVersion.current)\n" }

    /// Two columns, the first as wide as it needs to be.
    package static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { first, second in
            "  " + first + String(repeating: " ", count: width - first.count) + "  " + second + "\n"
        }
        .joined()
    }
}

extension Verb {
    /// `plait help`
    package static let help = Verb(
        "help",
        "Explains plait, one of its verbs, or the exit status.",
        operands: Operands("[VERB | exit]", 0...1),
        examples: [
            Example("plait help check", "explains one verb"),
            Example("plait help exit", "lists the exit statuses"),
        ]
    ) { arguments, context throws(CommandError) in
        guard let topic = arguments.operands.first else {
            context.console.output.write(Help.overview(context.verbs))
            return .success
        }
        if topic == "exit" {
            context.console.output.write(Help.exit)
            return .success
        }
        let verb = try find(topic, among: context.verbs, or: ["exit"])
        context.console.output.write(Help.text(of: verb))
        return .success
    }

    /// The verb of that name, or an error that suggests another one.
    package static func find(
        _ name: String,
        among verbs: [Verb],
        or others: [String] = []
    ) throws(CommandError) -> Verb {
        if let verb = verbs.first(where: { $0.name == name }) { return verb }
        throw CommandError(
            .usage,
            "there is no verb \(Printable.quoted(name))",
            remedy: Suggestion.remedy(for: name, among: verbs.map(\.name) + others)
        )
    }
}
