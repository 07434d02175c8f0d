import Glibc
package import PlaitReport

/// A file that is there while something is tried, and stays when that ends the process.
package enum ScratchFile {
    /// Unlike results it is not brought to the disk before the call returns: it outlives the process, not the machine.
    package static func write(_ text: String, to path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(path: path, operation: "make", code: errno) }
        defer { close(descriptor) }
        var text = text
        let failure: Int32? = text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while unsafe !rest.isEmpty {
                let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count > 0 {
                    unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
        if let failure { throw FileError(path: path, operation: "write", code: failure) }
    }
}
