import Foundation
import TestSupport
import Testing

/// The built program, in the same configuration as these tests, and how it is called from the repository's root.
enum Program {
    /// What a process said and how it ended.
    struct Result {
        /// The exit status; nil when a signal ended the process, which is a crash.
        var status: Int32?
        var output: String
        var errors: String
    }

    /// Lies beside the tests: nothing is built here, because the package manager holds a lock while tests run.
    static func path() throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(filePath: tests).deletingLastPathComponent().appending(path: "plait").path
        try #require(FileManager.default.isExecutableFile(atPath: program), "\(program) is not built")
        return program
    }

    /// Runs `plait` with these words.
    static func plait(_ words: [String]) throws -> Result { try run(path(), words) }

    /// Runs a program. Its output goes through files: two pipes read one after the other can block each other.
    static func run(_ program: String, _ words: [String]) throws -> Result {
        let folder = try Workspace()
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = words
        process.currentDirectoryURL = repositoryRoot
        process.standardInput = FileHandle.nullDevice
        var environment = ProcessInfo.processInfo.environment
        environment["PLAIT_ROOT"] = repositoryRoot.path
        process.environment = environment
        let (output, errors) = (folder.file("output"), folder.file("errors"))
        for file in [output, errors] { try Data().write(to: URL(filePath: file)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationReason == .exit ? process.terminationStatus : nil,
            output: String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: URL(filePath: errors)), as: UTF8.self)
        )
    }
}

/// A peer program: from the variable that scripts/test sets, or else from PATH. Nil when there is none.
func peer(_ variable: String, orNamed name: String) -> String? {
    let environment = ProcessInfo.processInfo.environment
    if let chosen = environment[variable] { return chosen }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// Under CI a missing peer is a failure, not a reason to skip.
let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

/// A folder that is removed with everything in it when it is no longer used.
final class Workspace {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "plait-end-to-end-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    func file(_ name: String) -> String { path + "/" + name }

    /// Every file below `folder` with its contents, by its path from there.
    static func contents(of folder: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            let file = URL(filePath: folder + "/" + name)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            found[name] = try Data(contentsOf: file)
        }
        return found
    }
}

/// The rows of a CSV table whose cells hold no comma, each by column.
struct CSVTable {
    let columns: [String]
    let rows: [[String: String]]

    init(_ text: String) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        try #require(lines.popLast()?.isEmpty == true, "a table ends with a line end")
        let split = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        columns = try #require(split.first)
        for cells in split { try #require(cells.count == columns.count, "\(cells)") }
        let columns = self.columns
        rows = split.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) }
    }

    init(contentsOf file: String) throws {
        try self.init(String(contentsOfFile: file, encoding: .utf8))
    }
}
