import PlaitVerify

/// TLC's part of a comparison, said by a twin: the tests of the comparison need neither Java nor files.
enum PretendedTLC {
    /// As TLC would check `model`, with every trace judged by a flawless twin.
    static func checked(_ model: Basin = Basin()) -> CheckedModule {
        let graph = TwinGraph(model)
        var checked = CheckedModule()
        checked.graph = graph.text
        checked.runs = [
            run("Safety", judged: ["NoOverflow", "DryAfterPull"], graph),
            run("Graph", judged: [], graph),
            run("Live_BA-L1", judged: ["Empties"], graph),
        ]
        checked.judge = { _, states in
            let states = states.compactMap { Basin.State($0) }
            // With the larger constants, as the trace validator has them.
            let twin = Basin(flaw: .none, room: 5)
            for place in states.indices.dropFirst() {
                let before = states[place - 1]
                let allowed = twin.enabled(in: before).contains { twin.step($0, from: before) == states[place] }
                if !allowed { return .rejected(step: place) }
            }
            return .accepted
        }
        return checked
    }

    private static func run(
        _ name: String,
        judged: [String],
        _ graph: TwinGraph<Basin>
    ) -> CheckedModule.Run {
        var result = TLCResult.notRun("")
        result.verdict = .holds
        result.exitStatus = 0
        result.code = 2193
        result.distinct = graph.states.count
        result.generated = graph.edges.count + graph.initialCount
        result.depth = graph.depth
        result.workers = 1
        result.version = "2.15"
        result.revision = "d5b5a7f"
        result.jarHash = String(repeating: "5", count: 64)
        result.nanoseconds = 1_234_000_000
        return CheckedModule.Run(
            name,
            judges: judged,
            expectation: TLCExpectation(exitStatus: 0, code: 2193),
            result,
            complaint: ""
        )
    }

    /// A corpus that covers the twin's graph.
    static var corpus: Corpus? { Corpus(covering: TwinGraph(Basin()).text) }
}

extension TwinGraph {
    /// As TLC would export it.
    var text: TextGraph {
        var actions: [M.Action] = []
        let edges = edges.map { edge in
            let action = actions.firstIndex(of: edge.action) ?? actions.count
            if action == actions.count { actions.append(edge.action) }
            return TextGraph.Edge(from: Int(edge.from), action: action, to: Int(edge.to))
        }
        return TextGraph(
            states: states.map(\.text),
            actions: actions.map(\.value.text),
            initial: Array(0..<initialCount),
            edges: edges
        )
    }
}
