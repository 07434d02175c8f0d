/// Where the bytes of scenario files come from. The language itself opens no files.
public protocol ScenarioSource {
    /// The package's own `Scenarios` folder, where includes and presets are looked for after the file's own folder.
    var library: String? { get }

    /// The contents of a file, or `nil` if there is none.
    func bytes(of path: String) throws(ScenarioSourceError) -> [UInt8]?

    /// The names of the files in a folder, for suggestions; empty if there is no such folder.
    func fileNames(in folder: String) -> [String]
}

/// A file that is there but cannot be read.
public struct ScenarioSourceError: Error, Hashable, Sendable {
    /// `permission denied`
    public let message: String

    public init(_ message: String) { self.message = message }
}

/// Scenario files that are values of the program: for tests, examples and shrunk cases.
public struct ScenarioTexts: ScenarioSource, Sendable {
    public var library: String?
    private let files: [String: String]

    /// By path: `["a.yaml": "name: a ..."]`.
    public init(_ files: [String: String], library: String? = nil) {
        self.files = files
        self.library = library
    }

    public func bytes(of path: String) -> [UInt8]? { files[path].map { Array($0.utf8) } }

    public func fileNames(in folder: String) -> [String] {
        files.keys.filter { FilePath.folder(of: $0) == folder }.map { FilePath.name(of: $0) }.sorted()
    }
}
