import PlaitCommand
import Testing

@Suite("Arguments")
struct ArgumentsTests {
    private static let verb = Verb(
        "try",
        "Tries.",
        operands: Operands("FILE...", 0...3),
        examples: [Verb.Example("plait try", "tries")],
        options: [
            .flag("json", "prints JSON"), .value("seed", "N", "a seed"), .value("set", "K=V", repeats: true, "a value"),
        ]
    ) { _, _ in .success }

    private func parse(_ words: String...) throws(CommandError) -> Arguments { try Arguments(words, of: Self.verb) }

    private func message(_ words: String...) -> String? {
        do throws(CommandError) {
            _ = try Arguments(words, of: Self.verb)
            return nil
        } catch {
            #expect(error.status == .usage)
            return error.message + (error.remedy.map { "; \($0)" } ?? "")
        }
    }

    @Test("options and operands may be mixed, and both spellings of a value are the same")
    func mixed() throws {
        let spaced = try parse("a", "--seed", "7", "b", "--json", "--set", "x=1", "--set", "y=2")
        let attached = try parse("a", "--seed=7", "b", "--json", "--set=x=1", "--set=y=2")
        #expect(spaced == attached)
        #expect(spaced.operands == ["a", "b"])
        #expect(spaced.value("seed") == "7")
        #expect(spaced.values("set") == ["x=1", "y=2"])
        #expect(spaced.flag("json"))
        #expect(try !parse("a").flag("json"))
        #expect(try parse("a").value("seed") == nil)
    }

    @Test("after -- everything is an operand, and a single dash always is")
    func dashes() throws {
        let arguments = try parse("-", "--", "--json", "--")
        #expect(arguments.operands == ["-", "--json", "--"])
        #expect(!arguments.flag("json"))
        #expect(!Arguments.askForHelp(["--", "--help"]))
    }

    @Test("a mistake is answered with what to write instead")
    func mistakes() {
        #expect(message("--sed", "7") == "try has no option '--sed'; did you mean --seed?")
        #expect(message("-x") == "try has no option '-x'; 'plait help try' lists its options")
        #expect(message("--quux=7") == "try has no option '--quux'; 'plait help try' lists its options")
        #expect(message("--seed") == "--seed needs a value; write --seed N")
        #expect(message("--seed=") == "--seed needs a value; write --seed N")
        #expect(message("--seed", "--json") == "--seed needs a value; write --seed N")
        #expect(message("--json=yes") == "--json takes no value; write --json alone")
        #expect(message("--seed=1", "--seed", "2") == "--seed is given twice; leave one of them out")
        #expect(message("--json", "--json") == "--json is given twice; leave one of them out")
        #expect(message("a", "b", "c", "d") == "'d' is one too many: FILE...")
        #expect(message("") == "an empty name; is a variable of your shell unset?")
    }

    @Test("a value that begins with dashes can be attached")
    func dashedValue() throws {
        #expect(try parse("--set=--x=1").values("set") == ["--x=1"])
    }

    @Test("control characters of the command line do not reach the terminal")
    func controls() {
        #expect(message("--\u{1B}[2J") == "try has no option '--?[2J'; 'plait help try' lists its options")
        #expect(Printable.plain("a\u{9B}b\u{7F}\n") == "a?b??")
    }

    @Test("no command line crashes, and every failure is told", arguments: 0..<16 as Range<UInt64>)
    func anything(seed: UInt64) throws {
        var random = SplitMix(seed)
        let folder = try TemporaryFolder()
        let file = try folder.write("stop: 1 s\n", to: "Scenarios/a.yaml")
        var pieces = PlaitCommand.verbs.map(\.name) + PlaitCommand.verbs.flatMap { $0.options.map { "--" + $0.name } }
        pieces +=
            RunOptions.table.map { "--" + $0.name } + ["run", "", "-", "--", "=", "--=", "---", "-h", "--set=", "a"]
        pieces += [
            "\0", "\u{0}x", "é\u{301}", "1..2", "2..1", "..", "links.x=1", file, folder.path, "\u{202E}", "exit",
        ]
        for _ in 0..<60 {
            let words = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                var word = pieces.randomElement(using: &random) ?? ""
                if Int.random(in: 0..<4, using: &random) == 0 { word += pieces.randomElement(using: &random) ?? "" }
                return word
            }
            // A bare `verify` tries every property a thousand times, and another one beside it would find its files.
            let few = ["--cases", "1", "--property", "transfer", "--out", folder.path + "/out"]
            let trial = Trial(words + (words.first == "verify" ? few : []), root: folder.path)
            #expect(ExitStatus(rawValue: trial.status) != nil, "\(words)")
            #expect((trial.status == 0) == trial.errors.isEmpty || trial.status == 1, "\(words): \(trial.errors)")
            let run = Verb.run
            do throws(CommandError) {
                _ = try RunOptions(Arguments(words, of: run))
            } catch {
                #expect(error.status == .usage && !error.message.isEmpty, "\(words)")
            }
        }
    }
}

/// A generator whose every sequence can be had again (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
