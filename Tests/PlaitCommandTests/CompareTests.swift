import Foundation
import PlaitCommand
import Testing

@Suite("plait verify --compare")
struct CompareCommandTests {
    @Test(
        "options that would be ignored are refused",
        arguments: [["--seeds", "1..2"], ["--packets", "3"], ["--property", "stream"]]
    )
    func foreign(option: [String]) {
        let trial = Trial(["verify", "--compare"] + option)
        #expect(trial.status == ExitStatus.usage.rawValue)
        #expect(trial.errors.contains("\(option[0]) means nothing to --compare"))
    }

    @Test("when the last comparison did not end by itself, the next one names its runs, once")
    func crashed() throws {
        let folder = try TemporaryFolder()
        let words = ["verify", "--compare", "--module", "Strem", "--out", folder.path]
        try folder.write("Stream, swarm run of seed 7   \n\u{20}\nStream, C, swarm\n", to: "running-comparison.txt")
        let told = "the last comparison ended in the middle of: "
        #expect(Trial(words).errors.hasPrefix("\(told)Stream, swarm run of seed 7\n\(told)Stream, C, swarm\nplait"))
        #expect(Trial(words).errors.hasPrefix("plait"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/running-comparison.txt"))
    }

    @Test("a trace that is not there, is none, or is of no model is refused with its reason")
    func traces() throws {
        let folder = try TemporaryFolder()
        let missing = Trial(["verify", "--compare", "--trace", folder.path + "/none.itf.json"])
        #expect(missing.status == ExitStatus.noInput.rawValue)

        let broken = try folder.write("{\"vars\": 3", to: "broken.itf.json")
        #expect(Trial(["verify", "--compare", "--trace", broken]).status == ExitStatus.badData.rawValue)

        let text = """
            {"#meta": {"format": "ITF", "module": "Nothing", "source": "a test"}, "vars": ["x"],
             "states": [{"#meta": {"index": 0}, "x": 1}]}
            """
        let foreign = Trial(["verify", "--compare", "--trace", try folder.write(text, to: "foreign.itf.json")])
        #expect(foreign.status == ExitStatus.badData.rawValue)
        #expect(foreign.errors.contains("'Nothing'"))
    }
}
