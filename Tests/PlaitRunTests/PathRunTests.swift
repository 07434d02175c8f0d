import Foundation
import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import Testing

@Suite("Runs over several paths")
struct PathRunTests {
    private func scenario(
        _ expect: [String],
        work: String = "{get: 1 MB}",
        timeline: String = "[]",
        transport: String = "{}"
    ) -> String {
        """
        stop: {time: 20 s, quiet: true}
        hosts: {client: {}, server: {}}
        links:
          wifi: {between: [client, server], rate: 10 Mbps, rtt: 40 ms, queue: 60 ms}
          lte: {between: [client, server], rate: 10 Mbps, rtt: 60 ms, queue: 60 ms}
        transport: \(transport)
        workload: [{client: \(work)}]
        timeline: \(timeline)
        expect: [\(expect.map { "\"\($0)\"" }.joined(separator: ", "))]
        """
    }

    private func run(_ text: String) throws -> RunOutcome { try Trial(text).run() }

    @Test("a get uses both of two paths, and its connection's row is the sum of theirs")
    func both() throws {
        let outcome = try run(
            scenario([
                "paths.count == 2", "paths.wifi.share > 20 %", "paths.lte.share > 20 %", "paths.lte.sent > 200 kB",
            ])
        )
        #expect(outcome.verdicts.allSatisfy { $0.holds }, "\(outcome.verdicts.map(\.result))")
        let work = try #require(outcome.summary.work)
        #expect(work.goodBytes == 1_000_000 && outcome.workFailureCount == 0)
        for end in work.connections {
            let rows = work.paths.filter { $0.host == end.host }
            #expect(Set(rows.map(\.path)) == [0, 1])
            #expect(rows.reduce(0) { $0 + $1.sent.bytes } == end.sent.bytes)
            #expect(rows.reduce(0) { $0 + $1.received.packets } == end.received.packets)
            #expect(rows.reduce(0) { $0 + $1.repeatedBytes } == end.retransmittedBytes)
        }
        let server = work.pathRecords.filter { !$0.isClient }
        #expect(server.map(\.link) == [0, 1])
        // The answer's bytes, each sent for the first time once.
        #expect(server.reduce(0) { $0 + $1.firstBytes } == 1_000_000)
    }

    @Test("what is repeated at the tail goes over the faster path, also when the scheduler would choose the slow one")
    func tail() throws {
        let outcome = try run(
            """
            stop: {time: 60 s, quiet: true}
            hosts: {client: {}, server: {}}
            links:
              wifi: {between: [client, server], rate: 20 Mbps, delay: 10 ms, queue: 50 ms}
              slow: {between: [client, server], rate: 1 Mbps, delay: 200 ms, queue: 200 ms}
            transport: {scheduler: round-robin}
            workload:
              - client: {get: 1 kB}
              - {at: 1 s, client: {requests: {response: 100 kB, count: 20}}}
            """
        )
        let server = try #require(outcome.summary.work).pathRecords.filter { !$0.isClient }
        #expect(server.map(\.link) == [0, 1])
        #expect(server.map { $0.repeatedBytes > 10_000 } == [true, false])
    }

    @Test("with paths: one there is one, and what speaks of the other was never exercised")
    func one() throws {
        let outcome = try run(
            scenario(
                ["paths.count == 1", "paths.lte.sent == 0 B", "paths.failover.gap < 1 s", "paths.wifi.vacated < 1 s"],
                transport: "{paths: one}"
            )
        )
        let results = outcome.verdicts.map(\.result)
        #expect(outcome.verdicts[0].holds)
        for result in results[1...] {
            guard case .neverExercised = result else {
                Issue.record("\(result)")
                continue
            }
        }
    }

