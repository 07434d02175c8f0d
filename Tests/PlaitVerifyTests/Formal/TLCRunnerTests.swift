import Foundation
import PlaitReport
import PlaitVerify
import Synchronization
import Testing

@Suite("Running TLC")
struct TLCRunnerTests {
    /// A stand-in for Java, and a folder for whatever it leaves.
    private struct StandIn {
        let folder: URL
        let runner: TLCRunner

        init(_ script: String) throws {
            folder = try FormalFixtures.temporary()
            let java = folder.appending(path: "java")
            let text = folder.appending(path: "text")
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: text)
            // Another process writes what will be executed: a descriptor of ours, open for writing, would be inherited
            // by whatever another test starts at that moment, and executing the file would be refused ("text file
            // busy").
            let copy = try Process.run(
                URL(filePath: "/usr/bin/install"),
                arguments: ["-m", "755", text.path, java.path]
            )
            copy.waitUntilExit()
            try #require(copy.terminationStatus == 0)
            try FileManager.default.createDirectory(
                at: folder.appending(path: "scratch"),
                withIntermediateDirectories: true
            )
            runner = TLCRunner(
                TLCTools(java: java.path, jar: "/no/jar", jarHash: "00"),
                scratch: folder.appending(path: "scratch").path
            )
        }

        var isClean: Bool {
            (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/scratch"))?.isEmpty == true
        }
    }

    private static let job = TLCRunner.Job(
        folders: [FormalFixtures.folder.path + "/formal/TwoPath"],
        module: "MCTwoPath",
        configuration: "Graph"
    )

    @Test(
        "a run sees copies of the modules, its own directories and nothing of ours, and leaves nothing behind"
    )
    func surroundings() throws {
        let standIn = try StandIn(
            #"test -f MCTwoPath.tla -a -f Graph.cfg -a -d meta -a -d temporary && env >&2; echo "$@" >&2; exit 3"#
        )
        defer { try? FileManager.default.removeItem(at: standIn.folder) }
        let result = standIn.runner.run(Self.job, elapsed: { 0 })
        let words = result.standardError
        #expect(result.exitStatus == 3)
        #expect(words.contains("LC_ALL=C.UTF-8") && !words.contains("HOME="))
        for flag in [
            "-XX:+UseParallelGC", "-tool", "-workers 1 ", "-fp 0 ", "-seed 1 ", "-lncheck final ",
            "-config Graph.cfg -deadlock MCTwoPath",
        ] {
            #expect(words.contains(flag), "\(flag)")
        }
        #expect(result.verdict.words == "error")
        #expect(standIn.isClean)
    }

    @Test("silence with exit status 0 is an error, not a pass")
    func silence() throws {
        let standIn = try StandIn("exit 0")
        defer { try? FileManager.default.removeItem(at: standIn.folder) }
        #expect(standIn.runner.run(Self.job, elapsed: { 0 }).verdict == .error("it ended with 0 and said nothing"))
    }

    @Test("a run that takes too long, or is not wanted any more, is killed and says so")
    func killed() throws {
        let standIn = try StandIn("exec sleep 1000")
        defer { try? FileManager.default.removeItem(at: standIn.folder) }
        var job = Self.job
        job.timeMax = 5_000_000_000
        let ticks = Mutex<Int64>(0)
        let late = standIn.runner.run(
            job,
            elapsed: {
                ticks.withLock {
                    $0 += 2_000_000_000; return $0
                }
            }
        )
        #expect(late.verdict == .stopped("it took longer than 5 s"))
        #expect(late.exitStatus == nil)
        let unwanted = standIn.runner.run(job, elapsed: { 0 }, isWanted: { false })
        #expect(unwanted.verdict == .stopped("interrupted"))
        #expect(standIn.isClean)
    }

    @Test(
        "what Java starts is killed with it, and what left its group is not waited for",
        arguments: ["sleep 100; true", "setsid sleep 100 & sleep 100; true"]
    )
    func group(script: String) throws {
        let standIn = try StandIn("echo $$ >'ready'; " + script)
        defer { try? FileManager.default.removeItem(at: standIn.folder) }
        let watch = ContinuousClock.now
        let asked = Mutex(0)
        // So that the shell has started its own children.
        let result = standIn.runner.run(
            Self.job,
            elapsed: { 0 },
            isWanted: {
                asked.withLock {
                    $0 += 1; return $0 < 6
                }
            }
        )
        #expect(result.verdict == .stopped("interrupted"))
        #expect(ContinuousClock.now - watch < .seconds(60))
        #expect(standIn.isClean)
    }

