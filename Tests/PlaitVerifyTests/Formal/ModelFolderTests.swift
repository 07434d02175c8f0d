import Foundation
import PlaitReport
import PlaitVerify
import Testing

@Suite("Folders of models")
struct ModelFolderTests {
    @Test("a folder says what is run, how, and what must come out")
    func reading() throws {
        let folder = try FormalFixtures.twoPath()
        #expect(folder.name == "TwoPath")
        #expect(
            folder.configurations.map(\.name)
                == ["Safety", "Graph", "Live_TP-L1", "Witness_TP-W1", "Mut_UNFAIR", "Mut_UNORDERED"]
        )
        #expect(
            folder.configurations.map(\.module)
                == ["MCTwoPath", "MCTwoPath", "TwoPath", "MCTwoPath", "TwoPath", "MCTwoPath"]
        )
        #expect(folder.configuration("Safety")?.invariants.first == "TypeOK")
        #expect(folder.configuration("Safety")?.properties == ["Monotone"])
        #expect(folder.configuration("Mut_UNFAIR")?.expectation.violates == "AllDelivered")
        #expect(folder.properties.map(\.id) == ["TP-S1", "TP-S2", "TP-L1"])
        #expect(folder.properties[0].words == "what is delivered is 1, 2, 3, ...")
        #expect((try folder.corpus()?.behaviours.count ?? 0) > 10)
    }

    /// A copy of the folder with one file changed, or taken away.
    private func changed(_ file: String, _ text: String?) throws -> FormalFileError? {
        let folder = try FormalFixtures.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        let copy = folder.appending(path: "TwoPath")
        try FileManager.default.copyItem(at: FormalFixtures.folder.appending(path: "formal/TwoPath"), to: copy)
        if let text {
            try Data(text.utf8).write(to: copy.appending(path: file))
        } else {
            try FileManager.default.removeItem(at: copy.appending(path: file))
        }
        return #expect(throws: FormalFileError.self) { try ModelFolder(reading: copy.path) }
    }

    @Test("a mistake in a folder is told with its file, its line and what to do")
    func mistakes() throws {
        let header = "id,kind,tla_name,swift,words\n"
        let kind = try changed("properties.csv", header + "TP-S1,invariant,A,b,c\nTP-S2,safety,A,b,c\n")
        #expect(kind?.line == 3)
        #expect(kind?.description.contains("no kind of property called safety; write invariant") == true)
        #expect(try changed("properties.csv", "id,kind\n")?.line == 1)
        #expect(try changed("properties.csv", header + "TP-S1,invariant,A\n")?.line == 2)
        #expect(try changed("properties.csv", header + "A,invariant,A,b,c\nA,invariant,B,b,c\n")?.line == 3)
        #expect(try changed("properties.csv", nil) != nil)
        #expect(try changed("infeasible.csv", "module,action,from,reason\nTwoPath,Lose,*,\n")?.line == 2)
        #expect(try changed("New.cfg", "SPECIFICATION Spec\n")?.message == "nothing is expected of New.cfg")
        #expect(try changed("Safety.cfg", nil)?.message == "there is no Safety.cfg")
        #expect(try changed("expect.json", "{\n\"Safety\": 1,,\n}")?.line == 2)
        #expect(try changed("expect.json", "{\"Safety\": {\"rc\": 0}}")?.message == "Safety lacks rc or code")
        let key = try changed("expect.json", "{\"Safety\": {\"rc\": 0, \"code\": 2193, \"distnct\": 4}}")
        #expect(key?.message == "Safety has a key distnct, which means nothing")
        #expect(
            try changed("expect.json", "{\"Odd\": {\"rc\": 0, \"code\": 2193}}")?.message
                == "Odd is no kind of configuration"
        )
    }

    @Test("a configuration that TLC would check, and that would say nothing, is refused")
    func unsound() throws {
        let header = "id,kind,tla_name,swift,words\n"
        func text(_ file: String) throws -> String {
            String(decoding: try FormalFixtures.bytes("formal/TwoPath/" + file), as: UTF8.self)
        }
        let live = try text("Live_TP-L1.cfg")
        for section in ["VIEW View", "CONSTRAINT Small", "SYMMETRY Same", "ACTION_CONSTRAINTS\n  Small"] {
            let error = try changed("Live_TP-L1.cfg", live + section + "\n")
            #expect(error?.path.hasSuffix("Live_TP-L1.cfg") == true && error?.remedy.isEmpty == false)
            #expect(error?.message.hasSuffix("hides violations of temporal properties") == true, "\(section)")
        }
        // A mutant of a temporal property too, and one more property.
        #expect(
            try changed("Mut_UNFAIR.cfg", try text("Mut_UNFAIR.cfg") + "VIEW View\n")?.message.contains("VIEW") == true
        )
        let two = try changed("Live_TP-L1.cfg", live.replacing("AllDelivered", with: "AllDelivered Monotone"))
        #expect(two?.message == "it has 2 properties, 1 of them of kind liveness")
        #expect(
            try changed("Live_TP-L1.cfg", live.replacing("AllDelivered", with: "Monotone"))?.remedy.isEmpty == false
        )
        for file in ["Safety.cfg", "Graph.cfg", "Live_TP-L1.cfg", "Witness_TP-W1.cfg"] {
            let planted = try text(file).replacing("Mutant = \"none\"", with: "Mutant=\"UNFAIR\"")
            #expect(try changed(file, planted)?.message == "the mistake UNFAIR is planted in it", "\(file)")
        }
        let mutant = try text("Mut_UNORDERED.cfg")
        let sound = try changed("Mut_UNORDERED.cfg", mutant.replacing("\"UNORDERED\"", with: "\"none\""))
        #expect(sound?.message == "no mistake is planted in it")
        let silent = try changed("Mut_UNORDERED.cfg", mutant.replacing("Mutant = ", with: "\\* Mutant = "))
        #expect(silent?.message == "it does not say which mistake is planted")
        let expected = try text("expect.json")
        for count in ["\"distinct\": 85, ", "\"generated\": 244, "] {
            let error = try changed("expect.json", expected.replacing(count, with: ""))
            #expect(error?.message == "Graph holds, and lacks the number of its states")
        }
        let rows = try text("properties.csv")
        let other = try changed("properties.csv", rows + "TP-S3,invariant,Unseen,twin,nobody checks it\n")
        #expect(other?.message == "TP-S3 is not checked: Safety.cfg does not name Unseen")
        let lively = try changed("properties.csv", header + "TP-L2,liveness,AllDelivered,twin,nobody checks it\n")
        #expect(lively?.message == "TP-L2 is not checked: Live_TP-L2.cfg does not name AllDelivered")
    }

    @Test(
        "a folder without one of what every model has is refused",
        arguments: ["Safety", "Graph", "Witness_TP-W1", "Mut_UNFAIR"]
    )
    func incomplete(name: String) throws {
        let folder = try FormalFixtures.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        let copy = folder.appending(path: "TwoPath")
        try FileManager.default.copyItem(at: FormalFixtures.folder.appending(path: "formal/TwoPath"), to: copy)
        try FileManager.default.removeItem(at: copy.appending(path: name + ".cfg"))
        let file = copy.appending(path: "expect.json")
        let lines = String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n")
        let rest = lines.filter { !$0.contains("\"\(name)\":") }
        try Data(rest.joined(separator: "\n").utf8).write(to: file)
        let error = #expect(throws: FormalFileError.self) { try ModelFolder(reading: copy.path) }
        #expect(error?.message.contains("configurations are there whose name begins with") == true)
    }

    @Test("whoever is about to count the states need not have their number")
    func recording() throws {
        let folder = try FormalFixtures.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        let copy = folder.appending(path: "TwoPath")
        try FileManager.default.copyItem(at: FormalFixtures.folder.appending(path: "formal/TwoPath"), to: copy)
        let file = copy.appending(path: "expect.json")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        try Data(text.replacing("\"distinct\": 85, ", with: "").utf8).write(to: file)
        #expect(try ModelFolder(reading: copy.path, isRecording: true).configurations.count == 6)
    }

    @Test("liveness has one worker, whatever is asked for")
    func workers() throws {
        let folder = try FormalFixtures.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        let copy = folder.appending(path: "TwoPath")
        try FileManager.default.copyItem(at: FormalFixtures.folder.appending(path: "formal/TwoPath"), to: copy)
        let file = copy.appending(path: "expect.json")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        try Data(text.replacing("\"workers\": 1", with: "\"workers\": 2").utf8).write(to: file)
        let configurations = try ModelFolder(reading: copy.path).configurations
        #expect(configurations.map(\.expectation.workers) == [2, 2, 1, 2, 1, 2])
    }

    @Test("a result that differs in anything that is expected is told apart")
    func differences() throws {
        let result = try FormalFixtures.result("invariant")
        var expected = TLCExpectation(exitStatus: 12, code: 2110)
        expected.violates = "InOrder"
        #expect(expected.differences(from: result) == [])
        expected.length = 7
        #expect(expected.differences(from: result) == ["length 6 instead of 7"])
        expected.length = 6
        expected.violates = "NoLoss"
        #expect(expected.differences(from: result) == ["it violates InOrder, not NoLoss"])
        var holds = TLCExpectation(exitStatus: 0, code: 2193)
        #expect(!holds.differences(from: result).isEmpty)
        let good = try FormalFixtures.result("edges")
        (holds.distinct, holds.generated, holds.depth) = (1025, 3526, 19)
        #expect(holds.differences(from: good) == [])
        holds.distinct = 1024
        #expect(holds.differences(from: good) == ["distinct 1025 instead of 1024"])
        #expect(!expected.differences(from: good).isEmpty)
        #expect(holds.differences(from: .notRun("no java")).first == "NOT-RUN, not 'holds'")
    }

    @Test("the page's tables are made from the folders, between its marks")
    func page() throws {
        let text = "before\n\(FormalPage.beginning)\nstale text\n\(FormalPage.end)\nbehind\n"
        let page = try #require(FormalPage.page(text, with: [try FormalFixtures.twoPath()]))
        #expect(page.hasPrefix("before\n") && page.hasSuffix("\(FormalPage.end)\nbehind\n") && !page.contains("stale"))
        #expect(
            page.contains("| TP-L1 | `AllDelivered` | liveness | everything is delivered in the end | `twin` | 85 |")
        )
        #expect(FormalPage.page(page, with: [try FormalFixtures.twoPath()]) == page)
        #expect(FormalPage.page("no marks", with: []) == nil)
    }
}

