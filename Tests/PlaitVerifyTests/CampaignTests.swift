import Foundation
import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitStatistics
import PlaitTransport
import PlaitVerify
import TestSupport
import Testing

@Suite("Campaigns of the transport")
struct VerifyCampaignTests {
    private let distributions = Distributions.standard()
    private let folder = FileManager.default.temporaryDirectory.appending(path: "plait-verify-\(UUID())")
    private var path: String { folder.path(percentEncoded: false) }

    @Test("a sample of random transfers arrives byte for byte", .enabled(if: isOptimized))
    func transfers() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let campaign = try #require(try campaign(.transfers, 1...40, workers: 2))
        for failure in campaign.failures { Issue.record("seed \(failure.seed): \(failure.failures)") }
        #expect(campaign.holds)
        #expect(campaign.sum(\.goodBytes) > 1_000_000 && campaign.sum(\.packetsLost) > 100)
        #expect(campaign.sum(\.keyUpdates) > 10)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty, "nothing failed")
    }

    @Test(
        "a sample of multipath transfers arrives byte for byte, while paths die and return",
        .enabled(if: isOptimized)
    )
    func multipath() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let campaign = try #require(try campaign(.multipath, 1...100, workers: 2))
        for failure in campaign.failures { Issue.record("seed \(failure.seed): \(failure.failures)") }
        #expect(campaign.unmet.isEmpty)
        #expect(campaign.holds)
        #expect(!campaign.fates.gaps.isEmpty && !campaign.fates.gapsAllAway.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty, "nothing failed")
    }

    @Test("a campaign over one path that has to show many does not hold")
    func unmet() {
        let scenario = RandomTransfer.scenario(from: Choices([]), seed: 1)
        let verdict = TransferTrial.perform(scenario, .standard, distributions)
        #expect(verdict.holds && verdict.paths[.failed] == 0 && verdict.paths.gaps.isEmpty)
        let many = Array(repeating: verdict, count: 100)
        let campaign = TransferCampaign(world: .multipath, seeds: 1...100, verdicts: many)
        #expect(campaign.failures.isEmpty && campaign.unmet.contains(.failed) && !campaign.holds)
        #expect(TransferCampaign(world: .transfers, seeds: 1...100, verdicts: many).holds)
        #expect(TransferCampaign(world: .multipath, seeds: 1...1, verdicts: [verdict]).holds)
    }

    @Test("a path that is cut is counted, and so is how long its applications waited")
    func fates() {
        var scenario = RandomTransfer.multipathScenario(from: Choices([]), seed: 1)
        for link in scenario.links.indices { scenario.links[link].forward.rate = .megabits(10) }
        for link in scenario.links.indices { scenario.links[link].backward.rate = .megabits(10) }
        scenario.workload[0].work = .get(.fixed(8_000_000))
        let first = LinkID(0)
        scenario.timeline = [
            TimelineItem(at: .seconds(1), action: .link([first.forward, first.backward], .down(holdsQueue: false))),
            TimelineItem(at: .seconds(3), action: .link([first.forward, first.backward], .up)),
        ]
        let verdict = TransferTrial.perform(scenario, .standard, distributions)
        #expect(verdict.failures.isEmpty)
        #expect(verdict.paths[.failed] >= 1 && verdict.paths[.returned] >= 1 && verdict.paths[.oneWay] == 0)
        #expect(verdict.paths.gaps.count == 1 && verdict.paths.gapsAllAway.isEmpty)
        #expect(verdict.paths.gaps.allSatisfy { $0 > .zero && $0 < .seconds(2) })
    }

    @Test("ranks of gaps are nearest ones")
    func ranks() {
        let gaps = [30, 10, 20, 40].map { Interval.milliseconds($0) }
        #expect(PathFates.quantile(gaps, perMille: 500) == .milliseconds(20))
        #expect(PathFates.quantile(gaps, perMille: 950) == .milliseconds(40))
        #expect(PathFates.quantile([], perMille: 500) == nil)
    }

    @Test("the verdict of a range does not depend on the number of workers, or on the run", .enabled(if: isOptimized))
    func determinism() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = try #require(try campaign(.transfers, 1...12, workers: 1))
        let many = try #require(try campaign(.transfers, 1...12, workers: 3))
        #expect(one.hash == many.hash)
        #expect(one.verdicts.map(\.hash) == many.verdicts.map(\.hash))
        let paths = try (1...3).map { try #require(try campaign(.multipath, 1...12, workers: $0)).hash }
        #expect(paths[0] == paths[1] && paths[1] == paths[2])
    }

    @Test("a transfer whose link goes down for ever fails, and says what is missing")
    func outage() {
        var scenario = RandomTransfer.scenario(from: Choices([]), seed: 1)
        scenario.workload[0].work = .get(.fixed(1_000_000))
        scenario.timeline = [
            TimelineItem(
                at: .seconds(5),
                action: .link([LinkID(0).forward, LinkID(0).backward], .down(holdsQueue: false))
            )
        ]
        let verdict = TransferTrial.perform(scenario, .standard, distributions)
        #expect(!verdict.holds)
        #expect(verdict.failures.contains { $0.contains("idle timeout") })
        #expect(verdict.failures.contains { $0.contains("not finished") || $0.contains("is lost") })
    }

    @Test("handshakes meet their targets in a sample", .enabled(if: isOptimized))
    func handshakes() throws {
        let campaign = try #require(
            HandshakeCampaign.run(1...60, workers: 2, registry: .standard, distributions: distributions)
        )
        for result in campaign.results {
            for target in result.targets where !target.isMet {
                Issue.record("\(result.conditions.name): \(target.text): \(target.measured)")
            }
        }
        #expect(campaign.holds)
    }

    @Test("a flood costs an honest client one round trip, and the server nothing it keeps", arguments: [1, 2])
    func flood(seed: UInt64) {
        for mode in [HandshakeMode.xx, .ik] {
            let trial = FloodTrial(mode: mode, seed: seed, packets: isOptimized ? 10_000 : 1_000)
            let outcome = trial.run { 0 }
            for target in trial.targets(of: outcome) where !target.isMet {
                Issue.record("\(mode): \(target.text): \(target.measured)")
            }
            #expect(outcome.forged == trial.packets)
            // The gate was full: without the cookie the client would have waited no longer.
            #expect(outcome.counters.cookiesSent > 0 && outcome.counters.cookiesAccepted == 1)
        }
    }

    private func campaign(
        _ world: TransferWorld,
        _ seeds: ClosedRange<UInt64>,
        workers: Int
    ) throws -> TransferCampaign? {
        try TransferCampaign.run(
            world,
            seeds,
            workers: workers,
            folder: path,
            registry: .standard,
            distributions: distributions
        )
    }
}

