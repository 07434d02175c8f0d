import Foundation
import PlaitCore
import PlaitVerify
import TestSupport
import Testing

/// The twin's graph, walked through once for all tests.
private struct MultipathGraph {
    let model: MultipathModel
    private(set) var states: [MultipathState] = []
    private(set) var edges: [[(action: MultipathAction, to: Int)]] = []
    /// How a state was first reached.
    private var reached: [(from: Int, action: MultipathAction)?] = []

    init(_ model: MultipathModel) {
        self.model = model
        var places: [MultipathState: Int] = [:]
        for state in model.initialStates {
            places[state] = states.count
            states.append(state)
            reached.append(nil)
        }
        var place = 0
        while place < states.count {
            var found: [(action: MultipathAction, to: Int)] = []
            for action in model.enabled(in: states[place]) {
                guard let next = model.step(action, from: states[place]) else { continue }
                if places[next] == nil {
                    places[next] = states.count
                    states.append(next)
                    reached.append((place, action))
                }
                found.append((action, places[next] ?? 0))
            }
            edges.append(found)
            place += 1
        }
    }

    /// The shortest way to a state.
    func way(to state: Int) -> [MultipathAction] {
        var actions: [MultipathAction] = []
        var state = state
        while let (from, action) = reached[state] {
            actions.append(action)
            state = from
        }
        return actions.reversed()
    }
}

@Suite("The twin of several paths, and the code")
struct MultipathModelTests {
    private static let graph = MultipathGraph(.graph)

    private static func text(of file: String) throws -> String {
        try String(contentsOf: repositoryRoot.appending(path: "formal/Multipath/" + file), encoding: .utf8)
    }

    @Test("the twin has as many states as TLC found")
    func counts() throws {
        let expected = try Self.text(of: "expect.json").split(separator: "\n").first { $0.contains("\"Graph\"") }
        let counts = try #require(expected)
        #expect(counts.contains("\"distinct\": \(Self.graph.states.count),"))
    }

    @Test("both sides judge the same properties, in the same order")
    func names() throws {
        let rows = try Self.text(of: "properties.csv").split(separator: "\n").dropFirst()
        let named = rows.map { $0.split(separator: ",").map(String.init) }.map { [$0[0], $0[2]] }
        #expect(named == MultipathModel.properties.map { [$0.id, $0.name] })
    }

    @Test("values of states and actions are read as they were written")
    func values() {
        let graph = Self.graph
        for (place, state) in graph.states.enumerated() where place % 3 == 0 {
            if MultipathState(state.values) != state { Issue.record("state \(place)") }
            for edge in graph.edges[place] where MultipathAction(edge.action.value) != edge.action {
                Issue.record("\(edge.action)")
            }
        }
        let broken = MultipathState(Array(repeating: .number(99), count: MultipathState.variables.count))
        #expect(broken == nil)
    }

    @Test("every property holds in every state and step of the twin, and each antecedent is met")
    func properties() {
        let graph = Self.graph
        for property in MultipathModel.properties {
            var met = 0
            var broken = 0
            switch property.statement {
            case .always(let antecedent, let holds):
                for state in graph.states {
                    met += antecedent(state) ? 1 : 0
                    broken += holds(state) ? 0 : 1
                }
            case .step(let antecedent, let holds):
                for (place, edges) in graph.edges.enumerated() {
                    for edge in edges {
                        let (before, after) = (graph.states[place], graph.states[edge.to])
                        met += antecedent(before, after) ? 1 : 0
                        broken += holds(before, after) ? 0 : 1
                    }
                }
            case .eventually(let trigger, _): met = graph.states.count { trigger($0) }
            }
            #expect(met > 0 && broken == 0, "\(property.id) \(property.name)")
        }
    }

    /// All edges when optimised; otherwise some, from all over the graph.
    @Test("what the model does the code does, and what the model forbids the code refuses unchanged")
    func everyEdge() throws {
        let graph = Self.graph
        var steps = 0
        for place in stride(from: 0, to: graph.states.count, by: isOptimized ? 13 : 97) {
            func led() -> MultipathDriver {
                let driver = MultipathDriver(.graph, seed: UInt64(place))
                for action in graph.way(to: place) { _ = driver.perform(action) }
                return driver
            }
            var driver = led()
            let start = driver.state
            try #require(start == graph.states[place], "on the way to state \(place)")
            for action in graph.model.candidates(in: graph.states[place]) {
                let edge = graph.edges[place].first { $0.action == action }
                let expected = edge.map { graph.states[$0.to] } ?? graph.states[place]
                let isDone = driver.perform(action)
                let (after, failures) = (driver.state, driver.concreteFailures())
                try #require(isDone == (edge != nil) && after == expected, "\(action) from state \(place)")
                try #require(failures.isEmpty, "\(action) from state \(place)")
                if after != graph.states[place] { driver = led() }
                steps += 1
            }
        }
        #expect(steps > 2_000)
    }

    @Test("random walks with many faults stay within the model, and settle", arguments: [1, 2] as [UInt64])
    func walks(seed: UInt64) throws {
        let model = try #require(MultipathModel.larger)
        var failed = 0
        for run in 0..<(isOptimized ? 300 : 40) {
            let random = RandomStream(seed: seed * 10_000 + UInt64(run), name: "walks")
            let driver = MultipathDriver(model, seed: UInt64(run))
            var state = driver.state
            for step in 0..<70 {
                // Enabled or not.
                let candidates = model.candidates(in: state)
                let action = candidates[Int(random.draw(UInt64(step)) % UInt64(candidates.count))]
                let isRare = MultipathModel.seldom.contains(action.name)
                if isRare, random.draw(UInt64(step), 1) % 8 != 0 { continue }
                let expected = model.step(action, from: state)
                let isDone = driver.perform(action)
                let (after, failures) = (driver.state, driver.concreteFailures())
                try #require(isDone == (expected != nil), "\(action) at step \(step) of run \(run)")
                try #require(after == expected ?? state, "\(action) at step \(step) of run \(run)")
                try #require(failures.isEmpty, "\(action) at step \(step) of run \(run)")
                state = after
                if state.values[0].text.contains("failed") { failed += 1 }
            }
            let steps = driver.settle(bound: 600) { _ in }
            let (end, failures) = (driver.state, driver.concreteFailures())
            try #require(steps != nil && failures.isEmpty, "run \(run)")
            for property in MultipathModel.properties {
                guard case .eventually(let trigger, let goal) = property.statement, trigger(state) else { continue }
                #expect(goal(end), "\(property.id) in run \(run)")
            }
        }
        #expect(failed > 0)
    }
}
