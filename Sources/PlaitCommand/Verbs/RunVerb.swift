extension Verb {
    /// `plait run`
    package static let run = Verb(
        "run",
        "Runs a scenario and says what the network did.",
        operands: Operands("FILE", 1...1),
        examples: [
            Example("plait run Scenarios/first.yaml", "runs it and prints a summary"),
            Example("plait run first --seeds 1..100 --json", "a hundred seeds, for machines"),
            Example("plait run first --set links.wifi.loss=2% --plot", "changed, with a picture"),
        ],
        notes: [
            "FILE may be the name of a scenario that ships with Plait: see plait scenarios.",
            "The exit status is 0 only if every expectation of the scenario holds for every seed.",
        ],
        options: RunOptions.table
    ) { arguments, context throws(CommandError) in
        try RunAction(RunOptions(arguments), context).perform()
    }
}
