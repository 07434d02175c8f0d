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
    func fill(with world: TinyWorld, interval: Interval, withWork: Bool = false) throws {
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
        let work = withWork ? Self.work(ended: totals.ended) : nil
        try work?.write(labels: Self.workLabels, in: path)
        let summary = RunSummary(
            scenario: "tiny, world",
            seed: 7,
            hash: "0123456789abcdef0123456789abcdef",
            engineEvents: 99,
            totals: totals,
            work: work
        )
        try ResultTable.writeRuns([summary], in: path)
        try ResultTable.writeFlowTotals(totals, labels: world.labels, in: path)
        let events = work?.events ?? []
        let labels = withWork ? Self.workLabels : world.labels
        try ResultTable.writeEvents(events.isEmpty ? meter.changes : [], work: events, labels: labels, in: path)
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

    static let workLabels = RunLabels(
        directions: [
            .init(link: "way", from: "near", to: "far", rate: .unlimited),
            .init(link: "way", from: "far", to: "near", rate: .unlimited),
        ],
        hosts: ["near", "far"],
        flows: [],
        items: [
            RunLabels.Item(name: "page", kind: "requests", priority: 2),
            RunLabels.Item(name: "voice", kind: "datagrams", priority: 0),
        ],
        connections: ["near>far"]
    )

    /// A workload of which all tables can be checked by hand.
    static func work(ended: Instant) -> WorkReport {
        var work = WorkReport()
        work.ended = ended
        work.starts = [.start, .start]
        work.finished = [false, true]
        for number in 0..<4 as Range<UInt32> {
            let start = Instant.start + .milliseconds(Int64(number) * 10)
            var exchange = ExchangeRecord(
                item: 0,
                number: number,
                connection: 0,
                requestBytes: 100,
                responseBytes: 900,
                start: start
            )
            exchange.stream = UInt64(number) * 4
            if number < 3 {
                exchange.firstByte = start + .microseconds(1_500)
                exchange.completed = start + Interval(nanoseconds: 3_000_001 * Int64(number + 1))
                (exchange.goodUp, exchange.goodDown, exchange.outcome) = (100, 900, .complete)
            }
            work.exchanges.append(exchange)
        }
        var voice = DatagramRecord(item: 1, connection: 0)
        voice.sent = Traffic(packets: 3, bytes: 300)
        for delay in [20, 30] { voice.receive(bytes: 100, delay: .milliseconds(Int64(delay)), isLate: delay > 25) }
        work.datagrams = [voice]
        for host in 0..<2 {
            var end = ConnectionRecord(connection: 0, host: host, isClient: host == 0, began: .start)
            end.established = .start + .milliseconds(7)
            end.sent = Traffic(packets: 12, bytes: 12_000)
            end.received = Traffic(packets: 9, bytes: 800)
            (end.lostPackets, end.spuriousPackets, end.retransmittedBytes) = (2, 1, 2_345)
            if host == 1 { (end.closed, end.reason) = (ended, "closed, as \"agreed\"") }
            work.connections.append(end)
            for index in 1...2 as ClosedRange<Int64> {
                var sample = PathSample(
                    time: .start + .milliseconds(index * 10),
                    length: .milliseconds(10),
                    connection: 0,
                    host: host,
                    path: 0,
                    link: 0
                )
                (sample.state, sample.firstBytes, sample.repeatedBytes) = ("active", 5_000, 500)
                (sample.window, sample.packetSize) = (12_000, 1_200)
                sample.sent = Traffic(packets: 6, bytes: 6_000)
                sample.received = Traffic(packets: UInt64(index) * 3, bytes: 400)
                (sample.lostPackets, sample.spuriousPackets) = (1, index == 2 ? 1 : 0)
                if index == 2 {
                    sample.slowStartThreshold = 6_000
                    sample.roundTrip = PathSample.RoundTrip(
                        latest: .milliseconds(5),
                        smoothed: .milliseconds(6),
                        variation: .milliseconds(2),
                        least: .milliseconds(4)
                    )
                }
                work.paths.append(sample)
            }
            work.events.append(
                WorkEvent(time: .start, what: "established", connection: 0, host: host, value: "7", unit: "ns")
            )
        }
        return work
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
