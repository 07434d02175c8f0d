import Foundation
import PlaitScenario
import TestSupport
import Testing

@Suite("The JSON Schema")
struct SchemaTests {
    /// A Python with the packages `jsonschema` and `PyYAML`.
    private static let python = ProcessInfo.processInfo.environment["PLAIT_PYTHON"]
    private static let isRequired = ProcessInfo.processInfo.environment["CI"] == "true"

    /// Each line of input: schema, file. Each line of output: `ok` or why the file does not fit.
    private static let validator = """
        import json, sys, yaml
        from jsonschema import Draft202012Validator
        for line in sys.stdin.read().splitlines():
            schema, path = (part for part in line.split("\\t"))
            schema = json.load(open(schema))
            Draft202012Validator.check_schema(schema)
            errors = list(Draft202012Validator(schema).iter_errors(yaml.safe_load(open(path))))
            print("ok" if not errors else errors[0].json_path + ": " + errors[0].message.replace("\\n", " ")[:300])
        """

    private func verdicts(_ files: [(ScenarioSchema, URL)]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plait-schema-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for schema in ScenarioSchema.allCases {
            try schema.text(testVocabulary).write(
                to: folder.appending(path: schema.rawValue),
                atomically: true,
                encoding: .utf8
            )
        }
        let input = files.map { "\(folder.appending(path: $0.0.rawValue).path)\t\($0.1.path)\n" }.joined()
        let inputFile = folder.appending(path: "input")
        try input.write(to: inputFile, atomically: true, encoding: .utf8)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: try #require(Self.python))
        process.arguments = ["-c", Self.validator]
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return text.split(separator: "\n").map(String.init)
    }

    @Test("a Python for the schema tests is there where it must be")
    func pythonIsThere() { #expect(!Self.isRequired || Self.python != nil, "set PLAIT_PYTHON") }

    @Test(
        "every shipped scenario and preset fits it, in the eyes of another implementation",
        .enabled(if: python != nil, "PLAIT_PYTHON names no Python with jsonschema and PyYAML")
    )
    func shippedFilesFit() throws {
        let files =
            ShippedScenarioTests.scenarios.map { (ScenarioSchema.scenario, repositoryRoot.appending(path: $0)) }
            + ShippedScenarioTests.presets.map { (ScenarioSchema.preset, repositoryRoot.appending(path: $0)) }
        let verdicts = try verdicts(files)
        #expect(verdicts.count == files.count)
        for (file, verdict) in zip(files, verdicts) { #expect(verdict == "ok", "\(file.1.lastPathComponent)") }
    }

    @Test(
        "it refuses misspelt keys and wrong units",
        .enabled(if: python != nil, "PLAIT_PYTHON names no Python with jsonschema and PyYAML")
    )
    func wrongFilesDoNotFit() throws {
        let names = [
            "misspelt-key", "wrong-unit", "missing-unit", "unknown-model", "timeline-two-things", "unknown-top-key",
            "model-unknown-parameter", "flow-without-model", "unit-case", "negative-delay",
        ]
        let files = names.map { (ScenarioSchema.scenario, BrokenScenarioTests.folder.appending(path: $0 + ".yaml")) }
        let verdicts = try verdicts(files)
        #expect(verdicts.count == files.count)
        for (name, verdict) in zip(names, verdicts) { #expect(verdict != "ok", "\(name)") }
    }

    @Test("it knows every model of the vocabulary by name")
    func models() {
        let text = ScenarioSchema.scenario.text(testVocabulary)
        for name in ["gilbert-elliott", "codel", "poisson", "closed-loop", "normal"] {
            #expect(text.contains("\"\(name)\""))
        }
        #expect(!ScenarioSchema.scenario.text(Vocabulary()).contains("codel"))
    }
}
