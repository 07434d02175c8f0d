import PlaitVerify
import Testing

@Suite("TLC's output")
struct TLCOutputTests {
    @Test(
        "what TLC says becomes a verdict",
        arguments: [
            ("action_prop", "violates Mono"), ("assume_false", "error"), ("deadlock", "deadlock"), ("dot", "holds"),
            ("edges", "holds"), ("eval_error", "error"), ("invariant", "violates InOrder"),
            ("liveness_lasso", "violates a property"), ("liveness_stutter", "violates a property"),
            ("ok_coverage", "holds"), ("parse_error", "error"), ("simulate_bad", "violates InOrder"),
            // A simulation has seen some behaviours, not all states.
            ("simulate_ok", "error"), ("values", "violates Inv"),
        ]
    )
    func verdicts(_ name: String, _ words: String) throws {
        #expect(try FormalFixtures.result(name).verdict.words == words)
    }

    @Test("counts, depth, version and the chance of a collision are read")
    func counts() throws {
        let result = try FormalFixtures.result("ok_coverage")
        #expect((result.distinct, result.generated, result.queue) == (1025, 3526, 0))
        #expect((result.depth, result.code, result.exitStatus) == (19, 2193, 0))
        #expect((result.version, result.revision, result.collisions) == ("2.15", "d5b5a7f", "1.4E-13"))
        let bytes = try FormalFixtures.bytes("TLC/ok_coverage.out")
        #expect(TLCResult(reading: bytes, exitStatus: 0, workers: 2).depth == nil)
    }

    @Test("coverage counts each action's states, and together all of them")
    func coverage() throws {
        let result = try FormalFixtures.result("ok_coverage")
        let deliver = result.actions.first { $0.name == "Deliver" }
        #expect((deliver?.distinct, deliver?.generated) == (5, 364))
        #expect(deliver?.location == "line 95, col 1 to line 95, col 7 of module TwoPath (97 14 101 90)")
        #expect(result.actions.reduce(0) { $0 + $1.distinct } == 1025)
        #expect(result.actions.reduce(0) { $0 + $1.generated } == 3526)
    }

    @Test("an action that is never taken is named, and counts that are not there are no counts of all of them")
    func idle() throws {
        let result = try FormalFixtures.result("ok_coverage")
        #expect(result.idleActions == [])
        let text = String(decoding: try FormalFixtures.bytes("TLC/ok_coverage.out"), as: UTF8.self)
        let idle = TLCResult(reading: Array(text.replacing(">: 5:364", with: ">: 0:0").utf8), exitStatus: 0)
        #expect(idle.idleActions.count == 1)
        #expect(idle.idleActions.first?.hasPrefix("Deliver is never taken (line 95,") == true)
        #expect(TLCResult.notRun("").idleActions == ["TLC counted no actions"])
    }

    @Test("a counterexample has its states, its actions and their parameters")
    func trace() throws {
        let result = try FormalFixtures.result("invariant")
        #expect(result.trace.map(\.number) == Array(1...6))
        #expect(result.trace[0].action == nil)
        #expect(result.trace[4].action == "MCNext")
        #expect(result.trace[4].act?.text == #"[name |-> "Recv", p |-> p1, s |-> 2]"#)
        #expect(result.trace[5]["delivered"]?.text == "<<2>>")
        #expect(result.ending == .open)
        #expect(try FormalFixtures.result("simulate_bad").trace[2].action == "PathDown")
    }

    @Test("a state of one variable, a lasso and stuttering are read")
    func endings() throws {
        let lasso = try FormalFixtures.result("liveness_lasso", onlyProperty: "Rises")
        #expect(lasso.trace.map { $0["x"] } == [.number(0), .number(1), .number(2), .number(3)])
        #expect(lasso.ending == .loop(to: 2))
        #expect(lasso.verdict == .violated(property: "Rises"))
        let stutter = try FormalFixtures.result("liveness_stutter")
        #expect((stutter.trace.count, stutter.ending) == (14, .stuttering))
    }

    @Test("values wrapped over lines, and what a model prints between states, do not confuse")
    func wrapped() throws {
        let result = try FormalFixtures.result("values")
        #expect(result.trace.count == 2)
        #expect(result.trace[0].variables.count == 12)
        #expect(result.trace[0]["str"] == .text("quote\" back\\slash\ttab"))
        #expect(result.trace[1]["iv"]?.text == "{1, 2, 3, 4}")
        #expect(result.trace[0]["nest"]?.text == "(0 :> 0 @@ 1 :> 1 @@ 2 :> 4 @@ 3 :> 9)")
    }

    @Test("an error shows TLC's own words: a quoted message, or a parser's between messages")
    func words() throws {
        let quoted = try FormalFixtures.result("eval_error").verdict.reason ?? ""
        #expect(quoted.contains("The second argument of < should be an integer"))
        #expect(quoted.contains("Line 5, column 9"))
        let loose = try FormalFixtures.result("parse_error").verdict.reason ?? ""
        #expect(loose.contains("Parsing or semantic analysis failed"))
        #expect(loose.contains("Could not parse module PErr from file PErr.tla"))
        #expect(try FormalFixtures.result("assume_false").verdict.reason?.contains("Assumption line 4") == true)
    }

