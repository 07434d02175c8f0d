import Foundation
import PlaitCore
import PlaitVerify
import TestSupport
import Testing

@Suite("The stream model's driver")
struct StreamDriverTests {
    private static let graph = TwinGraph(StreamModel.graph)
    private static let ways = graph.shortestWays()

    /// The actions of the shortest way to a state.
    private static func way(to place: Int) -> [StreamAction] { graph.behaviour(ways.way(to: place) ?? []).actions }

    private static func text(of file: String) throws -> String {
        let path = repositoryRoot.appending(path: "formal/Stream/" + file)
        return try String(contentsOf: path, encoding: .utf8)
    }

    @Test("the twin has as many states as TLC found, and no property fails in any")
    func graph() throws {
        let graph = Self.graph
        let expected = try Self.text(of: "expect.json").split(separator: "\n").first { $0.contains("\"Graph\"") }
        let counts = try #require(expected)
        #expect(counts.contains("\"distinct\": \(graph.states.count),"))
        // TLC generated a few of them twice; where they lead is compared by `plait verify --compare`.
        #expect(graph.edges.count == 25_907)
        for property in StreamModel.properties {
            switch property.statement {
            case .always(let antecedent, let holds):
                let failing = graph.states.filter { !holds($0) }
                let meant = graph.states.contains(where: antecedent)
                #expect(failing.isEmpty && meant, "\(property.id)")
            case .step(let antecedent, let holds):
                var isMeant = false
                for edge in graph.edges {
                    let (state, next) = (graph.states[Int(edge.from)], graph.states[Int(edge.to)])
                    isMeant = isMeant || antecedent(state, next)
                    if !holds(state, next) { Issue.record("\(property.id) fails at \(edge.action)") }
                }
                #expect(isMeant, "\(property.id)")
            case .eventually(let trigger, let goal):
                let reachable = graph.states.contains(where: trigger) && graph.states.contains(where: goal)
                #expect(reachable, "\(property.id)")
            }
        }
    }

