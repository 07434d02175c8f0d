import Foundation
import PlaitCore
import PlaitReport
import TestSupport
import Testing

@Suite("Tables")
struct TableTests {
    static let peer = repositoryRoot.appending(path: "Tests/Peers/metrics.py").path(percentEncoded: false)

    @Test(
        "independent Python recomputes every column from packets.csv",
        arguments: [1, 2, 3] as [UInt64],
        [Interval.milliseconds(100), Interval(nanoseconds: 333_333_333), .milliseconds(1), .seconds(60)]
    )
    func recomputed(seed: UInt64, interval: Interval) throws {
        let folder = try Folder()
        try folder.fill(with: TinyWorld(seed: seed, packets: 3_000), interval: interval)
        let (status, output) = try Folder.run(["python3", Self.peer, folder.path])
        #expect(status == 0, "\(output)")
    }

    @Test("the tables of a workload agree with each other, as independent Python reads them")
    func workRecomputed() throws {
        let folder = try Folder()
        try folder.fill(with: TinyWorld(seed: 2, packets: 300), interval: .milliseconds(100), withWork: true)
        let (status, output) = try Folder.run(["python3", Self.peer, folder.path])
        #expect(status == 0 && output.contains("streams.csv, connections.csv"), "\(output)")
    }

    @Test("the tables of a workload read as they always did")
    func workSnapshot() throws {
        let folder = try Folder()
        try folder.fill(with: TinyWorld(seed: 2, packets: 0), interval: .milliseconds(500), withWork: true)
        var text = ""
        for name in WorkReport.files + ["events.csv", "runs.csv"] { text += "== \(name)\n" + (try folder.read(name)) }
        try expectSnapshot(text, named: "work")
    }

    @Test("a run without packets has complete tables too", arguments: [Interval.milliseconds(100), .seconds(9)])
    func empty(interval: Interval) throws {
        let folder = try Folder()
        try folder.fill(with: TinyWorld(seed: 1, packets: 0), interval: interval)
        let (status, output) = try Folder.run(["python3", Self.peer, folder.path])
        #expect(status == 0, "\(output)")
    }

    @Test(
        "a changed digit in any table is a difference",
        // Nothing else says what these hold, and decisions are written on request.
        arguments: ResultTable.all.map(\.file).filter {
            !["events.csv", "datagrams.csv", "paths.csv", "decisions.csv"].contains($0)
        }
    )
    func changedDigit(file: String) throws {
        let folder = try Folder()
        try folder.fill(with: TinyWorld(seed: 4, packets: 300), interval: .milliseconds(100), withWork: true)
        var lines = try folder.read(file).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // Digits that follow from other ones: a length, a duration, a handshake's time.
        let column = ["packets.csv": 7, "streams.csv": 11, "connections.csv": 5][file] ?? 9
        var cells = lines[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        cells[column] += "1"
        lines[1] = cells.joined(separator: ",")
        try folder.write(lines.joined(separator: "\n"), to: file)
        let (status, output) = try Folder.run(["python3", Self.peer, folder.path])
        #expect(status == 1, "\(output)")
    }

    @Test("the same events give the same bytes, whatever the batches")
    func reproducible() throws {
        let (first, second) = (try Folder(), try Folder())
        for folder in [first, second] {
            try folder.fill(with: TinyWorld(seed: 5, packets: 500), interval: .milliseconds(70))
        }
        let names = try first.names
        #expect(
            try names == second.names
                && names == [
                    "events.csv", "flow_totals.csv", "flows.csv", "links.csv", "manifest.json", "packets.csv",
                    "runs.csv",
                ]
        )
        for name in names { #expect(try first.read(name) == second.read(name), "\(name)") }
    }

    @Test("the manifest, the changes and the head of each table read as they always did")
    func snapshots() throws {
        let folder = try Folder()
        try folder.fill(with: TinyWorld(seed: 6, packets: 4_000), interval: .milliseconds(500))
        var text = ""
        for name in try folder.names {
            let lines = try folder.read(name).split(separator: "\n", omittingEmptySubsequences: false)
            let shown = name.hasSuffix(".json") || name == "events.csv" ? lines.count : 6
            text += "== \(name)\n" + lines.prefix(shown).joined(separator: "\n") + "\n"
        }
        try expectSnapshot(text, named: "folder")
        let manifest = try JSONSerialization.jsonObject(with: Data(folder.read("manifest.json").utf8)) as? [String: Any]
        #expect(manifest?["resolved_scenario"] as? String == "name: \"tiny\"\n\tstop: 2 s\n")
    }

    @Test("results/COLUMNS.md is what the code says")
    func columnsPage() throws {
        let file = repositoryRoot.appending(path: "results/COLUMNS.md")
        if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
            try ResultTable.page.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == ResultTable.page)
    }

    @Test("a table names each column once, and its unit is the end of the name")
    func columnNames() {
        let units = [
            "ms", "ns", "bytes", "packets", "mbps", "events", "datagrams", "timeouts", "updates", "exchanges",
            "connections",
        ]
        let bare = [
            "scenario", "seed", "hash", "link", "direction", "utilisation", "flow", "what", "where", "value", "unit",
            "event",
            "reason", "property", "place", "packet", "ecn", "index", "detail",
            "item", "number", "kind", "connection", "connections", "stream", "priority", "exchanges", "outcome", "host",
            "role", "lost", "path", "state", "backup", "decision", "again", "chosen",
        ]
        for table in ResultTable.all {
            #expect(Set(table.columns.map(\.name)).count == table.columns.count, "\(table.file)")
            for column in table.columns {
                let isMeasured = units.contains { column.name.hasSuffix("_" + $0) }
                #expect(isMeasured || bare.contains(column.name), "\(table.file): \(column.name)")
            }
        }
    }

    @Test("every value of a change has words")
    func changes() {
        func words(_ property: TraceEvent.Property, _ detail: UInt64) -> String {
            let value = ChangedValue(
                TraceEvent(time: .start, kind: .changed, place: 0, property: property, detail: detail)
            )
            return "\(value.value)|\(value.unit)|\(value.phrase)"
        }
        #expect(words(.rate, 1_500_000) == "1500000|bps|rate 1.5 Mbps")
        #expect(words(.rate, 0) == "0|bps|rate unlimited")
        #expect(words(.delay, 15_000_000) == "15000000|ns|delay 15 ms")
        #expect(words(.up, 2) == "held||held")
        #expect(words(.host, 0) == "crashed||crashed")
        #expect(words(.drift, UInt64(bitPattern: -20)) == "-20|ppb|drift -20 ppb")
        #expect(words(.duplication, 25_000_000) == "25000000|ppb|duplication 2.5 %")
        #expect(words(.jitter, 1 << 63 | 2_000) == "2000|ns, may reorder|jitter up to 2 us, may reorder")
        #expect(words(.partition, 0) == "0||partition healed")
        #expect(words(.rebind, 5 << 32 | 9) == "5>9||rebound 5 > 9")
    }
}