@Suite("What packets are held against")
struct PacketLawsTests {
    private static let windows: FlowWindows = {
        var windows = FlowWindows()
        windows.stream = 1_000
        windows.connection = 1_500
        return windows
    }()

    /// Tells of packets with one STREAM frame each, and answers what was found.
    private func failures(_ frames: [(number: UInt64, stream: UInt64, offset: UInt64, count: Int, isLast: Bool)]) -> Int
    {
        let laws = PacketLaws(windows: Self.windows)
        let observer = laws.observer(of: HostID(0))
        for frame in frames {
            var bytes = [UInt8](repeating: 0, count: 1_400)
            var length = 0
            do {
                var span = bytes.mutableSpan
                var writer = ByteWriter(span.mutableRaw)
                let data = [UInt8](repeating: 7, count: frame.count)
                let id = StreamID(frame.stream)
                let fits = writer.writeStream(id, offset: frame.offset, bytes: data.span.raw, isLast: frame.isLast)
                #expect(fits)
                length = writer.offset
            }
            let packet = ObservedPacket(
                connection: ConnectionHandle(slot: 0, generation: 0),
                generation: 0,
                path: .first,
                number: frame.number,
                length: length
            )
            observer.packetSent(packet, payload: bytes.span.raw.extracting(0..<length), now: .start)
        }
        return laws.failureCount
    }

    @Test("what is sent again, in any order, is fine")
    func fine() {
        #expect(failures([(1, 0, 500, 500, true), (2, 0, 0, 500, false), (4, 0, 500, 500, true)]) == 0)
    }

    @Test("a number that comes again, or falls, is a nonce that comes again")
    func numbers() {
        #expect(failures([(5, 0, 0, 10, false), (5, 0, 0, 10, false)]) == 1)
        #expect(failures([(5, 0, 0, 10, false), (4, 0, 0, 10, false)]) == 1)
    }

    @Test("no byte follows a stream's end, and the end does not move")
    func end() {
        #expect(failures([(1, 0, 0, 10, true), (2, 0, 10, 1, false)]) == 1)
        #expect(failures([(1, 0, 0, 10, true), (2, 0, 0, 9, true)]) >= 1)
    }

    @Test("limits of a stream and of all of them hold")
    func limits() {
        #expect(failures([(1, 0, 1, 1_000, false)]) == 1)
        #expect(failures([(1, 0, 0, 1_000, false), (2, 4, 0, 501, false)]) == 1)
    }
}
