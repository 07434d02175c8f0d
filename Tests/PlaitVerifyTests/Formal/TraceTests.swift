import PlaitReport
import PlaitVerify
import Testing

@Suite("Traces of models")
struct TraceTests {
    private static let values: [TLAValue] = [
        .number(-3), .number(1 << 60), .flag(true), .text("a \"b\""), .name("p1"), .tuple([]),
        .tuple([.number(1), .set([])]),
        .set(of: [.number(2), .number(1)]), .record(of: [("x", .name("A")), ("a", .tuple([.flag(false)]))]),
        .function([TLAValue.Mapping(.number(0), .text("")), TLAValue.Mapping(.number(1), .set(of: [.text("q")]))]),
    ]

    @Test("a trace is written as ITF and read back, whatever its values are")
    func roundTrip() throws {
        let variables = Self.values.indices.map { "v\($0)" }
        let trace = ModelTrace(
            module: "Stream",
            source: "here",
            variables: variables,
            steps: [
                ModelTrace.Step(action: nil, values: Self.values),
                ModelTrace.Step(
                    action: .record(of: [("name", .text("Deliver")), ("frame", .record(of: [("from", .number(0))]))]),
                    values: Self.values.reversed()
                ),
            ],
            loop: 1
        )
        let read = try ModelTrace(parsingITF: trace.itf.bytes, path: "t.itf.json")
        #expect(read == trace)
        #expect(read.itf.bytes == trace.itf.bytes)
        #expect(trace.itf.string.contains(#""mbt::actionTaken": "Deliver""#))
    }

    @Test("a counterexample becomes a trace: actions from act, a loop by its first state")
    func counterexamples() throws {
        let result = try FormalFixtures.result("invariant")
        let trace = try #require(
            ModelTrace(result, module: "TwoPath", source: "TLC", variables: ["conn", "delivered"])
        )
        #expect(trace.steps[0].action == nil)
        #expect(trace.steps[5].action?.text == #"[name |-> "Deliver"]"#)
        #expect(trace.steps[5].values == [.text("up"), .tuple([.number(2)])])
        #expect(trace.loop == nil)
        let lasso = try #require(
            ModelTrace(try FormalFixtures.result("liveness_lasso"), module: "Lasso", source: "", variables: ["x"])
        )
        #expect(lasso.loop == 1)
        #expect(lasso.steps[1].action?.text == #"[name |-> "Inc"]"#)
        #expect(ModelTrace(result, module: "", source: "", variables: ["nothing"]) == nil)
        #expect(ModelTrace(try FormalFixtures.result("edges"), module: "", source: "", variables: ["conn"]) == nil)
    }

    @Test(
        "what is no trace is refused",
        arguments: [
            "", "{}", ##"{"vars":["x"],"states":[]}"##, ##"{"vars":["x"],"states":[{"y":1}]}"##,
            ##"{"vars":["x"],"states":[{"x":1.5}]}"##, ##"{"vars":["x"],"states":[{"x":{"#set":1}}]}"##,
            ##"{"vars":["x"],"states":[{"x":{"#odd":[]}}]}"##, ##"{"vars":["x"],"states":[{"x":null}]}"##,
            ##"{"vars":["x"],"states":[{"x":1}],"loop":1}"##,
            ##"{"vars":["x"],"states":[{"x":{"#map":[[1,2],[1,3]]}}]}"##,
        ]
    )
    func refused(_ text: String) {
        #expect(throws: FormalFileError.self) { try ModelTrace(parsingITF: Array(text.utf8), path: "t") }
    }

    @Test("a module of data holds each state as a record, with strings for model values")
    func module() {
        let paths = TLAValue.function([TLAValue.Mapping(.name("p1"), TLAValue.set([.number(-1)]))])
        let trace = TraceModule(
            variables: ["net", "conn"],
            states: [[paths, .text("up")], [.tuple([]), .text("")]]
        )
        #expect(
            trace.text.string == """
                ---- MODULE TraceData ----
                EXTENDS Integers, TLC
                Tr == <<
                 [conn |-> "up", net |-> [p1 |-> {-1}]],
                 [conn |-> "", net |-> <<>>]
                >>
                ====

                """
        )
    }

    @Test("TLC's word on a trace: all of it led through, or the step that is refused")
    func outcomes() throws {
        let trace = TraceModule(variables: ["x"], states: Array(repeating: [.number(0)], count: 1025))
        #expect(trace.outcome(of: try FormalFixtures.result("edges")) == .accepted)
        let short = TraceModule(variables: ["x"], states: [[.number(0)]])
        #expect(short.outcome(of: try FormalFixtures.result("edges")) == .unknown("TLC went through 1025 of 1 states"))
        #expect(trace.outcome(of: try FormalFixtures.result("action_prop")) == .refused(step: 4, property: "Mono"))
        #expect(trace.outcome(of: .notRun("no java")) == .unknown("no java"))
        guard case .unknown = trace.outcome(of: try FormalFixtures.result("eval_error")) else {
            Issue.record("an error of the model is no word on the trace")
            return
        }
    }
}
