import Glibc
import PlaitCommand
import PlaitCore
import PlaitRun
import Synchronization
import Testing

@Suite("Progress bar")
struct ProgressBarTests {
    /// A clock moved by hand, and a bar that reads it.
    private final class Bench: Sendable {
        let clock = Mutex<Int64>(0)
        let errors = Output()

        func bar(runs: Int = 1, isTerminal: Bool = true, isWanted: Bool = true, width: Int = 80) -> ProgressBar {
            ProgressBar(
                console: Console(errors: errors, errorsAreTerminal: isTerminal, width: width),
                runs: runs,
                end: Instant(nanoseconds: 10_000_000_000),
                isWanted: isWanted,
                elapsed: { self.clock.withLock { $0 } }
            )
        }

        func advance(milliseconds: Int64) { clock.withLock { $0 += milliseconds * 1_000_000 } }

        /// How often a line was drawn.
        var draws: Int { errors.text.split(separator: "\r").count { $0 != "\u{1B}[K" } }
    }

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    @Test("nothing is shown in the first second, then at most ten times a second, and it is cleared at the end")
    func rhythm() {
        let bench = Bench()
        let bar = bench.bar()
        for _ in 0..<999 {
            bench.advance(milliseconds: 1)
            bar.report(run: 0, now: at(1), events: 10)
        }
        bar.clear()
        #expect(bench.errors.text == "", "short work leaves the terminal alone")
        for _ in 0..<1_000 {
            bench.advance(milliseconds: 1)
            bar.report(run: 0, now: at(2), events: 20)
        }
        #expect(bench.draws == 10)
        bar.clear()
        #expect(bench.errors.text.hasSuffix("\r\u{1B}[K"))
        let after = bench.errors.text
        bar.clear()
        #expect(bench.errors.text == after)
    }

    @Test("it shows virtual time, the share that is done, events per second and the time that is left")
    func content() {
        let bench = Bench()
        let bar = bench.bar(width: 100)
        bench.advance(milliseconds: 2_500)
        bar.report(run: 0, now: at(2), events: 5_300_000)
        #expect(
            bench.errors.text
                == "\r[######........................]   20 %  2.0 of 10.0 s  2.1 M events/s  0:10 left\u{1B}[K"
        )
    }

    @Test("several runs are summed up")
    func several() {
        let bench = Bench()
        let bar = bench.bar(runs: 4, width: 100)
        bar.report(run: 0, now: at(5), events: 100)
        bar.report(run: 0, now: at(8), events: 150)
        bar.report(run: 0, now: .never, events: 200)
        bar.report(run: 0, now: .never, events: 200)
        bar.report(run: 3, now: at(4), events: 50)
        bench.advance(milliseconds: 1_000)
        bar.report(run: 1, now: at(9), events: 2_000)
        #expect(bench.errors.text.contains(" 57 %  1 of 4 runs  2.2 k events/s  0:01 left"), "\(bench.errors.text)")
    }

    @Test("it stays away without a terminal, and when it is not wanted")
    func absent() {
        for (isTerminal, isWanted) in [(false, true), (true, false)] {
            let bench = Bench()
            let bar = bench.bar(isTerminal: isTerminal, isWanted: isWanted)
            bench.advance(milliseconds: 5_000)
            bar.report(run: 0, now: at(5), events: 1)
            bar.clear()
            #expect(bench.errors.text == "")
        }
    }

    @Test("it fits the terminal, however narrow", arguments: 0...120)
    func fits(width: Int) {
        let line = ProgressLine(
            done: 0.625,
            now: at(6),
            end: at(10),
            runs: (62, 100),
            events: 123_456_789,
            elapsed: 90_000_000_000
        )
        #expect(line.text(width: width).count <= width)
        if width >= 90 { #expect(line.text(width: width).hasSuffix("62 %  62 of 100 runs  1.3 M events/s  0:54 left")) }
    }

    @Test("long waits are told in hours, and nothing is said before anything is known")
    func waits() {
        func line(_ done: Double, _ elapsed: Int64) -> String {
            ProgressLine(done: done, now: at(0), end: at(1), runs: nil, events: 0, elapsed: elapsed).text(width: 100)
        }
        #expect(line(0.5, 3_725_000_000_000).hasSuffix("1:02:05 left"))
        #expect(!line(0, 3_725_000_000_000).contains("left"))
        #expect(line(1.5, 1).contains("100 %"))
    }
}

@Suite("Terminal")
struct TerminalTests {
    @Test("colour is welcome unless NO_COLOR or a dumb terminal forbids it")
    func color() {
        func isWelcome(_ variables: [String: String]) -> Bool { Console.colorIsWelcome { variables[$0] } }
        #expect(isWelcome([:]))
        #expect(isWelcome(["NO_COLOR": "", "TERM": "xterm"]))
        #expect(!isWelcome(["NO_COLOR": "1"]))
        #expect(!isWelcome(["TERM": "dumb"]))
    }

    @Test("a failed write is kept, so that the exit status can tell")
    func fullDisk() throws {
        let descriptor = unsafe open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let output = Output(descriptor: descriptor)
        output.write("text")
        #expect(output.failure == ENOSPC)
        let errors = Output()
        let status = PlaitCommand.run(
            arguments: ["schema"],
            registry: .standard,
            console: Console(output: output, errors: errors)
        )
        #expect(status == ExitStatus.outputFailed.rawValue)
        #expect(errors.text == "plait: standard output cannot be written: No space left on device (errno 28)\n")
    }

    @Test("the stopwatch never runs backwards")
    func stopwatch() {
        let watch = Stopwatch()
        var last: Int64 = 0
        for _ in 0..<1_000 {
            let now = watch.nanoseconds
            #expect(now >= last)
            last = now
        }
    }

    @Test("the first Ctrl-C is a request")
    func firstInterruption() async {
        await #expect(processExitsWith: .exitCode(130)) {
            unblockInterruption()
            Interruption.arm()
            guard !Interruption.isRequested else { exit(1) }
            raise(SIGINT)
            exit(Interruption.isRequested ? 130 : 2)
        }
    }

    @Test("the second Ctrl-C ends the process")
    func secondInterruption() async {
        await #expect(processExitsWith: .signal(SIGINT)) {
            unblockInterruption()
            Interruption.arm()
            raise(SIGINT)
            raise(SIGINT)
            exit(0)
        }
    }
}

/// The threads that tests run on are born with signals blocked; a program's main thread is not.
private func unblockInterruption() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}
