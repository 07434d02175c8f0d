import Foundation
import PlaitScenario
import TestSupport
import Testing

@Suite("Broken scenario files")
struct BrokenScenarioTests {
    static let folder = repositoryRoot.appending(path: "Tests/PlaitScenarioTests/Broken")
    static let names: [String] =
        FolderSource(folder).fileNames(in: "").filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }

    @Test("there are at least sixty")
    func enough() { #expect(Self.names.count >= 60) }

    @Test("each is refused with the reviewed message", arguments: names)
    func message(name: String) throws {
        let reader = ScenarioReader(source: FolderSource(Self.folder), vocabulary: testVocabulary)
        var actual = "accepted\n"
        do throws(Diagnostics) { _ = try reader.read(name + ".yaml") } catch { actual = error.description }
        let file = Self.folder.appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil { try Data(actual.utf8).write(to: file) }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(actual == expected, "run with UPDATE_SNAPSHOTS=1 if the change is meant")
        #expect(actual.contains(": error: "))
    }
}
