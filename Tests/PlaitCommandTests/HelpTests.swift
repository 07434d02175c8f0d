import PlaitCommand
import TestSupport
import Testing

@Suite("Help")
struct HelpTests {
    @Test("every help text is the one that was reviewed")
    func texts() throws {
        var all = "== plait help\n" + Trial(["help"]).output
        for topic in PlaitCommand.verbs.map(\.name) + ["exit"] {
            all += "\n== plait help \(topic)\n" + Trial(["help", topic]).output
        }
        try expectSnapshot(all, named: "help")
    }

    @Test("help VERB, VERB --help and VERB -h are the same, whatever else is on the line")
    func spellings() {
        for verb in PlaitCommand.verbs.map(\.name) {
            let text = Trial(["help", verb]).output
            #expect(text.hasPrefix("Examples\n  plait \(verb)"), "an example comes first")
            for words in [["--help"], ["-h"], ["--nonsense", "--help"], ["a", "b", "c", "-h"]] {
                let trial = Trial([verb] + words)
                #expect(trial.output == text)
                #expect(trial.status == 0)
                #expect(trial.errors.isEmpty)
            }
        }
        #expect(Trial(["--help"]).output == Trial(["help"]).output)
    }

    @Test("without a verb the overview goes to standard error, and the exit status says usage")
    func nothing() {
        let trial = Trial([])
        #expect(trial.status == ExitStatus.usage.rawValue)
        #expect(trial.output.isEmpty)
        #expect(trial.errors == Trial(["help"]).output)
    }

    @Test("a verb or topic that is not there is answered with the nearest one")
    func suggestions() {
        for words in [["chekc"], ["help", "chekc"]] {
            let trial = Trial(words)
            #expect(trial.status == 64)
            #expect(trial.errors == "plait: there is no verb 'chekc'\n       did you mean 'check'?\n")
        }
        #expect(Trial(["--json", "check"]).errors.contains("expected a verb before '--json'"))
    }

    @Test("the version is printed by itself")
    func version() {
        #expect(Trial(["--version"]).output == "plait 0.1.0\n")
    }
}
