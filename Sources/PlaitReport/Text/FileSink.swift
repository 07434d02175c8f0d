import Glibc

/// A file that appears whole or not at all.
///
/// Bytes go to a hidden temporary file in the same folder; `commit` makes them durable and gives them their name. A
/// sink that is dropped before that leaves nothing behind, and a file of the same name stays as it was.
///
/// An observer cannot throw in the middle of a run, so a failed write is remembered, later bytes are ignored, and
/// `commit` throws the first failure.
package struct FileSink: ~Copyable {
    /// Append here, then call `settle`.
    package var text: Text
    package let path: String
    package private(set) var failure: FileError?

    private let temporary: String
    private var descriptor: Int32

    private static let bufferSize = 64 << 10
    /// Room for the longest usual row behind a nearly full buffer.
    private static let slack = 4 << 10

    /// Makes the temporary file, so that a wrong folder is known before a long run and not after it.
    package init(path: String) throws(FileError) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { String(path[...$0]) } ?? ""
        let name = String(path[folder.endIndex...])
        guard !name.isEmpty else { throw FileError(path: path, operation: "create", code: EISDIR) }
        var attempt = 0
        while true {
            let candidate = "\(folder).\(name).\(getpid()).\(attempt).partial"
            let opened = unsafe open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if opened >= 0 {
                descriptor = opened
                temporary = candidate
                break
            }
            // Another sink of this process, or what a killed process of the same number left.
            guard errno == EEXIST, attempt < 1_000 else {
                throw FileError(path: path, operation: "create", code: errno)
            }
            attempt += 1
        }
        self.path = path
        text = Text(capacity: Self.bufferSize + Self.slack)
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unsafe unlink(temporary)
    }

    /// Passes the buffered bytes on once there are enough of them. Call it between rows.
    package mutating func settle() {
        if text.count >= Self.bufferSize { flush() }
    }

    /// Makes the file durable under its name. Nothing may be appended afterwards.
    package mutating func commit() throws(FileError) {
        precondition(descriptor >= 0, "a file is committed once")
        flush()
        if failure == nil, fsync(descriptor) != 0 { fail("write") }
        let closed = close(descriptor)
        descriptor = -1
        if failure == nil, closed != 0 { fail("write") }
        if failure == nil, unsafe rename(temporary, path) != 0 { fail("rename") }
        if let failure {
            unsafe unlink(temporary)
            throw failure
        }
    }

    /// Records that the format cannot hold what it was given; `commit` will throw it.
    package mutating func reject(_ reason: String) {
        if failure == nil { failure = FileError(path: path, unrepresentable: reason) }
    }

    private mutating func flush() {
        defer { text.removeAll() }
        guard failure == nil else { return }
        var offset = 0
        while offset < text.count {
            let written = unsafe text.span.withUnsafeBytes { all in
                unsafe Glibc.write(descriptor, all.baseAddress?.advanced(by: offset), all.count - offset)
            }
            if written > 0 {
                offset += written
            } else if written == 0 || errno != EINTR {
                return fail("write")
            }
        }
    }

    private mutating func fail(_ operation: String) {
        failure = FileError(path: path, operation: operation, code: errno)
    }
}

extension FileSink {
    /// Writes a whole file at once.
    package static func write(_ text: Text, to path: String) throws(FileError) {
        var sink = try FileSink(path: path)
        sink.text.append(span: text.span)
        try sink.commit()
    }
}

/// Makes a folder and those above it. A folder that exists is fine.
package func makeFolder(_ path: String) throws(FileError) {
    var made = path.utf8.first == UInt8(ascii: "/") ? "/" : ""
    for part in path.split(separator: "/") {
        made += part
        if unsafe mkdir(made, 0o777) != 0, errno != EEXIST {
            throw FileError(path: path, operation: "make", code: errno)
        }
        made += "/"
    }
    // A file of the name also says EEXIST; `mkdir` inside it would have failed, but the last part has no inside.
    let probe = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard probe >= 0 else { throw FileError(path: path, operation: "make", code: errno) }
    close(probe)
}

/// Removes a file; one that is not there is fine.
package func removeFile(_ path: String) throws(FileError) {
    if unsafe unlink(path) != 0, errno != ENOENT, errno != ENOTDIR {
        throw FileError(path: path, operation: "remove", code: errno)
    }
}
