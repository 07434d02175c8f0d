import Glibc
public import PlaitScenario

/// Scenario files on disk, with the package's own `Scenarios` folder behind them.
public struct FileScenarioSource: ScenarioSource, Sendable {
    public let library: String?

    /// Far more than any scenario needs, and little enough to read at once.
    package static let sizeLimit = 16 << 20

    /// - Parameter library: The `Scenarios` folder, or `nil` when there is none.
    public init(library: String?) { self.library = library }

    public func bytes(of path: String) throws(ScenarioSourceError) -> [UInt8]? {
        // The system would end the name there and open some other file.
        guard !path.utf8.contains(0) else { throw ScenarioSourceError("a file's name cannot hold a zero byte") }
        // Without O_NONBLOCK opening a pipe waits for somebody to write into it.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw ScenarioSourceError(SystemError.last.message)
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw ScenarioSourceError(SystemError.last.message) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return try Self.contents(of: descriptor)
        case S_IFDIR: throw ScenarioSourceError("it is a folder")
        default: throw ScenarioSourceError("it is not a regular file")
        }
    }

    public func fileNames(in folder: String) -> [String] {
        guard !folder.utf8.contains(0), let listing = unsafe opendir(folder.isEmpty ? "." : folder) else { return [] }
        defer { unsafe closedir(listing) }
        var names: [String] = []
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: UInt8.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
                    unsafe String(validatingCString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
                }
            }
            // A name that is not UTF-8 cannot be written in a scenario file.
            if let name, name != ".", name != ".." { names.append(name) }
        }
        // The folder's own order is that of its hash table.
        return names.sorted()
    }

    private static func contents(of descriptor: Int32) throws(ScenarioSourceError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw ScenarioSourceError(SystemError.last.message)
            }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= sizeLimit else {
                throw ScenarioSourceError("it is larger than \(sizeLimit >> 20) MiB")
            }
        }
    }
}
