import Foundation
import PlaitCommand
import Testing

@Suite("plait verify, of properties")
struct VerifyPropertiesTests {
    @Test("--list names every property with what it says, and nothing is run")
    func list() {
        let trial = Trial(["verify", "--list"])
        #expect(trial.status == 0)
        #expect(trial.output.contains("endpoint.calls   Any calls, packets in any order"))
        #expect(trial.output.contains("transfer.intact  Every byte arrives"))
        let one = Trial(["verify", "--list", "--property", "transfer"]).output
        #expect(one.hasPrefix("transfer.intact") && !one.contains("endpoint"))
    }

    @Test("a property that holds gives one row, and the exit status is zero")
    func row() throws {
        let folder = try TemporaryFolder()
        let trial = Trial(["verify", "--property", "endpoint", "--cases", "8", "--out", folder.path, "--workers", "2"])
        #expect(trial.status == 0, "\(trial.output)")
        let lines = trial.output.split(separator: "\n")
        #expect(lines[0].split(separator: " ").prefix(4) == ["property", "verdict", "cases", "steps"])
        let words = lines[1].split(separator: " ")
        #expect(words.prefix(5) == ["endpoint.calls", "holds,", "health", "not", "judged"])
        // Eight random cases, one for each of the two searches, and what was committed.
        #expect(Int(words[5]) ?? 0 >= 10)
        #expect(lines.count == 4 && lines[2].contains("completes BOUNDED(") && lines[3].contains("is judged from"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("the same seed gives the same JSON but for its timing, whatever the number of workers")
    func json() throws {
        let folder = try TemporaryFolder()
        func properties(_ workers: String) throws -> [[String: Any]] {
            let words = [
                "verify", "--property", "endpoint", "--cases", "12", "--seed", "5", "--json", "--out", folder.path,
            ]
            let text = Trial(words + ["--workers", workers]).output
            let whole = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            #expect(whole?["version"] as? Int == 1)
            var list = try #require(whole?["properties"] as? [[String: Any]])
            for index in list.indices { list[index]["timing"] = nil }
            return list
        }
        let (one, three) = (try properties("1"), try properties("3"))
        #expect(one.count == 1 && NSArray(array: one) == NSArray(array: three))
        #expect(one[0]["first_seed"] as? String == "5" && one[0]["verdict"] as? String == "holds")
        #expect((one[0]["rules"] as? [Any])?.count == 18)
    }

    @Test("one case of a seed is judged alone, and a case in a file is replayed")
    func replay() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("plait case 1\nproperty endpoint.calls\nchoices 0 3\n", to: "a.case")
        let words = ["verify", "--property", "endpoint.calls", "--out", folder.path]
        let trial = Trial(words + ["--replay", file])
        #expect(trial.status == 0 && trial.output.contains("the replayed case holds"))
        let seed = Trial(words + ["--seed", "524", "--cases", "1"])
        #expect(seed.status == 0, "one case is no campaign: nothing is said of rules that it did not reach")
        #expect(seed.output.contains("holds, health not judged"))
    }

    @Test(
        "what cannot be meant is refused with a remedy",
        arguments: [
            (["--property", "endpoint.cals"], "did you mean 'endpoint.calls'?"),
            (["--property", "xyz"], "'plait verify --list' names all"),
            (["--cases", "0"], "--cases takes a number from 1"),
            (["--cases", "-3"], "not a whole number"),
            (["--time", "soon"], "write --time 30s, 10m or 2h"),
            (["--time", "0s"], "write --time 30s, 10m or 2h"),
            (["--seed", "x"], "not a whole number"),
            (["--seeds", "1..3"], "--seeds means nothing to properties"),
            (["--workers", "0"], "--workers takes a number"),
            (["--module", "Nothing"], "no property belongs to a module called 'Nothing'"),
            (["--list", "--tlc"], "two commands"),
            (["pairs", "--cases", "3"], "--cases means nothing to 'pairs'"),
            (["transfers", "--large"], "--large means nothing to 'transfers'"),
            (["--large", "--replay", "x"], "--replay means nothing to --large"),
        ]
    )
    func refused(words: [String], told: String) {
        let trial = Trial(["verify"] + words)
        #expect(trial.status == 64 && trial.errors.contains(told), "\(trial.errors)")
        #expect(trial.output.isEmpty)
    }

    @Test("a file that is no case is refused with its line, one of another property with its name")
    func badCase() throws {
        let folder = try TemporaryFolder()
        let broken = try folder.write("plait case 1\nproperty endpoint.calls\nchoices x\n", to: "b.case")
        let trial = Trial(["verify", "--property", "endpoint.calls", "--replay", broken])
        #expect(trial.status == 65 && trial.errors.contains("b.case:3: 'x' is no choice"))
        #expect(Trial(["verify", "--property", "endpoint.calls", "--replay", folder.path + "/none"]).status == 66)
        let other = try folder.write("plait case 1\nproperty transfer.intact\nchoices 1\n", to: "c.case")
        let wrong = Trial(["verify", "--property", "endpoint.calls", "--replay", other])
        #expect(wrong.status == 64 && wrong.errors.contains("write --property transfer.intact"))
    }

    @Test("when the last run did not end by itself, the next one says how to see it again, once")
    func crashed() throws {
        let folder = try TemporaryFolder()
        let words = ["verify", "--property", "endpoint.calls", "--cases", "2", "--out", folder.path]
        #expect(Trial(words).errors.isEmpty)
        let command = "plait verify --property endpoint.calls --seed 65 --cases 64 --workers 1"
        try folder.write(command, to: "running-endpoint.calls.txt")
        #expect(Trial(words).errors == "the last run ended in the middle of a case: \(command)\n")
        #expect(Trial(words).errors.isEmpty)
    }
}