@Suite("formal/")
struct FormalFolderTests {
    private static let path = FormalFixtures.repository.appending(path: "formal").path

    @Test("every model's folder can be read, and every property is checked by some configuration that holds")
    func folders() throws {
        for folder in try ModelFolder.all(in: Self.path) {
            #expect(!folder.properties.isEmpty, "\(folder.name)")
            for property in folder.properties {
                let checks = folder.checks(of: property)
                #expect(
                    checks.contains { $0.expectation.code == 2193 },
                    "\(folder.name): nothing checks \(property.id)"
                )
            }
            let mutants = folder.configurations.filter { $0.kind == .mutant }
            #expect(mutants.count >= 2, "\(folder.name) has \(mutants.count) mutants")
            for configuration in folder.configurations where [.mutant, .witness].contains(configuration.kind) {
                #expect(
                    configuration.expectation.violates != nil,
                    "\(folder.name)/\(configuration.name) must violate something"
                )
            }
        }
    }

    @Test("formal/README.md has the tables that scripts/formal makes; UPDATE_SNAPSHOTS=1 makes them anew")
    func page() throws {
        let file = Self.path + "/README.md"
        let folders = try ModelFolder.all(in: Self.path)
        if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" { try FormalPage.write(file, with: folders) }
        let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
        #expect(FormalPage.page(text, with: folders) == text)
    }

    @Test("formal/README.md names every column of the tables that plait verify --tlc writes")
    func columns() throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: Self.path + "/README.md")), as: UTF8.self)
        for column in ModelChecks.columns + ModelChecks.timeColumns {
            #expect(text.contains("| `\(column.name)` | \(column.meaning) |"))
        }
    }

    @Test("every committed corpus is what its own text makes again")
    func corpus() throws {
        for folder in try ModelFolder.all(in: Self.path) {
            let file = folder.path + "/corpus.jsonl"
            guard let corpus = try folder.corpus() else { continue }
            #expect(Array(try Data(contentsOf: URL(filePath: file))) == corpus.text.bytes, "\(file)")
        }
    }
}
