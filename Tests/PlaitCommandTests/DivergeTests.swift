import Foundation
import PlaitCommand
import PlaitReport
import Testing

@Suite("plait diverge")
struct DivergeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let header = "time_ns,event,reason,property,place,packet,flow,length_bytes,ecn,index,detail\n"

    /// Rows as PlaitReport writes them: packet after packet is offered to a link.
    private static func rows(_ count: Int) -> [String] {
        (0..<count).map { "\($0 * 1_000_500),offered,,,wifi/client>server,\($0),bulk,1200,not-ect,\($0),\n" }
    }

    /// Makes a run folder and returns its path.
    private func run(
        _ name: String,
        hashes: [(String, String)] = [("run", "00"), ("host/client", "01"), ("link/wifi/client>server", "02")],
        packets: [String]? = nil,
        runs: String? = nil,
        seed: UInt64 = 1,
        scenario: String = "stop: 1 s\\nloss: 1 %\\n"
    ) throws -> String {
        let digits = hashes.map { "\"\($0.0)\": \"\($0.1)\"" }.joined(separator: ", ")
        try folder.write(
            """
            {"format_version": 1, "plait_version": "0.1.0", "scenario": "first", "seeds": [\(seed)],
             "platform": "linux-x86_64", "reproduce": "plait run first --seed \(seed)", "hashes": {\(digits)},
             "resolved_scenario": "\(scenario)", "timing": {"run_ms": 1.5}}
            """,
            to: name + "/manifest.json"
        )
        if let packets { try folder.write(Self.header + packets.joined(), to: name + "/packets.csv") }
        if let runs { try folder.write(runs, to: name + "/runs.csv") }
        return folder.path + "/" + name
    }

    @Test("two equal runs are the same, event by event and hash by hash")
    func same() throws {
        let a = try run("a", packets: Self.rows(5_000))
        let b = try run("b", packets: Self.rows(5_000))
        let trial = Trial(["diverge", a, b])
        #expect(
            trial.output == """
                A  \(a), scenario first, seed 1, plait 0.1.0, linux-x86_64
                B  \(b), scenario first, seed 1, plait 0.1.0, linux-x86_64

                The two runs are the same, event by event: 5000 events.
                The hashes agree as well: all 3 hashes.

                """
        )
        #expect(trial.status == 0)
        #expect(Trial(["diverge", a, a]).status == 0)
    }

    @Test("the first event at which two runs part is named, with what happened before and what differs")
    func parting() throws {
        var changed = Self.rows(5_000)
        changed[4_321] = "4323160501,dropped,loss,,wifi/client>server,4321,bulk,1200,not-ect,,\n"
        // A later difference must not be the one that is told.
        changed[4_400] = "0,sent,,,client,1,bulk,1,ce,,\n"
        let a = try run("a", packets: Self.rows(5_000))
        let b = try run("b", hashes: [("run", "ff"), ("host/client", "01")], packets: changed)
        let trial = Trial(["diverge", a, b])
        #expect(trial.status == 1)
        #expect(
            trial.output.hasSuffix(
                """

                They part at event 4322, line 4323 of packets.csv:

                     4320.159000 ms  offered  wifi/client>server  packet 4318 of bulk  1200 B  not-ect  index 4318
                     4321.159500 ms  offered  wifi/client>server  packet 4319 of bulk  1200 B  not-ect  index 4319
                     4322.160000 ms  offered  wifi/client>server  packet 4320 of bulk  1200 B  not-ect  index 4320
                  A  4323.160500 ms  offered  wifi/client>server  packet 4321 of bulk  1200 B  not-ect  index 4321
                  B  4323.160501 ms  dropped (loss)  wifi/client>server  packet 4321 of bulk  1200 B  not-ect

                These columns differ: time_ns, event, reason, index.
                The hashes of these differ:
                  run
                  link/wifi/client>server (only in A)

                """
            ),
            "\(trial.output)"
        )
        let line = try #require(changed[4_321].split(separator: ",").first.map(String.init))
        #expect(line == "4323160501")
    }

    @Test("a log that ends early parts where it ends, on either side", arguments: [0, 1, 2, 5])
    func prefix(length: Int) throws {
        let a = try run("a", packets: Array(Self.rows(6)))
        let b = try run("b", packets: Array(Self.rows(6).prefix(length)))
        for (words, side) in [([a, b], "B"), ([b, a], "A")] {
            let trial = Trial(["diverge"] + words)
            #expect(trial.status == 1)
            #expect(trial.output.contains("They part at event \(length + 1), line \(length + 2)"))
            #expect(trial.output.contains("  \(side)  (nothing more)\n"), "\(trial.output)")
        }
    }

    @Test("the event found is the first one that differs, wherever it is", arguments: 0..<12 as Range<UInt64>)
    func model(seed: UInt64) throws {
        var random = SplitMix(seed)
        // Long fields make rows of many lengths lie across the ends of the reader's blocks.
        let rows = (0..<3_000).map { index in
            let flow = String(repeating: "f", count: Int.random(in: 1...400, using: &random))
            return "\(index),sent,,,client,\(index),\(flow),1200,ce,,7\n"
        }
        var changed = rows
        for _ in 0..<3 {
            let place = Int.random(in: 0..<rows.count, using: &random)
            changed[place] = "0" + changed[place]
        }
        let first = try #require(zip(rows, changed).enumerated().first { $0.element.0 != $0.element.1 }).offset
        let trial = Trial(["diverge", try run("a", packets: rows), try run("b", packets: changed)])
        #expect(trial.output.contains("They part at event \(first + 1), line \(first + 2) of packets.csv"))
        #expect(trial.output.contains("These columns differ: time_ns.\n"))
    }

    @Test("a row that ends where the reader's block ends is one row", arguments: -2...2)
    func blocks(offset: Int) throws {
        // The reader takes 2^18 bytes at a time.
        let start = "1,sent,,,client,1,"
        let filling = String(repeating: "f", count: (1 << 18) - Self.header.utf8.count - start.utf8.count - 13 + offset)
        let long = start + filling + ",1200,ce,,7\n"
        let rows = [long] + Self.rows(3)
        let changed = rows.dropLast() + ["9,sent,,,client,1,bulk,1200,ce,,7\n"]
        let trial = Trial(["diverge", try run("a", packets: rows), try run("b", packets: Array(changed))])
        #expect(trial.output.contains("They part at event 4, line 5 of packets.csv"))
        #expect(Trial(["diverge", folder.path + "/a", folder.path + "/a"]).output.contains(": 4 events."))
    }

    @Test("without packet logs the hashes name the places, and the way to the event is shown")
    func hashes() throws {
        let a = try run("a", packets: Self.rows(3))
        let b = try run("b", hashes: [("run", "00"), ("host/client", "ff"), ("host/x", "02")], seed: 9)
        let trial = Trial(["diverge", a, b])
        #expect(trial.status == 1)
        #expect(
            trial.output.hasSuffix(
                """
                   the seed differs: 1 and 9

                The hashes of these differ:
                  host/client
                  link/wifi/client>server (only in A)
                  host/x (only in B)

                To see the first event at which they part, run both again, each into a folder of its own:
                  plait run first --seed 1 --packets --out a
                  plait run first --seed 9 --packets --out b
                and compare these with plait diverge.

                """
            ),
            "\(trial.output)"
        )
        let same = Trial(["diverge", b, b])
        #expect(same.output.hasSuffix("\nThe two runs are the same: all 3 hashes.\n"))
        #expect(same.status == 0)
    }

    @Test("equal logs with different hashes are not the same")
    func disagreement() throws {
        let a = try run("a", packets: Self.rows(3))
        let b = try run("b", hashes: [("run", "00"), ("host/client", "ff")], packets: Self.rows(3))
        let trial = Trial(["diverge", a, b])
        #expect(trial.status == 1)
        #expect(trial.output.contains("Yet these hashes differ"))
    }

    @Test("what was run differently is told")
    func inputs() throws {
        let a = try run("a")
        let b = try run("b", seed: .max, scenario: "stop: 1 s\\n  loss: 2 %\\n")
        let trial = Trial(["diverge", a, b])
        #expect(trial.output.contains("   the seed differs: 1 and 18446744073709551615\n"))
        #expect(
            trial.output.contains(
                "   the scenario, as resolved, differs first in line 2: 'loss: 1 %' and 'loss: 2 %'\n"
            )
        )
        #expect(trial.status == 0, "the same hashes, so the same events")
    }

    @Test("of many runs the seeds that differ are named")
    func many() throws {
        let a = try run("a", hashes: [], runs: "scenario,seed,hash\nfirst,1,aa\nfirst,2,bb\nfirst,3,cc\n")
        let b = try run("b", hashes: [], runs: "scenario,seed,hash\nfirst,1,aa\nfirst,2,b0\n")
        let trial = Trial(["diverge", a, b])
        #expect(trial.status == 1)
        #expect(trial.output.contains("differ:\n  run with seed 2\n  run with seed 3 (only in A)\n"))
    }

    @Test("folders that cannot be compared are no verdict")
    func unusable() throws {
        let good = try run("good", packets: Self.rows(3))
        let bare = try run("bare", hashes: [])
        #expect(Trial(["diverge", bare, bare]).status == 65, "nothing to compare is not sameness")
        let onlyPackets = try run("only", packets: Self.rows(3))
        try FileManager.default.removeItem(atPath: onlyPackets + "/manifest.json")
        #expect(Trial(["diverge", good, onlyPackets]).status == 0)
        #expect(Trial(["diverge", bare, onlyPackets]).status == 65)
        try folder.write("", to: "empty/x")
        try folder.write("{\"hashes\": {\"run\": 1}}", to: "number/manifest.json")
        try folder.write("{\"hashes\": {\"run\": \"1\"}\n\n,}", to: "broken/manifest.json")
        try folder.write("[]", to: "list/manifest.json")
        try folder.write("time,what\n", to: "columns/packets.csv")
        try folder.write(Self.header.replacing(",detail", with: ",size"), to: "version/packets.csv")
        for (name, status, message) in [
            ("none", 66, "there is no folder"), ("empty", 66, "holds neither"),
            ("good/manifest.json", 66, "not a folder"),
            ("number", 65, "the hash of 'run' is no text"),
            ("list", 65, "manifest.json:1: not a manifest: not an object"),
            ("broken", 65, "manifest.json:3: not a manifest: a key is a string"),
            ("columns", 65, "not the header of a packet log"), ("version", 65, "different columns"),
        ] as [(String, Int32, String)] {
            let trial = Trial(["diverge", good, folder.path + "/" + name])
            #expect(trial.status == status, "\(name): \(trial.errors)")
            #expect(trial.errors.contains(message), "\(name): \(trial.errors)")
            #expect(trial.output == "")
        }
    }

    @Test("--json says the same to machines")
    func json() throws {
        var changed = Self.rows(9)
        changed[4] = "1\n"
        let trial = Trial(["diverge", "--json", try run("a", packets: Self.rows(9)), try run("b", packets: changed)])
        let value = try JSONSerialization.jsonObject(with: Data(trial.output.utf8)) as? [String: Any]
        #expect(value?["same"] as? Bool == false)
        #expect(value?["common_events"] as? Int == 4)
        let parting = value?["parting"] as? [String: Any]
        #expect(parting?["line"] as? Int == 6)
        #expect(parting?["b"] as? String == "1")
        #expect(trial.status == 1)
    }
}

