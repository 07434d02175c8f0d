import PlaitReport
package import PlaitScenario
package import PlaitVerify

/// What the hunt for planted bugs came to: tables, JSON, and CSV files.
package struct MutantText {
    package let rows: [MutantRow]
    /// The models' own mutants under TLC; nil if nobody asked.
    package let checks: ModelChecks?

    package init(rows: [MutantRow], checks: ModelChecks?) {
        self.rows = rows
        self.checks = checks
    }

    /// Of JSON and CSV; a changed meaning is a new version.
    package static let version: Int64 = 1

    package var holds: Bool { rows.allSatisfy { $0.verdict == .found } && checks?.holds ?? true }

    /// A row a bug, then a row a mutant of the models, and what is wrong below.
    package var table: String {
        var cells = [["mutant", "verdict", "found by", "fails in", "cases", "steps", "size", "", "time"]]
        for row in rows {
            let found = row.found
            cells.append([
                row.name, row.verdict.rawValue, found?.property.name ?? "",
                found?.found.failure.property ?? "",
                found.map { String($0.cases) } ?? "",
                found.map { Self.steps($0) } ?? "",
                found.map { String($0.size) } ?? "",
                found?.unit ?? "",
                Readable.duration(row.nanoseconds),
            ])
        }
        var text = PropertyText.aligned(cells, words: 4)
        if let checks, !checks.checks.isEmpty { text += "\n" + Self.table(of: checks) }
        for row in rows where row.verdict != .found {
            text += "\n\(row.name) \(row.verdict.rawValue): \(row.words)\n  planted in \(row.place)\n"
            for trouble in row.troubles { text += "  \(Printable.plain(trouble))\n" }
        }
        for check in checks?.checks ?? [] where !check.holds {
            text += "\n\(check.module)/\(check.configuration.name) NOT FOUND\n"
            for line in check.differences { text += "  \(Printable.plain(line))\n" }
        }
        return text
    }

    /// A case that ended its process took its count of steps along, unless it is made of rules.
    private static func steps(_ found: MutantHunt.Catch) -> String {
        found.found.failure.step > 0 ? String(found.found.failure.step) : "-"
    }

    private static func table(of checks: ModelChecks) -> String {
        var cells = [["mutant of a model", "verdict", "TLC says", "states", "trace", "time"]]
        for check in checks.checks {
            cells.append([
                "\(check.module)/\(check.configuration.name)", verdict(of: check), check.result.verdict.words,
                check.result.distinct.map(String.init) ?? "",
                String(check.result.trace.count),
                Readable.duration(check.result.nanoseconds),
            ])
        }
        return PropertyText.aligned(cells, words: 3)
    }

    private static func verdict(of check: ModelCheck) -> String {
        if case .notRun = check.result.verdict { return "NOT-RUN" }
        return check.holds ? "found" : "SURVIVED"
    }

    // MARK: JSON

    package var json: JSONText {
        .map([
            ("version", .number(Self.version)),
            ("mutants", .list(rows.map(Self.json))),
            ("model_mutants", .list((checks?.checks ?? []).map(Self.json))),
        ])
    }

    private static func json(_ row: MutantRow) -> JSONText {
        var entries: [(String, JSONText)] = [
            ("mutant", .text(row.name)), ("words", .text(row.words)), ("place", .text(row.place)),
            ("verdict", .text(row.verdict.rawValue)),
        ]
        if let found = row.found {
            entries += [
                ("property", .text(found.property.name)),
                ("fails", .text(found.found.failure.property)),
                ("says", .text(found.found.failure.words)),
                ("cases", .number(Int64(found.cases))),
                ("cases_of_all", .number(Int64(found.casesOfAll))),
                ("size", .number(Int64(found.size))),
                ("unit", .text(found.unit)),
                ("tries", .number(Int64(found.found.tries))),
                ("again", .text(row.command ?? "")),
            ]
        }
        return .map(entries + [("timing", .map([("wall_ms", .number(row.nanoseconds / 1_000_000))]))])
    }

    private static func json(_ check: ModelCheck) -> JSONText {
        .map([
            ("module", .text(check.module)),
            ("mutant", .text(check.configuration.name)),
            ("verdict", .text(verdict(of: check))),
            ("says", .text(check.result.verdict.words)),
            ("states", .number(Int64(check.result.distinct ?? 0))),
            ("trace", .number(Int64(check.result.trace.count))),
            ("timing", .map([("wall_ms", .number(check.result.nanoseconds / 1_000_000))])),
        ])
    }

    // MARK: CSV

    /// Name and contents of each file. Times are in a file of their own, so that the others can be compared.
    package var files: [(name: String, text: String)] {
        let found = rows.map { row in
            let found = row.found
            return [
                row.name, row.verdict.rawValue, found?.property.name ?? "", found?.found.failure.property ?? "",
                found.map { String($0.cases) } ?? "", found.map { String($0.casesOfAll) } ?? "",
                found?.seed.map { String($0) } ?? "", found.map { String($0.size) } ?? "", found?.unit ?? "",
                found.map { String($0.found.tries) } ?? "", row.place, row.words,
            ]
        }
        let checked = (checks?.checks ?? []).map { check in
            [
                check.module, check.configuration.name, Self.verdict(of: check), check.result.verdict.words,
                check.result.distinct.map(String.init) ?? "", String(check.result.trace.count),
            ]
        }
        let times =
            rows.map { [$0.name, String($0.nanoseconds / 1_000_000)] }
            + (checks?.checks ?? []).map { check in
                ["\(check.module)/\(check.configuration.name)", String(check.result.nanoseconds / 1_000_000)]
            }
        var files = [("mutants.csv", Text.csv(Self.columns, found).string)]
        if checks != nil { files.append(("model-mutants.csv", Text.csv(Self.checkColumns, checked).string)) }
        return files + [("mutants-timing.csv", Text.csv(["mutant", "wall_ms"], times).string)]
    }

    private static let columns = [
        "mutant", "verdict", "property", "fails", "cases", "cases_of_all", "seed", "size", "unit", "tries", "place",
        "words",
    ]
    private static let checkColumns = ["module", "mutant", "verdict", "says", "states", "trace"]
}
