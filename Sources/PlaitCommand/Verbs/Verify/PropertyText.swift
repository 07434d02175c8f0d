import PlaitScenario
import PlaitVerify

/// What properties came to, as a table and as JSON.
struct PropertyText {
    private let results: [PropertyResult]

    /// Of the JSON; a changed meaning is a new version.
    static let version: Int64 = 1

    init(_ results: [PropertyResult]) { self.results = results }

    /// A row a property, what is wrong below.
    var table: String {
        let heading = [
            "property", "verdict", "cases", "steps", "failed", "silent", "labels", "marks", "unseen", "cases/s",
        ]
        var rows = [heading]
        for result in results {
            let report = result.report
            rows.append([
                report.property.name, result.words, "\(report.cases + report.regressions)", "\(report.steps)",
                "\(report.failed)", "\(report.silentRules.count)", "\(report.labels.count)",
                "\(report.marks.count { $0.count > 0 })/\(report.marks.count)",
                Self.percent(report.unseenPartsPerMillion), "\(result.casesPerSecond)",
            ])
        }
        return Self.aligned(rows) + results.map(notes).joined()
    }

    private func notes(_ result: PropertyResult) -> String {
        let report = result.report
        var lines: [String] = []
        if let bound = report.bound {
            lines.append("\(report.property.name): completes BOUNDED(\(bound)) in \(report.healed) cases")
        }
        switch report.ending {
        case .saturated: lines.append("\(report.property.name): saturated, nothing new in the last cases")
        case .time: lines.append("\(report.property.name): time is up")
        case .allCases, .failed, .interrupted: break
        }
        if result.isReplay, report.failures.isEmpty { lines.append("\(report.property.name): the replayed case holds") }
        if result.words != result.verdict {
            let demands = report.property.health
            lines.append("\(report.property.name): health is judged from \(demands.casesMin) cases on")
        }
        for problem in report.problems where !result.isReplay {
            lines.append("\(report.property.name) UNHEALTHY: \(problem)")
        }
        for (found, files) in zip(report.failures, result.files) {
            let text = FailureText(found, of: report.property, files: files).lines
            // What a property says of a failure may have several lines; each is made harmless of itself.
            lines += text.flatMap { $0.split(whereSeparator: \.isNewline).map { Printable.plain(String($0)) } }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Columns side by side, the first `words` of them to the left and numbers to the right.
    static func aligned(_ rows: [[String]], words: Int = 2) -> String {
        var text = ""
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            var line = ""
            for (column, cell) in row.enumerated() {
                let pad = String(repeating: " ", count: widths[column] - cell.count)
                line += (column == 0 ? "" : "  ") + (column < words ? cell + pad : pad + cell)
            }
            text += line + "\n"
        }
        return text
    }

    /// 1,234 in a million is `0.12%`.
    private static func percent(_ partsPerMillion: Int64) -> String {
        let hundredths = partsPerMillion / 100
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }

    // MARK: JSON

    var json: JSONText {
        .map([("version", .number(Self.version)), ("properties", .list(results.map(Self.json)))])
    }

    private static func json(_ result: PropertyResult) -> JSONText {
        let report = result.report
        return .map([
            ("property", .text(report.property.name)),
            ("says", .text(report.property.words)),
            ("module", .text(report.property.module ?? "")),
            ("verdict", .text(result.verdict)),
            ("health_judged", .flag(report.isHealthJudged)),
            ("first_seed", .text(String(report.firstSeed))),
            ("cases", .number(Int64(report.cases))),
            ("regressions", .number(Int64(report.regressions))),
            ("steps", .number(report.steps)),
            ("failed", .number(Int64(report.failed))),
            ("ending", .text(report.ending.rawValue)),
            ("bound", report.bound.map { .number($0) } ?? .text("")),
            ("healed", .number(Int64(report.healed))),
            ("unseen_per_million", .number(report.unseenPartsPerMillion)),
            ("covered_keys", .number(Int64(report.coverage.count))),
            ("rules", .list(zip(report.property.rules, report.rules).map(rule))),
            ("labels", counts(report.labels)),
            ("marks", counts(report.marks)),
            ("sums", counts(report.counters)),
            ("highest", counts(report.scores)),
            ("problems", .list(report.problems.map { .text($0) })),
            ("failures", .list(zip(report.failures, result.files).map { failure($0, $1, report.property) })),
            (
                "timing",
                .map([
                    ("wall_ms", .number(result.nanoseconds / 1_000_000)),
                    ("cases_per_second", .number(result.casesPerSecond)),
                ])
            ),
        ])
    }

    private static func rule(_ name: String, _ counts: RuleCounts) -> JSONText {
        .map([
            ("rule", .text(name)), ("attempted", .number(counts.attempted)), ("accepted", .number(counts.accepted)),
            ("rejected", .number(counts.rejected)), ("not_allowed", .number(counts.notAllowed)),
        ])
    }

    private static func counts(_ counts: [NamedCount]) -> JSONText {
        .map(counts.map { ($0.name, .number($0.count)) })
    }

    private static func failure(_ found: FoundCase, _ files: CaseFiles, _ property: Property) -> JSONText {
        let failure = found.shrunk.failure ?? found.failure
        return .map([
            ("fails", .text(failure.property)),
            ("words", .text(failure.words)),
            ("case", .number(Int64(found.cases))),
            ("again", .text(FailureText(found, of: property, files: files).command)),
            ("replay", .text(files.replay)),
            ("scenario", .text(files.scenario ?? "")),
            ("shrunk_lines", .number(Int64(found.lines))),
            ("choices", .number(Int64(found.choices.count))),
            ("shrunk", .list(found.shrunk.choices.map { .text(String($0)) })),
            ("events", .list(found.shrunk.record.events.suffix(24).map { .text($0.text) })),
        ])
    }
}