    @Test(
        "a state with values beyond its constants is of no kind, and is with larger ones",
        arguments: [
            ("highest", TLAValue.number(3)), ("delivered", .number(3)), ("limit", .number(4)),
            ("recvLimit", .number(4)),
            ("arrived", .set(of: [.number(2)])), ("faults", .number(2)),
            ("wire", .set(of: [StreamModel.Frame(.data(start: 0, count: 2, isLast: false)).value])),
        ]
    )
    func kinds(variable: String, value: TLAValue) throws {
        let larger = try #require(StreamModel.larger)
        func fits(_ state: StreamState, _ model: StreamModel) -> Bool {
            guard case .always(_, let holds)? = model.judgedProperties.first?.statement else { return false }
            return holds(state)
        }
        var values = Self.graph.states[0].values
        for window in ["limit", "recvLimit", "window"] {
            values[try #require(StreamState.variables.firstIndex(of: window))] = .number(3)
        }
        // As the larger model begins, and with one value more.
        values[try #require(StreamState.variables.firstIndex(of: variable))] = value
        let state = try #require(StreamState(values))
        #expect(fits(state, larger) && !fits(state, .graph))
        var small = Self.graph.states[0].values
        small[try #require(StreamState.variables.firstIndex(of: variable))] = value
        let beyond = try #require(StreamState(small))
        #expect(fits(Self.graph.states[0], .graph) && !fits(beyond, .graph))
    }

    @Test("both sides judge the same properties, in the same order")
    func properties() throws {
        let rows = try Self.text(of: "properties.csv").split(separator: "\n").dropFirst()
        let named = rows.map { $0.split(separator: ",").map(String.init) }.map { [$0[0], $0[2]] }
        #expect(named == StreamModel.properties.map { [$0.id, $0.name] })
    }

    @Test("values of states, actions and frames are read as they were written")
    func values() {
        let graph = Self.graph
        for state in graph.states { #expect(StreamState(state.values) == state) }
        for edge in graph.edges where StreamAction(edge.action.value) != edge.action { Issue.record("\(edge.action)") }
        let broken = StreamState(Array(repeating: .number(99), count: StreamState.variables.count))
        #expect(broken == nil)
    }

    @Test("the real streams go wherever the model goes", arguments: [1, 2, 3] as [UInt64])
    func edges(seed: UInt64) throws {
        let graph = Self.graph
        // Every so many states: `plait verify --compare` goes over all of them.
        let every = isOptimized ? 5 : 10
        var steps = 0
        for place in graph.states.indices where (place + Int(seed)) % every == 0 {
            let way = Self.way(to: place)
            for edge in graph.edges(from: place).map({ graph.edges[$0] }) {
                let driver = StreamDriver(.graph, seed: seed &+ UInt64(place))
                for action in way { _ = driver.perform(action) }
                let before = driver.state
                let isDone = driver.perform(edge.action)
                let (after, failures) = (driver.state, driver.concreteFailures())
                // One difference says it all; what follows from it would fill pages.
                try #require(before == graph.states[place], "on the way to state \(place)")
                try #require(isDone && after == graph.states[Int(edge.to)], "\(edge.action) from state \(place)")
                try #require(failures.isEmpty, "\(edge.action) from state \(place)")
                steps += way.count + 1
            }
        }
        #expect(steps > 5_000)
    }

    @Test("the real streams refuse what the model forbids, and are as before")
    func refusals() throws {
        let graph = Self.graph
        let every = isOptimized ? 5 : 10
        var refused = 0
        var asked: Set<String> = []
        for place in graph.states.indices where place % every == 0 {
            let driver = StreamDriver(.graph, seed: UInt64(place))
            for action in Self.way(to: place) { _ = driver.perform(action) }
            let allowed = Set(graph.edges(from: place).map { graph.edges[$0].action })
            for action in StreamModel.graph.candidates(in: graph.states[place]) where !allowed.contains(action) {
                let isDone = driver.perform(action)
                let (after, failures) = (driver.state, driver.concreteFailures())
                try #require(!isDone && after == graph.states[place], "\(action) from state \(place)")
                try #require(failures.isEmpty, "\(action) from state \(place)")
                refused += 1
                if driver.hasAsked { asked.insert(action.name) }
            }
        }
        #expect(refused > 1_000)
        // Packets that are gone cannot be dropped.
        #expect(asked == Set(StreamAction.names).subtracting(["Drop"]))
    }

    @Test("random walks with gaps, overlaps and many faults stay within the model and settle", arguments: [0, 1, 2, 3])
    func walks(part: Int) throws {
        let model = try #require(StreamModel.larger)
        var ends = (finished: 0, reset: 0)
        for run in 0..<(isOptimized ? 500 : 100) {
            let seed = UInt64(part * 10_000 + run)
            let random = RandomStream(seed: seed, name: "walks")
            let driver = StreamDriver(model, seed: seed)
            var state = driver.state
            for step in 0..<60 {
                // Enabled or not.
                let candidates = model.candidates(in: state)
                var action = candidates[Int(random.draw(UInt64(step)) % UInt64(candidates.count))]
                let isEnding = action == .reset || action == .stop
                if isEnding, random.draw(UInt64(step), 1) % 8 != 0 { action = .send(units: 1) }
                let expected = model.step(action, from: state)
                let isDone = driver.perform(action)
                let (after, failures) = (driver.state, driver.concreteFailures())
                try #require(isDone == (expected != nil), "\(action) at step \(step) of seed \(seed)")
                try #require(after == expected ?? state, "\(action) at step \(step) of seed \(seed)")
                try #require(failures.isEmpty, "\(action) at step \(step) of seed \(seed)")
                state = after
            }
            let steps = driver.settle(bound: 500) { _ in }
            let end = driver.state
            try #require(steps != nil, "seed \(seed)")
            if state.sendState == .ending || state.sendState == .resetting { #expect(end.isSettled) }
            #expect(!end.isBlocked)
            if end.sendState == .finished { ends.finished += 1 }
            if end.sendState == .over { ends.reset += 1 }
        }
        #expect(ends.finished > 5 && ends.reset > 5)
    }

    @Test("streams that are led without a look come where those are that are looked at", arguments: [1, 2] as [UInt64])
    func unseen(seed: UInt64) throws {
        let graph = Self.graph
        var looks = 0
        for place in graph.states.indices where (place + Int(seed)) % 10 == 0 {
            let driver = StreamDriver(.graph, seed: seed &+ UInt64(place))
            var state = driver.state
            for action in Self.way(to: place) {
                let next = try #require(StreamModel.graph.step(action, from: state))
                let isDone = driver.perform(action, believing: (state, next))
                try #require(isDone, "\(action) on the way to state \(place)")
                state = next
            }
            // A refusal of the code's is looked at.
            guard StreamModel.graph.step(.tellReset, from: state) == nil else { continue }
            let isDone = driver.perform(.tellReset)
            let (after, failures) = (driver.state, driver.concreteFailures())
            try #require(!isDone && after == graph.states[place] && failures.isEmpty, "state \(place)")
            looks += 1
        }
        #expect(looks > 100)
    }

    @Test("what was kept of an end that nobody touched is what it is in", arguments: [1, 2, 3] as [UInt64])
    func kept(seed: UInt64) throws {
        let model = try #require(StreamModel.larger)
        for run in 0..<20 {
            let random = RandomStream(seed: seed &* 1_000 + UInt64(run), name: "kept")
            let driver = StreamDriver(model, seed: seed &+ UInt64(run))
            for step in 0..<60 {
                let candidates = model.candidates(in: driver.state)
                let action = candidates[Int(random.draw(UInt64(step)) % UInt64(candidates.count))]
                _ = driver.perform(action)
                // They look at everything anew.
                let failures = driver.concreteFailures()
                try #require(failures.isEmpty, "\(action) at step \(step)")
            }
        }
    }

    @Test("what is done while settling is told, and every step of it is the model's")
    func settling() throws {
        let graph = Self.graph
        var count = 0
        for place in graph.states.indices where place % 20 == 0 {
            let driver = StreamDriver(.graph, seed: UInt64(place))
            for action in Self.way(to: place) { _ = driver.perform(action) }
            var state = driver.state
            var wrong: [StreamAction] = []
            let steps = driver.settle(bound: 200) { told in
                let expected = StreamModel.graph.step(told.action, from: state)
                if !told.isDone || expected != told.state { wrong.append(told.action) }
                state = told.state
                count += 1
            }
            let end = driver.state
            try #require(steps != nil && wrong.isEmpty && end == state, "from state \(place)")
        }
        #expect(count > 100)
    }
}
