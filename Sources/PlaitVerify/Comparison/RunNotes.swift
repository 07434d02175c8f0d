import Glibc
package import PlaitReport
import Synchronization

/// Which runs are under way, a line each, in a file that outlives the process: a `precondition` that does not hold
/// ends it, and whoever starts the next comparison is told which run that was.
package final class RunNotes: Sendable {
    private let path: String
    private let descriptor: Int32
    /// By line of the file, whether it is in use.
    private let lines = Mutex<[Bool]>([])
    private let failure = Mutex<FileError?>(nil)

    /// Bytes of a line, its end included.
    private static let width = 200

    /// An empty file.
    package init(_ path: String) throws(FileError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(path: path, operation: "make", code: errno) }
    }

    /// Nothing is under way any more; a process that ends without this leaves the file.
    deinit {
        close(descriptor)
        unsafe unlink(path)
    }

    /// Does something, and has `words` in the file for as long as it takes.
    package func during<Value>(_ words: String, _ body: () -> Value) -> Value {
        let line = lines.withLock { lines in
            if let free = lines.firstIndex(of: false) {
                lines[free] = true
                return free
            }
            lines.append(true)
            return lines.count - 1
        }
        write(words, line)
        defer {
            write("", line)
            lines.withLock { $0[line] = false }
        }
        return body()
    }

    /// The same if there are notes.
    static func during<Value>(_ words: @autoclosure () -> String, in notes: RunNotes?, _ body: () -> Value) -> Value {
        guard let notes else { return body() }
        return notes.during(words(), body)
    }

    private func write(_ words: String, _ line: Int) {
        var bytes = Array(words.utf8.prefix(Self.width - 1))
        bytes += Array(repeating: UInt8(ascii: " "), count: Self.width - 1 - bytes.count)
        bytes.append(UInt8(ascii: "\n"))
        // One call for a short line: it is there whole, or not at all.
        let written = unsafe pwrite(descriptor, &bytes, bytes.count, Self.width * line)
        guard written != bytes.count else { return }
        let error = FileError(path: path, operation: "write", code: written < 0 ? errno : EIO)
        failure.withLock { $0 = $0 ?? error }
    }

    /// What such a file says that a process left behind.
    package static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            return words.isEmpty ? nil : words.joined(separator: " ")
        }
    }

    /// Throws if something could not be written down.
    package func check() throws(FileError) {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