@Suite("Reading manifests")
struct JSONValueTests {
    @Test(
        "what another reader of JSON accepts and refuses, this one does",
        arguments: [
            "{}", "[]", " [1, -2.5e+3, 0, true, false, null, \"\"] ", "{\"a\": {\"b\": [[]]}}", "\"\\u00e9\\n\\/\\\"\"",
            "\"\\ud83d\\ude00\"", "18446744073709551615", "", "{", "{a:1}", "01", "+1", "1.",
            "1e",
            "-", "nul", "\"\\x\"", "\"\\u12\"", "\"\\ud83d\"", "\"\\ude00\"", "\"", "\"\n\"", "[1] 2", "[1 2]",
            "{\"a\" 1}",
            "\u{FEFF}[]x", "\"\\u+123\"",
        ]
    )
    func agreement(text: String) {
        let other = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        let own = try? JSONValue(parsing: Array(text.utf8))
        #expect((own == nil) == (other == nil), "\(String(describing: own)), \(String(describing: other))")
        if let text = other as? String { #expect(own?.text == text) }
    }

    @Test("a comma before a closing bracket is refused", arguments: ["[1,]", "{\"a\":1,}", "[,]", "{,}"])
    func commas(text: String) {
        #expect(throws: JSONValue.SyntaxError.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test("numbers keep all their digits, and maps their order")
    func exact() throws {
        let value = try JSONValue(parsing: Array("{\"z\": 18446744073709551615, \"a\": [1.50]}".utf8))
        #expect(value["z"]?.word == "18446744073709551615")
        #expect(value["a"]?.list?.first?.word == "1.50")
        #expect(value.members?.map(\.key) == ["z", "a"])
    }

    @Test("bytes that are not UTF-8, deep nesting and random damage are refused, never a crash")
    func hostile() throws {
        #expect(throws: JSONValue.SyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        let deep = Array(repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: JSONValue.SyntaxError(line: 1, message: "nested too deeply")) { try JSONValue(parsing: deep) }
        var random = SplitMix(1)
        let sample = Array("{\"a\": [1, -2.5e3, true, null, \"x\\u00e9\\n\"], \"b\": {\"c\": \"\"}}".utf8)
        for _ in 0..<20_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count / 2, using: &random))
            _ = try? JSONValue(parsing: bytes)
        }
    }
}
