import Glibc

/// A file or folder that could not be made: what was tried, where, why, and what to do about it.
package struct FileError: Error, Hashable, Sendable {
    /// The file the user asked for, not the temporary one beside it.
    package let path: String
    /// What was tried: `create`, `write`, `rename`.
    package let operation: String
    /// The system's number, or zero when the reason is not the system's.
    package let code: Int32
    /// The reason in words.
    package let reason: String

    package init(path: String, operation: String, code: Int32) {
        self.path = path
        self.operation = operation
        self.code = code
        reason = unsafe String(cString: strerror(code))
    }

    /// Something a file format cannot hold.
    init(path: String, unrepresentable reason: String) {
        self.path = path
        operation = "write"
        code = 0
        self.reason = reason
    }

    /// What a person can do, or an empty string.
    package var remedy: String {
        switch code {
        case ENOENT, ENOTDIR: "Make the folder first, or name another one."
        case EACCES, EPERM, EROFS: "Choose a folder that you may write to."
        case ENOSPC, EDQUOT, EFBIG: "Free some space, or write fewer things (packet logs are the largest)."
        case EISDIR: "A folder has this name; choose another name, or move the folder away."
        case ENAMETOOLONG: "Choose a shorter name."
        case EMFILE, ENFILE: "Too many files are open; raise the limit (ulimit -n)."
        default: ""
        }
    }
}

extension FileError: CustomStringConvertible {
    package var description: String {
        let number = code == 0 ? "" : " (errno \(code))"
        return "cannot \(operation) \(path): \(reason)\(number)." + (remedy.isEmpty ? "" : " " + remedy)
    }
}
