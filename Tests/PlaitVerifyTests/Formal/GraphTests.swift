import PlaitReport
import PlaitVerify
import Testing

@Suite("Graphs of states")
struct GraphTests {
    /// a -x-> b -x-> c -y-> a, b -y-> b, and d, which nothing leads to.
    private static let small = TextGraph(
        states: ["c", "a", "d", "b"],
        actions: ["y", "x"],
        initial: [1],
        edges: [
            TextGraph.Edge(from: 3, action: 1, to: 0), TextGraph.Edge(from: 1, action: 1, to: 3),
            TextGraph.Edge(from: 0, action: 0, to: 1), TextGraph.Edge(from: 3, action: 0, to: 3),
            TextGraph.Edge(from: 1, action: 1, to: 3), TextGraph.Edge(from: 2, action: 0, to: 2),
        ]
    )

    private func words(_ edge: TextGraph.Edge) -> String {
        "\(Self.small.states[edge.from]) --\(Self.small.actions[edge.action])--> \(Self.small.states[edge.to])"
    }

    @Test("a graph is the same, whatever order its states and transitions came in")
    func canonical() {
        #expect(Self.small.states == ["a", "b", "c", "d"])
        #expect(
            Self.small.edges.map(words) == [
                "a --x--> b", "b --x--> c", "b --y--> b", "c --y--> a", "d --y--> d",
            ]
        )
        #expect(Self.small.edges(from: 1) == 1..<3)
        let other = TextGraph(
            states: ["d", "b", "a", "c"],
            actions: ["x", "y"],
            initial: [2],
            edges: [
                TextGraph.Edge(from: 0, action: 1, to: 0), TextGraph.Edge(from: 1, action: 1, to: 1),
                TextGraph.Edge(from: 1, action: 0, to: 3), TextGraph.Edge(from: 2, action: 0, to: 1),
                TextGraph.Edge(from: 3, action: 1, to: 2),
            ]
        )
        #expect(other == Self.small)
    }

    @Test("an export is read: escapes, equal values of other texts, and every transition once")
    func export() throws {
        let text = #"""
            "INIT\t<<{2, 1}, \"a\">>"
            "EDGE\t<<{1, 2}, \"a\">>\t[name |-> \"Go\", to |-> p1]\t<<{}, \"q\\\"\">>"
            "EDGE\t<<{2, 1}, \"a\">>\t[to |-> p1, name |-> \"Go\"]\t<<{}, \"q\\\"\">>"

            """#
        let graph = try GraphExport.graph(of: Array(text.utf8), path: "edges")
        #expect(graph.states == [#"<<{1, 2}, "a">>"#, #"<<{}, "q\"">>"#])
        #expect(graph.actions == [#"[name |-> "Go", to |-> p1]"#])
        #expect(graph.initial == [0])
        #expect(graph.edges == [TextGraph.Edge(from: 0, action: 0, to: 1)])
    }

    @Test(
        "a line that is no transition is refused with its number",
        arguments: [
            #""EDGE\t1\t2""#, #""EDGE\t<<\t2\t3""#, #"EDGE\t1\t2\t3"#, #""INIT\t1"#, #""EDGE\x\t2\t3""#, "\"", "",
            #""OTHER\t1\t2\t3""#,
        ]
    )
    func refused(_ line: String) {
        let text = "\"INIT\\t1\"\n" + line + "\n"
        let error = #expect(throws: FormalFileError.self) { try GraphExport.graph(of: Array(text.utf8), path: "edges") }
        #expect(error?.line == 2)
        #expect(error?.description.hasPrefix("edges:2: ") == true)
    }

    @Test("tours begin at initial states, follow transitions, and take all that can be reached")
    func tours() {
        var taken: Set<Int> = []
        for way in Tours(covering: Self.small).ways {
            var state = 0
            for edge in way {
                #expect(Self.small.edges[edge].from == state)
                state = Self.small.edges[edge].to
                taken.insert(edge)
            }
        }
        #expect(taken == [0, 1, 2, 3])
    }

    @Test("tours are cut at their greatest length, and still take everything")
    func cut() throws {
        let ring = TextGraph(
            states: (0..<50).map { "\(100 + $0)" },
            actions: ["go"],
            initial: [0],
            edges: (0..<50).map { TextGraph.Edge(from: $0, action: 0, to: ($0 + 1) % 50) }
        )
        #expect(Tours(covering: ring).ways.map(\.count) == [50])
        let short = Tours(covering: ring, lengthMax: 20).ways
        #expect(Set(short.joined()).count == 50)
        #expect(short.first?.count == 20)
    }

    @Test("the shortest ways lead to all that can be reached, off what is not allowed, and to what is wanted")
    func ways() {
        let small = Self.small
        let ways = small.shortestWays
        #expect(ways.way(to: 2) == [0, 1])
        #expect(ways.way(to: 0) == [])
        #expect(ways.way(to: 3) == nil)
        #expect(ways.order == [0, 1, 2])
        #expect(ways.wantedWay == nil)
        func search(off avoided: Int, for wanted: Int) -> ShortestWays {
            ShortestWays(
                states: 4,
                from: [0],
                edges: small.edges(from:),
                target: { $0 == avoided ? nil : small.edges[$0].to },
                isWanted: { $0 == wanted }
            )
        }
        #expect(search(off: 1, for: -1).order == [0, 1])
        #expect(!search(off: 1, for: -1).reaches(2))
        #expect(search(off: -1, for: 3).wantedWay == [0, 1, 3])
        #expect(search(off: 1, for: 3).wantedWay == nil)
        // Nothing behind it is looked at.
        #expect(search(off: -1, for: 1).order == [0, 1])
    }

    @Test("a corpus is the same bytes for the same graph, and is read back")
    func corpus() throws {
        let corpus = try #require(Corpus(covering: Self.small))
        let bytes = corpus.text.bytes
        #expect(try Corpus(parsing: bytes, path: "corpus.jsonl") == corpus)
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix(#"{"format":1,"actions":["x","y"],"states":["a""#))
        #expect(corpus.behaviours.first?.actions.prefix(2) == ["x", "x"])
    }

    @Test("where an action leads to two states, actions alone are no behaviour")
    func ambiguous() {
        let graph = TextGraph(
            states: ["a", "b"],
            actions: ["x"],
            initial: [0],
            edges: [TextGraph.Edge(from: 0, action: 0, to: 0), TextGraph.Edge(from: 0, action: 0, to: 1)]
        )
        #expect(!graph.isDeterministic)
        #expect(Corpus(covering: graph) == nil)
    }

    @Test(
        "a damaged corpus is refused with the line",
        arguments: [
            ("{\"format\":2}\n", 1), ("x\n", 1),
            ("{\"format\":1,\"actions\":[\"a\"],\"states\":[\"s\"]}\n{\"start\":0}\n", 2),
            ("{\"format\":1,\"actions\":[\"a\"],\"states\":[\"s\"]}\n{\"start\":0,\"actions\":[1],\"end\":0}\n", 2),
            ("{\"format\":1,\"actions\":[\"a\"],\"states\":[\"s\"]}\n{\"start\":-1,\"actions\":[0],\"end\":0}\n", 2),
        ]
    )
    func damaged(_ text: String, _ line: Int) {
        let error = #expect(throws: FormalFileError.self) { try Corpus(parsing: Array(text.utf8), path: "c") }
        #expect(error?.line == line)
    }

    @Test("a damaged export or corpus never ends the process", arguments: [1, 2] as [UInt64])
    func mutated(seed: UInt64) throws {
        var dice = Dice(seed, "damaged-graphs")
        let corpus = try FormalFixtures.bytes("formal/TwoPath/corpus.jsonl")
        let export = Array(#""EDGE\t<<(p1 :> {1}), \"up\">>\t[name |-> \"Go\"]\t<<{}>>""#.utf8) + [0x0A]
        for _ in 0..<300 {
            for whole in [Array(corpus.prefix(6_000)), export + export] {
                var bytes = whole
                for _ in 0...dice.below(3) {
                    let place = dice.below(bytes.count)
                    switch dice.below(3) {
                    case 0: bytes[place] = UInt8(dice.below(256))
                    case 1: bytes.insert(Array("\"\\t{[<9".utf8)[dice.below(7)], at: place)
                    default: bytes.removeSubrange(place..<min(bytes.count - 1, place + dice.below(9)) + 1)
                    }
                    if bytes.isEmpty { bytes = [0x0A] }
                }
                // Any answer is well, as long as there is one.
                _ = try? Corpus(parsing: bytes, path: "")
                _ = try? GraphExport.graph(of: bytes, path: "")
            }
        }
    }
}
