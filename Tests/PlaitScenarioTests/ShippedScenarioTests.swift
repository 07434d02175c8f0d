import Foundation
import PlaitCore
import PlaitScenario
import TestSupport
import Testing

@Suite("Shipped scenarios and presets")
struct ShippedScenarioTests {
    static let source = FolderSource(repositoryRoot, library: "Scenarios")
    static let scenarios = yaml(in: "Scenarios")
    static let presets = yaml(in: "Scenarios/presets")

    private static func yaml(in folder: String) -> [String] {
        source.fileNames(in: folder).filter { $0.hasSuffix(".yaml") }.map { folder + "/" + $0 }
    }

    private let reader = ScenarioReader(source: Self.source, vocabulary: testVocabulary)

    @Test("every scenario is read without a warning, and its written form is the same scenario", arguments: scenarios)
    func scenario(path: String) throws {
        let read = try reader.read(path)
        #expect(read.warnings.entries.isEmpty, "\(read.warnings)")
        #expect(try PlaitScenarioTests.read(read.scenario.text) == read.scenario)
        #expect(!read.scenario.flows.isEmpty || !read.scenario.workload.isEmpty)
    }

    @Test("every file begins with a line that says what it shows, and has a summary", arguments: scenarios + presets)
    func summary(path: String) throws {
        let bytes = try #require(try Self.source.bytes(of: path))
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("# "))
        #expect(try #require(reader.summary(of: path)).count <= 110)
    }

    @Test("the scenarios that every QUIC developer knows are there")
    func wellKnown() {
        let names = Set(Self.scenarios.map { String($0.dropFirst("Scenarios/".count).dropLast(".yaml".count)) })
        let known = [
            "simple-p2p", "drop-rate", "droplist", "corrupt-rate", "blackhole", "rebind-port", "rebind-address",
            "tcp-cross-traffic", "udp-cross-traffic", "first",
        ]
        #expect(names.isSuperset(of: known))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let kilobits: UInt64
        let roundTrip: Int64
        let jitter: Int64
        /// Tenths of a percent.
        let loss: UInt32
        let burst: Int64
        var testDescription: String { name }

        init(_ name: String, _ kilobits: UInt64, _ roundTrip: Int64, _ jitter: Int64, _ loss: UInt32, _ burst: Int64) {
            self.name = name
            self.kilobits = kilobits
            self.roundTrip = roundTrip
            self.jitter = jitter
            self.loss = loss
            self.burst = burst
        }
    }

    static let table = [
        Row("good-wifi", 100_000, 16, 0, 1, 0),
        Row("congested-wifi", 25_000, 40, 12, 10, 6),
        Row("weak-4g", 8_000, 90, 15, 20, 8),
        Row("slow-3g", 3_000, 200, 30, 30, 10),
        Row("congested-cellular", 1_500, 300, 40, 50, 12),
        Row("very-bad-cellular", 800, 450, 60, 80, 20),
        Row("satellite", 25_000, 600, 40, 15, 6),
        Row("barely-usable", 500, 450, 80, 120, 25),
        Row("absurd", 256, 800, 150, 250, 40),
    ]

    @Test("every preset has the figures of the published table", arguments: table)
    func preset(row: Row) throws {
        let loss = ParameterValue.probability(Probability(partsPerBillion: row.loss * 1_000_000))
        let bursty = ModelChoice(
            "gilbert-elliott",
            [.init("mean", loss), .init("burst", .decimal(millionths: row.burst * 1_000_000))]
        )
        let deviation = ModelChoice.Argument("deviation", .interval(.milliseconds(row.jitter)))
        let expected = DirectionDescription(
            rate: .kilobits(row.kilobits),
            delay: .microseconds(row.roundTrip * 500),
            jitter: row.jitter == 0 ? nil : ChosenModel(ModelChoice("normal", [deviation])),
            loss: ChosenModel(row.burst == 0 ? ModelChoice("independent", [.init("probability", loss)]) : bursty)
        )
        let directions = try reader.readPreset("Scenarios/presets/\(row.name).yaml")
        #expect(directions.forward == expected && directions.backward == expected)
        #expect(Self.presets.count == Self.table.count)
    }

    @Test("the plain flows are those of the speed measure")
    func plainFlows() throws {
        let scenario = try reader.read("Scenarios/plain-flows.yaml").scenario
        #expect(scenario.stop.time == .seconds(600))
        #expect(scenario.links.map(\.forward.rate) == [.megabits(25), .megabits(25)])
        #expect(scenario.links.map(\.forward.delay) == [.milliseconds(20), .milliseconds(20)])
        #expect(scenario.flows.map(\.size) == [.fixed(1_200), .fixed(1_200)])
        #expect(scenario.flows.allSatisfy { $0.model.choice["rate"] == .rate(.megabits(20)) })
    }
}
