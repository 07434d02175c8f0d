package import PlaitReport

/// A file of a comparison: its columns, and its rows out of the reports of several modules.
package struct ReportTable: Sendable {
    package let file: String
    package let row: String
    /// Name, and what it means.
    package let columns: [(name: String, words: String)]
    package let rows: @Sendable (ModuleReport) -> [[String]]

    /// Of all these files together; raised when a column is renamed, removed, moved or means something else.
    package static let formatVersion = 2

    package static let all = [properties, coverage, growth, runs, timings]

    /// The file, whole.
    package func text(_ reports: [ModuleReport]) -> Text {
        .csv(columns.map(\.name), reports.flatMap(rows))
    }

    /// Writes all of them into a folder.
    package static func write(_ reports: [ModuleReport], to folder: String) throws(FileError) {
        try makeFolder(folder)
        for table in all { try FileSink.write(table.text(reports), to: folder + "/" + table.file) }
    }

    private static func field(_ number: Int?) -> String { number.map(String.init) ?? "" }
}

extension ReportTable {
    package static let properties = ReportTable(
        file: "formal_properties.csv",
        row: "One row a property.",
        columns: [
            ("model", "The module."),
            ("property_id", "As in properties.csv."),
            ("kind", "invariant, action or liveness."),
            ("tla_name", "The operator in the module."),
            ("tlc_verdict", "holds, violated, error, or not run."),
            ("tlc_msg", "Code of the message that TLC's verdict is read from; empty if it did not run."),
            ("tlc_states", "Distinct states that TLC judged it on."),
            ("tlc_depth", "Depth of that search; empty where TLC does not tell."),
            ("trace_len", "States of TLC's counterexample; empty if there is none."),
            ("pbt_verdict", "holds or fails, in runs of the code."),
            ("pbt_runs", "Runs."),
            ("pbt_steps", "Attempts of an action in them, the refused ones included."),
            (
                "pbt_exercised",
                "States or steps that met its antecedent; of a liveness property, runs whose end was judged."
            ),
            ("graph_exercising", "States or transitions of the graph that meet its antecedent."),
            ("covered_random", "Of those, visited by random runs."),
            ("covered_swarm", "By swarm runs."),
            ("covered_guided", "By guided runs."),
            ("covered_larger", "By runs with larger constants; empty if the model has none."),
            ("shrunk_len", "Actions of the shrunk failing run; empty if none failed."),
            ("seed", "Of the first run of each kind."),
            ("verdict", "AGREE-HOLDS, AGREE-FAILS, TLC-ONLY, PBT-ONLY, VACUOUS, BOUNDED(n) or NOT-RUN."),
        ],
        rows: { report in
            report.properties.map { line in
                [
                    report.module, line.id, line.kind, line.name, line.checked, field(line.messageCode),
                    field(line.checkedStates), field(line.checkedDepth), field(line.traceLength), line.tested,
                    String(line.runs), String(line.steps), String(line.exercised), String(line.exercising),
                ] + report.byKind(line.covered) + [field(line.shrunkLength), String(report.seed), line.agreement.word]
            }
        }
    )

