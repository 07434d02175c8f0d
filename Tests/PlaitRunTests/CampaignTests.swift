import Foundation
import PlaitCore
import PlaitReport
import PlaitRun
import Synchronization
import Testing

@Suite("Campaigns")
struct CampaignTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "plait-campaign-\(UUID())")

    private func trial() throws -> Trial {
        try Trial(
            """
            stop: 1 s
            hosts: {a: {}, b: {}}
            links: {w: {between: [a, b], rate: 1 Mbps, loss: 5 %}}
            traffic: {f: {from: a, to: b, constant: 50 pps, size: 100 B}}
            """
        )
    }

    private var path: String { folder.path(percentEncoded: false) }

    @Test("a folder holds the files of the last run only")
    func staleFiles() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var request = try trial().request(folder: path, seeds: [1])
        request.writesPackets = true
        request.plots = true
        _ = try Campaign.run(request, workers: 1, nanoseconds: { 0 })
        let before = try FileManager.default.contentsOfDirectory(atPath: path)
        #expect(before.contains("packets.csv") && before.contains("plot.svg") && before.contains("manifest.json"))
        request.writesPackets = false
        request.plots = false
        _ = try Campaign.run(request, workers: 1, nanoseconds: { 0 })
        let after = Set(try FileManager.default.contentsOfDirectory(atPath: path))
        #expect(after == Set(before).subtracting(["packets.csv", "plot.svg"]))
    }

    @Test("whoever says stop between two short runs is heard, and no manifest says that the folder is complete")
    func interruption() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let request = try trial().request(folder: path, seeds: Array(1...200))
        let asked = Atomic(0)
        #expect(throws: RunError.self) {
            try Campaign.run(
                request,
                workers: 2,
                progress: { _, _, _ in asked.wrappingAdd(1, ordering: .relaxed).newValue < 5 },
                nanoseconds: { 0 }
            )
        }
        #expect(asked.load(ordering: .relaxed) < 20)
        #expect(!FileManager.default.fileExists(atPath: path + "/manifest.json"))
    }

    @Test("the number of workers changes nothing")
    func workers() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let request = try trial().request(folder: path, seeds: Array(1...7))
        let one = try Campaign.run(request, workers: 1, nanoseconds: { 0 })
        let three = try Campaign.run(request, workers: 3, nanoseconds: { 0 })
        #expect(one.runs.map(\.summary.hash) == three.runs.map(\.summary.hash))
        #expect(Set(one.runs.map(\.summary.hash)).count == 7, "seeds differ")
        #expect(one.runs.map(\.summary.seed) == Array(1...7))
    }
}