    @Test("an exit status of 0 is not enough: output that was cut, and states to go, are no verdict")
    func cut() throws {
        let whole = try FormalFixtures.bytes("TLC/edges.out")
        for length in stride(from: 0, to: whole.count - 30, by: 7) {
            let verdict = TLCResult(reading: Array(whole[..<length]), exitStatus: 0).verdict
            #expect(verdict != .holds, "after \(length) bytes")
        }
        let text = String(decoding: whole, as: UTF8.self)
        let unfinished = text.replacing(
            "1025 distinct states found, 0 states",
            with: "1025 distinct states found, 3 states"
        )
        #expect(TLCResult(reading: Array(unfinished.utf8), exitStatus: 0).verdict.words == "error")
        #expect(TLCResult(reading: whole, exitStatus: 12).verdict.words == "error")
        #expect(TLCResult(reading: whole, exitStatus: 0).verdict == .holds)
    }

    @Test("under -continue every violation counts, the first one is kept, and nothing passes")
    func continued() throws {
        let bad = String(decoding: try FormalFixtures.bytes("TLC/invariant.out"), as: UTF8.self)
        let second = bad.replacing("Invariant InOrder", with: "Invariant Second")
        let result = TLCResult(reading: Array((bad + second).utf8), exitStatus: 0)
        #expect(result.violations == 2)
        #expect(result.verdict == .violated(property: "InOrder"))
        #expect(result.trace.count == 6)
    }

    @Test("a property that the first state violates is named, and the state kept")
    func initially() {
        let text = """
            @!@!@STARTMSG 2107:1 @!@!@
            Invariant I0 is violated by the initial state:
            /\\ x = 0
            /\\ y = {}

            @!@!@ENDMSG 2107 @!@!@

            """
        let result = TLCResult(reading: Array(text.utf8), exitStatus: 12)
        #expect(result.verdict == .violated(property: "I0"))
        #expect(result.trace.first?["y"] == .set([]))
    }

    @Test("a property that is false at once is named by its place, unless it is the only one")
    func placed() {
        let text = """
            @!@!@STARTMSG 2108:1 @!@!@
            Property line 43, col 12 to line 43, col 37 of module TwoPath is violated by the initial state:
            x = 0

            @!@!@ENDMSG 2108 @!@!@

            """
        let result = TLCResult(reading: Array(text.utf8), exitStatus: 13)
        #expect(result.verdict == .violated(property: "line 43, col 12 to line 43, col 37 of module TwoPath"))
        #expect(result.trace.count == 1)
        let only = TLCResult(reading: Array(text.utf8), exitStatus: 13, onlyProperty: "InitOK")
        #expect(only.verdict == .violated(property: "InitOK"))
        #expect(TraceModule(variables: ["x"], states: [[.number(0)]]).outcome(of: result) == .refusedStart)
    }

    @Test("progress comes with diameter, states, queue and rate, as it is written, in pieces of any size")
    func progress() throws {
        let whole = try FormalFixtures.bytes("TLC/ok_coverage.out")
        for size in [1, 7, 64, whole.count] {
            var output = TLCOutput()
            var seen: [TLCProgress] = []
            var rest = whole[...]
            while !rest.isEmpty {
                output.take(rest.prefix(size)) { seen.append($0) }
                rest = rest.dropFirst(size)
            }
            #expect(seen.count == 1)
            #expect((seen.first?.diameter, seen.first?.generated, seen.first?.distinct) == (19, 3526, 1025))
            #expect(seen.first?.queue == 0)
            #expect((seen.first?.ratePerMinute ?? 0) > 100_000)
        }
    }

    @Test("damaged output never ends the process, nor turns a violation into a pass", arguments: [1, 2, 3] as [UInt64])
    func damaged(seed: UInt64) throws {
        var random = Dice(seed, "damaged-output")
        let marks = [
            "@!@!@STARTMSG 2193:0 @!@!@\n", "@!@!@ENDMSG 2217 @!@!@\n", "@!@!@STARTMSG -1:x", "\n", "/\\ ", "\"",
        ]
        for name in FormalFixtures.outputs {
            let whole = try FormalFixtures.bytes("TLC/\(name).out")
            for _ in 0..<12 {
                var bytes = whole
                for _ in 0...random.below(4) {
                    let place = random.below(bytes.count)
                    switch random.below(4) {
                    case 0: bytes[place] = UInt8(random.below(256))
                    case 1: bytes.insert(contentsOf: Array(marks[random.below(6)].utf8), at: place)
                    case 2: bytes.removeSubrange(place..<min(bytes.count, place + random.below(400)))
                    default: bytes.removeLast(random.below(bytes.count))
                    }
                    if bytes.isEmpty { bytes = [0x0A] }
                }
                // TLC ended with 12 here: whatever its words, this is no pass.
                #expect(TLCResult(reading: bytes, exitStatus: 12).verdict != .holds)
            }
        }
    }
}
