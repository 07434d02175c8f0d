/// A character of a scenario file, counted from one as editors do.
public struct Place: Hashable, Sendable {
    /// The file as it was named to the reader, or `--set links.wifi.loss=2%` for a value from the command line.
    public let file: String
    public let line: Int
    /// In characters, not bytes.
    public let column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension Place: Comparable {
    public static func < (a: Place, b: Place) -> Bool {
        (a.file, a.line, a.column) < (b.file, b.line, b.column)
    }
}

extension Place: CustomStringConvertible {
    public var description: String { isOnCommandLine || line == 0 ? file : "\(file):\(line):\(column)" }

    /// Whether the value came from `--set` and not from a file.
    public var isOnCommandLine: Bool { file.hasPrefix("--set ") }
}

/// Where a value was written, or nowhere when a program made it.
///
/// All origins are equal: two scenarios that say the same are the same scenario, wherever each was written down.
public struct Origin: Sendable {
    public let place: Place?

    public init(_ place: Place?) { self.place = place }

    /// Made by a program.
    public static let none = Origin(nil)
}

extension Origin: Hashable {
    public static func == (a: Origin, b: Origin) -> Bool { true }
    public func hash(into hasher: inout Hasher) {}
}
