import PlaitScenario
import Testing

@Suite("YAML")
struct YAMLReaderTests {
    private func read(_ text: String) throws(Diagnostic) -> YAMLNode {
        try YAMLReader.read(Array(text.utf8), file: "f", log: DiagnosticLog())
    }

    private func problem(_ bytes: [UInt8]) -> Diagnostic? {
        do throws(Diagnostic) {
            _ = try YAMLReader.read(bytes, file: "f", log: DiagnosticLog())
            return nil
        } catch { return error }
    }

    private func problem(_ text: String) -> Diagnostic? { problem(Array(text.utf8)) }

    @Test("every node knows its line and column, in characters")
    func places() throws {
        let root = try read("a: {ü: x, c: [1, two]}\nd:\n  - 5 ms\n")
        let inner = try #require(root["a"])
        #expect(inner.place == Place(file: "f", line: 1, column: 4))
        #expect(inner["ü"]?.place == Place(file: "f", line: 1, column: 8))
        #expect(inner.entries?.last?.keyPlace == Place(file: "f", line: 1, column: 11))
        guard case .list(let items)? = root["d"]?.kind else { throw Diagnostic(at: root.place, "no list") }
        #expect(items[0].place == Place(file: "f", line: 3, column: 5))
        #expect(items[0].text == "5 ms")
    }

    @Test("a byte order mark is no character of the file")
    func byteOrderMark() throws {
        #expect(try read("\u{feff}a: 1\n")["a"]?.text == "1")
    }

    @Test("an alias is the value it names")
    func alias() throws {
        let root = try read("a: &x {b: 1}\nc: *x\n")
        #expect(root["c"]?["b"]?.text == "1")
        #expect(root["c"]?.place.line == 1)
        #expect(root.size == 5)
    }

    @Test("aliases of aliases stay within bounds")
    func billionLaughs() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }
        #expect(problem(text)?.message.contains("more than 500000 values") == true)
        #expect(problem(text)?.place.line ?? 0 > 4)
    }

    @Test("values nested too deep are refused, by brackets, by indentation and through aliases")
    func depth() {
        #expect(problem(String(repeating: "[", count: 100_000))?.message.contains("deep") == true)
        #expect(problem(String(repeating: "- ", count: 5_000) + "x")?.message.contains("deep") == true)
        let nested = "a: &a " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "\n"
        #expect(problem(nested) == nil)
        let twice = nested + "b: " + String(repeating: "[", count: 30) + "*a" + String(repeating: "]", count: 30)
        #expect(problem(twice)?.message.contains("deep") == true)
        let limit = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(problem(limit) == nil)
        #expect(problem("[" + limit + "]") != nil)
    }

    @Test("bytes that are not UTF-8 are refused at their place")
    func invalidUTF8() {
        #expect(problem(Array("a: 1\nb: ".utf8) + [0xff, 0x0a])?.place == Place(file: "f", line: 2, column: 4))
        #expect(problem([0xff, 0xfe, 0x61, 0x00]) != nil)
    }

    @Test("control characters are refused at their place")
    func controlCharacters() {
        let problem = problem("a: ü\nbü: \u{0}\n")
        #expect(problem?.place == Place(file: "f", line: 2, column: 5))
        #expect(problem?.message.contains("control characters") == true)
    }

    @Test("only a plain true is a flag, and only a plain null is nothing")
    func quoting() throws {
        let root = try read("a: true\nb: \"true\"\nc: null\nd: 'null'\ne:\n")
        guard case .scalar("true", true)? = root["a"]?.kind, case .scalar("true", false)? = root["b"]?.kind,
            case .null? = root["c"]?.kind, case .scalar("null", false)? = root["d"]?.kind, case .null? = root["e"]?.kind
        else { throw Diagnostic(at: root.place, "wrong kinds") }
    }

    @Test("a file longer than the limit is refused before it is read")
    func size() {
        #expect(problem([UInt8](repeating: 0x20, count: (8 << 20) + 1))?.message.contains("limit") == true)
    }

    @Test("a syntax error stops the reading at its place")
    func syntax() {
        #expect(problem("a: 1\nb: [1, 2\nc: 3\n")?.place.line == 3)
        #expect(problem("a: \"open")?.message.contains("this is not YAML") == true)
        #expect(problem("%YAML 9.9\n---\na: 1\n") != nil)
    }
}
