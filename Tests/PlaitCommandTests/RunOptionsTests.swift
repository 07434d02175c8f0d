import PlaitCommand
import Testing

@Suite("Options of plait run")
struct RunOptionsTests {
    private static let verb = Verb.run

    private func read(_ words: [String]) throws(CommandError) -> RunOptions {
        try RunOptions(Arguments(words, of: Self.verb))
    }

    @Test("a file alone means the scenario's seed, all processors, a progress bar and nothing on request")
    func defaults() throws {
        let options = try read(["first"])
        #expect(options.file == "first")
        #expect(options.seeds == .ofScenario)
        #expect(options.overrides.isEmpty)
        #expect(options.folder == nil)
        #expect(options.workers == nil)
        #expect(options.showsProgress)
        let requests = [
            options.writesJSON, options.plots, options.writesPackets, options.writesCapture, options.writesQlog,
            options.writesDecisions, options.writesKeys, options.checksLaws,
            options.isQuiet,
        ]
        #expect(requests.allSatisfy { !$0 })
    }

    @Test("every option of the table reaches its own place and no other")
    func each() throws {
        let plain = try read(["f"])
        let flags: [(String, WritableKeyPath<RunOptions, Bool>)] = [
            ("--json", \.writesJSON), ("--plot", \.plots), ("--packets", \.writesPackets), ("--pcap", \.writesCapture),
            ("--qlog", \.writesQlog), ("--keylog", \.writesKeys),
            ("--decisions", \.writesDecisions),
            ("--check-laws", \.checksLaws),
        ]
        for (word, path) in flags {
            var expected = plain
            expected[keyPath: path] = true
            #expect(try read(["f", word]) == expected, "\(word)")
        }
        var expected = plain
        expected.showsProgress = false
        #expect(try read(["f", "--no-progress"]) == expected)
        expected.isQuiet = true
        #expect(try read(["f", "--quiet"]) == expected, "what is quiet shows no progress either")
        expected = plain
        expected.folder = "d"
        #expect(try read(["f", "--out", "d"]) == expected)
        expected = plain
        expected.workers = 3
        #expect(try read(["f", "--workers=3"]) == expected)
        expected = plain
        expected.overrides = ["a=1", "b="]
        #expect(try read(["f", "--set", "a=1", "--set", "b="]) == expected)
        #expect(RunOptions.table.count == flags.count + 7, "a new option needs a line here")
    }

    @Test("seeds are one or a range, up to the largest number there is")
    func seeds() throws {
        #expect(try read(["f", "--seed", "0"]).seeds == .range(0...0))
        #expect(try read(["f", "--seeds", "1..100"]).seeds == .range(1...100))
        #expect(try read(["f", "--seeds", "7..7"]).seeds == .range(7...7))
        let last = UInt64.max
        #expect(try read(["f", "--seeds", "\(last - 1)..\(last)"]).seeds == .range(last - 1...last))
        #expect(try read(["f", "--seeds", "1..1000000"]).seeds == .range(1...1_000_000))
    }

    @Test(
        "a wrong value is refused by name",
        arguments: [
            (["--seed", "x"], "--seed: 'x' is not a whole number from 0 to 18446744073709551615"),
            (["--seed", "+1"], "--seed: '+1' is not a whole number from 0 to 18446744073709551615"),
            (["--seed", "-1"], "--seed: '-1' is not a whole number from 0 to 18446744073709551615"),
            (
                ["--seed", "18446744073709551616"],
                "--seed: '18446744073709551616' is not a whole number from 0 to 18446744073709551615"
            ),
            (["--seeds", "5"], "--seeds takes a range, not '5'"),
            (["--seeds", "..5"], "--seeds: '' is not a whole number from 0 to 18446744073709551615"),
            (["--seeds", "1...5"], "--seeds: '.5' is not a whole number from 0 to 18446744073709551615"),
            (["--seeds", "5..1"], "--seeds 5..1 holds no seed"),
            (["--seeds", "0..1000000"], "--seeds 0..1000000 are too many; 1000000 at most"),
            (
                ["--seeds", "0..18446744073709551615"],
                "--seeds 0..18446744073709551615 are too many; 1000000 at most"
            ),
            (["--seed", "1", "--seeds", "1..2"], "--seed and --seeds exclude each other"),
            (["--workers", "0"], "--workers takes a number from 1 to 1024, not 0"),
            (["--workers", "1025"], "--workers takes a number from 1 to 1024, not 1025"),
            (["--set", "links"], "--set takes a key and a value, not 'links'"),
            (["--set", "=1"], "--set takes a key and a value, not '=1'"),
            (["g"], "'g' is one too many: FILE"),
        ]
    )
    func wrong(words: [String], message: String) {
        do throws(CommandError) {
            _ = try read(["f"] + words)
            Issue.record("\(words) was accepted")
        } catch {
            #expect(error.message == message)
            #expect(error.status == .usage)
        }
    }

    @Test("without a file there is nothing to run")
    func noFile() {
        #expect(throws: CommandError(.usage, "FILE is missing")) { try read([]) }
    }
}
