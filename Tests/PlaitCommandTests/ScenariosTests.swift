import Foundation
import PlaitCommand
import PlaitRun
import Testing

@Suite("plait scenarios and plait schema")
struct ScenariosTests {
    private func shipped() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("summary: two hosts\nstop: 1 s\n", to: "Scenarios/two.yaml")
        try folder.write("# nothing to say\n", to: "Scenarios/a-longer-name.yaml")
        try folder.write("summary: {broken\n", to: "Scenarios/broken.yaml")
        try folder.write("not a scenario", to: "Scenarios/README.md")
        try folder.write("x", to: "Scenarios/folder.yaml/x")
        try folder.write("summary: \"fast\\e[2J\"\nrate: 1 Gbps\n", to: "Scenarios/presets/fast.yaml")
        return folder
    }

    @Test("what ships is listed by name with its summary, aligned")
    func list() throws {
        let folder = try shipped()
        let trial = Trial(["scenarios"], root: folder.path)
        #expect(
            trial.output == """
                Scenarios
                  a-longer-name  (no summary)
                  broken         (no summary)
                  two            two hosts
                Presets
                  presets/fast   fast?[2J

                """
        )
        #expect(trial.status == 0)
    }

    @Test("--json gives paths that can be opened")
    func json() throws {
        let folder = try shipped()
        let text = Trial(["scenarios", "--json"], root: folder.path).output
        let entries = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: String]])
        #expect(entries.map { $0["name"] } == ["a-longer-name", "broken", "two", "presets/fast"])
        #expect(entries.map { $0["kind"] } == ["scenario", "scenario", "scenario", "preset"])
        #expect(entries.map { $0["summary"] } == [nil, nil, "two hosts", "fast\u{1B}[2J"])
        #expect(entries.allSatisfy { FileManager.default.fileExists(atPath: $0["file"] ?? "") })
    }

    @Test("without the package's folder there is nothing to list, and the remedy is named")
    func noLibrary() throws {
        let folder = try TemporaryFolder()
        let trial = Trial(["scenarios"], root: folder.path)
        #expect(trial.status == 66)
        #expect(trial.errors.contains("set PLAIT_ROOT"))
    }

    @Test("the library is PLAIT_ROOT's, else that of the package the program lies in")
    func library() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "outer/Scenarios/a.yaml")
        try folder.write("", to: "outer/Package.swift")
        // A nested package without scenarios of its own uses those of the outer one.
        try folder.write("", to: "outer/Examples/Package.swift")
        try folder.write("", to: "outer/Examples/Scenarios")
        let executable = try folder.write("", to: "outer/Examples/.build/debug/example")
        let scenarios = folder.path + "/outer/Scenarios"
        #expect(FileScenarioSource.library(root: nil, executable: executable) == scenarios)
        #expect(FileScenarioSource.library(root: "", executable: executable) == scenarios)
        #expect(FileScenarioSource.library(root: folder.path + "/outer", executable: nil) == scenarios)
        #expect(FileScenarioSource.library(root: folder.path, executable: executable) == nil)
        #expect(FileScenarioSource.library(root: nil, executable: nil) == nil)
        #expect(FileScenarioSource.library(root: nil, executable: "/nowhere/at/all") == nil)
    }

    @Test("names that are not UTF-8 are left out of listings, and the rest is sorted")
    func strangeNames() throws {
        let folder = try TemporaryFolder()
        for name in ["b", "a", "ü"] { try folder.write("", to: name) }
        let strange = Array(folder.path.utf8CString.dropLast()) + [0x2F, CChar(bitPattern: 0xFF), 0]
        let descriptor = unsafe open(strange, O_CREAT | O_WRONLY, 0o600)
        try #require(descriptor >= 0)
        close(descriptor)
        let source = FileScenarioSource(library: nil)
        #expect(source.fileNames(in: folder.path) == ["a", "b", "ü"])
        #expect(source.fileNames(in: folder.path + "/a") == [])
        #expect(source.fileNames(in: folder.path + "/none") == [])
    }

    @Test("both schemas are JSON and name every model of the registry")
    func schema() throws {
        for words in [["schema"], ["schema", "--preset"]] {
            let trial = Trial(words)
            #expect(trial.status == 0)
            #expect(try JSONSerialization.jsonObject(with: Data(trial.output.utf8)) is [String: Any])
            #expect(trial.output.contains("\"gilbert-elliott\""))
        }
        #expect(Trial(["schema"]).output.contains("\"timeline\""))
        #expect(!Trial(["schema", "--preset"]).output.contains("\"timeline\""))
        #expect(Trial(["schema", "extra"]).errors == "plait: 'extra' is not expected\n")
    }
}
