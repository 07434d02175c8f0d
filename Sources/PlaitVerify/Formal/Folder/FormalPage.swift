import PlaitReport

/// The tables of formal/README.md: every property with its meaning, where it lives, and the states it was checked in.
package enum FormalPage {
    package static let beginning = "<!-- Made by scripts/formal from properties.csv and expect.json; do not edit. -->"
    package static let end = "<!-- End of what scripts/formal made. -->"

    /// A page with its tables made anew.
    ///
    /// - Returns: `nil` if it lacks the two marks, or has them the wrong way round.
    package static func page(_ text: String, with folders: [ModelFolder]) -> String? {
        guard let from = text.firstRange(of: beginning), let to = text.firstRange(of: end),
            from.upperBound <= to.lowerBound
        else { return nil }
        return text[..<from.upperBound] + "\n\n" + tables(of: folders) + "\n" + text[to.lowerBound...]
    }

    /// Makes the tables of a file anew.
    package static func write(_ path: String, with folders: [ModelFolder]) throws(FormalFileError) {
        guard let bytes = FolderListing.bytes(of: path) else { throw FormalFileError(path, "it cannot be read") }
        guard let page = page(String(decoding: bytes, as: UTF8.self), with: folders) else {
            throw FormalFileError(path, "the marks of its tables are missing", remedy: "write \(beginning) and \(end)")
        }
        do throws(FileError) {
            try FileSink.write(text(page), to: path)
        } catch {
            throw FormalFileError(path, error.description)
        }
    }

    private static func text(_ string: String) -> Text {
        var text = Text(capacity: string.utf8.count)
        text.append(string)
        return text
    }

    /// One table a module.
    package static func tables(of folders: [ModelFolder]) -> String {
        folders.map(table).joined(separator: "\n")
    }

    private static func table(of folder: ModelFolder) -> String {
        var text = "### \(folder.name)\n\n"
        text += "| property | name | kind | says that | in the code | states checked |\n|---|---|---|---|---|---:|\n"
        for property in folder.properties {
            let cells = [
                property.id, "`\(property.name)`", property.kind.rawValue, property.words, "`\(property.swift)`",
                states(of: property, in: folder),
            ]
            text += "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
        }
        text += "\n| configuration | checks | comes to | states | generated | depth |\n|---|---|---|---:|---:|---:|\n"
        for configuration in folder.configurations {
            let expectation = configuration.expectation
            let checked = configuration.kind == .graph ? ["exports the graph"] : checks(of: configuration)
            let cells = [
                "`\(configuration.name)`", checked.joined(separator: ", "), expectation.words,
                number(expectation.distinct), number(expectation.generated), number(expectation.depth),
            ]
            text += "| " + cells.joined(separator: " | ") + " |\n"
        }
        return text
    }

    /// Where nothing was violated: in the configuration that checks the most states.
    private static func states(of property: PropertyRow, in folder: ModelFolder) -> String {
        let counts = folder.checks(of: property).compactMap(\.expectation.distinct)
        return counts.max().map { number($0) } ?? "none"
    }

    private static func checks(of configuration: ModelConfiguration) -> [String] {
        let names = configuration.invariants + configuration.properties
        return names.count > 3 ? ["\(names.count) properties"] : names.map { "`\($0)`" }
    }

    private static func number(_ value: Int?) -> String { value.map { Readable.count(UInt64(max(0, $0))) } ?? "" }
}

extension ModelFolder {
    /// The configurations of the true model that check a property.
    package func checks(of property: PropertyRow) -> [ModelConfiguration] {
        configurations.filter { configuration in
            guard [.safety, .graph, .live].contains(configuration.kind) else { return false }
            return (configuration.invariants + configuration.properties).contains(property.name)
        }
    }
}
