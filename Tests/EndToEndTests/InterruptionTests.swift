import Foundation
import TestSupport
import Testing

@Suite("Whoever asks plait to end")
struct InterruptionTests {
    /// `plait verify --tlc` with a stand-in for Java that never ends, started through `env` and its options.
    private final class Checking {
        let work: Workspace
        let process = Process()

        init(_ options: [String]) throws {
            work = try Workspace()
            try FileManager.default.createDirectory(atPath: work.file("scratch"), withIntermediateDirectories: true)
            try Data("a jar".utf8).write(to: URL(filePath: work.file("jar")))
            // It waits for a child of its own, as a wrapper of Java's does, which would be left behind.
            let script = "#!/bin/sh\nsleep 1000 &\necho $$ $! >>'\(work.path)/processes'\nwait\n"
            try Data(script.utf8).write(to: URL(filePath: work.file("java.sh")))
            // What another process may still have open for writing cannot be run; this is not.
            try Process.run(
                URL(filePath: "/usr/bin/install"),
                arguments: ["-m", "755", work.file("java.sh"), work.file("java")]
            ).waitUntilExit()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments =
                options + [
                    "PATH=\(work.path):/usr/bin:/bin", "TLC_JAR=\(work.file("jar"))", "TMPDIR=\(work.file("scratch"))",
                    try Program.path(), "verify", "--tlc", "--module", "Stream", "--out", work.file("out"),
                ]
            process.currentDirectoryURL = repositoryRoot
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
        }

        deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

        /// Every Java so far, and what it started.
        var children: [pid_t] {
            let text = (try? String(contentsOfFile: work.file("processes"), encoding: .utf8)) ?? ""
            return text.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
        }

        func waitsForJava() throws {
            let isBegun = Self.waits { !self.children.isEmpty || !self.process.isRunning }
            try #require(isBegun)
            try #require(process.isRunning, "it ended with \(process.terminationStatus)")
        }

        /// Asks for half a minute.
        static func waits(until isSo: () -> Bool) -> Bool {
            for _ in 0..<1_500 {
                if isSo() { return true }
                usleep(20_000)
            }
            return isSo()
        }
    }

    private static func isGone(_ process: pid_t) -> Bool {
        // Nobody may have taken notice of its end.
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? "State:\tX"
        return status.contains("State:\tX") || status.contains("State:\tZ")
    }

    @Test(
        "has its Java ended with all that this started, and its files removed",
        arguments: [SIGINT, SIGTERM, SIGHUP]
    )
    func asked(signal: Int32) throws {
        let checking = try Checking(["--default-signal"])
        try checking.waitsForJava()
        #expect(checking.children.allSatisfy { !Self.isGone($0) })
        kill(checking.process.processIdentifier, signal)
        let isOver = Checking.waits { !checking.process.isRunning }
        try #require(isOver)
        #expect(checking.process.terminationReason == .exit && checking.process.terminationStatus == 130)
        let areGone = Checking.waits { checking.children.allSatisfy(Self.isGone) }
        #expect(areGone)
        #expect(try FileManager.default.contentsOfDirectory(atPath: checking.work.file("scratch")) == [])
    }

    @Test("is not heard when the terminal closes and plait was told to ignore that, as by nohup")
    func ignored() throws {
        let checking = try Checking(["--default-signal", "--ignore-signal=HUP"])
        try checking.waitsForJava()
        let path = "/proc/\(checking.process.processIdentifier)/status"
        let status = try String(contentsOfFile: path, encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("SigIgn:\t") })
        let ignored = try #require(UInt64(line.dropFirst(8), radix: 16))
        #expect(ignored >> UInt64(SIGHUP - 1) & 1 == 1)
        kill(checking.process.processIdentifier, SIGTERM)
        let isOver = Checking.waits { !checking.process.isRunning }
        #expect(isOver)
    }
}