    package static let coverage = ReportTable(
        file: "formal_coverage.csv",
        row: "One row an action, and one for all of them (action is *).",
        columns: [
            ("model", "The module."),
            ("bounds", "Its constants."),
            ("action", "The action's name; * for the whole graph."),
            ("tlc_edges", "Transitions of TLC's graph; empty if it did not run."),
            ("graph_edges", "Transitions of the twin's graph."),
            ("edges_random", "Of those, taken by random runs."),
            ("edges_swarm", "By swarm runs."),
            ("edges_guided", "By guided runs."),
            ("edges_larger", "By runs with larger constants; empty if the model has none."),
            ("edges_replayed", "By the corpus."),
            ("infeasible", "Listed as infeasible, or behind such."),
            ("states", "States of the graph; only in the row *."),
            ("states_random", "Visited by random runs; only in the row *."),
            ("states_swarm", "By swarm runs."),
            ("states_guided", "By guided runs."),
            ("states_larger", "By runs with larger constants."),
            ("refused", "Steps of all runs that the code was asked for and refused; only in the row *."),
            ("untried", "Steps of all runs that the driver would not ask the code for; only in the row *."),
            (
                "out_of_bounds",
                "Steps of all runs beyond the graph's constants that the larger model has; only in the row *."
            ),
            ("unjudged", "Steps of all runs that no constants have room for; only in the row *."),
            ("nonconforming", "Steps of all runs that the model has not; only in the row *."),
        ],
        rows: { report in
            let sum = report.campaigns.reduce(into: StepCounts()) { $0 += $1.counts }
            let all: [String] =
                [report.module, report.constants, "*", field(report.graph?.edges), String(report.twin.edges)]
                + report.byKind(report.campaigns.map(\.edges))
                + [
                    field(report.replay?.edges), String(report.twin.edges - report.twin.feasibleEdges),
                    String(report.twin.states),
                ] + report.byKind(report.campaigns.map(\.states)) + [
                    String(sum.refused + sum.infeasible), String(sum.untried), String(sum.outOfBounds),
                    String(sum.unjudged), String(sum.nonConforming),
                ]
            return report.actions.map { line in
                [
                    report.module, report.constants, line.name, field(line.exported), String(line.edges),
                ] + report.byKind(line.covered)
                    + [String(line.replayed), String(line.infeasible)] + Array(repeating: "", count: 10)
            } + [all]
        }
    )

    package static let growth = ReportTable(
        file: "formal_growth.csv",
        row: "One row for each 1,000 steps along transitions, by kind of runs.",
        columns: [
            ("model", "The module."),
            ("kind", "random, swarm, guided or larger."),
            ("steps", "Steps along transitions so far."),
            ("new_states", "States visited for the first time in these 1,000."),
            ("new_transitions", "Transitions taken for the first time in them."),
        ],
        rows: { report in
            report.campaigns.flatMap { line in
                line.growthEdges.indices.map { place in
                    [
                        report.module, line.kind.rawValue, String((place + 1) * 1_000),
                        String(line.growthStates[place]),
                        String(line.growthEdges[place]),
                    ]
                }
            }
        }
    )

    package static let runs = ReportTable(
        file: "formal_runs.csv",
        row: "One row a configuration that TLC ran.",
        columns: [
            ("model", "The module."),
            ("cfg", "The configuration."),
            ("expected_rc", "Exit code that expect.json demands."),
            ("rc", "Exit code."),
            ("expected_distinct", "Distinct states that expect.json demands; empty where it names none."),
            ("distinct", "Distinct states."),
            ("generated", "Generated states."),
            ("depth", "Depth of the search; empty where TLC does not tell."),
            ("workers", "TLC's workers."),
            ("tlc_rev", "TLC's version."),
            ("jar_sha256", "Hash of the jar."),
            ("result", "ok, or what is not as expected."),
        ],
        rows: { report in
            report.configurations.map { line in
                [
                    report.module, line.name, field(line.expectedCode), field(line.exitCode),
                    field(line.expectedDistinct), field(line.distinct), field(line.generated), field(line.depth),
                    String(line.workers), report.checker.version, report.checker.jarHash,
                    line.isAsExpected ? "ok" : line.complaint,
                ]
            }
        }
    )

    package static let timings = ReportTable(
        file: "formal_timings.csv",
        row: "One row a thing that was timed. Not the same twice; the other files are.",
        columns: [
            ("model", "The module."),
            ("what", "What was timed."),
            ("wall_ms", "Milliseconds; of 'sampling', what it adds to a run, in thousandths."),
        ],
        rows: { report in
            var rows = report.timings.milliseconds.map { [report.module, $0.what, String($0.milliseconds)] }
            if let perMille = report.timings.samplingPerMille {
                rows.append([report.module, "sampling", String(perMille)])
            }
            return rows
        }
    )
}

extension ModuleReport {
    /// Numbers in the order of the campaigns as fields in the order of kinds; empty where there was no such campaign.
    func byKind(_ numbers: [Int]) -> [String] {
        RunKind.allCases.map { kind in
            campaigns.firstIndex { $0.kind == kind }.map { String(numbers[$0]) } ?? ""
        }
    }
}
