import PlaitVerify
import Testing

@Suite("Values of TLA+")
struct TLAValueTests {
    @Test(
        "a value is printed as TLC prints it",
        arguments: [
            "0", "-5", "TRUE", "FALSE", "p1", #""""#, #""quote\" back\\slash\ttab""#, "<<>>", "<<1, <<2>>>>", "{}",
            "{-5, 1, 2}", #"[ok |-> TRUE, path |-> A]"#, "(0 :> 0 @@ 1 :> 1)", "({1} :> <<>> @@ {2} :> {})",
        ]
    )
    func printed(_ text: String) throws { #expect(try TLAValue(parsing: text).text == text) }

    @Test(
        "equal values have one text, however TLC writes them",
        arguments: [
            ("{3, 1, 2, 1}", "{1, 2, 3}"), ("1..4", "{1, 2, 3, 4}"), ("2..1", "{}"), ("-1..1", "{-1, 0, 1}"),
            ("(2 :> b @@ 1 :> a)", "<<a, b>>"), (#"("b" :> 1 @@ "a" :> 2)"#, "[a |-> 2, b |-> 1]"),
            ("[b |-> 1, a |-> 2]", "[a |-> 2, b |-> 1]"), ("(p2 :> 1 @@ p1 :> 2)", "(p1 :> 2 @@ p2 :> 1)"),
            ("<< [id |-> 1],\n   [id |-> 2] >>", "<<[id |-> 1], [id |-> 2]>>"),
            ("( A :> <<1>> @@\n  B :> <<>> )", "(A :> <<1>> @@ B :> <<>>)"), ("{ <<1>>,\n  <<>> }", "{<<>>, <<1>>}"),
            (#"("a b" :> 1)"#, #"("a b" :> 1)"#),
        ]
    )
    func canonical(_ text: String, _ expected: String) throws {
        let value = try TLAValue(parsing: text)
        #expect(value.text == expected)
        #expect(try TLAValue(parsing: value.text) == value)
    }

    @Test(
        "what is no value is refused, with the place",
        arguments: [
            ("", 0), ("<<1, 2", 6), ("<1>", 0), ("{1 2}", 3), ("[a -> 1]", 3), ("[a |-> 1, a |-> 2]", 18),
            ("(1 :> 2", 7),
            ("(1 :> 2 @@ 1 :> 3)", 18), (#""open"#, 5), (#""\q""#, 2), ("1 2", 2), ("99999999999999999999", 0),
            ("0..99999999", 11), ("-9223372036854775808..9223372036854775807", 41), ("-", 1), ("[]", 1),
        ]
    )
    func refused(_ text: String, _ offset: Int) {
        let error = #expect(throws: TLASyntaxError.self) { try TLAValue(parsing: text) }
        #expect(error?.offset == offset, "\(error?.description ?? "")")
    }

    @Test("nesting beyond all reason is refused, not descended into")
    func nesting() {
        for (open, close) in [("<<", ">>"), ("{", "}"), ("[a |-> ", "]"), ("(1 :> ", ")")] {
            let deep = String(repeating: open, count: 100_000) + "1" + String(repeating: close, count: 100_000)
            let error = #expect(throws: TLASyntaxError.self) { try TLAValue(parsing: deep) }
            #expect(error?.message == "nested too deeply")
            let fine = String(repeating: open, count: 60) + "7" + String(repeating: close, count: 60)
            #expect(throws: Never.self) { try TLAValue(parsing: fine) }
        }
    }

    @Test("every value of TLC's own pages is read, and read again from its text")
    func fixtures() throws {
        var count = 0
        for name in FormalFixtures.outputs {
            for state in try FormalFixtures.result(name).trace {
                for variable in state.variables {
                    #expect(try TLAValue(parsing: variable.value.text) == variable.value)
                    count += 1
                }
            }
        }
        #expect(count == 373)
    }

    @Test("a damaged value is read or refused, and never ends the process", arguments: [1, 2, 3, 4] as [UInt64])
    func damaged(seed: UInt64) throws {
        var random = Dice(seed, "damaged-values")
        let whole = try FormalFixtures.result("values").trace.flatMap(\.variables).map { Array($0.value.text.utf8) }
        let bytes = Array("<>{}[]()\"\\ |->:@,.-09aZ_\u{0}\n".utf8) + [0xFF, 0xC3]
        for _ in 0..<2_000 {
            var text = whole[random.below(whole.count)]
            for _ in 0...random.below(3) {
                let place = random.below(text.count)
                switch random.below(3) {
                case 0: text[place] = bytes[random.below(bytes.count)]
                case 1: text.insert(bytes[random.below(bytes.count)], at: place)
                default: if text.count > 1 { text.remove(at: place) }
                }
            }
            if let value = try? TLAValue(parsing: text[...]) {
                #expect(try TLAValue(parsing: value.text) == value)
            }
        }
    }
}
