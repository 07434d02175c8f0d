import Foundation
import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitSimulator
import TestSupport
import Testing

@Suite("Workloads over the real transport")
struct WorkloadRunTests {
    private static let head = """
        stop: {time: 30 s, quiet: true}
        hosts: {client: {}, server: {}}
        links: {l: {between: [client, server], rate: 20 Mbps, delay: 20 ms, queue: 50 ms, loss: 1 %}}

        """

    private func report(_ outcome: RunOutcome) throws -> WorkReport { try #require(outcome.summary.work) }

    private static let works = [
        "get: 300 kB", "put: 300 kB", "get: 0 B", "put: 0 B", "get: 50 kB, streams: 150",
        "requests: {request: 3 kB, response: {exponential: 20 kB}, count: 10, think: 10 ms}, streams: 3",
        "datagrams: {rate: 200 pps, size: {uniform: {from: 16 B, to: 1 kB}}, for: 2 s}",
        "datagrams: {rate: 1 Mbps, count: 100}, from: server",
    ]

    @Test("every kind of work is done, byte for byte, and the run falls silent", arguments: works, ["IK", "XX"])
    func complete(work: String, handshake: String) throws {
        let text = Self.head + "transport: {handshake: \(handshake)}\nworkload: [{client: {\(work)}}]\n"
        let outcome = try Trial(text).run()
        let report = try report(outcome)
        #expect(outcome.workFailures.isEmpty && outcome.violationCount == 0)
        #expect(outcome.stop == .quiescent)
        #expect(report.exchanges.allSatisfy { $0.outcome == .complete } && report.finished == [true])
        #expect(
            report.exchanges.allSatisfy { $0.goodUp == $0.requestBytes && $0.goodDown == $0.responseBytes }
        )
        let clients = report.connections.filter(\.isClient)
        #expect(clients.count == 1 && report.connections.count == 2)
        #expect(report.connections.allSatisfy { !$0.isLost && !$0.closed.isNever && !$0.established.isNever })
    }

    @Test("an exchange takes its round trips: one for the handshake, one for the answer")
    func timing() throws {
        let text = """
            stop: {time: 5 s, quiet: true}
            hosts: {client: {}, server: {}}
            links: {l: {between: [client, server], delay: 50 ms}}
            workload: [{at: 1 s, client: {get: 1 kB}}]
            """
        let report = try report(try Trial(text).run())
        let exchange = try #require(report.exchanges.first)
        #expect(exchange.start == .start + .seconds(1))
        #expect(report.handshakes == [.milliseconds(100)])
        #expect(exchange.firstByte == .start + .milliseconds(1_200) && exchange.completed == exchange.firstByte)
    }

    @Test("a round trip is told once it was measured, and never the one assumed before")
    func measuredRoundTrips() throws {
        let text = """
            interval: 30 ms
            stop: {time: 5 s, quiet: true}
            hosts: {client: {}, server: {}}
            links: {l: {between: [client, server], rate: 20 Mbps, delay: 50 ms}}
            workload: [{client: {put: 200 kB}}]
            """
        let server = try report(try Trial(text).run()).paths.filter { $0.host == 1 }
        #expect(try #require(server.first).roundTrip == nil)
        let told = server.compactMap(\.roundTrip)
        #expect(!told.isEmpty && told.allSatisfy { $0.least >= .milliseconds(100) && $0.least < .milliseconds(150) })
    }

    @Test("streams that only begin and end datagrams are no exchanges of the table of runs")
    func arrangingStreams() throws {
        let work = "{client: {get: 50 kB}}, {client: {datagrams: {rate: 200 pps, for: 2 s}}}"
        let report = try report(try Trial(Self.head + "workload: [\(work)]\n").run())
        #expect(report.exchanges.count == 2 && report.exchanges(of: nil).map(\.item) == [0])
        #expect(try #require(report.durations(of: nil).last) < Interval.seconds(1).nanoseconds)
    }

