import Testing

/// Each rule catches what it is for, and lets through what only looks like it.
@Suite("Tidy rules")
struct RuleTests {
    private func core(_ text: String) -> SourceFile { SourceFile(path: "Sources/PlaitCore/A.swift", text: text) }
    private func live(_ text: String) -> SourceFile { SourceFile(path: "Sources/PlaitLive/A.swift", text: text) }
    private func test(_ text: String) -> SourceFile { SourceFile(path: "Tests/ATests/A.swift", text: text) }

    @Test(
        "prose and literals are not code",
        arguments: [
            ("let a = 1 // try!", "let a = 1        "),
            ("/* a /* b */ c */ d", "                  d"),
            (#"f("try!") g"#, #"f("    ") g"#),
            (##"f(#"a"b"#) g"##, ##"f(#"   "#) g"##),
            (#"f("a\(g("b"))c") h"#, #"f("           ") h"#),
            (#"f("\"") h"#, #"f("  ") h"#),
            ("f(\"\"\"\n\"x\"\n\"\"\") h", "f(\"\"\"\n   \n\"\"\") h"),
            ("#if X\nlet a = b / c", "#if X\nlet a = b / c"),
        ]
    )
    func blanking(text: String, code: String) { #expect(codeOnly(text) == code) }

    @Test("a word is found whole, not inside another")
    func wholeWords() {
        #expect(contains("async", in: "func f() async throws"))
        #expect(!contains("async", in: "let asyncCount = isasync"))
        #expect(contains("try!", in: "(try!f())"))
        #expect(contains("a", in: "ba a"))
    }

    @Test("imports are read in every spelling")
    func importSpellings() {
        let text = """
            import A; import B
            package import C
            @_exported public import struct D.Thing
            // import E
            let important = "import F"
            """
        #expect(importedModules(of: core(text)).map(\.module) == ["A", "B", "C", "D"])
    }

    @Test(
        "an import outside the table is caught",
        arguments: [
            ("PlaitCore", "Foundation"), ("PlaitCore", "Glibc"), ("PlaitNetwork", "PlaitSimulator"),
            ("PlaitSimulator", "PlaitTransport"), ("PlaitTransport", "PlaitNetwork"), ("PlaitRun", "PlaitCommand"),
            ("PlaitRun", "Foundation"), ("PlaitReport", "CGSL"), ("PlaitSimulator", "Synchronization"),
            ("PlaitUnknown", "PlaitCore"),
        ]
    )
    func importsCaught(module: String, imported: String) {
        let file = SourceFile(path: "Sources/\(module)/A.swift", text: "package import \(imported)\n")
        #expect(importBreaches(in: file).count == 1)
    }

    @Test(
        "an import of the table passes",
        arguments: [
            ("PlaitSimulator", "PlaitNetwork"), ("PlaitRun", "PlaitCore"), ("PlaitRun", "Glibc"),
            ("PlaitScenario", "CYAML"),
            ("PlaitCommand", "PlaitVerify"), ("plait", "PlaitCommand"),
        ]
    )
    func importsPass(module: String, imported: String) {
        let file = SourceFile(path: "Sources/\(module)/A.swift", text: "package import \(imported)\n")
        #expect(importBreaches(in: file).isEmpty)
        #expect(importBreaches(in: test("import Foundation\n")).isEmpty)
    }

    @Test("clocks are caught outside the modules that may read them")
    func clocks() {
        #expect(clockBreaches(in: core("let a = ContinuousClock.now\n\nclock_gettime(0, &t)\n")).map(\.line) == [1, 3])
        #expect(clockBreaches(in: live("let a = ContinuousClock.now\n")).isEmpty)
        #expect(clockBreaches(in: core("/// Not a ContinuousClock.\nlet time = 1\n")).isEmpty)
    }

    @Test(
        "banned words are caught in sources",
        arguments: [
            "try! f()", "a as! B", "fatalError(\"x\")", "struct A: @unchecked Sendable {}", "Task { f() }",
            "let a = [1].shuffled()", "Int.random(in: 0..<1)", "nonisolated(unsafe) var a = 1", "func f() async {}",
        ]
    )
    func words(line: String) {
        #expect(bannedWordBreaches(in: core("let a = 1\n" + line + "\n")).map(\.line) == [2])
        #expect(bannedWordBreaches(in: core("// " + line + "\n")).isEmpty)
    }

    @Test("words that a module may use pass")
    func wordsPass() {
        #expect(bannedWordBreaches(in: live("func f() async { await g() }\n")).isEmpty)
        #expect(bannedWordBreaches(in: core("try f(); a as? B; preconditionFailure()\n")).isEmpty)
        #expect(randomBreaches(in: test("Int.random(in: 0..<1, using: &random)\n")).isEmpty)
        #expect(randomBreaches(in: test("Int.random(in: 0..<1)\n")).count == 1)
    }

    @Test("unfinished work is caught in comments, testable imports in code")
    func unfinished() {
        #expect(unfinishedBreaches(in: test("// TO" + "DO: later\nlet a = 1 // FIX" + "ME\n")).map(\.line) == [1, 2])
        #expect(unfinishedBreaches(in: test("@testable import A\n")).count == 1)
        #expect(unfinishedBreaches(in: test("// methodTODOs are words of their own; XXpsk3\n")).isEmpty)
    }

    @Test("unchecked builds are caught in manifests and scripts")
    func settings() {
        let flag = "-Oun" + "checked"
        #expect(settingBreaches(in: SourceFile(path: "Package.swift", text: "[\"\(flag)\"]\n")).count == 1)
        #expect(settingBreaches(in: SourceFile(path: "scripts/x", text: "swift build -Xswiftc \(flag)\n")).count == 1)
        #expect(settingBreaches(in: SourceFile(path: "CONTRIBUTING.md", text: "No \(flag).\n")).isEmpty)
    }

    @Test("600 lines and 120 columns pass, one more is caught")
    func sizes() {
        #expect(sizeBreaches(in: core(String(repeating: "x\n", count: 600))).isEmpty)
        #expect(sizeBreaches(in: core(String(repeating: "x\n", count: 601))).count == 1)
        #expect(sizeBreaches(in: core(String(repeating: "é", count: 120) + "\n")).isEmpty)
        #expect(sizeBreaches(in: core("\n" + String(repeating: "x", count: 121))).map(\.line) == [2])
    }

    @Test("examples of 60 lines are caught, whether the last one ends or not")
    func longExamples() {
        func example(_ text: String) -> SourceFile { SourceFile(path: "Examples/Sources/a/B.swift", text: text) }
        #expect(exampleBreaches(in: example(String(repeating: "x\n", count: 59))).isEmpty)
        #expect(exampleBreaches(in: example(String(repeating: "x\n", count: 60))).count == 1)
        #expect(exampleBreaches(in: example(String(repeating: "x\n", count: 59) + "x")).count == 1)
        #expect(exampleBreaches(in: core(String(repeating: "x\n", count: 60))).isEmpty)
    }

    @Test("a block that its file does not hold is caught, and others are left alone")
    func quotes() {
        func breaches(_ text: String) -> [Breach] {
            quoteBreaches(in: SourceFile(path: "a.md", text: text)) { $0 == "b.swift" ? "one\n    two\nthree\n" : nil }
        }
        #expect(breaches("words\n```swift b.swift\n    two\nthree\n```\n").isEmpty)
        #expect(breaches("words\n```swift b.swift\none\nthree\n```\n").map(\.line) == [2])
        #expect(breaches("```swift b.swift\ntwo\n```").count == 1)
        #expect(breaches("```swift b.swift\n```").count == 1)
        #expect(breaches("```swift c.swift\none\n```").count == 1)
        #expect(breaches("```sh\nfour\n```\n```\nfive\n```").isEmpty)
    }

    @Test("functions are measured from their name to their closing brace")
    func functionExtents() {
        let code = """
            protocol P {
                func required(a: Int) -> Int
                init()
                var b: Int { get }
                func last<T: P>(_ t: T) throws(E)
            }
            struct S {
                init?(a: [Int] = [{ 1 }()]) {
                    self.init(b: .init())
                }
                static func < (a: S, b: S) -> Bool { true }
                func outer(
                    f: () -> Void
                ) -> Int where A == B {
                    func inner() {
                    }
                    return 1
                }
            }
            """
        #expect(
            functions(in: code) == [
                FunctionExtent(name: "init", line: 8, lines: 3),
                FunctionExtent(name: "<", line: 11, lines: 1),
                FunctionExtent(name: "outer", line: 12, lines: 7),
                FunctionExtent(name: "inner", line: 15, lines: 2),
            ]
        )
    }

    @Test("90 lines of a function pass, one more is caught")
    func functionLengths() {
        func body(_ lines: Int) -> String { "func f() {\n" + String(repeating: "x\n", count: lines - 2) + "}\n" }
        #expect(functionBreaches(in: core(body(90))).isEmpty)
        #expect(functionBreaches(in: core("\n" + body(91))).map(\.line) == [2])
    }

    @Test("file names that say nothing are caught")
    func names() {
        #expect(nameBreaches(in: SourceFile(path: "Sources/A/StringUtils.swift", text: "")).count == 1)
        #expect(nameBreaches(in: SourceFile(path: "Tests/A/HelperFunctions.swift", text: "")).count == 1)
        #expect(nameBreaches(in: SourceFile(path: "Sources/A/Utilisation.swift", text: "")).isEmpty)
    }

    @Test("a visible declaration without a doc comment is caught")
    func undocumented() {
        let text = """
            @frozen public struct A {
                package enum B { case c }
            }
            package func f() {}
            // not a doc comment
            public final class C {}
            """
        #expect(documentationBreaches(in: core(text)).map(\.line) == [1, 2, 4, 6])
    }

    @Test("documented and hidden declarations pass")
    func documented() {
        let text = """
            /// A.
            @frozen
            public struct A {
                public func member() {}
                struct Hidden {}
                private(set) public var x = 1
            }
            /** Long. */
            package func f() {}
            public extension A {}
            package import B
            func g() {}
            """
        #expect(documentationBreaches(in: core(text)).isEmpty)
    }

    @Test("a source outside every target is caught")
    func targets() {
        let manifest = """
            module("PlaitCore"),
            module("PlaitNetwork", ["PlaitCore", "PlaitLost"]),
            .executableTarget(
                name: "plait",
                dependencies: [.byName(name: "PlaitLost")]
            ),
            """
        func breaches(_ path: String) -> Int {
            targetBreaches(in: SourceFile(path: path, text: ""), manifest: manifest).count
        }
        #expect(breaches("Sources/PlaitCore/Time/A.swift") == 0)
        #expect(breaches("Sources/plait/main.swift") == 0)
        #expect(breaches("Tests/PlaitLostTests/A.swift") == 0)
        #expect(breaches("Sources/PlaitLost/A.swift") == 1)
        #expect(breaches("Sources/A.swift") == 1)
    }

    @Test("paths of one machine are caught, parts of other paths pass")
    func machinePaths() {
        func breaches(_ line: String) -> Int { machinePathBreaches(in: SourceFile(path: "a.md", text: line)).count }
        for folder in ["home", "work", "root", "Users"] {
            #expect(breaches("cd /\(folder)/someone/plait") == 1)
            #expect(breaches("\"/\(folder)/x\"") == 1)
            #expect(breaches("cd $root/\(folder)/x; ./\(folder)/y; ~/\(folder)/z") == 0)
            #expect(breaches("./\(folder)/y and /\(folder)/x") == 1)
        }
    }

    @Test("links that lead nowhere are caught")
    func links() {
        let text = """
            [a](there.md) [b](missing.md "title") [c](https://example.org/x) [d](#part) ![e](../up.svg)
            [f](there.md#part) `[g](code.md)` [h](mailto:a@example.org) [i](sub/../gone.md)
            ```
            [j](fenced.md)
            ```
            """
        let file = SourceFile(path: "docs/a.md", text: text)
        let found = linkBreaches(in: file) { ["docs/there.md", "up.svg"].contains($0) }
        #expect(found.map(\.message) == ["missing.md", "sub/../gone.md"].map { "the link to `\($0)` leads nowhere" })
        #expect(found.map(\.line) == [1, 2])
    }

    @Test("a script's first line and its permission agree")
    func scripts() {
        func breaches(_ text: String, _ isExecutable: Bool) -> Int {
            scriptBreaches(in: SourceFile(path: "scripts/x", text: text, isExecutable: isExecutable)).count
        }
        #expect(breaches("#!/usr/bin/env bash\n", true) == 0)
        #expect(breaches("# sourced\n", false) == 0)
        #expect(breaches("#!/usr/bin/env bash\n", false) == 1)
        #expect(breaches("echo\n", true) == 1)
    }

    @Test("the list of planted bugs is read, with their places on the same line or the next")
    func bugList() {
        let text = """
            case one = "a-b"
            case two = "c"
            case three = "d"
            switch self {
            case .one, .two: "it is wrong"
            case .one: "Sources/A/B.swift"
            case .two, .three:
                "Sources/C/D.swift"
            }
            """
        #expect(plantedBugs(in: text).map(\.name) == ["one", "two", "three"])
        #expect(plantedBugs(in: text).map(\.place) == ["Sources/A/B.swift", "Sources/C/D.swift", "Sources/C/D.swift"])
    }

    @Test("a bug planted elsewhere, outside of its condition, or asked about by others is caught")
    func planting() {
        let bugs = [PlantedBug(name: "one", place: "Sources/PlaitCore/A.swift")]
        func count(_ text: String) -> Int { plantingBreaches(in: core(text), bugs).count }
        let planted = "if Mutant.isPlanted(.one) { return }"
        #expect(count("#if Mutants\n    \(planted)\n#endif") == 0)
        #expect(count("#if Mutants\nlet a = 1\n#else\n\(planted)\n#endif") == 1)
        #expect(count("#if Mutants\n#endif\n\(planted)") == 1)
        #expect(count(planted) == 1 && count("// \(planted)") == 0)
        #expect(count("#if Mutants\nif Mutant.isPlanted(.two) {}\n#endif") == 1)
        #expect(count("#if Mutants\nif Mutant.planted == nil {}\n#endif") == 1)
        let other = SourceFile(path: "Sources/PlaitVerify/A.swift", text: "#if Mutants\n\(planted)\n#endif")
        #expect(plantingBreaches(in: other, bugs).count == 1)
    }
}
