import Foundation
import PlaitVerify
import TestSupport
import Testing

@Suite("Models within larger bounds")
struct TwinWalkTests {
    private func agrees<M: Model>(_ model: M) -> Bool {
        let (walk, graph) = (TwinWalk(model), TwinGraph(model))
        return walk.isComplete && walk.violated.isEmpty && walk.states == graph.states.count
            && walk.steps == graph.edges.count && walk.depth == graph.depth
    }

    @Test("a walk counts the states, steps and depth that the whole graph has")
    func counts() {
        #expect(agrees(Basin()))
        #expect(agrees(StreamModel.graph))
        #expect(agrees(MultipathModel.graph))
    }

    @Test("a walk names what a state or a step violates, and says when it was cut short")
    func judges() {
        var basin = Basin()
        basin.room = 6
        #expect(TwinWalk(basin).violated == ["NoOverflow"])
        var asked = 0
        let cut = TwinWalk(basin) { _ in
            asked += 1
            return asked < 2
        }
        #expect(asked == 2 && !cut.isComplete && cut.depth == 2)
    }

    @Test("the code is led through the larger bounds of a model that has them, and conforms")
    func large() throws {
        let plan = LargeReport.Plan(cases: 20, workers: 1)
        #expect(Basin.checkLarge(plan) == nil)
        // Walking through all of it takes a minute, and more in a debug build: the graph stands in for it.
        let led = try #require(MultipathModel.large).led
        let report = try #require(LargeReport((MultipathModel.graph, led), of: MultipathModel.graph, plan))
        #expect(report.holds && report.runs == 20 && report.states == MultipathModel.ground.graph.states.count)
    }

    @Test("the constants of Large.cfg are those of the twin")
    func constants() throws {
        let large = try #require(MultipathModel.large)
        let file = repositoryRoot.appending(path: "formal/Multipath/Large.cfg")
        let text = try String(contentsOf: file, encoding: .utf8)
        for constant in large.checked.constants {
            let line = text.split(separator: "\n").first { $0.split(separator: " ").first == Substring(constant.name) }
            let value = try #require(line?.split(separator: "=").last).replacing(" ", with: "")
            #expect(value == constant.value.text.replacing(" ", with: ""), "\(constant.name)")
        }
    }
}
