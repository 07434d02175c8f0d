/// A file below `formal/` that cannot be used: which line, why, and what to do about it.
package struct FormalFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    /// From 1; nil when it is about the file as a whole.
    package let line: Int?
    package let message: String
    package let remedy: String

    package init(_ path: String, line: Int? = nil, _ message: String, remedy: String = "") {
        self.path = path
        self.line = line
        self.message = message
        self.remedy = remedy
    }

    package var description: String {
        path + (line.map { ":\($0)" } ?? "") + ": " + message + (remedy.isEmpty ? "" : "; " + remedy)
    }
}
