import Foundation
import TestSupport

/// A text file of the repository, as the rules see it.
struct SourceFile: Sendable {
    /// From the repository's root, with `/` between the parts.
    let path: String
    let text: String
    /// The text of a Swift file without comments and string contents; the text itself of any other file.
    let code: String
    let isExecutable: Bool

    init(path: String, text: String, isExecutable: Bool = false) {
        self.path = path
        self.text = text
        self.code = path.hasSuffix(".swift") ? codeOnly(text) : text
        self.isExecutable = isExecutable
    }

    /// The folder below `Sources`, or `nil` when the file is not under it.
    var module: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    var isSwift: Bool { path.hasSuffix(".swift") }

    /// The lines as written.
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The lines of `code`, with the numbers they have in the file.
    var codeLines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }
}

/// One breach of a rule: what is wrong, where, and what to do instead.
struct Breach: Hashable, CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// The checkout these tests were built from.
enum Repository {
    /// Folders that are not ours to judge: made by tools, or the user's own.
    private static let skipped: Set<String> = [
        ".build", ".git", ".swiftpm", "results/runs", "Examples/.build", "Examples/.swiftpm",
    ]

    /// Every text file below the root, in the order of their paths.
    static let files: [SourceFile] = read(below: repositoryRoot)

    private static func read(below root: URL) -> [SourceFile] {
        guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: root.path) else { return [] }
        return paths.sorted().compactMap { path in
            guard !skipped.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) else { return nil }
            let full = root.appending(path: path).path
            // What is not UTF-8 (a picture, a capture) has no lines to hold against a rule.
            guard let bytes = FileManager.default.contents(atPath: full),
                let text = String(bytes: bytes, encoding: .utf8)
            else { return nil }
            return SourceFile(
                path: path,
                text: text,
                isExecutable: FileManager.default.isExecutableFile(atPath: full)
            )
        }
    }
}
