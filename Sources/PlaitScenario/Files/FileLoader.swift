/// Finds and reads files, follows includes and presets, and merges what they say.
package final class FileLoader {
    private let source: any ScenarioSource
    private let log: DiagnosticLog
    private let vocabulary: Vocabulary
    /// The main file; values from the command line look for presets beside it.
    private let mainFile: String
    private var filesRead = 0
    private var presets: [String: YAMLNode?] = [:]

    /// Two files that each include two others twice would otherwise be read for ever.
    private static let fileLimit = 256

    package init(source: any ScenarioSource, log: DiagnosticLog, vocabulary: Vocabulary, mainFile: String) {
        self.source = source
        self.log = log
        self.vocabulary = vocabulary
        self.mainFile = mainFile
    }

    /// The main file with all it includes.
    package func scenario() throws(Diagnostic) -> YAMLNode {
        guard let bytes = try bytes(of: mainFile, for: Place(file: mainFile, line: 1, column: 1)) else {
            throw Diagnostic(at: Place(file: mainFile, line: 1, column: 1), "there is no file '\(mainFile)'")
        }
        return try merged(YAMLReader.read(bytes, file: mainFile, log: log), file: mainFile, chain: [mainFile])
    }

    /// The tree of a preset, or `nil` when it cannot be had, which is then in the log.
    package func preset(_ name: String, at place: Place) -> (node: YAMLNode, path: String)? {
        let folder = FilePath.folder(of: place.isOnCommandLine ? mainFile : place.file)
        var folders = [FilePath.joined(folder, "presets")]
        // A preset names another one of its own folder.
        if FilePath.name(of: folder) == "presets" { folders.insert(folder, at: 0) }
        if let library = source.library { folders.append(FilePath.joined(library, "presets")) }
        for candidate in folders {
            let path = FilePath.joined(candidate, name + ".yaml")
            if let known = presets[path] { return known.map { ($0, path) } }
            do throws(Diagnostic) {
                guard let bytes = try bytes(of: path, for: place) else { continue }
                let node = try YAMLReader.read(bytes, file: path, log: log)
                presets[path] = node
                return (node, path)
            } catch {
                log.add(error)
                presets[path] = .some(nil)
                return nil
            }
        }
        let known = folders.flatMap { source.fileNames(in: $0) }.filter { $0.hasSuffix(".yaml") }
        let names = Set(known.map { FilePath.stem(of: $0) }).sorted()
        log.error(
            place,
            "there is no preset '\(name)'",
            remedy: Suggestion.remedy(for: name, among: names)
                ?? "presets are looked for in \(folders.joined(separator: ", "))"
        )
        return nil
    }

    private func merged(_ node: YAMLNode, file: String, chain: [String]) throws(Diagnostic) -> YAMLNode {
        guard let include = node["include"], let entries = node.entries else { return node }
        var base: YAMLNode?
        for item in included(by: include) {
            guard let text = item.text, !text.isEmpty else {
                throw Diagnostic(at: item.place, "include names a file, not \(item.phrase)")
            }
            let part = try self.included(text, at: item.place, from: file, chain: chain)
            base = base.map { Merging(vocabulary).merge($0, part, as: .record(.scenario)) } ?? part
        }
        let own = YAMLNode(.map(entries.filter { $0.key != "include" }), at: node.place)
        return base.map { Merging(vocabulary).merge($0, own, as: .record(.scenario)) } ?? own
    }

    private func included(by node: YAMLNode) -> [YAMLNode] {
        if case .list(let items) = node.kind { items } else { [node] }
    }

    private func included(
        _ name: String,
        at place: Place,
        from file: String,
        chain: [String]
    ) throws(Diagnostic) -> YAMLNode {
        var candidates = [FilePath.joined(FilePath.folder(of: file), name)]
        if let library = source.library, !name.hasPrefix("/") { candidates.append(FilePath.joined(library, name)) }
        for path in candidates {
            if chain.contains(path) {
                let loop = (chain + [path]).joined(separator: " includes ")
                throw Diagnostic(
                    at: place,
                    "files include each other in a circle: \(loop)",
                    remedy: "remove one include"
                )
            }
            guard let bytes = try bytes(of: path, for: place) else { continue }
            let node = try YAMLReader.read(bytes, file: path, log: log)
            guard node.entries != nil else {
                throw Diagnostic(at: node.place, "an included file is a map of keys, not \(node.phrase)")
            }
            return try merged(node, file: path, chain: chain + [path])
        }
        throw Diagnostic(
            at: place,
            "there is no file '\(name)' to include",
            remedy: "looked for \(candidates.joined(separator: " and "))"
        )
    }

    private func bytes(of path: String, for place: Place) throws(Diagnostic) -> [UInt8]? {
        filesRead += 1
        guard filesRead <= Self.fileLimit else {
            throw Diagnostic(at: place, "more than \(Self.fileLimit) files are included")
        }
        do throws(ScenarioSourceError) {
            return try source.bytes(of: path)
        } catch {
            throw Diagnostic(at: place, "'\(path)' cannot be read: \(error.message)")
        }
    }
}
