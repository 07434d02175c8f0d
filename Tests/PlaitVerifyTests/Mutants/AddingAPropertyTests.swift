import Foundation
import PlaitVerify
import TestSupport
import Testing

/// The newcomer's page is an example of files that are there: a page that says anything else fails.
@Suite("The page about adding a property")
struct AddingAPropertyTests {
    /// A fenced block that says which file it is from.
    private struct Block: CustomStringConvertible {
        let file: String
        let lines: [String]

        var description: String { "\(file): \(lines[0])" }
    }

    private static func lines(of path: String) throws -> [String] {
        try String(contentsOf: repositoryRoot.appending(path: path), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func blocks() throws -> [Block] {
        var blocks: [Block] = []
        var open: (file: String, lines: [String])?
        for line in try lines(of: "docs/ADDING_A_PROPERTY.md") {
            if line.hasPrefix("```") {
                let words = line.split(separator: " ")
                if let block = open, !block.file.isEmpty { blocks.append(Block(file: block.file, lines: block.lines)) }
                open = open == nil ? (words.count > 1 ? String(words[1]) : "", []) : nil
            } else {
                open?.lines.append(line)
            }
        }
        return blocks
    }

    private static func holds(_ block: Block, _ lines: [String]) -> Bool {
        lines.indices.contains { start in lines[start...].starts(with: block.lines) }
    }

    @Test("every block is what its file holds")
    func blocks() throws {
        let blocks = try Self.blocks()
        for ending in [".tla", ".cfg", ".csv", ".swift"] { #expect(blocks.contains { $0.file.hasSuffix(ending) }) }
        for block in blocks {
            let lines = try Self.lines(of: block.file)
            #expect(!block.lines.isEmpty && Self.holds(block, lines), "\(block)")
            // The check can fail: a page with one letter more is stale.
            let stale = Block(file: block.file, lines: block.lines.dropLast() + [(block.lines.last ?? "") + "x"])
            #expect(!Self.holds(stale, lines), "\(stale)")
        }
    }

    @Test("the example's predicate holds of a step that raises a limit, and not of the step back")
    func predicate() throws {
        let row = try #require(try Self.blocks().first { $0.file.hasSuffix("properties.csv") }).lines[0].split(
            separator: ","
        )
        let property = try #require(StreamModel.properties.first { $0.id == row[0] && $0.name == row[2] })
        guard case .step(let antecedent, let holds) = property.statement else {
            Issue.record("the example is one of steps")
            return
        }
        let model = StreamModel.graph
        var states = model.initialStates
        var seen = Set(states)
        var raised = 0
        var next = 0
        while next < states.count, raised < 20 {
            let state = states[next]
            next += 1
            for action in model.enabled(in: state) {
                guard let after = model.step(action, from: state) else { continue }
                #expect(holds(state, after))
                if antecedent(state, after), !state.isSenderOver, !after.isSenderOver, after.limit > state.limit {
                    raised += 1
                    #expect(!holds(after, state))
                }
                if seen.insert(after).inserted { states.append(after) }
            }
        }
        #expect(raised == 20)
    }

    @Test(
        "TLC finds the example's planted mistake by the example's property",
        .enabled(if: FormalFixtures.tools != nil || FormalFixtures.isRequired, "PLAIT_TLC_JAR names no jar")
    )
    func mistake() throws {
        let tools = try #require(FormalFixtures.tools)
        let folder = try ModelFolder(reading: repositoryRoot.appending(path: "formal/Stream").path)
        let configuration = try #require(folder.configuration("Mut_CreditShrinks"))
        let check = TLCRunner(tools, scratch: nil).check(folder, configuration, elapsed: { 0 })
        #expect(check.holds, "\(check.differences)")
        #expect(check.result.verdict == .violated(property: "LimitsRise"))
    }
}
