package import PlaitReport
import PlaitRun
import PlaitScenario

/// What a run left behind, as far as it takes to compare it with another.
package struct RunFolder: Sendable {
    /// As given.
    package let path: String
    /// What its manifest says; `nil` when there is none, which only a folder with a packet log can do without.
    package let manifest: JSONValue?

    package init(_ path: String) throws(CommandError) {
        self.path = path
        let shown = Printable.quoted(path)
        switch FileScenarioSource.kind(of: path) {
        case .folder: break
        case nil: throw CommandError(.noInput, "there is no folder \(shown)")
        case .file, .other:
            throw CommandError(.noInput, "\(shown) is not a folder", remedy: "name the folder that plait run wrote")
        }
        manifest = try Self.manifest(in: path)
        guard manifest != nil || !packetLogs.isEmpty else {
            throw CommandError(
                .noInput,
                "\(shown) holds neither a manifest.json nor a packets.csv",
                remedy: "name the folder that plait run wrote"
            )
        }
    }

    /// The packet logs there are, by their names inside the folder: one, or one for each of several seeds.
    package var packetLogs: [String] {
        let folders = (manifest?["seeds"]?.list ?? []).compactMap(\.word).map { "seed-\($0)/" }
        return ([""] + folders).map { $0 + "packets.csv" }.filter { FileScenarioSource.kind(of: file($0)) == .file }
    }

    /// The path of a file of the folder.
    package func file(_ name: String) -> String { FilePath.joined(path, name) }

    /// One line about the run.
    package var title: String {
        var facts = [Printable.plain(path)]
        if let name = word("scenario") { facts.append("scenario \(name)") }
        if let seeds { facts.append("seed \(seeds)") }
        if let version = word("plait_version") { facts.append("plait \(version)") }
        if let platform = word("platform") { facts.append(platform) }
        return facts.joined(separator: ", ")
    }

    package var seeds: String? {
        guard let seeds = manifest?["seeds"]?.list?.compactMap(\.word), let first = seeds.first else { return nil }
        return seeds.count == 1 ? first : "\(first) and \(seeds.count - 1) more"
    }

    /// A plain value of the manifest, fit for a terminal.
    package func word(_ key: String) -> String? { manifest?[key]?.word.map(Printable.plain) }

    /// Name and digits: all that the manifest has, or without those one for each row of runs.csv.
    package func hashes() throws(CommandError) -> [(name: String, digits: String)] {
        let members = manifest?["hashes"]?.members ?? []
        guard !members.isEmpty else { return try runHashes() }
        var hashes: [(name: String, digits: String)] = []
        for member in members {
            guard let digits = member.value.text else {
                throw CommandError(.badData, "\(shownManifest): the hash of \(Printable.quoted(member.key)) is no text")
            }
            hashes.append((Printable.plain(member.key), digits))
        }
        return hashes
    }

    private func runHashes() throws(CommandError) -> [(name: String, digits: String)] {
        let file = file("runs.csv")
        guard FileScenarioSource.kind(of: file) == .file else { return [] }
        var lines = try LineReader(file)
        var line: [UInt8] = []
        guard try lines.next(into: &line) else { return [] }
        let header = CSVRow.fields(of: line)
        guard let seed = header.firstIndex(of: "seed"), let hash = header.firstIndex(of: "hash") else {
            throw CommandError(.badData, "\(Printable.plain(file)): the columns seed and hash are missing")
        }
        var hashes: [(name: String, digits: String)] = []
        while try lines.next(into: &line) {
            let fields = CSVRow.fields(of: line)
            guard fields.count == header.count else {
                throw CommandError(.badData, "\(Printable.plain(file)):\(lines.lineNumber): the row is not complete")
            }
            hashes.append(("run with seed \(Printable.plain(fields[seed]))", fields[hash]))
        }
        return hashes
    }

    private var shownManifest: String { Printable.plain(file("manifest.json")) }

    private static func manifest(in path: String) throws(CommandError) -> JSONValue? {
        let file = FilePath.joined(path, "manifest.json")
        let shown = Printable.plain(file)
        let bytes: [UInt8]?
        do throws(ScenarioSourceError) {
            bytes = try FileScenarioSource(library: nil).bytes(of: file)
        } catch {
            throw CommandError(.noInput, "\(shown) cannot be read: \(error.message)")
        }
        guard let bytes else { return nil }
        do throws(JSONValue.SyntaxError) {
            let value = try JSONValue(parsing: bytes)
            guard value.members != nil else { throw JSONValue.SyntaxError(line: 1, message: "not an object") }
            return value
        } catch {
            throw CommandError(.badData, "\(shown):\(error.line): not a manifest: \(error.message)")
        }
    }
}
