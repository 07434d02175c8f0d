package import PlaitReport

// `tlc.csv`, with one row a configuration and nothing in it that differs from run to run; `tlc_times.csv`, with what
// does; and for each configuration its result as JSON, with its counterexample as a trace beside it.
extension ModelChecks {
    /// Raised when a column or key is renamed, removed, moved or means something else.
    package static let formatVersion: Int64 = 1

    /// The columns of tlc.csv, with what they mean.
    package static let columns: [(name: String, meaning: String)] = [
        ("module", "The folder below `formal/`."),
        ("configuration", "The configuration file without `.cfg`."),
        ("kind", "`Safety`, `Graph`, `Live`, `Witness` or `Mut`."),
        ("expected", "What expect.json says: `holds`, `deadlock` or `violates NAME`."),
        ("verdict", "What TLC says: the same words, `error`, `stopped` or `NOT-RUN`."),
        ("exit_status", "Of the TLC process."),
        ("code", "TLC's number for its judgement; 2193 is no error."),
        ("distinct_states", "Different states found."),
        ("generated_states", "States found, each as often as a transition leads to it."),
        ("depth", "Length of the longest shortest path, in states; empty with more workers than one."),
        ("trace_states", "Length of the counterexample, in states."),
        ("workers", "TLC's threads."),
        ("tlc_version", "As TLC prints it."),
        ("tlc_revision", "As TLC prints it."),
        ("jar_sha256", "Of the jar that ran."),
        ("result", "`ok`, or `DIFFERS` from expect.json."),
    ]

    /// The columns of tlc_times.csv.
    package static let timeColumns: [(name: String, meaning: String)] = [
        ("module", "As in tlc.csv."),
        ("configuration", "As in tlc.csv."),
        ("wall_ms", "From the start of the process to its end."),
        ("generated_states_per_s", "Over all of that time, the start of Java included."),
    ]

    /// Writes all of it into a folder, which is made.
    package func write(to folder: String) throws(FileError) {
        try makeFolder(folder)
        try FileSink.write(table, to: folder + "/tlc.csv")
        try FileSink.write(times, to: folder + "/tlc_times.csv")
        for check in checks {
            let stem = "\(folder)/\(check.module)-\(check.configuration.name)"
            try FileSink.write(check.json, to: stem + ".json")
            // A trace of an earlier time would pass for this one's.
            if let trace = check.trace {
                try FileSink.write(trace.itf, to: stem + ".itf.json")
            } else {
                try removeFile(stem + ".itf.json")
            }
        }
    }

    package var table: Text {
        .csv(Self.columns.map(\.name), checks.map(\.row))
    }

    private var times: Text {
        .csv(
            Self.timeColumns.map(\.name),
            checks.map { check in
                let nanoseconds = UInt64(max(0, check.result.nanoseconds))
                let generated = UInt64(max(0, check.result.generated ?? 0))
                return [
                    check.module, check.configuration.name, String(nanoseconds / 1_000_000),
                    String(ratio(generated, 1_000_000_000, over: nanoseconds)),
                ]
            }
        )
    }
}

extension ModelCheck {
    /// The counterexample, by the names of its variables; the label `act` became the steps' actions.
    package var trace: ModelTrace? {
        let names = result.trace.first?.variables.map(\.name).filter { $0 != "act" }.sorted() ?? []
        return ModelTrace(
            result,
            module: module,
            source: "TLC, \(configuration.name) \(result.verdict.words)",
            variables: names
        )
    }

    fileprivate var row: [String] {
        func text(_ number: Int?) -> String { number.map(String.init) ?? "" }
        return [
            module, configuration.name, configuration.kind.rawValue, configuration.expectation.words,
            result.verdict.words, text(result.exitStatus.map(Int.init)), text(result.code), text(result.distinct),
            text(result.generated), text(result.depth), text(result.trace.isEmpty ? nil : result.trace.count),
            text(result.workers), result.version ?? "", result.revision ?? "", result.jarHash ?? "",
            holds ? "ok" : "DIFFERS",
        ]
    }

    /// The row as an object, and what there is besides.
    package var json: Text {
        var writer = JSONWriter(pretty: true)
        write(to: &writer)
        return writer.document
    }

    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("format_version")
            writer.value(ModelChecks.formatVersion)
            let numbers = [
                "exit_status", "code", "distinct_states", "generated_states", "depth", "trace_states", "workers",
            ]
            for (column, field) in zip(ModelChecks.columns, row) {
                writer.key(column.name)
                if numbers.contains(column.name) {
                    if let number = Int64(field) { writer.value(number) } else { writer.null() }
                } else {
                    writer.value(field)
                }
            }
            writer.key("collision_probability")
            writer.value(result.collisions ?? "")
            writer.key("reason")
            writer.value(result.verdict.reason ?? "")
            writer.key("differences")
            writer.array { writer in
                for difference in differences { writer.value(difference) }
            }
            writer.key("actions")
            writer.array { writer in
                for action in actionCounts {
                    writer.object { writer in
                        writer.key("name")
                        writer.value(action.name)
                        writer.key("transitions")
                        writer.value(Int64(action.transitions))
                    }
                }
            }
        }
    }

    /// How many transitions of the exported graph each action has, by name.
    package var actionCounts: [(name: String, transitions: Int)] {
        guard let graph else { return [] }
        let names = graph.actions.map { action in
            guard case .text(let name)? = (try? TLAValue(parsing: action))?["name"] else { return action }
            return name
        }
        var counts = [Int](repeating: 0, count: names.count)
        for edge in graph.edges { counts[edge.action] += 1 }
        var sums: [(name: String, transitions: Int)] = []
        for (name, count) in zip(names, counts).sorted(by: { $0.0 < $1.0 }) {
            if sums.last?.name == name { sums[sums.count - 1].transitions += count } else { sums.append((name, count)) }
        }
        return sums
    }
}
