import Foundation
import PlaitCore
import PlaitReport
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

    @Test("the bench of repair symbols makes ISA-L's own bytes, and recovers what it loses")
    func repair() {
        var bench = RepairBench()
        (bench.blocks, bench.rounds) = (20, 2)
        let figures = bench.figures(Self.clock())
        #expect(value("code", figures) == "10+3" && value("blocks", figures) == "40")
        // One millisecond over 20 blocks, whatever was done with them; ten symbols of 1,200 bytes in each.
        for name in ["isal_encode", "encode", "encode_copied", "receive", "recover"] {
            #expect(value("\(name)_ns_per_block", figures) == "50000.0")
        }
        #expect(value("encode_percent", figures) == "100.0" && value("encode_copied_percent", figures) == "100.0")
        #expect(value("isal_encode_Gbps", figures) == "1.9" && value("encode_Gbps", figures) == "1.9")
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

    private static let twoPaths = """
        stop: {time: 10 s, quiet: true}
        hosts: {client: {}, server: {}}
        links:
          one: {between: [client, server], rate: 20 Mbps, delay: 5 ms, queue: 10 ms}
          two: {between: [client, server], rate: 10 Mbps, delay: 10 ms, queue: 10 ms, loss: 1 %}
        transport: {handshake: IK}
        workload:
          - client: {get: 300 kB, streams: 2}
        """

    private func blueprint() throws -> Blueprint {
        let reader = ScenarioReader(
            source: ScenarioTexts(["two.yaml": Self.twoPaths]),
            vocabulary: Registry.standard.vocabulary
        )
        return try Blueprint(try reader.read("two.yaml").scenario, registry: .standard, distributions: .standard())
    }

    /// The process takes so many milliseconds, turn by turn; a reading takes one.
    private func figures(taking times: [UInt64]) throws -> [BenchFigure] {
        var (now, turn) = (UInt64(0), 0)
        let wall = BenchClock {
            now += 1_000_000
            return now
        }
        var bench = MultipathBench()
        bench.runs = times.count
        let clocks = MultipathBench.Clocks(wall: wall, own: Self.clock(), others: wall)
        let figures = try bench.figures(clocks, blueprint: try blueprint()) {
            now += times[turn] * 1_000_000
            turn += 1
        }
        #expect(turn == times.count)
        return figures
    }

    /// The run's own tables count at the links, from other events.
    @Test("the cipher beside a run over two paths seals what the run sends, and opens what arrives")
    func multipathPackets() throws {
        let figures = try figures(taking: [1])
        let outcome = Execution(try blueprint(), checksLaws: false).run()
        let links = outcome.summary.totals.directions
        let offered = links.reduce(0) { $0 + $1.counts.offered.packets }
        let arrived = links.reduce(0) { $0 + $1.counts.arrived.packets }
        #expect(arrived < offered)
        #expect(value("packets_sealed", figures) == "\(offered)")
        #expect(value("packets_opened", figures) == "\(arrived)")
        #expect(value("bytes_sealed", figures) == "\(links.reduce(0) { $0 + $1.counts.offered.bytes })")
        #expect(value("hash", figures) == outcome.summary.hash)
    }

    @Test("the bench over two paths prints medians of process and cipher, and how many times longer the process takes")
    func multipathTimes() throws {
        let figures = try figures(taking: [2, 20, 5])
        #expect(value("runs", figures) == "3")
        // With two readings between its own; the cipher has none.
        #expect(value("process_s", figures) == "0.007000" && value("libsodium_s", figures) == "0.001000")
        #expect(value("process_processor_s", figures) == "0.007000")
        #expect(value("libsodium_processor_s", figures) == "0.001000")
        #expect(value("times_libsodium", figures) == "7.00")
        #expect(value("processor_times_libsodium", figures) == "7.00")
    }
}