    @Test("a cut is noticed, its gap is measured, and a path that comes back carries what it did")
    func cut() throws {
        let outcome = try run(
            scenario(
                [
                    "paths.wifi.noticed < 2 s", "paths.failover.gap > 20 ms", "paths.failover.gap < 1 s",
                    "paths.wifi.restored <= 5 s", "paths.wifi.restored > 500 ms", "bytes.lost == 0",
                ],
                work: "{get: 8 MB}",
                timeline: "[{at: 1.5 s, link: wifi, down: true}, {at: 2.5 s, link: wifi, up: true}]"
            )
        )
        #expect(outcome.verdicts.allSatisfy { $0.holds }, "\(outcome.verdicts.map(\.result))")
        let events = try #require(outcome.summary.work).events.filter { $0.what.hasPrefix("path-") }
        let words = Set(events.map(\.what))
        #expect(
            words.isSuperset(of: ["path-opened", "path-validated", "path-suspected", "path-failed", "path-returned"])
        )
        #expect(events.allSatisfy { $0.unit == "path" })
    }

    @Test("names of metrics that paths do not have, and links that are no client's, are refused")
    func names() throws {
        for (name, word) in [
            ("paths.wfi.sent < 1 MB", "there is no metric 'paths.wfi.sent'"),
            ("paths.wifi.speed < 1 s", "a path has sent"),
            ("paths.wifi.sent < 1 s", "measured in bytes"), ("paths.count < 2 s", "measured in a whole number"),
        ] {
            let objections = try Trial(scenario([name])).objections()
            #expect(objections.count == 1 && objections.allSatisfy { $0.contains(word) }, "\(objections)")
        }
    }

    @Test("streams that keep to a path take nothing of another, requests and answers alike", arguments: ["get", "put"])
    func pinned(verb: String) throws {
        let rest = ["client: {get: 10 kB}", "at: 400 ms, client: {\(verb): 500 kB, path: lte, name: kept}"]
        var text = scenario(["paths.lte.share > 98 %", "bytes.lost == 0", "paths.wifi.share < 2 %"])
        text = text.replacing("workload: [{client: {get: 1 MB}}]", with: "workload: [{\(rest[0])}, {\(rest[1])}]")
        let outcome = try run(text)
        #expect(outcome.verdicts.allSatisfy { $0.holds }, "\(outcome.verdicts.map(\.result))")
        let work = try #require(outcome.summary.work)
        // Each of the answer's bytes once, and the header of the request.
        let sums = [0, 1].map { path in work.paths.filter { $0.path == path }.reduce(0) { $0 + $1.firstBytes } }
        #expect(sums[1] > 500_000 && sums[1] < 500_100 && sums[0] > 10_000 && sums[0] < 10_100, "\(sums)")
    }

    @Test("a pin is written as a decision without a scheduler")
    func pinnedDecisions() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plait-pins-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let text = scenario([], work: "{get: 1 MB, path: lte}")
        var request = try Trial(text).request(folder: folder, seeds: [1])
        request.writesDecisions = true
        _ = try Campaign.run(request, workers: 1, nanoseconds: { 0 })
        let lines = try String(contentsOfFile: folder + "/decisions.csv", encoding: .utf8)
        let rows = lines.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let pinned = rows.dropFirst().filter { $0[12] == "pinned" }
        #expect(pinned.count > 700 && pinned.allSatisfy { $0[7] == "1" && !$0[4].isEmpty })
        #expect(pinned.filter { !$0[13].isEmpty }.count > 700)
    }

    @Test("decisions are written with what was expected and what came of it")
    func decisions() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plait-decisions-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var request = try Trial(scenario([])).request(folder: folder, seeds: [1])
        request.writesDecisions = true
        _ = try Campaign.run(request, workers: 1, nanoseconds: { 0 })
        let text = try String(contentsOfFile: folder + "/decisions.csv", encoding: .utf8)
        let rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(rows[0].joined(separator: ",") == ResultTable.decisions.header)
        let chosen = rows.dropFirst().filter { $0[12] == "1" }
        #expect(chosen.count > 500 && Set(chosen.map { $0[7] }) == ["0", "1"])
        // One way is 20 ms at least, and nothing was lost for good.
        let late = chosen.compactMap { row in Double(row[15]).flatMap { end in Double(row[1]).map { end - $0 } } }
        #expect(late.count > 500 && late.allSatisfy { $0 >= 20 })
    }
}
