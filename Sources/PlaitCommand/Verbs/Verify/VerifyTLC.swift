import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitVerify

extension VerifyAction {
    /// Checks every configuration of the modules with TLC, and compares with what is expected.
    func checkModels() throws(CommandError) -> ExitStatus {
        let folders = try modelFolders()
        // Two Java machines at once are enough for any computer's memory; more gain little.
        let atOnce = min(2, try workers())
        let line = TLCProgressLine(
            console: context.console,
            all: folders.reduce(0) { $0 + $1.checkedAtOnce.count },
            isWanted: !arguments.flag("no-progress"),
            elapsed: { [watch] in watch.nanoseconds }
        )
        let checks = modelChecks(of: folders, atOnce: atOnce) { line.tell($0) }
        line.clear()
        guard !Interruption.isRequested else { throw Self.interrupted }
        do throws(FileError) {
            try checks.write(to: folder + "/tlc")
        } catch {
            throw CommandError(.cannotCreate, error.description)
        }
        print(arguments.flag("json") ? json(checks) : text(checks))
        if arguments.flag("record") { return try record(checks, of: folders) }
        if checks.isIncomplete { return .unavailable }
        return checks.holds ? .success : .failed
    }
}

extension VerifyAction {
    /// All configurations under TLC; each says NOT-RUN where there is none.
    func modelChecks(
        of folders: [ModelFolder],
        atOnce: Int,
        timeMax: Int64 = 600_000_000_000,
        tell: @escaping @Sendable (ModelChecks.Event) -> Void
    ) -> ModelChecks {
        let tools: TLCTools
        do throws(TLCTools.Missing) {
            tools = try TLCTools.find(context.console.variable)
        } catch {
            return .notRun(folders, error.reason)
        }
        Interruption.arm()
        return ModelChecks.run(
            folders,
            with: TLCRunner(tools, scratch: context.console.variable("TMPDIR")),
            atOnce: atOnce,
            timeMax: timeMax,
            elapsed: { [watch] in watch.nanoseconds },
            isWanted: { !Interruption.isRequested },
            tell: tell
        )
    }

    /// The folder with the modules: beside the shipped scenarios.
    func formalFolder() throws(CommandError) -> String {
        guard let library = context.files.library else {
            throw CommandError(
                .noInput,
                "the folder 'formal' is not there",
                remedy: "set PLAIT_ROOT to the folder of Plait's sources, or use scripts/plait, which does"
            )
        }
        return FilePath.joined(FilePath.folder(of: library), "formal")
    }

    /// The modules that are asked for; all if none is.
    func modelFolders() throws(CommandError) -> [ModelFolder] {
        let formal = try formalFolder()
        let all: [ModelFolder]
        do throws(FormalFileError) {
            all = try ModelFolder.all(in: formal, isRecording: arguments.flag("record"))
        } catch {
            throw CommandError(.badData, Printable.plain(error.description))
        }
        let shown = Printable.quoted(formal)
        guard !all.isEmpty else { throw CommandError(.noInput, "there is no module with an expect.json in \(shown)") }
        guard let name = arguments.value("module") else { return all }
        let named = all.filter { $0.name == name }
        guard !named.isEmpty else {
            let names = all.map(\.name)
            throw CommandError(
                .usage,
                "there is no module \(Printable.quoted(name))",
                remedy: Suggestion.nearest(to: name, among: names).map { "did you mean \(Printable.quoted($0))?" }
                    ?? "there are \(names.joined(separator: ", "))"
            )
        }
        return named
    }
}

extension VerifyAction {
    /// Writes what TLC counted into the models' own files. A verdict that is not the expected one is not written down.
    private func record(_ checks: ModelChecks, of folders: [ModelFolder]) throws(CommandError) -> ExitStatus {
        if checks.isIncomplete { return .unavailable }
        var isComplete = true
        for folder in folders {
            guard let record = ModelRecord(folder, checks.checks) else {
                context.console.errors.write(
                    "\(folder.name): a verdict is not the expected one, so nothing is written\n"
                )
                isComplete = false
                continue
            }
            do throws(FileError) {
                try record.write()
            } catch {
                throw CommandError(.cannotCreate, error.description)
            }
            let corpus = record.corpus.map { "\($0.behaviours.count) behaviours of \($0.steps) steps" } ?? "no corpus"
            context.console.errors.write("\(folder.name): expect.json, \(corpus)\n")
        }
        try recordPage()
        return isComplete ? .success : .failed
    }

    private func recordPage() throws(CommandError) {
        let formal = try formalFolder()
        let page = FilePath.joined(formal, "README.md")
        do throws(FormalFileError) {
            try FormalPage.write(page, with: try ModelFolder.all(in: formal, isRecording: true))
        } catch {
            throw CommandError(.badData, Printable.plain(error.description))
        }
    }

    private func text(_ checks: ModelChecks) -> String {
        var rows = [["", "configuration", "expected", "TLC says", "states", "generated", "depth", "trace", "time"]]
        for check in checks.checks {
            func number(_ value: Int?) -> String { value.map { Readable.count(UInt64(max(0, $0))) } ?? "" }
            let result = check.result
            rows.append([
                check.holds ? "ok" : "DIFFERS",
                "\(check.module)/\(check.configuration.name)",
                check.configuration.expectation.words,
                result.verdict.words,
                number(result.distinct),
                number(result.generated),
                number(result.depth),
                number(result.trace.isEmpty ? nil : result.trace.count),
                Readable.duration(result.nanoseconds),
            ])
        }
        var text = Self.aligned(rows, rightFrom: 4)
        for check in checks.checks where !check.holds {
            text += "\n\(check.module)/\(check.configuration.name)\n"
            for line in check.differences { text += "  \(Printable.plain(line))\n" }
            for line in (check.result.verdict.reason ?? "").split(separator: "\n") {
                text += "  | \(Printable.plain(String(line)))\n"
            }
        }
        let differing = checks.checks.count { !$0.holds }
        let first = checks.checks.first { $0.result.revision != nil }?.result
        let tool = first.map {
            "TLC \($0.version ?? "?") (rev \($0.revision ?? "?")), jar \($0.jarHash?.prefix(16) ?? "?")"
        }
        text += "\n\(checks.checks.count) configurations, \(differing == 0 ? "all as expected" : "\(differing) DIFFER")"
        text += tool.map { "; " + $0 } ?? ""
        text += "\nresults in \(folder)/tlc, \(Decimals.thousandths(watch.nanoseconds / 1_000_000)) s\n"
        return text
    }

    private func json(_ checks: ModelChecks) -> String {
        var writer = JSONWriter(pretty: true)
        writer.array { writer in
            for check in checks.checks { check.write(to: &writer) }
        }
        return writer.document.string
    }

    /// Columns side by side; from `rightFrom` on they are numbers, and end in line.
    private static func aligned(_ rows: [[String]], rightFrom: Int) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var text = ""
        for row in rows {
            let cells = row.enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return column < rightFrom ? cell + blanks : blanks + cell
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            text += line + "\n"
        }
        return text
    }
}
