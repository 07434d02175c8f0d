import Foundation
import PlaitCommand
import PlaitRun

/// One call of the command line, with what came of it.
struct Trial {
    let status: Int32
    let output: String
    let errors: String

    /// Runs `plait` inside this process. `root` stands for `PLAIT_ROOT`.
    init(_ words: [String], root: String? = nil, usesColor: Bool = false) {
        let console = Console(usesColor: usesColor) { $0 == "PLAIT_ROOT" ? root : nil }
        status = PlaitCommand.run(arguments: words, registry: .standard, console: console)
        output = console.output.text
        errors = console.errors.text
    }
}

/// A folder that is removed with everything in it when it is no longer used.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "plait-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, making the folders it lies in, and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }
}
