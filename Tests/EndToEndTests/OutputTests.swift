import Foundation
import TestSupport
import Testing

@Suite("What a run leaves behind")
struct OutputTests {
    /// Everything that a run can write.
    private static let all = ["--packets", "--pcap", "--plot", "--check-laws"]
    private static let short = ["--set", "stop=2s", "--set", "expect=[]"]

    /// The manifest without what a clock measured.
    private func withoutTiming(_ manifest: Data) throws -> NSDictionary {
        let object = try #require(JSONSerialization.jsonObject(with: manifest) as? [String: Any])
        #expect(object["timing"] != nil, "timing has moved, and this test looks at nothing")
        return NSDictionary(dictionary: object.filter { $0.key != "timing" })
    }

    @Test("the same command again, in another process, writes the same bytes but for the manifest's timing")
    func again() throws {
        let work = try Workspace()
        let command = ["run", "Scenarios/first.yaml", "--quiet", "--out", work.path] + Self.short + Self.all
        #expect(try Program.plait(command).status == 0)
        var first = try Workspace.contents(of: work.path)
        #expect(try Program.plait(command).status == 0)
        var second = try Workspace.contents(of: work.path)
        let manifests = try (
            withoutTiming(#require(first["manifest.json"])), withoutTiming(#require(second["manifest.json"]))
        )
        #expect(manifests.0 == manifests.1)
        first["manifest.json"] = nil
        second["manifest.json"] = nil
        #expect(
            first.keys.sorted() == [
                "events.csv", "flow_totals.csv", "flows.csv", "links.csv", "packets.csv", "packets.pcapng", "plot.svg",
                "runs.csv",
            ],
            "and nothing half-written beside them"
        )
        for (name, bytes) in first {
            #expect(!bytes.isEmpty, "\(name)")
            #expect(bytes == second[name], "\(name) differs")
        }
    }

    @Test("the manifest lists the files that are there, and its command makes the run again")
    func manifest() throws {
        let work = try Workspace()
        let made = work.file("made")
        let command = ["run", "Scenarios/first.yaml", "--seed", "5", "--quiet", "--out", made] + Self.short
        #expect(try Program.plait(command).status == 0)
        let files = try Workspace.contents(of: made)
        let manifest = try withoutTiming(#require(files["manifest.json"]))
        let listed = try #require(manifest["files"] as? [String])
        #expect(Set(listed + ["manifest.json"]) == Set(files.keys))
        let reproduce = try #require(manifest["reproduce"] as? String)
        try FileManager.default.moveItem(atPath: made, toPath: work.file("kept"))
        // As a shell reads it, with `plait` found on PATH.
        let programs = URL(filePath: try Program.path()).deletingLastPathComponent().path
        let result = try Program.run("/bin/sh", ["-c", "PATH='\(programs)':$PATH; \(reproduce)"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try Workspace.contents(of: made)["runs.csv"] == files["runs.csv"])
    }

    @Test("seeds come out in their order, and the number of workers changes no byte")
    func workers() throws {
        let work = try Workspace()
        var tables: [[String: Data]] = []
        for workers in ["1", "2"] {
            let folder = work.file(workers)
            let result = try Program.plait(
                ["run", "Scenarios/first.yaml", "--seeds", "1..6", "--workers", workers, "--quiet", "--out", folder]
                    + Self.short
            )
            #expect(result.status == 0, "\(result.errors)")
            tables.append(try Workspace.contents(of: folder).filter { $0.key.hasSuffix(".csv") })
        }
        #expect(tables[0].count == 1 + 6 * 4, "\(tables[0].keys.sorted())")
        #expect(tables[0] == tables[1])
        let runs = try CSVTable(String(decoding: #require(tables[0]["runs.csv"]), as: UTF8.self)).rows
        #expect(runs.map { $0["seed"] } == ["1", "2", "3", "4", "5", "6"])
        #expect(Set(runs.map { $0["hash"] }).count == 6, "each seed is a run of its own")
    }

    @Test("--json agrees with runs.csv")
    func json() throws {
        let work = try Workspace()
        let result = try Program.plait(
            ["run", "Scenarios/first.yaml", "--seeds", "3..4", "--json", "--out", work.path] + Self.short
        )
        #expect(result.status == 0)
        let report = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let reported = try #require(report["runs"] as? [[String: Any]])
        let rows = try CSVTable(contentsOf: work.file("runs.csv")).rows
        #expect(reported.compactMap { $0["hash"] as? String } == rows.compactMap { $0["hash"] })
        #expect(reported.compactMap { ($0["seed"] as? Int).map(String.init) } == rows.compactMap { $0["seed"] })
    }

    @Test(
        "tshark finds nothing malformed in the capture",
        .enabled(if: peer("PLAIT_TSHARK", orNamed: "tshark") != nil || isCI, "no tshark here: apt install tshark"),
        arguments: ["ipv4", "ipv6"]
    )
    func capture(family: String) throws {
        let tshark = try #require(peer("PLAIT_TSHARK", orNamed: "tshark"), "CI must have tshark")
        let work = try Workspace()
        let run = try Program.plait([
            "run", "Scenarios/first.yaml", "--set", "addresses=\(family)", "--set", "stop=4s", "--set", "expect=[]",
            "--pcap",
            "--packets", "--quiet", "--out", work.path,
        ])
        try #require(run.status == 0, "\(run.errors)")
        func frames(_ filter: String) throws -> Int {
            let result = try Program.run(
                tshark,
                [
                    "-n", "-r", work.file("packets.pcapng"), "-o", "udp.check_checksum:TRUE", "-o",
                    "ip.check_checksum:TRUE", "-T", "fields", "-e", "frame.number", "-Y", filter,
                ]
            )
            try #require(result.status == 0, "\(result.errors)")
            return result.output.split(separator: "\n").count
        }
        let bad =
            "_ws.malformed || udp.checksum.status == 0 || ip.checksum.status == 0 || _ws.expert.severity >= 0x600000"
            + " || udp.length.bad || ip.bogus_ip_length"
        #expect(try frames(bad) == 0)
        let packets = try CSVTable(contentsOf: work.file("packets.csv")).rows
        let settled = packets.count { $0["event"] == "arrived" || $0["event"] == "dropped" }
        #expect(settled > 1_000)
        #expect(try frames(family == "ipv4" ? "ip && udp" : "ipv6 && udp") == settled)
    }
}
