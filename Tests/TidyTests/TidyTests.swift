import Foundation
import TestSupport
import Testing

/// Rules about the repository itself. Prose rules rot; these do not. RuleTests shows what each rule catches.
@Suite("Tidy")
struct TidyTests {
    /// Records each breach by itself, so that a run shows all of them.
    private func expectNone(_ rule: (SourceFile) -> [Breach], sourceLocation: SourceLocation = #_sourceLocation) {
        // An unreadable checkout would make every rule pass.
        #expect(Repository.files.contains { $0.path == "Package.swift" }, sourceLocation: sourceLocation)
        #expect(Repository.files.count { $0.module == "PlaitCore" } > 1, sourceLocation: sourceLocation)
        for breach in Repository.files.flatMap(rule) { Issue.record("\(breach)", sourceLocation: sourceLocation) }
    }

    @Test("modules import what the module table allows")
    func imports() { expectNone(importBreaches) }

    @Test("time comes in as a parameter, except where sockets and people are")
    func clocks() { expectNone(clockBreaches) }

    @Test("sources do without the words that break determinism, safety or synchrony")
    func words() { expectNone(bannedWordBreaches) }

    @Test("tests draw from generators that can be repeated")
    func draws() { expectNone { $0.module == nil ? randomBreaches(in: $0) : [] } }

    @Test("nothing is left unfinished, and tests see what everybody in the package sees")
    func unfinished() { expectNone(unfinishedBreaches) }

    @Test("no build leaves checks out")
    func settings() { expectNone(settingBreaches) }

    @Test("files and lines stay readable")
    func sizes() { expectNone(sizeBreaches) }

    @Test("the examples show a scheduler and a congestion controller of one's own, each in less than 60 lines")
    func examples() {
        let examples = Repository.files.filter { $0.path.hasPrefix("Examples/Sources/") }
        #expect(examples.contains { $0.code.contains(": Scheduler {") })
        #expect(examples.contains { $0.code.contains(": CongestionController {") })
        expectNone(exampleBreaches)
    }

    @Test("functions stay readable")
    func functionLengths() { expectNone(functionBreaches) }

    @Test("files are named by what they do")
    func names() { expectNone(nameBreaches) }

    @Test("visible types and functions say what they are")
    func documentation() { expectNone(documentationBreaches) }

    @Test("nothing names a path of one machine")
    func machinePaths() { expectNone(machinePathBreaches) }

    @Test("links between the documents lead somewhere")
    func links() {
        expectNone { file in
            linkBreaches(in: file) { FileManager.default.fileExists(atPath: repositoryRoot.appending(path: $0).path) }
        }
    }

    @Test("code in the documents is what its files hold")
    func quotes() {
        let texts = Dictionary(Repository.files.map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
        #expect(Repository.files.contains { $0.path == "docs/OWN_SCHEDULER.md" && quotedBlocks(in: $0).count >= 4 })
        expectNone { quoteBreaches(in: $0) { texts[$0] } }
    }

    @Test("every source belongs to a target")
    func targets() throws {
        let manifest = try #require(Repository.files.first { $0.path == "Package.swift" })
        expectNone { targetBreaches(in: $0, manifest: manifest.text) }
    }

    @Test("bugs are planted where their list says, and no property asks which there is")
    func planting() throws {
        let list = try #require(Repository.files.first { $0.path == mutantList })
        let bugs = plantedBugs(in: list.text)
        #expect(bugs.count >= 10)
        expectNone { plantingBreaches(in: $0, bugs) }
        for bug in bugs {
            let place = try #require(Repository.files.first { $0.path == bug.place }, "\(bug.name) is nowhere")
            #expect(place.code.contains("Mutant.isPlanted(.\(bug.name))"), "\(bug.name) is not in \(bug.place)")
        }
    }

    @Test("scripts can be run")
    func scripts() { expectNone(scriptBreaches) }

    @Test("shell scripts parse")
    func shellSyntax() throws {
        let scripts = Repository.files.filter {
            $0.path.hasSuffix(".sh") || ($0.text.hasPrefix("#!") && $0.lines[0].hasSuffix("bash"))
        }
        #expect(scripts.contains { $0.path == "scripts/plait" })
        for script in scripts {
            #expect(try parses(repositoryRoot.appending(path: script.path)), "\(script.path): bash -n finds it broken")
        }
    }

    @Test("a broken shell script is found broken")
    func brokenShellSyntax() throws {
        let script = FileManager.default.temporaryDirectory.appending(path: "plait-tidy-\(UUID().uuidString).sh")
        defer { try? FileManager.default.removeItem(at: script) }
        try Data("if true; then\n".utf8).write(to: script)
        #expect(try !parses(script))
    }

    private func parses(_ script: URL) throws -> Bool {
        let bash = Process()
        bash.executableURL = URL(filePath: "/usr/bin/env")
        bash.arguments = ["bash", "-n", script.path]
        bash.standardError = FileHandle.nullDevice
        try bash.run()
        bash.waitUntilExit()
        return bash.terminationStatus == 0
    }
}
