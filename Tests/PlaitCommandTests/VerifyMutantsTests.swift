import Foundation
import PlaitCommand
import PlaitVerify
import TestSupport
import Testing

@Suite("plait verify --mutants")
struct VerifyMutantsTests {
    @Test("a program without planted bugs says who has them")
    func absent() {
        for words in [["verify", "--mutants"], ["verify", "--mutants", "fin-forgotten"]] {
            let trial = Trial(words)
            #expect(trial.status == ExitStatus.unavailable.rawValue && trial.output.isEmpty)
            #expect(trial.errors.contains("scripts/plait verify --mutants"))
        }
    }

    /// A row as a hunt makes it; the other end is a shell that answers every case in the same way.
    private static func row(_ name: String, _ answer: String) -> MutantRow {
        let script = "while read -r line; do \(answer); done"
        let remote = RemoteCases(program: "/bin/sh", arguments: ["-c", script])
        var hunt = MutantHunt([Property("toy.one", "It holds.") { _, _ in }])
        hunt.cases = 2
        hunt.shrinkTries = 0
        let holds = #"while read -r line; do printf 'done -\t-\t0\t4\t1\t-\n'; done"#
        let control = HuntControl(hunt, RemoteCases(program: "/bin/sh", arguments: ["-c", holds]))
        let words = "it is wrong, in words"
        var row = control.row(name: name, words: words, place: "Sources/A/B.swift", hunt, remote)
        row.nanoseconds = 1_500_000_000
        return row
    }

    private static func failing(steps: Int) -> String {
        let beginnings = (0..<steps).map(String.init).joined(separator: ",")
        return #"printf 'done toy.inner\tso it is\t3\t4\t"# + beginnings + #"\t"# + beginnings + #"\n'"#
    }

    @Test("a bug counts as found only in a short case, tried by processes that answer; the table says which is which")
    func table() throws {
        let rows = [
            Self.row("short", Self.failing(steps: 24)), Self.row("long", Self.failing(steps: 25)),
            Self.row("sly", #"printf 'done -\t-\t0\t4\t1\t-\n'"#), Self.row("mute", "echo what"),
            Self.row("fatal", #"case "$line" in *loud*) echo s; echo n 4;; esac; kill -ILL $$"#),
            Self.row("killed", #"case "$line" in *loud*) echo s; echo n 4;; esac; kill -KILL $$"#),
        ]
        #expect(rows.map(\.verdict) == [.found, .tooLong, .survived, .broken, .found, .broken])
        #expect(rows[0].command == "plait --planted short verify --property toy.one --seed 1 --cases 1")
        let text = MutantText(rows: rows, checks: nil)
        try expectSnapshot(text.table + text.files.map { "\n== \($0.name)\n\($0.text)" }.joined(), named: "mutants")
        #expect(!text.holds)
        #expect(MutantText(rows: [rows[0], rows[4]], checks: nil).holds)
    }

    @Test("a mutant of a model that TLC did not look at is not found")
    func models() throws {
        let folder = try ModelFolder(reading: repositoryRoot.appending(path: "formal/Stream").path).only(.mutant)
        #expect(folder.configurations.count >= 2 && folder.configurations.allSatisfy { $0.kind == .mutant })
        let text = MutantText(rows: [], checks: .notRun([folder], "no java"))
        #expect(!text.holds && text.table.contains("Stream/Mut_CreditShrinks") && text.table.contains("NOT-RUN"))
        #expect(text.files.map(\.name) == ["mutants.csv", "model-mutants.csv", "mutants-timing.csv"])
    }

    @Test("the commands of the page about adding a property do what it says")
    func page() throws {
        let page = try String(contentsOf: repositoryRoot.appending(path: "docs/ADDING_A_PROPERTY.md"), encoding: .utf8)
        let commands = page.split(separator: "\n").filter { $0.hasPrefix("scripts/plait ") }
            .map { $0.split(separator: " ").dropFirst().map(String.init) }
        #expect(commands.count == 5)
        let help = Trial(["help", "verify"]).output
        let folder = try TemporaryFolder()
        for words in commands {
            for option in words.filter({ $0.hasPrefix("--") }) { #expect(help.contains("  " + option), "\(option)") }
            // TLC and the program with planted bugs have their own steps in .ci/run.
            if !Set(words).isDisjoint(with: ["--tlc", "--compare", "--mutants"]) { continue }
            let quiet = words.contains("--list") ? [] : ["--out", folder.path, "--no-progress"]
            let trial = Trial(words + quiet)
            #expect(trial.status == 0, "\(words): \(trial.output)\(trial.errors)")
            #expect(trial.output.contains("stream.model"))
        }
    }
}
