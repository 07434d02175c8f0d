import Glibc
import PlaitRun

/// Reads a file of any length line by line, in bounded memory.
struct LineReader: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var start = 0
    private var end = 0
    /// Lines given out so far.
    private(set) var lineNumber = 0

    /// A longer line is not one of a table of ours, and must not fill the memory.
    private static let lineLimit = 1 << 20

    init(_ path: String) throws(CommandError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Puts the next line, without its end, into `line`.
    ///
    /// - Returns: Whether there was one.
    mutating func next(into line: inout [UInt8]) throws(CommandError) -> Bool {
        line.removeAll(keepingCapacity: true)
        while true {
            if start == end, try !refill() {
                guard !line.isEmpty else { return false }
                // The last line lacks its line feed: the file was cut short.
                lineNumber += 1
                return true
            }
            let stop = lineFeed()
            line += buffer[start..<(stop ?? end)]
            guard line.count <= Self.lineLimit else {
                throw CommandError(.badData, "\(Printable.plain(path)):\(lineNumber + 1): this line is too long")
            }
            if let stop {
                start = stop + 1
                lineNumber += 1
                return true
            }
            start = end
        }
    }

    private func lineFeed() -> Int? {
        let range = start..<end
        return unsafe buffer.withUnsafeBytes { bytes in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
            guard let base = rest.baseAddress, let found = unsafe memchr(base, 0x0A, rest.count) else { return nil }
            return unsafe range.lowerBound + (UnsafeRawPointer(found) - base)
        }
    }

    private mutating func refill() throws(CommandError) -> Bool {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.failure(path)
            }
            (start, end) = (0, count)
            return count > 0
        }
    }

    private static func failure(_ path: String) -> CommandError {
        CommandError(.noInput, "\(Printable.quoted(path)) cannot be read: \(SystemError.last.message)")
    }
}