    @Test("samples stand at every border of an interval, and add up to the whole")
    func samples() throws {
        let text = "interval: 30 ms\n" + Self.head + "workload: [{client: {get: 2 MB}}]\n"
        let report = try report(try Trial(text).run())
        let server = try #require(report.connections.first { !$0.isClient })
        let own = report.paths.filter { $0.host == 1 }
        #expect(own.count > 10)
        #expect(own.dropLast().allSatisfy { $0.time.nanoseconds % 30_000_000 == 0 })
        let times = own.map(\.time)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == .milliseconds(30) || $1 == report.ended })
        #expect(own.reduce(0) { $0 + $1.sent.packets } == server.sent.packets)
        #expect(own.reduce(0) { $0 + $1.lostPackets } == server.lostPackets && server.lostPackets > 0)
        #expect(own.contains { $0.roundTrip != nil && $0.window > 12_000 })
    }

    @Test("items share a connection unless one of them names another, and later work finds it open")
    func sharing() throws {
        let text =
            Self.head + """
                workload:
                  - client: {get: 100 kB}
                  - {at: 2 s, client: {put: 100 kB}}
                  - client: {get: 100 kB, connection: other}
                  - server: {get: 100 kB}
                """
        let outcome = try Trial(text).run()
        let report = try report(outcome)
        #expect(report.finished == [true, true, true, true])
        #expect(report.connections.filter(\.isClient).map(\.connection) == [0, 1, 2])
        #expect(report.connections.filter { !$0.isClient }.map(\.connection) == [0, 1, 2])
        #expect(outcome.labels.connections == ["client>server", "client>server/other", "server>client"])
    }

    @Test("a connection that is cut for good is lost, and fails the run unless that was expected")
    func lost() throws {
        let text =
            Self.head + """
                transport: {idle-timeout: 3 s}
                workload: [{client: {get: 20 MB}}]
                timeline: [{at: 1 s, link: l, down: true}]

                """
        let folder = FileManager.default.temporaryDirectory.appending(path: "plait-lost-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path(percentEncoded: false)
        func run(_ text: String) throws -> SeedRun {
            let request = try Trial(text).request(folder: path, seeds: [1])
            return try #require(try Campaign.run(request, workers: 1) { 0 }.runs.first)
        }
        let plain = try run(text)
        #expect(!plain.holds && plain.workFailures.count == 1)
        #expect(plain.workFailures.first?.contains("idle timeout") == true)
        let expected = try run(text + "expect: [connections.lost == 1]\n")
        #expect(expected.holds)
        let wanting = try run(text + "expect: [transfer.complete within 20 s, connections.lost == 1]\n")
        #expect(!wanting.holds)
        guard case .neverExercised = wanting.verdicts[0].result else {
            Issue.record("a transfer that did not complete was not reported as never exercised")
            return
        }
    }

    @Test("a server that crashes forgets its connections, and the client's work on them is lost")
    func crash() throws {
        let text =
            Self.head + """
                transport: {idle-timeout: 2 s}
                workload: [{client: {get: 20 MB}}, {at: 8 s, client: {name: again, get: 10 kB}}]
                timeline: [{at: 1 s, host: server, crash: true}, {at: 2 s, host: server, restart: true}]
                """
        let report = try report(try Trial(text).run())
        #expect(report.exchanges.map(\.outcome) == [.lost, .complete])
        #expect(report.connections.filter(\.isClient).map(\.isLost) == [true, false])
        #expect(report.lostBytes > 0 && report.lostBytes < 20_000_000)
    }

    @Test("late datagrams are counted, and expired ones are not sent")
    func late() throws {
        let text = """
            stop: {time: 10 s, quiet: true}
            hosts: {client: {}, server: {}}
            links: {l: {between: [client, server], rate: 1 Mbps, delay: 30 ms}}
            workload: [{client: {datagrams: {rate: 2 Mbps, deadline: 40 ms, for: 2 s}}}]
            """
        let record = try #require(try report(try Trial(text).run()).datagrams.first)
        #expect(record.sent.packets > 400)
        #expect(record.received.packets < record.sent.packets)
        #expect(record.late > 0 && record.late <= record.received.packets)
        #expect(record.delays.least >= 30_000_000)
    }

    @Test("all are late when the link takes longer than they may, and none when it does not", arguments: [29, 40])
    func allOrNoneLate(deadline: Int) throws {
        let text = """
            stop: {time: 10 s, quiet: true}
            hosts: {client: {}, server: {}}
            links: {l: {between: [client, server], delay: 30 ms}}
            workload: [{client: {datagrams: {rate: 50 pps, deadline: \(deadline) ms, count: 20}}}]
            """
        let record = try #require(try report(try Trial(text).run()).datagrams.first)
        #expect(record.received.packets == 20 && record.late == (deadline < 30 ? 20 : 0))
    }

    @Test("the same seed gives the same run, and another one another")
    func deterministic() throws {
        let trial = try Trial(Self.head + "workload: [{client: {get: 500 kB, streams: 4}}]\n")
        let (first, again, other) = (try trial.run(), try trial.run(), try trial.run(seed: 2))
        #expect(first.summary.hash == again.summary.hash && first.summary.hash != other.summary.hash)
        let times = [first, again].map { $0.summary.work?.exchanges.map(\.completed) ?? [] }
        #expect(times[0] == times[1] && times[0].count == 4)
    }

    @Test("on request, each host leaves a qlog that is JSON, and the run its keys")
    func logs() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plait-qlog-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = Self.head + "workload: [{client: {get: 200 kB}}, {client: {datagrams: {rate: 50 pps, count: 5}}}]\n"
        var request = try Trial(text).request(folder: folder.path(percentEncoded: false), seeds: [3])
        request.writesQlog = true
        request.writesKeys = true
        let run = try #require(try Campaign.run(request, workers: 1) { 0 }.runs.first)
        #expect(Set(run.files).isSuperset(of: ["keys.log", "client.sqlog", "server.sqlog"]))
        for host in ["client", "server"] {
            let content = try String(contentsOf: folder.appending(path: host + ".sqlog"), encoding: .utf8)
            let records = content.split(separator: "\u{1e}")
            var names: [String: Int] = [:]
            for record in records {
                let value = try JSONSerialization.jsonObject(with: Data(record.utf8)) as? [String: Any]
                if let name = value?["name"] as? String { names[name, default: 0] += 1 }
            }
            let summary = try #require(run.summary.work?.connections.first { $0.isClient == (host == "client") })
            // A lost packet that asked for no acknowledgement is in the log and not among those counted.
            #expect(names["recovery:packet_lost", default: 0] >= Int(summary.lostPackets))
            #expect(names["transport:packet_received"] == Int(summary.received.packets))
            #expect(names["recovery:metrics_updated", default: 0] > 5)
            #expect(names["connectivity:connection_state_updated", default: 0] >= 1)
        }
        let keys = try String(contentsOf: folder.appending(path: "keys.log"), encoding: .utf8).split(separator: "\n")
        #expect(keys.count == 2)
        #expect(keys.allSatisfy { $0.wholeMatch(of: /PLAIT_TRAFFIC [0-9a-f]{16} 0 1 [0-9a-f]{64}/) != nil })
    }

    @Test(
        "a metric that cannot be is refused with what there is",
        arguments: [
            ("transfer.gets.complete within 1 s", "items are get, datagrams"),
            ("transfer.datagrams.goodput > 1 Mbps", "it is a datagrams item"),
            ("transfer.goodput > 1 s", "measured in a rate"),
            ("streams.p51 < 1 s", "streams has count, complete, mean"),
            ("bytes.lost == 3", "measured in bytes"),
        ]
    )
    func refused(line: String, reason: String) throws {
        let work = "workload: [{client: {get: 1 kB}}, {client: {datagrams: 1 pps}}]\n"
        let objections = try Trial(Self.head + work + "expect: [\(line)]\n").objections()
        #expect(objections.count == 1 && objections[0].contains(reason), "\(objections)")
        let without = try Trial(Self.head + "expect: [\(line)]\n").objections()
        #expect(without.count == 1 && without[0].contains("add workload:"))
    }

    @Test("congestion controllers are chosen by name, and packets too long for a link are refused")
    func choices() throws {
        let newReno = try Trial(Self.head + "transport: {congestion: newreno}\nworkload: [{client: {get: 3 MB}}]\n")
        let cubic = try Trial(Self.head + "transport: {congestion: cubic}\nworkload: [{client: {get: 3 MB}}]\n")
        #expect(try newReno.run().summary.hash != cubic.run().summary.hash)
        let long = try Trial(Self.head + "transport: {packet-size: 1_600 B}\nworkload: [{client: {get: 3 MB}}]\n")
        #expect(long.objections().first?.contains("lower packet-size") == true)
    }
}
