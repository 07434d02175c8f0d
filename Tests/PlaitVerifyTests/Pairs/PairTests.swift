import Foundation
import PlaitCore
import PlaitRun
import PlaitStatistics
import PlaitVerify
import TestSupport
import Testing

@Suite("The table of pairs")
struct PairTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "plait-pairs-\(UUID())")
    private var path: String { folder.path(percentEncoded: false) }

    @Test("nine presets make 36 pairs, each for two works and two buffers, under names of their own")
    func rows() {
        #expect(Set(PairRow.all.map(\.pair)).count == 36)
        #expect(PairRow.all.count == 144 && Set(PairRow.all.map(\.name)).count == 144)
    }

    @Test("a transfer is 20 s of the summed rate, and no more than 25 MB; so are the objects, 20 to 50 of them")
    func sizes() {
        #expect(PairRow.bytes(rates: [.kilobits(500), .kilobits(256)]) == 1_890_000)
        #expect(PairRow.count(rates: [.kilobits(500), .kilobits(256)]) == 20)
        #expect(PairRow.count(rates: [.kilobits(1_500), .kilobits(256)]) == 43)
        #expect(PairRow.bytes(rates: [.megabits(100), .megabits(25)]) == 25_000_000)
        #expect(PairRow.count(rates: [.megabits(100), .megabits(25)]) == 50)
    }

    @Test("steadily 6 % slower than the better path alone is too slow, 4 % is not")
    func floor() throws {
        #expect(try !verdict(alone: [1, 2], own: [1.064, 2.128], other: [3, 6]).keepsUp)
        #expect(try verdict(alone: [1, 2], own: [1.041, 2.082], other: [3, 6]).keepsUp)
        // The mean is better, but the interval reaches below.
        #expect(try !verdict(alone: [1, 1, 1], own: [0.5, 1.3, 0.9], other: [3, 3, 3]).keepsUp)
    }

    @Test("better and worse are judged seed by seed, against the fastest of the others")
    func comparison() throws {
        let better = try verdict(alone: [1, 9], own: [1, 9], other: [1.1, 10])
        #expect(better.isBetter && !better.isWorse && better.best?.name == "other")
        let worse = try verdict(alone: [1, 9], own: [1.1, 10], other: [1, 9])
        #expect(worse.isWorse && !worse.isBetter)
        // Once faster, once slower: nothing is known.
        let open = try verdict(alone: [1, 9], own: [1, 9], other: [2, 8])
        #expect(!open.isBetter && !open.isWorse)
        // Equal times are neither.
        let equal = try verdict(alone: [1, 9], own: [1, 9], other: [1, 9])
        #expect(!equal.isBetter && !equal.isWorse)
        let interval = try #require(PairVerdict.advantage(of: times([1, 2]), over: times([2, 4])))
        #expect(abs(interval.estimate - 0.693_147) < 1e-6 && interval.halfWidth < 1e-9)
        let fastest = try #require(
            PairVerdict(
                PairRow.all[0],
                PairTimes(
                    seeds: 1...2,
                    single: "good-wifi",
                    singleTimes: times([1, 1]),
                    schedulers: [("own", times([1, 1])), ("slow", times([3, 3])), ("fast", times([2, 2]))]
                )
            )
        )
        #expect(fastest.best?.name == "fast")
    }

    @Test("a table says how many pairs hold what is asked, and what each scheduler falls below")
    func table() throws {
        let good = try verdict(alone: [2, 2], own: [1, 1], other: [3, 3])
        let bad = try verdict(alone: [1, 1], own: [2, 2], other: [1.5, 1.5])
        let holding = PairTable(.bulk, .large, [good])
        #expect(holding.holds && holding.keepsUp == 1 && holding.better == 1)
        let failing = PairTable(.bulk, .large, [good, bad])
        #expect(!failing.holds && failing.keepsUp == 1 && failing.notWorse == 1)
        #expect(
            failing.sentences.contains(
                "certainly not more than 5 % below the better path alone on 1 of 2 pairs (wanted 2, MISSED)"
            )
        )
        #expect(failing.sentences.contains("`other` is below the better path alone on 2, by 33 % on"))
        #expect(
            failing.markdown.contains("| +100.0 % | -33.3 % ▼ | other | +200.0 % (+200.0 % to +200.0 %) | better |")
        )
        #expect(PairTable(.bulk, .small, [good]).verdicts.isEmpty)
    }

    @Test("kept times are read back, and not taken for those of other seeds or schedulers, nor when cut short")
    func kept() {
        let times = PairTimes(
            seeds: 3...4,
            single: "weak-4g",
            singleTimes: [PairTime(nanoseconds: 1), PairTime(nanoseconds: 2, isComplete: false)],
            schedulers: [("earliest", times([1, 2])), ("ecf", times([3, 4]))]
        )
        #expect(PairTimes(times.text, seeds: 3...4, schedulers: ["earliest", "ecf"]) == times)
        #expect(PairTimes(times.text, seeds: 4...5, schedulers: ["earliest", "ecf"]) == nil)
        #expect(PairTimes(times.text, seeds: 3...4, schedulers: ["earliest", "blest"]) == nil)
        #expect(PairTimes(times.text, seeds: 3...4, schedulers: ["earliest"]) == nil)
        #expect(PairTimes(String(times.text.dropLast(20)), seeds: 3...4, schedulers: ["earliest", "ecf"]) == nil)
        #expect(PairTimes("", seeds: 3...4, schedulers: []) == nil)
    }

    @Test(
        "a sample: over two good links more arrives than over one, and a bad one beside a good one does no harm",
        .enabled(if: isOptimized)
    )
    func sample() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let rows = PairRow.all.filter {
            ["congested-wifi+weak-4g", "good-wifi+absurd"].contains($0.pair) && $0.work == .bulk && $0.buffer == .large
        }
        let campaign = try #require(try PairCampaign.run(request(rows, program: "1")))
        let bad = try #require(campaign.verdicts.first { $0.row.second == "absurd" })
        let good = try #require(campaign.verdicts.first { $0.row.second == "weak-4g" })
        #expect(bad.times.single == "good-wifi" && bad.againstSingle[0].estimate > log(0.95))
        #expect(good.againstSingle[0].estimate > log(1.2))
        #expect(campaign.verdicts.allSatisfy { $0.unfinished == 0 })
        // What is kept is not run again by the same program; another one does not trust it, nor are other links' times.
        let file = folder.appending(path: "\(rows[0].name).csv")
        let text = try String(contentsOf: file, encoding: .utf8)
        let changed = text.replacing(/earliest,1,\d+/, with: "earliest,1,77")
        try changed.write(to: file, atomically: true, encoding: .utf8)
        let again = try #require(try PairCampaign.run(request([rows[0]], program: "1")))
        #expect(again.verdicts[0].times.schedulers[0].times[0].nanoseconds == 77)
        let other = try #require(try PairCampaign.run(request([rows[0]], program: "2")))
        #expect(other.verdicts[0].times == campaign.verdicts[0].times)
        try changed.write(to: file, atomically: true, encoding: .utf8)
        let library = folder.appending(path: "library")
        try FileManager.default.createDirectory(at: library, withIntermediateDirectories: true)
        let presets = library.appending(path: "presets")
        try FileManager.default.copyItem(at: repositoryRoot.appending(path: "Scenarios/presets"), to: presets)
        let preset = presets.appending(path: "\(rows[0].second).yaml")
        try (String(contentsOf: preset, encoding: .utf8) + "# changed\n").write(
            to: preset,
            atomically: true,
            encoding: .utf8
        )
        let elsewhere = try #require(try PairCampaign.run(request([rows[0]], program: "1", library: library)))
        #expect(elsewhere.verdicts[0].times == campaign.verdicts[0].times)
    }

    private func request(
        _ rows: [PairRow],
        program: String,
        library: URL = repositoryRoot.appending(path: "Scenarios")
    ) -> PairCampaign.Request {
        PairCampaign.Request(
            rows: rows,
            seeds: 1...2,
            schedulers: ["earliest", "min-rtt"],
            workers: 2,
            folder: path,
            program: program,
            registry: .standard,
            distributions: .standard(),
            files: FileScenarioSource(library: library.path)
        )
    }

    private func times(_ seconds: [Double]) -> [PairTime] {
        seconds.map { PairTime(nanoseconds: Int64($0 * 1e9)) }
    }

    private func verdict(alone: [Double], own: [Double], other: [Double]) throws -> PairVerdict {
        try #require(
            PairVerdict(
                PairRow("good-wifi", "weak-4g", .bulk, .large),
                PairTimes(
                    seeds: 1...UInt64(alone.count),
                    single: "good-wifi",
                    singleTimes: times(alone),
                    schedulers: [("earliest", times(own)), ("other", times(other))]
                )
            )
        )
    }
}
