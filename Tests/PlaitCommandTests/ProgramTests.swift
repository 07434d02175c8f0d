import Foundation
import Testing

/// The built executable, as a shell starts it.
@Suite("The program plait")
struct ProgramTests {
    /// Runs a shell command in which `$plait` is the program.
    private func shell(_ command: String) throws -> (status: Int32, output: String, errors: String) {
        let tests = try #require(try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let program = URL(filePath: tests).deletingLastPathComponent().appending(path: "plait").path
        try #require(FileManager.default.isExecutableFile(atPath: program), "\(program) is not built")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = ["plait": program, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let (text, messages) = (output.fileHandleForReading.readDataToEndOfFile(), errors.fileHandleForReading)
        let told = messages.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: told, as: UTF8.self))
    }

    @Test("it answers on standard output and exits with zero")
    func version() throws {
        let result = try shell("\"$plait\" --version")
        #expect(result == (0, "plait 0.1.0\n", ""))
    }

    @Test("its exit statuses are those of the table")
    func statuses() throws {
        #expect(try shell("\"$plait\"").status == 64)
        #expect(try shell("\"$plait\" check no-such-file").status == 66)
        let full = try shell("\"$plait\" schema >/dev/full")
        #expect(full.status == 74)
        #expect(full.errors.contains("No space left on device"))
        let closed = try shell("\"$plait\" schema >&-")
        #expect(closed.status == 74, "a closed standard output is not success")
    }

    @Test("a name that is not UTF-8 is refused by its number, and no other file is opened for it")
    func notUTF8() throws {
        let result = try shell("\"$plait\" check \"$(printf 'a\\377b')\"")
        #expect(result.status == 64)
        #expect(result.errors == "plait: argument 2, 'a\u{FFFD}b', is not UTF-8\n       rename the file\n")
    }

    @Test("no colour and no control sequence reaches a pipe")
    func pipes() throws {
        let result = try shell("\"$plait\" check no-such-file; \"$plait\" help")
        #expect(!(result.output + result.errors).contains("\u{1B}"))
    }
}
