import Foundation
import TestSupport
import Testing

@Suite("Exit statuses and messages")
struct VerdictTests {
    private let first = ["run", "Scenarios/first.yaml", "--quiet", "--set", "stop=1s"]

    @Test("an expectation that holds gives 0, one that fails or was never exercised gives 1, results written")
    func expectations() throws {
        for (expectation, status) in [
            ("flows.camera.delivered > 100 packets", 0), ("flows.camera.delivered > 1_000_000 packets", 1),
        ] as [(String, Int32)] {
            let work = try Workspace()
            let result = try Program.plait(first + ["--set", "expect=[\(expectation)]", "--out", work.path])
            #expect(result.status == status, "\(expectation): \(result.errors)")
            #expect(try Workspace.contents(of: work.path)["runs.csv"] != nil)
        }
    }

    @Test("one failing seed among several fails all, and is named")
    func oneSeed() throws {
        let work = try Workspace()
        let result = try Program.plait([
            "run", "Scenarios/first.yaml", "--seeds", "1..2", "--set", "stop=1s", "--out", work.path,
        ])
        #expect(result.status == 1)
        #expect(result.errors.contains("seed 1: does not hold: flows.voice.delivered > 400 packets"))
        #expect(result.errors.contains("seed 2: does not hold"))
    }

    @Test("what cannot be read gives 66, what says something wrong 65, what cannot be written 73")
    func unreadable() throws {
        let work = try Workspace()
        #expect(try Program.plait(["run", work.file("nothing.yaml")]).status == 66)
        #expect(try Program.plait(["run", work.path]).status == 66)
        #expect(try Program.plait(["run", "/dev/null"]).status == 66)
        #expect(try Program.plait(first + ["--set", "links.nothing.rate=1Mbps"]).status == 65)
        #expect(try Program.plait(first + ["--set", "expect=[]", "--out", "/dev/null/folder"]).status == 73)
        #expect(try Program.plait(first + ["--seeds", "6..1"]).status == 64)
    }

    @Test("broken files are refused with their name and a reason, and nothing is written")
    func broken() throws {
        let work = try Workspace()
        let whole = try Data(contentsOf: repositoryRoot.appending(path: "Scenarios/first.yaml"))
        var files: [(name: String, bytes: Data)] = [
            ("empty", Data()), ("binary", try Data(contentsOf: URL(filePath: Program.path())).prefix(5_000)),
            ("zeros", Data(count: 4_096)), ("list", Data("- 1\n".utf8)),
            ("deep", Data(String(repeating: "[", count: 100_000).utf8)),
        ]
        // In the middle of a line, of a unit, of a list, of a multi-byte sequence.
        for length in stride(from: 5, to: 250, by: 49) { files.append(("cut-\(length)", whole.prefix(length))) }
        files.append(("half-letter", whole + Data([0xE2, 0x82])))
        for (name, bytes) in files {
            let file = work.file("\(name).yaml")
            try bytes.write(to: URL(filePath: file))
            let results = work.file("results")
            let result = try Program.plait(["run", file, "--out", results])
            #expect(result.status == 65, "\(name): \(String(describing: result.status)): \(result.errors)")
            #expect(result.errors.contains("\(name).yaml:"), "\(name): \(result.errors)")
            #expect(result.errors.contains("error: "), "\(name)")
            #expect(result.output.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: results), "\(name) left results")
        }
    }
}

@Suite("plait diverge on real runs")
struct DivergeRunTests {
    private func run(_ words: [String], to folder: String) throws {
        let result = try Program.plait(
            [
                "run", "Scenarios/first.yaml", "--set", "stop=1s", "--set", "expect=[]", "--packets", "--quiet",
                "--out", folder,
            ]
                + words
        )
        try #require(result.status == 0, "\(result.errors)")
    }

    @Test("the same scenario and seed are the same; another seed, or another loss, parts at a first event")
    func parting() throws {
        let work = try Workspace()
        try run([], to: work.file("a"))
        try run([], to: work.file("same"))
        try run(["--seed", "2"], to: work.file("seed"))
        try run(["--set", "links.wifi.loss=5%"], to: work.file("loss"))
        let same = try Program.plait(["diverge", work.file("a"), work.file("same")])
        #expect(same.status == 0)
        #expect(same.output.contains("The two runs are the same, event by event"))
        for other in ["seed", "loss"] {
            let result = try Program.plait(["diverge", "--json", work.file("a"), work.file(other)])
            #expect(result.status == 1)
            let report = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            #expect(report["same"] as? Bool == false)
            let common = try #require(report["common_events"] as? Int)
            let lines = try ["a", other].map { name in
                try String(contentsOfFile: work.file(name + "/packets.csv"), encoding: .utf8)
                    .split(separator: "\n").dropFirst()
            }
            // Found again here, by looking at every line.
            #expect(common == zip(lines[0], lines[1]).prefix { $0 == $1 }.count)
            #expect(common > 0 && common < lines[0].count, "\(other)")
        }
    }
}
