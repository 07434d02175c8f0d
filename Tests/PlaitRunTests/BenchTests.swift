import Foundation
import PlaitCore
import PlaitRun
import PlaitScenario
import PlaitStatistics
import Testing

@Suite("Benches")
struct BenchTests {
    /// Advances by a millisecond with every reading.
    private static func clock() -> BenchClock {
        var readings: UInt64 = 0
        return BenchClock {
            readings += 1
            return readings * 1_000_000
        }
    }

    private func value(_ name: String, _ figures: [BenchFigure]) -> String? {
        figures.first { $0.name == name }?.value
    }

    /// The checksum is what `Bench/queue/priority_queue.cc 1000 100000` prints.
    @Test("the event queue pops what std::priority_queue pops, in the same order")
    func queue() {
        let figures = EventQueueBench(pending: 1_000, events: 100_000).figures(Self.clock())
        #expect(value("checksum", figures) == "e585faf5816cf577")
        // One millisecond over 100,000 events.
        #expect(value("heap_ns_per_event", figures) == "10.00")
    }

    @Test("a ring loses no packet out of sight, and another seed gives another run")
    func ring() throws {
        var bench = RingBench()
        (bench.hosts, bench.flows, bench.seconds) = (9, 30, 2)
        let (first, second) = (try bench.run(Self.clock()), try bench.run(Self.clock()))
        bench.seed = 2
        let other = try bench.run(Self.clock())
        // 10 packets a second and flow, the first within the first tenth of a second.
        #expect(first.sent == 600 && first.dropped == 0)
        #expect(first.delivered + first.inFlight == 600 && first.delivered > 550)
        #expect(first.hops >= first.delivered && first.hops <= 4 * first.sent)
        #expect(first.hash == second.hash && first.hash != other.hash)
    }

    @Test("plain flows print what they did, and the law checker changes nothing", arguments: [false, true])
    func plainFlows(checksLaws: Bool) throws {
        let text = """
            stop: 1 s
            hosts: {a: {}, b: {}}
            links:
              one: {between: [a, b], rate: 25 Mbps, delay: 20 ms, queue: 100 packets, loss: 1 %}
            traffic:
              one: {from: a, to: b, constant: 20 Mbps, size: 1_200 B}
            """
        let reader = ScenarioReader(
            source: ScenarioTexts(["s.yaml": text]),
            vocabulary: Registry.standard.vocabulary
        )
        let scenario = try reader.read("s.yaml").scenario
        let folder = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let bench = PlainFlowsBench(folder: folder.path(percentEncoded: false)) {
            try Blueprint(scenario, registry: .standard, distributions: .standard())
        }
        let figures = try bench.median(Self.clock(), of: 3, checksLaws: checksLaws).figures
        // A packet each 480 us; each takes 384 us on the wire and 20 ms after that, and none waits.
        #expect(value("packets_sent", figures) == "2084")
        #expect(value("mean_delay_ns", figures) == "20384000.000")
        #expect(value("packets_dropped_queue_full", figures) == "0")
        #expect(value("packets_per_s", figures) == "2084000")
        let lost = try #require(value("packets_dropped_loss", figures).flatMap(Int.init))
        #expect(lost > 0 && lost < 60)
        #expect(try String(contentsOf: folder.appending(path: "flows.csv"), encoding: .utf8).contains("one"))
    }

    @Test("the transport's bench moves packets, and finds every connection open and asleep")
    func transport() throws {
        var bench = TransportBench()
        (bench.packets, bench.rounds, bench.connections) = (200, 2, 20)
        let figures = try bench.figures(Self.clock())
        #expect(value("packets", figures) == "400")
        // One millisecond over 200 packets, or the few more that were under way.
        let nanoseconds = try #require(value("chacha20_ns_per_packet", figures).flatMap(Double.init))
        #expect(nanoseconds <= 5_000 && nanoseconds > 4_000)
        #expect(value("connections", figures) == "20")
        #expect(value("idle_wakeups_before_timeout", figures) == "0")
    }

    @Test("the transfer's bench carries every byte, twice the same way")
    func transfer() throws {
        var bench = TransferBench()
        (bench.megabytes, bench.runs) = (1, 2)
        let figures = try bench.figures(Self.clock(), registry: .standard, distributions: .standard())
        // 862 packets of data and an acknowledgement for every second one, at least.
        let packets = try #require(value("packets", figures).flatMap(Int.init))
        #expect(packets > 1_250 && packets < 1_600)
        #expect(value("wall_s", figures) == "0.001000")
    }
}
