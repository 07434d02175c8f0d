import Foundation
import PlaitCommand
import PlaitRun
import PlaitScenario
import Testing

@Suite("plait check")
struct CheckTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let good = """
        summary: one link
        stop: 1 s
        hosts: {a: {}, b: {}}
        links:
          w: {between: [a, b], rate: 5 Mbps, loss: {gilbert-elliott: {mean: 1 %, burst: 6}}}
        traffic:
          f: {from: a, to: b, constant: {rate: 1 Mbps}}
        timeline:
          - {at: 0.5 s, link: w, down: true}
        expect:
          - flows.f.goodput > 1 kbps

        """

    @Test("a good file is summed up in one line, and nothing is wrong")
    func good() throws {
        let file = try folder.write(Self.good, to: "good.yaml")
        let trial = Trial(["check", file])
        #expect(trial.output == "\(file): 2 hosts, 1 link, 1 flow, 1 timeline item, 1 expectation\n")
        #expect(trial.errors == "")
        #expect(trial.status == 0)
    }

    @Test("a bad file shows every error with its place, its line and a caret")
    func bad() throws {
        let file = try folder.write(
            "stop: 1 s\nhosts: {a: {}, b: {}}\nlinks:\n  w: {between: [a, b], rate: 5 Mbit, dely: 1 ms}\n",
            to: "bad.yaml"
        )
        let trial = Trial(["check", file])
        let line = "      w: {between: [a, b], rate: 5 Mbit, dely: 1 ms}\n"
        #expect(
            trial.errors == """
                \(file):4:30: error: there is no unit 'Mbit' for a rate
                \(line)                                 ^ did you mean 'Mbps'?
                \(file):4:38: error: unknown key 'dely' in a link
                \(line)                                         ^ did you mean 'delay'?
                \(file): 2 errors

                """
        )
        #expect(trial.output == "")
        #expect(trial.status == 65)
    }

    @Test("a file that is missing, a folder, or not readable is no input, and says why")
    func unreadable() throws {
        try folder.write(Self.good, to: "good.yaml")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/loop.yaml",
            withDestinationPath: folder.path + "/loop.yaml"
        )
        #expect(unsafe mkfifo(folder.path + "/pipe.yaml", 0o600) == 0)
        let cases = [
            ("goood.yaml", "there is no file '\(folder.path)/goood.yaml'", "did you mean '\(folder.path)/good.yaml'?"),
            ("", "'\(folder.path)/' is a folder", "name a file in it, or all of them: \(folder.path)/*.yaml"),
            ("loop.yaml", "cannot be read: Too many levels of symbolic links (errno 40)", ""),
            ("pipe.yaml", "cannot be read: it is not a regular file", ""),
            ("good.yaml/x", "there is no file", ""),
            ("a\0b", "there is no file '\(folder.path)/a?b'", ""),
        ]
        for (name, message, remedy) in cases {
            let trial = Trial(["check", folder.path + "/" + name])
            #expect(trial.status == 66, "\(name)")
            #expect(
                trial.errors.contains(message) && (remedy.isEmpty || trial.errors.contains(remedy)),
                "\(name): \(trial.errors)"
            )
            #expect(trial.output == "")
        }
    }

    @Test("a file that is not UTF-8 is bad data, with a place")
    func notText() throws {
        let file = folder.path + "/latin.yaml"
        try Data([0x6E, 0x61, 0x6D, 0x65, 0x3A, 0x20, 0xE9, 0x0A]).write(to: URL(filePath: file))
        let trial = Trial(["check", file])
        #expect(trial.status == 65)
        #expect(trial.errors.hasPrefix("\(file):1:"), "\(trial.errors)")
    }

    @Test("a file larger than any scenario is refused before it fills the memory")
    func tooLarge() throws {
        let file = try folder.write("", to: "large.yaml")
        let handle = try FileHandle(forWritingTo: URL(filePath: file))
        try handle.truncate(atOffset: UInt64(FileScenarioSource.sizeLimit) + 1)
        try handle.close()
        let trial = Trial(["check", file])
        #expect(trial.status == 66)
        #expect(trial.errors.contains("it is larger than 16 MiB"))
    }

    @Test("the worst of many files decides, and all of them are checked")
    func many() throws {
        let good = try folder.write(Self.good, to: "good.yaml")
        let bad = try folder.write("stop: 1 s\n", to: "bad.yaml")
        #expect(Trial(["check", good, bad]).status == 65)
        #expect(Trial(["check", bad, folder.path + "/none.yaml"]).status == 66)
        let trial = Trial(["check", folder.path + "/none.yaml", bad, good])
        #expect(trial.status == 66)
        #expect(trial.errors.contains("bad.yaml: 1 error\n"))
        #expect(trial.output.contains("good.yaml: 2 hosts"))
    }

    @Test("--set lays values over every file, and is checked like them")
    func overrides() throws {
        let file = try folder.write(Self.good, to: "good.yaml")
        #expect(Trial(["check", file, "--set", "links.w.rate=7 Mbps"]).status == 0)
        let wrong = Trial(["check", file, "--set", "links.w.rate=7 kg"])
        #expect(wrong.status == 65)
        #expect(wrong.errors.hasPrefix("--set links.w.rate=7 kg: error: "), "\(wrong.errors)")
        #expect(Trial(["check", file, "--set", "nonsense"]).status == 64)
    }

    @Test("a bare name means a file here, then a scenario that ships")
    func names() throws {
        try folder.write(Self.good, to: "Scenarios/shipped.yaml")
        for name in ["shipped", "shipped.yaml"] {
            let trial = Trial(["check", name], root: folder.path)
            #expect(trial.output.hasPrefix("\(folder.path)/Scenarios/shipped.yaml: 2 hosts"))
        }
        let near = Trial(["check", "shiped"], root: folder.path)
        #expect(near.errors == "plait: there is no file 'shiped'\n       did you mean 'shipped'?\n")
        let here = try folder.write(Self.good, to: "shipped.yaml")
        #expect(Trial(["check", folder.path + "/shipped"], root: folder.path).output.hasPrefix(here))
    }

    @Test("a preset is checked as one")
    func presets() throws {
        let good = try folder.write("rate: 5 Mbps\ndelay: 10 ms\n", to: "presets/good.yaml")
        #expect(Trial(["check", good]).output == "\(good): a preset\n")
        let bad = try folder.write("rate: 5 Mbps\nstop: 1 s\n", to: "presets/bad.yaml")
        #expect(Trial(["check", bad]).status == 65)
        let model = try folder.write("loss: {gilbert-elliott: {mean: 1 %, burst: 6}}\n", to: "presets/model.yaml")
        let trial = Trial(["check", model])
        #expect(trial.status == 65)
        #expect(trial.errors.contains("this direction has no rate"), "\(trial.errors)")
    }

    @Test(
        "arguments of a model that do not fit together are found where they stand",
        arguments: [
            ("rate: 5 Mbps, loss: {gilbert-elliott: {mean: 1 %, burst: 6}}", "loss: {gilbert-elliott: {mean: 1 %}}", 7),
            ("rate: 5 Mbps, queue: {codel: {interval: 9 s}}", "rate: 1 Mbps", 4),
            ("loss: {gilbert-elliott: {mean: 1 %, burst: 6}}", "rate: 1 Mbps", 4),
            ("jitter: {normal: {deviation: 9 ms, per-packet: true}}", "rate: 1 Mbps", 4),
            ("rate: 5 Mbps", "queue: {drop-tail: {bytes: 1 kB, packets: 2 packets}}", 7),
        ]
    )
    func models(link: String, change: String, line: Int) throws {
        let file = try folder.write(
            """
            stop: 1 s
            hosts: {a: {}, b: {}}
            links:
              w: {between: [a, b], \(link)}
            timeline:
              - at: 0.5 s
                set: {\(change)}
                link: w

            """,
            to: "models.yaml"
        )
        let trial = Trial(["check", file])
        #expect(trial.status == 65)
        #expect(trial.errors.hasPrefix("\(file):\(line):"), "\(trial.errors)")
        #expect(trial.errors.hasSuffix("models.yaml: 1 error\n"), "both directions have it, and it is told once")
    }

    @Test(
        "an expectation about a metric that is not there, or in another unit, is found before anything runs",
        arguments: [
            ("flows.f.goodputt > 1 kbps", "there is no metric 'goodputt' of a flow"),
            ("flows.g.goodput > 1 kbps", "there is no flow 'g'; there are f"),
            ("goodput > 1 kbps", "write flows.NAME.METRIC, links.NAME.METRIC, or one of a workload: transfer, streams"),
            ("links.w.a>c.dropped == 0", "link 'w' has no direction 'a>c'"),
            ("links.w.drops.rain == 0", "there is no metric 'drops.rain' of a link"),
            ("flows.f.goodput > 5 ms", "goodput is measured in a rate"),
            ("flows.f.sent within 5 ms", "sent is measured in packets"),
        ]
    )
    func metrics(line: String, objection: String) throws {
        let text = Self.good.replacingOccurrences(of: "flows.f.goodput > 1 kbps", with: line)
        let file = try folder.write(text, to: "metrics.yaml")
        let trial = Trial(["check", file])
        #expect(trial.status == 65)
        #expect(trial.errors.contains("metrics.yaml:11:") && trial.errors.contains(objection), "\(trial.errors)")
    }

    @Test("so are those of a traffic model")
    func traffic() throws {
        let text = Self.good.replacingOccurrences(of: "constant: {rate: 1 Mbps}", with: "constant: {}")
        let file = try folder.write(text, to: "traffic.yaml")
        let trial = Trial(["check", file])
        #expect(trial.status == 65)
        #expect(trial.errors.contains(":7:") && trial.errors.contains("write either `rate` or `frequency`"))
    }

    @Test("colours change how a diagnostic looks and nothing else")
    func colors() throws {
        let file = try folder.write("stop: 1 s\nhosts: {a: {}, b: {}, c: {}, c: {}}\n", to: "bad.yaml")
        let (plain, painted) = (Trial(["check", file]).errors, Trial(["check", file], usesColor: true).errors)
        #expect(painted != plain)
        #expect(painted.contains("\u{1B}[1;31merror: \u{1B}[0m"))
        #expect(painted.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    }
}
