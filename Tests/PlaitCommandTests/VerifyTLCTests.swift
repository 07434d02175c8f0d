import Foundation
import Testing

@Suite("plait verify --tlc")
struct VerifyTLCTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("", to: "Scenarios/nothing.yaml")
        var expected: [String] = []
        for name in ["Safety", "Graph", "Witness_A", "Mut_A", "Mut_B"] {
            let mutant = name.hasPrefix("Mut") ? "Some" : "none"
            try folder.write(
                "SPECIFICATION Spec\nCONSTANT Mutant = \"\(mutant)\"\nINVARIANT InOrder\n",
                to: "formal/Tiny/\(name).cfg"
            )
            let outcome =
                expected.count < 2
                ? #""rc": 0, "code": 2193, "distinct": 7, "generated": 9"#
                : #""rc": 12, "code": 2110, "violates": "InOrder""#
            expected.append("\"\(name)\": {\(outcome)}")
        }
        try folder.write("{\(expected.joined(separator: ", "))}", to: "formal/Tiny/expect.json")
        try folder.write("id,kind,tla_name,swift,words\nT-S1,invariant,InOrder,a,b\n", to: "formal/Tiny/properties.csv")
    }

    private func verify(_ words: String...) -> Trial {
        Trial(["verify", "--tlc", "--out", folder.path + "/out"] + words, root: folder.path)
    }

    @Test("without Java the verdict is NOT-RUN, which is no success, and the tables say so")
    func notRun() throws {
        let trial = verify()
        #expect(trial.status == 69)
        #expect(trial.output.contains("DIFFERS  Tiny/Safety"))
        #expect(trial.output.contains("NOT-RUN"))
        #expect(trial.output.contains("there is no java on PATH"))
        #expect(trial.output.contains("5 configurations, 5 DIFFER"))
        let table = String(
            decoding: try Data(contentsOf: URL(filePath: folder.path + "/out/tlc/tlc.csv")),
            as: UTF8.self
        )
        #expect(table.split(separator: "\n").dropFirst().first == "Tiny,Safety,Safety,holds,NOT-RUN,,,,,,,0,,,,DIFFERS")
        #expect(FileManager.default.fileExists(atPath: folder.path + "/out/tlc/Tiny-Safety.json"))
        let times = try Data(contentsOf: URL(filePath: folder.path + "/out/tlc/tlc_times.csv"))
        #expect(String(decoding: times, as: UTF8.self).contains("\nTiny,Safety,0,0\n"))
    }

    @Test("the results as JSON are an array with an object for each configuration")
    func json() throws {
        let trial = verify("--json")
        let value = try JSONSerialization.jsonObject(with: Data(trial.output.utf8))
        let objects = try #require(value as? [[String: Any]])
        #expect(objects.count == 5)
        #expect(objects[0]["verdict"] as? String == "NOT-RUN")
        #expect(objects[0]["distinct_states"] is NSNull)
    }

    @Test("nothing is written down of a model that was not checked")
    func record() throws {
        let before = try Data(contentsOf: URL(filePath: folder.path + "/formal/Tiny/expect.json"))
        #expect(verify("--record").status == 69)
        #expect(try Data(contentsOf: URL(filePath: folder.path + "/formal/Tiny/expect.json")) == before)
    }

    @Test("a module that is not there is refused, with the one that was meant")
    func module() {
        let trial = verify("--module", "Tinny")
        #expect(trial.status == 64)
        #expect(trial.errors.contains("did you mean 'Tiny'?"))
    }

    @Test("a mistake in a module's folder is told with its file and line")
    func mistake() throws {
        try folder.write("id,kind,tla_name,swift,words\nT-S1,sometimes,InOrder,a,b\n", to: "formal/Tiny/properties.csv")
        let trial = verify()
        #expect(trial.status == 65)
        #expect(trial.errors.contains("formal/Tiny/properties.csv:2: there is no kind of property called sometimes"))
    }

    @Test("a folder without models is no success")
    func empty() throws {
        try FileManager.default.removeItem(atPath: folder.path + "/formal")
        #expect(verify().status == 66)
    }
}