    @Test("a run leads a process group of its own, and holds back and ignores no signal")
    func signals() throws {
        let script = #"set -- $(cat /proc/$$/stat); test "$5" = "$$" && grep -E 'Sig(Blk|Ign)' /proc/self/status >&2"#
        let standIn = try StandIn(script)
        defer { try? FileManager.default.removeItem(at: standIn.folder) }
        // What this process ignores would be ignored by its children as well.
        let before = signal(SIGUSR2, SIG_IGN)
        defer { signal(SIGUSR2, before) }
        var (blocked, mask) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&blocked)
        unsafe sigaddset(&blocked, SIGUSR1)
        unsafe pthread_sigmask(SIG_BLOCK, &blocked, &mask)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &mask, nil) }
        let words = standIn.runner.run(Self.job, elapsed: { 0 }).standardError
        #expect(words.hasPrefix("SigBlk:\t0000000000000000\nSigIgn:\t"))
        // The C library's own signals, 32 and 33, are ignored in every child that it spawns.
        #expect(words.hasSuffix("0000000\n"))
    }

    @Test("a process that a signal ended, or that cannot begin, is told")
    func ended() throws {
        let standIn = try StandIn("kill -9 $$")
        defer { try? FileManager.default.removeItem(at: standIn.folder) }
        #expect(standIn.runner.run(Self.job, elapsed: { 0 }).verdict == .error("signal 9 ended it"))
        let nowhere = TLCRunner(standIn.runner.tools, scratch: "/no/such/folder")
        #expect(nowhere.run(Self.job, elapsed: { 0 }).verdict.words == "NOT-RUN")
    }

    @Test("without Java or the jar there is a reason, which is no pass")
    func missing() throws {
        let none = #expect(throws: TLCTools.Missing.self) { try TLCTools.find { $0 == "PATH" ? "/no/such" : nil } }
        #expect(none?.reason.contains("no java on PATH") == true)
        let standIn = try StandIn("")
        defer { try? FileManager.default.removeItem(at: standIn.folder) }
        let path = standIn.folder.path
        let jar = #expect(throws: TLCTools.Missing.self) {
            try TLCTools.find { ["PATH": "\(path)", "TLC_JAR": "/no/jar", "PLAIT_TLC_MISSING": "no network"][$0] }
        }
        #expect(jar?.reason == "TLC's jar is not at /no/jar: no network")
        try Data("abc".utf8).write(to: standIn.folder.appending(path: "jar"))
        let tools = try TLCTools.find {
            ["PATH": "/no:\(path)", "TLC_JAR": "\(path)/jar", "PLAIT_TLC_JAR": "/other"][$0]
        }
        #expect(tools.jarHash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let checks = ModelChecks.notRun([try FormalFixtures.twoPath()], "no java")
        #expect(checks.isIncomplete && !checks.holds)
        #expect(checks.checks.allSatisfy { $0.result.verdict == .notRun("no java") && !$0.holds })
    }
}

@Suite(
    "TLC itself",
    .enabled(if: FormalFixtures.tools != nil || FormalFixtures.isRequired, "PLAIT_TLC_JAR names no jar")
)
struct TLCItselfTests {
    private func runner() throws -> TLCRunner { TLCRunner(try #require(FormalFixtures.tools, "CI must have TLC")) }

    @Test("every kind of configuration comes out as expected, two at a time, and again the same")
    func configurations() throws {
        let folder = try FormalFixtures.twoPath()
        let first = ModelChecks.run([folder], with: try runner(), atOnce: 2, elapsed: { 0 })
        for check in first.checks {
            #expect(check.holds, "\(check.configuration.name): \(check.differences) \(check.result.verdict)")
        }
        let graph = try #require(first.checks[1].graph)
        #expect(try folder.corpus() == Corpus(covering: graph))
        #expect((graph.states.count, graph.initial.count) == (85, 1))
        #expect(first.checks[0].result.version != nil)
        let record = try #require(ModelRecord(folder, first.checks))
        #expect(record.text.bytes == (try FormalFixtures.bytes("formal/TwoPath/expect.json")))
    }

    @Test("a trace of the model is accepted, and one with a false step refused at that step")
    func traces() throws {
        let folder = try FormalFixtures.twoPath()
        let variables = [
            "pathUp", "net", "nextSeq", "need", "acked", "rcvd", "delivered", "conn", "retry", "losses",
        ]
        let graph = try #require(try runner().check(folder, folder.configurations[1], elapsed: { 0 }).graph)
        let ways = graph.shortestWays
        let farthest = try #require(ways.order.last)
        let way = try #require(ways.way(to: farthest))
        let places = graph.initial.prefix(1) + way.map { graph.edges[$0].to }
        var states: [[TLAValue]] = []
        for place in places {
            guard case .tuple(let values) = try TLAValue(parsing: graph.states[place]) else { continue }
            states.append(values)
        }
        #expect(states.count == places.count && states.count > 6)
        let good = TraceModule(variables: variables, states: states)
        #expect(try runner().judge(good, of: folder, elapsed: { 0 }).outcome == .accepted)
        // The losses of a later state: no action changes only those.
        var bad = states
        bad[4][9] = .number(7)
        let refused = try runner().judge(TraceModule(variables: variables, states: bad), of: folder, elapsed: { 0 })
        #expect(refused.outcome == .refused(step: 4, property: "Conforms"))
        let late = TraceModule(variables: variables, states: Array(states.dropFirst(3)))
        #expect(try runner().judge(late, of: folder, elapsed: { 0 }).outcome == .refusedStart)
    }
}
