import Glibc
package import PlaitCrypto

/// Why a key file was not made or not used.
package enum IdentityFileError: Error, Hashable, Sendable {
    /// A call failed.
    case system(SystemError)
    /// There is a file of that name already. Key files are never overwritten.
    case exists
    /// Not a plain file: a folder, a pipe, a device.
    case notAFile
    /// Others than its owner may read it, by these permission bits.
    case exposed(mode: UInt32)
    /// Larger than any key file.
    case tooLarge
    /// What is in it is wrong.
    case text(IdentityError)
}

/// Key pairs as files that only their owner can read.
package enum IdentityFile {
    /// A key file has some 120 bytes.
    private static var lengthMax: Int { 1_024 }

    /// Writes `pair` to a new file that its owner alone may read and write.
    ///
    /// The name must be free, and be no symbolic link: in a folder that others can write to, a link laid there
    /// beforehand would send the secret elsewhere.
    package static func create(_ pair: borrowing KeyPair, at path: String) throws(IdentityFileError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let error = SystemError.last
            throw error.code == EEXIST || error.code == ELOOP ? .exists : .system(error)
        }
        let text = IdentityText.text(of: pair)
        // The mode again, for a umask may have taken from it.
        let isWritten = fchmod(descriptor, 0o600) == 0 && write(text.bytes, to: descriptor) && fsync(descriptor) == 0
        let failure: SystemError? = isWritten ? nil : .last
        guard close(descriptor) == 0, failure == nil else {
            let error = failure ?? .last
            unsafe unlink(path)
            throw .system(error)
        }
    }

    /// Reads the pair in a file, unless others could have read it too.
    package static func read(
        _ path: String,
        storage: SecretStorage = .guarded
    ) throws(IdentityFileError) -> KeyPair {
        // Not blocking: a pipe without a writer would hold the program up.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(.last) }
        defer { close(descriptor) }
        // Of the open file, not of its name: the name may be given to another file in between.
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system(.last) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard status.st_mode & 0o077 == 0 else { throw .exposed(mode: status.st_mode & 0o777) }
        guard status.st_size <= lengthMax else { throw .tooLarge }
        var text = SecretBytes(count: lengthMax, storage: storage)
        let count = try fill(&text, from: descriptor)
        do throws(IdentityError) {
            return try IdentityText.pair(of: text.bytes.extracting(0..<count), storage: storage)
        } catch { throw .text(error) }
    }

    private static func write(_ text: RawSpan, to descriptor: Int32) -> Bool {
        unsafe text.withUnsafeBytes { bytes in
            var rest = unsafe bytes
            while unsafe !rest.isEmpty {
                let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count > 0 {
                    unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }

    /// Reads to the end of the file, or as much as there is room for.
    private static func fill(_ text: inout SecretBytes, from descriptor: Int32) throws(IdentityFileError) -> Int {
        let room = text.count
        var filled = 0
        while filled < room {
            var span = text.mutableBytes
            let count = unsafe span.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(descriptor, bytes.baseAddress.unsafelyUnwrapped + filled, room - filled)
            }
            if count == 0 { return filled }
            if count < 0, errno != EINTR { throw .system(.last) }
            filled += max(count, 0)
        }
        // It grew while it was read.
        throw .tooLarge
    }
}

extension SecretStream {
    /// Real secrets, from the operating system's generator: for keys that outlive the process, and for live endpoints.
    package static func ofTheSystem() throws(IdentityFileError) -> SecretStream {
        var seed = SecretBytes(count: 32, storage: .guarded)
        var bytes = seed.mutableBytes
        let status = unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe getentropy(bytes.baseAddress.unsafelyUnwrapped, bytes.count)
        }
        guard status == 0 else { throw .system(.last) }
        return SecretStream(seed: seed.bytes)
    }
}
