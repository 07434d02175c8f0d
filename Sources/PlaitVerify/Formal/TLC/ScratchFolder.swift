import Glibc
import PlaitReport

/// A folder that is there while something runs in it, and gone afterwards with all that is in it.
struct ScratchFolder: ~Copyable {
    let path: String

    /// A new one, where temporary files go.
    init(_ purpose: String, in parent: String?) throws(FileError) {
        let parent = parent ?? "/tmp"
        var template = Array("\(parent)/plait-\(purpose)-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw FileError(path: parent, operation: "make a folder in", code: errno)
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { Self.remove(path, depth: 0) }

    /// Nothing below a link is touched: links are removed, not followed.
    private static func remove(_ path: String, depth: Int) {
        if unsafe unlink(path) == 0 || depth > 32 { return }
        for name in FolderListing.names(in: path) { remove(path + "/" + name, depth: depth + 1) }
        unsafe rmdir(path)
    }
}

/// What a folder holds, and what its files hold.
enum FolderListing {
    /// Sorted; empty when there is no such folder.
    static func names(in folder: String) -> [String] {
        guard let listing = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(listing) }
        var names: [String] = []
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
                    unsafe String(validatingCString: $0)
                }
            }
            if let name, name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// A file's bytes; nil when it cannot be read.
    static func bytes(of path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += chunk[..<count]
            } else if errno != EINTR {
                return nil
            }
        }
    }
}
