import Glibc
import PlaitScenario

extension FileScenarioSource {
    /// The shipped `Scenarios` folder: below `root` (the value of `PLAIT_ROOT`) if that is given, else in the nearest
    /// folder above the executable that holds a Package.swift and a `Scenarios` folder.
    package static func library(root: String?, executable: String?) -> String? {
        if let root, !root.isEmpty {
            let folder = FilePath.joined(root, "Scenarios")
            return kind(of: folder) == .folder ? folder : nil
        }
        guard let executable else { return nil }
        var folder = FilePath.folder(of: executable)
        while !folder.isEmpty {
            let scenarios = FilePath.joined(folder, "Scenarios")
            if kind(of: FilePath.joined(folder, "Package.swift")) == .file, kind(of: scenarios) == .folder {
                return scenarios
            }
            if folder == "/" { break }
            folder = FilePath.folder(of: folder)
        }
        return nil
    }

    /// The path of the running program.
    package static var executable: String? {
        guard let path = unsafe realpath("/proc/self/exe", nil) else { return nil }
        defer { unsafe free(path) }
        return unsafe String(validatingCString: path)
    }

    /// The path that a name on the command line stands for, or `nil` when there is no such file.
    ///
    /// A bare name (`first`, `wifi-lte-handover.yaml`) is also looked up in the library; `.yaml` may be left out. A
    /// folder is answered only when nothing else has the name, for the sake of the error message.
    package func locate(_ name: String) -> String? {
        var candidates = [name, name + ".yaml"]
        if let library, !name.hasPrefix("/") {
            candidates += [FilePath.joined(library, name), FilePath.joined(library, name + ".yaml")]
        }
        let kinds = candidates.map { Self.kind(of: $0) }
        let found = kinds.firstIndex { $0 != nil && $0 != .folder } ?? kinds.firstIndex { $0 != nil }
        return found.map { candidates[$0] }
    }

    /// What a path leads to, symbolic links followed.
    package enum Kind: Sendable { case file, folder, other }

    /// `nil` when there is nothing.
    package static func kind(of path: String) -> Kind? {
        guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            // It is there, but may not be looked at; opening it will say why.
            return errno == ENOENT || errno == ENOTDIR ? nil : .other
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }
}
