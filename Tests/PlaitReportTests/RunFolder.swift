import Foundation
import PlaitCore
import PlaitReport

/// A folder that is gone after the test.
final class Folder {
    let url: URL
    var path: String { url.path(percentEncoded: false) }

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "plait-report-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }
    func read(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }
    func write(_ text: String, to name: String) throws {
        try text.write(toFile: file(name), atomically: false, encoding: .utf8)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false)).sorted() }
    }

    /// Everything a run leaves behind.
    func fill(with world: TinyWorld, interval: Interval) throws {
        let path = String(self.path)
        let links = try LinksFile(in: path, labels: world.labels)
        let flows = try FlowsFile(in: path, labels: world.labels)
        let packets = try PacketsFile(in: path, labels: world.labels)
        let meter = RunMeter(labels: world.labels, interval: interval, receivers: [links, flows])
        world.play(to: [meter, packets])
        try links.commit()
        try flows.commit()
        try packets.commit()
        let totals = meter.totals()
        let summary = RunSummary(
            scenario: "tiny, world",
            seed: 7,
            hash: "0123456789abcdef0123456789abcdef",
            engineEvents: 99,
            totals: totals
        )
        try ResultTable.writeRuns([summary], in: path)
        try ResultTable.writeFlowTotals(totals, labels: world.labels, in: path)
        try ResultTable.writeEvents(meter.changes, labels: world.labels, in: path)
        try Manifest(
            plaitVersion: "0.0.0",
            scenario: "tiny, world",
            resolvedScenario: "name: \"tiny\"\n\tstop: 2 s\n",
            seeds: [7],
            hashes: [("run", summary.hash)],
            platform: "linux-x86_64",
            reproduce: "plait run tiny.yaml --seed 7",
            samplingInterval: interval,
            labels: world.labels,
            files: ["runs.csv", "links.csv"],
            timing: [("run", 12_345_678)]
        ).write(in: path)
    }

    /// - Returns: The exit status, and everything that was printed.
    static func run(_ command: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
