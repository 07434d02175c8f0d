import PlaitVerify
import TestSupport
import Testing

@Suite("The handshake's twin and the code")
struct HandshakeModelTests {
    private static let graph = TwinGraph(HandshakeModel.graph)
    private static let ways = graph.shortestWays()

    private static func lead(to place: Int) -> Led {
        Led(to: place, along: graph.behaviour(ways.way(to: place) ?? []).actions, in: graph)
    }

    @Test("the twin has as many states, steps and levels as TLC counted")
    func counts() {
        #expect(Self.graph.states.count == 3_200)
        #expect(Self.graph.edges.count == 41_667)
        #expect(Self.graph.depth == 19)
    }

    @Test("states and actions come back from their TLA+ values")
    func values() {
        for state in Self.graph.states {
            let read = HandshakeState(state.values)
            #expect(read == state)
        }
        for action in HandshakeModel.graph.candidates(in: Self.graph.states[1]) {
            let read = HandshakeAction(action.value)
            #expect(read == action)
        }
        #expect(HandshakeState(Array(Self.graph.states[0].values.dropLast())) == nil)
    }

    @Test(
        "a state with values that are not of their kind is told, and one that could send what has no place is an end",
        arguments: [
            ("ended", TLAValue.set(of: [.number(1)])), ("weak", .set(of: [.number(0)])), ("faults", .number(5)),
            ("half", .text("awaitingFinish")), ("clientStage", .text("finishing")), ("generation", .number(2)),
            ("sessions", .set(of: [.number(2)])), ("weak", .set(of: [.number(2)])),
            ("wire", .set(of: [.record(of: [("kind", .text("reply")), ("of", .number(2))])])),
        ]
    )
    func kinds(variable: String, value: TLAValue) throws {
        let model = try #require(HandshakeModel.larger)
        let property = try #require(HandshakeModel.properties.first { $0.id == "HS-S1" })
        guard case .always(_, let holds) = property.statement else {
            Issue.record("it is a property of states")
            return
        }
        let place = try #require(HandshakeState.variables.firstIndex(of: variable))
        var values = Self.graph.states[1].values
        #expect(holds(Self.graph.states[1]))
        values[place] = value
        let state = try #require(HandshakeState(values))
        // The last two are of their kind, but what would be sent next is of no generation.
        let ends = variable == "half" || variable == "clientStage"
        #expect(holds(state) == ends)
        #expect(model.enabled(in: state).isEmpty == ends)
    }

    @Test("every property holds in every state and step of the twin, and each antecedent is met")
    func properties() {
        for property in HandshakeModel.properties {
            var met = 0
            var broken = 0
            switch property.statement {
            case .always(let antecedent, let holds):
                for state in Self.graph.states {
                    met += antecedent(state) ? 1 : 0
                    broken += holds(state) ? 0 : 1
                }
            case .step(let antecedent, let holds):
                for edge in Self.graph.edges {
                    let (before, after) = (Self.graph.states[Int(edge.from)], Self.graph.states[Int(edge.to)])
                    met += antecedent(before, after) ? 1 : 0
                    broken += holds(before, after) ? 0 : 1
                }
            case .eventually(let trigger, _): met = Self.graph.states.count { trigger($0) }
            }
            #expect(met > 0 && broken == 0, "\(property.id) \(property.name)")
        }
    }

    /// All edges when optimised; otherwise some, from all over the graph.
    @Test("what the model does the code does, and what the model forbids the code refuses unchanged")
    func everyEdge() {
        var wrong: [String] = []
        for place in stride(from: 0, to: Self.graph.states.count, by: isOptimized ? 11 : 61) {
            let stay = Self.lead(to: place)
            for action in HandshakeModel.graph.candidates(in: Self.graph.states[place]) {
                let target = Self.graph.edge(from: place, by: action).map { Int(Self.graph.edges[$0].to) }
                let leaves = target.map { $0 != place } ?? false
                // Whatever leaves the state alone can be tried on one driver after the other.
                let led = leaves ? Self.lead(to: place) : stay
                wrong += led.tries(action, expecting: target.map { Self.graph.states[$0] })
            }
            if wrong.count > 5 { break }
        }
        #expect(wrong == [])
    }

    @Test("where the machines can be asked for what the model forbids, they are, and it is they who refuse")
    func asked() {
        var asked: Set<String> = []
        for place in stride(from: 1, to: Self.graph.states.count, by: isOptimized ? 31 : 97) {
            let led = Self.lead(to: place)
            let enabled = Set(Self.graph.edges(from: place).map { Self.graph.edges[$0].action })
            for action in HandshakeModel.graph.candidates(in: Self.graph.states[place])
            where !enabled.contains(action) {
                let wrong = led.tries(action, expecting: nil)
                #expect(wrong == [])
                if led.driver.hasAsked { asked.insert(action.name) }
            }
        }
        let names = ["ClientTimeout", "ClientGiveUp", "ClientIdle", "ServerTimeout", "ServerIdle"]
        #expect(asked == Set(names + ["DeliverData", "DeliverSecondAttempt", "ForgeFinish"]))
    }

