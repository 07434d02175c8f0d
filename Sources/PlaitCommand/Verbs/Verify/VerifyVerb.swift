extension Verb {
    /// `plait verify`
    package static let verify = Verb(
        "verify",
        "Tries properties in many random worlds, checks the models, and compares the two.",
        operands: Operands("transfers|multipath|pairs|handshakes|flood", 0...1),
        examples: [
            Example("plait verify --compare", "one table: what TLC says of each property, and what property tests say"),
            Example("plait verify --property stream --cases 10000", "one property, or all whose name begins so"),
            Example("plait verify --tlc --module Stream", "all of a module's configurations under TLC"),
            Example("plait verify --mutants", "plants known bugs, and says who found each"),
            Example(
                "plait verify transfers --seeds 1..200",
                "200 random transfers over bad links, every byte compared"
            ),
            Example("plait verify multipath --seeds 1..200", "200 over two to six paths that die, return and move"),
            Example(
                "plait verify pairs --out pairs",
                "every scheduler on 36 pairs of links; continues where it was ended"
            ),
            Example("plait verify handshakes --seeds 1..2000", "how long handshakes take at 10 % and 30 % loss"),
            Example("plait verify flood", "100,000 forged first packets, and one real client"),
        ],
        notes: [
            "A case that fails prints the command that repeats it, and leaves its scenario for 'plait run'."
        ],
        options: [
            .flag("list", "names every property, with what it says"),
            .value("property", "NAME", "only properties whose name begins so"),
            .value("module", "NAME", "only what belongs to one module of formal/"),
            .flag("tlc", "checks the modules with TLC"),
            .flag("record", "with --tlc: writes its counts into formal/ (scripts/formal does it)"),
            .flag("compare", "checks the modules with TLC and the code with property tests, and compares"),
            .flag("large", "checks the modules within bounds that take an hour or more, with TLC, twin and code"),
            .flag("mutants", "plants known bugs, in code and models, and looks who finds them"),
            .value("cases", "N", "so many random cases a property"),
            .value("time", "T", "tries cases for so long: 10m, 30s"),
            .value("seed", "N", "of the first case (1)"),
            .value(
                "seeds",
                "A..B",
                "transfers, multipath: 1..100, pairs: 1..20, handshakes: 1..200 unless given; flood: one seed, 1"
            ),
            .value("replay", "FILE", "tries the one case in a file that a failure left"),
            .value("workers", "N", "uses N threads instead of one per processor"),
            .value("trace", "FILE", "compare: leads the code along a trace in the ITF form, and says where it left it"),
            .value("out", "DIR", "where results and the scenarios of failed cases go (results/runs/verify)"),
            .value(
                "pair",
                "A+B",
                repeats: true,
                "pairs: only these two presets, or A+B-WORK-BUFFER, one of their rows"
            ),
            .value("schedulers", "A,B", "pairs: only these, of which the first is judged (earliest, and all others)"),
            .value("packets", "N", "flood: so many forged packets (100000)"),
            .flag("json", "prints the results as JSON"),
            .flag("no-progress", "shows no progress bar"),
        ]
    ) { arguments, context throws(CommandError) in
        let action = VerifyAction(arguments, context)
        guard let campaign = arguments.operands.first, !arguments.flag("mutants") else { return try action.verify() }
        try action.refuseWhatDoesNotApply(to: campaign)
        switch campaign {
        case "transfers": return try action.transfers()
        case "multipath": return try action.multipath()
        case "pairs": return try action.pairs()
        case "handshakes": return try action.handshakes()
        case "flood": return try action.flood()
        case let other:
            throw CommandError(
                .usage,
                "there is nothing called \(Printable.quoted(other)) to verify",
                remedy: "write transfers, multipath, pairs, handshakes or flood, or none of them to verify properties"
            )
        }
    }
}

extension VerifyAction {
    /// One of the five ways of verifying properties; the properties themselves when none is asked for.
    fileprivate func verify() throws(CommandError) -> ExitStatus {
        for option in ["pair", "schedulers"] where arguments.value(option) != nil {
            throw CommandError(.usage, "--\(option) means nothing without 'pairs'", remedy: "write plait verify pairs")
        }
        let ways = ["list", "tlc", "compare", "large", "mutants"].filter { arguments.flag($0) }
        guard ways.count <= 1 else {
            throw CommandError(.usage, "--\(ways[0]) and --\(ways[1]) are two commands", remedy: "write one of them")
        }
        switch ways.first {
        case "list": return try listProperties()
        case "tlc": return try checkModels()
        case "compare": return try compare()
        case "large": return try checkLarge()
        case "mutants": return try mutants()
        default: return try properties()
        }
    }
}
