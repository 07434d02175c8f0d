import Foundation
import Testing

/// The lines of a table that another program made, without comments, in words.
func table(_ name: String) throws -> [[String]] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/\(name).txt")
    return try String(contentsOf: file, encoding: .utf8)
        .split(separator: "\n")
        .filter { !$0.hasPrefix("#") }
        .map { $0.split(separator: " ").map(String.init) }
}