    @Test("ends that are led without a look come where those are that are looked at")
    func unseen() throws {
        for place in stride(from: 5, to: Self.graph.states.count, by: isOptimized ? 41 : 101) {
            let driver = HandshakeDriver(.graph, seed: UInt64(place))
            var state = driver.state
            for action in Self.graph.behaviour(Self.ways.way(to: place) ?? []).actions {
                let next = try #require(HandshakeModel.graph.step(action, from: state))
                let isDone = driver.perform(action, believing: (state, next))
                try #require(isDone, "\(action) on the way to state \(place)")
                state = next
            }
            // Asking the code for what it refuses makes the driver look.
            guard HandshakeModel.graph.step(.clientTimeout, from: state) == nil else { continue }
            let isDone = driver.perform(.clientTimeout)
            let (after, failures) = (driver.state, driver.concreteFailures())
            try #require(!isDone && after == state && failures.isEmpty, "state \(place)")
        }
    }

    @Test(
        "random walks with larger constants stay within the model, and settle",
        arguments: 1...8 as ClosedRange<UInt64>
    )
    func walks(seed: UInt64) throws {
        let model = try #require(HandshakeModel.larger)
        var wrong: [String] = []
        var outcomes: Set<String> = []
        var settling = 0
        for number in 0..<(isOptimized ? 100 : 12) {
            var choices = RandomWalk(seed: seed &* 1_000 + UInt64(number))
            let driver = HandshakeDriver(model, seed: seed &+ UInt64(number))
            var state = driver.state
            var way: [HandshakeAction] = []
            for _ in 0..<40 {
                let candidates = model.candidates(in: state)
                let action = candidates[choices.below(candidates.count)]
                way.append(action)
                let expected = model.step(action, from: state)
                let isDone = driver.perform(action)
                if isDone != (expected != nil) || driver.state != expected ?? state {
                    wrong.append("\(way): \(isDone), \(driver.state.words), not \((expected ?? state).words)")
                    break
                }
                state = driver.state
            }
            wrong += driver.concreteFailures()
            var now = state
            let steps = driver.settle(bound: 200) { told in
                let expected = model.step(told.action, from: now)
                if told.isDone != (expected != nil) || told.state != expected ?? now {
                    wrong.append("\(way), in the end \(told.action): \(told.state.words)")
                }
                now = told.state
                if told.isDone { settling += 1 }
            }
            let end = driver.state
            if now != end { wrong.append("\(way): something was done in the end that nobody told") }
            outcomes.insert(String(describing: end.values[1]))
            if steps == nil { wrong.append("\(way) does not settle: \(end.words)") }
            wrong += driver.concreteFailures()
            for property in HandshakeModel.properties {
                guard case .eventually(_, let goal) = property.statement, state.values[1] != .text("none") else {
                    continue
                }
                if !goal(end) { wrong.append("\(property.id) after \(way): \(end.words)") }
            }
        }
        #expect(wrong == [])
        #expect(outcomes.count > 1 && settling > 12)
    }
}

/// A driver that was led to a state of the graph.
private struct Led {
    let driver: HandshakeDriver
    let way: [HandshakeAction]
    let state: HandshakeState

    init(to place: Int, along way: [HandshakeAction], in graph: TwinGraph<HandshakeModel>) {
        state = graph.states[place]
        self.way = way
        driver = HandshakeDriver(graph.model, seed: UInt64(place))
        for action in way { _ = driver.perform(action) }
    }

    /// What is wrong with one action: nil for one that must be refused.
    func tries(_ action: HandshakeAction, expecting expected: HandshakeState?) -> [String] {
        let before = driver.state
        guard before == state else { return ["\(way) leads to \(before.words), not \(state.words)"] }
        let isDone = driver.perform(action)
        let after = driver.state
        guard isDone == (expected != nil), after == expected ?? state else {
            return ["\(way), \(action): \(isDone), \(after.words), not \((expected ?? state).words)"]
        }
        return driver.concreteFailures()
    }
}

/// Draws from a seed.
private struct RandomWalk {
    private var word: UInt64

    init(seed: UInt64) { word = seed }

    /// SplitMix64.
    mutating func below(_ bound: Int) -> Int {
        word &+= 0x9e37_79b9_7f4a_7c15
        var mixed = word
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ mixed >> 31) % UInt64(bound))
    }
}

extension HandshakeState {
    /// For a test's message.
    fileprivate var words: String { values.map { "\($0)" }.joined(separator: " ") }
}
