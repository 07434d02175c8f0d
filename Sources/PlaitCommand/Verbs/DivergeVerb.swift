extension Verb {
    /// `plait diverge`
    package static let diverge = Verb(
        "diverge",
        "Names the first event at which two runs part.",
        operands: Operands("A B", 2...2),
        examples: [
            Example("plait diverge results/runs/a results/runs/b", "compares two run folders"),
            Example("plait diverge --json a b", "for machines"),
        ],
        notes: [
            "Both runs need --packets for the exact event; without, the hashes name the hosts and links that differ.",
            "The exit status is 0 when the runs are the same, and 1 when they part.",
        ],
        options: [.flag("json", "prints JSON")]
    ) { arguments, context throws(CommandError) in
        let (a, b) = (try RunFolder(arguments.operands[0]), try RunFolder(arguments.operands[1]))
        let found = try Divergence(a, b)
        let text = arguments.flag("json") ? DivergenceText.json(found) : DivergenceText.text(found)
        context.console.output.write(text)
        return found.areSame ? .success : .failed
    }
}
