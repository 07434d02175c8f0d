import Foundation
import PlaitCommand
import Testing

@Suite("plait run, check and diverge together")
struct RunTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func scenario(_ extra: String = "") throws -> String {
        try folder.write(
            """
            stop: 0.2 s
            hosts: {a: {}, b: {}}
            links:
              w: {between: [a, b], rate: 5 Mbps, delay: 5 ms, loss: {gilbert-elliott: {mean: 5 %, burst: 6}}}
            traffic:
              f: {from: a, to: b, poisson: {rate: 4 Mbps}}
            \(extra)

            """,
            to: "small.yaml"
        )
    }

    /// Runs into a folder of that name and returns its path.
    private func run(_ name: String, _ words: String...) throws -> String {
        let trial = Trial(["run", try scenario(), "--out", folder.path + "/" + name, "--quiet"] + words)
        #expect(trial.status == 0, "\(trial.errors)")
        #expect(trial.output == "")
        return folder.path + "/" + name
    }

    @Test("the same run twice is the same, with and without packet logs")
    func same() throws {
        let trial = Trial(["diverge", try run("a", "--packets"), try run("b", "--packets")])
        #expect(trial.status == 0, "\(trial.output)")
        #expect(trial.output.contains("The two runs are the same, event by event: "))
        #expect(trial.output.contains("The hashes agree as well: all "))
        #expect(!trial.output.contains("differs"))
        let plain = Trial(["diverge", folder.path + "/a", try run("c")])
        #expect(plain.status == 0)
        #expect(plain.output.contains("The two runs are the same: all "))
    }

    @Test("two seeds part at an event that both logs have on the named line")
    func seeds() throws {
        let folders = [try run("a", "--packets", "--seed", "1"), try run("b", "--packets", "--seed", "2")]
        let trial = Trial(["diverge", "--json"] + folders)
        #expect(trial.status == 1)
        let found = try JSONSerialization.jsonObject(with: Data(trial.output.utf8)) as? [String: Any]
        let parting = try #require(found?["parting"] as? [String: Any])
        let line = try #require(parting["line"] as? Int)
        let logs = try folders.map {
            try String(contentsOfFile: $0 + "/packets.csv", encoding: .utf8).split(separator: "\n")
        }
        #expect(logs[0].prefix(line - 1) == logs[1].prefix(line - 1))
        #expect(logs[0][line - 1] != logs[1][line - 1])
        let text = Trial(["diverge"] + folders)
        #expect(text.output.contains("the seed differs: 1 and 2"))
        #expect(text.output.contains("line \(line) of packets.csv"))
    }

    @Test("of several seeds the one that parts is named, and its log is read")
    func campaigns() throws {
        let a = try run("a", "--packets", "--seeds", "1..3")
        let b = try run("b", "--packets", "--seeds", "1..3")
        #expect(Trial(["diverge", a, b]).output.contains(" in 3 packet logs.\n"))
        let log = URL(filePath: b + "/seed-2/packets.csv")
        var rows = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map(String.init)
        rows.swapAt(10, 11)
        try rows.joined(separator: "\n").write(to: log, atomically: true, encoding: .utf8)
        let trial = Trial(["diverge", a, b])
        #expect(trial.status == 1)
        #expect(trial.output.contains("They part at event 10, line 11 of seed-2/packets.csv"), "\(trial.output)")
    }

    @Test("what differs without packet logs is named, and the commands shown make runs that can be compared")
    func advice() throws {
        let trial = Trial(["diverge", try run("a", "--seed", "1"), try run("b", "--seed", "2")])
        #expect(trial.status == 1)
        #expect(trial.output.contains("\n  link/w/a>b\n"), "\(trial.output)")
        let commands = trial.output.split(separator: "\n").filter { $0.hasPrefix("  plait run ") }
        try #require(commands.count == 2)
        for command in commands {
            let words = command.split(separator: " ").map(String.init)
            #expect(Trial(Array(words.dropFirst())).status == 0, "\(command)")
        }
        #expect(Trial(["diverge", folder.path + "/a", folder.path + "/b"]).output.contains("They part at event "))
    }

    @Test(
        "the exit status is the verdict on the expectations",
        arguments: [("sent > 0 packets", 0), ("sent == 0 packets", 1), ("complete within 1 s", 1)] as [(String, Int32)]
    )
    func verdict(expectation: String, status: Int32) throws {
        let file = try scenario("expect:\n  - flows.f.\(expectation)")
        let trial = Trial(["run", file, "--out", folder.path + "/verdict", "--quiet"])
        #expect(trial.status == status, "\(trial.errors)")
    }

    @Test("check refuses what run refuses, and the other way round")
    func agreement() throws {
        let texts = [
            "", "timeline:\n  - {at: 0.1 s, link: w, set: {loss: {gilbert-elliott: {mean: 1 %}}}}",
            "timeline:\n  - {at: 0.1 s, link: w, set: {queue: {codel: {interval: 9 s}}}}", "nonsense: 1",
            "routers: {r: {}}", "timeline:\n  - {at: 0.1 s, link: w, down: true}",
        ]
        for text in texts {
            let file = try scenario(text)
            let check = Trial(["check", file])
            let run = Trial(["run", file, "--out", folder.path + "/agree", "--quiet"])
            #expect(check.status == run.status, "\(text): \(check.errors) / \(run.errors)")
            #expect(check.errors.hasPrefix(run.errors), "the same words")
        }
    }

    @Test("a results folder that cannot be made is told apart from all else")
    func noFolder() throws {
        try folder.write("", to: "file")
        let trial = Trial(["run", try scenario(), "--out", folder.path + "/file/results"])
        #expect(trial.status == 73)
        #expect(trial.errors.contains("file/results"))
    }
}
