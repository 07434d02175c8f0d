import Foundation
import PlaitVerify
import Testing

@Suite("Notes of what is under way")
struct RunNotesTests {
    private static func lines(_ path: String) throws -> [String] {
        RunNotes.lines(Array(try Data(contentsOf: URL(filePath: path))))
    }

    private static func run(_ path: String, firstSeed: UInt64) {
        guard let notes = try? RunNotes(path) else { return }
        let ground = ModelGround(TwinGraph(Basin(flaw: .machineTraps)))
        var plan = ModelCampaign<Basin>.Plan(firstSeed: firstSeed, cases: 100, stepsMax: 8, workers: 1)
        plan.notes = notes
        _ = ModelCampaign.run(.swarm, on: ground, plan)
    }

    @Test("a run that ends the process is named by its module, kind and seed, and ends the next process too")
    func trap() async throws {
        let folder = try FormalFixtures.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "running.txt").path
        await #expect(processExitsWith: .failure) { [path = path as String] in Self.run(path, firstSeed: 1) }
        let lines = try Self.lines(path)
        #expect(lines.count == 1)
        let words = try #require(lines.first?.split(separator: " "))
        #expect(words.dropLast().joined(separator: " ") == "Basin, swarm run of seed")
        let seed = try #require(words.last.flatMap { UInt64($0) })
        await #expect(processExitsWith: .failure) { [path = path as String, seed = seed as UInt64] in
            Self.run(path, firstSeed: seed)
        }
        #expect(try Self.lines(path) == lines)
    }

    @Test("what is done is no longer noted, what is around it is, and in the end there is no file")
    func nested() throws {
        let folder = try FormalFixtures.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "running.txt").path
        try Self.note(path)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    private static func note(_ path: String) throws {
        let notes = try RunNotes(path)
        let (part, whole) = notes.during("the whole") {
            (notes.during("a part") { Result { try lines(path) } }, Result { try lines(path) })
        }
        #expect(try part.get() == ["the whole", "a part"])
        #expect(try whole.get() == ["the whole"])
        #expect(try lines(path) == [])
        try notes.check()
    }
}
