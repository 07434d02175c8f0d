import PlaitRun
import PlaitScenario

extension Context {
    /// The path of the file that a name on the command line stands for.
    package func path(of name: String) throws(CommandError) -> String {
        let shown = Printable.quoted(name)
        guard let path = files.locate(name) else {
            throw CommandError(.noInput, "there is no file \(shown)", remedy: suggestion(for: name))
        }
        switch FileScenarioSource.kind(of: path) {
        case .folder:
            throw CommandError(
                .noInput,
                "\(shown) is a folder, not a scenario file",
                remedy: "name a file in it, or all of them: \(Printable.plain(FilePath.joined(path, "*.yaml")))"
            )
        case .file: break
        case .other, nil:
            // Opening it says why it cannot be read.
            break
        }
        do throws(ScenarioSourceError) {
            guard try files.bytes(of: path) != nil else {
                throw ScenarioSourceError("it is gone")
            }
        } catch {
            throw CommandError(.noInput, "\(shown) cannot be read: \(error.message)")
        }
        return path
    }

    private func suggestion(for name: String) -> String? {
        let folder = FilePath.folder(of: name)
        let beside = files.fileNames(in: folder).filter { $0.hasSuffix(".yaml") }.map { FilePath.joined(folder, $0) }
        let shipped = files.library.map { files.fileNames(in: $0) } ?? []
        let names = shipped.filter { $0.hasSuffix(".yaml") }.map { FilePath.stem(of: $0) }
        return Suggestion.nearest(to: name, among: beside + names).map { "did you mean \(Printable.quoted($0))?" }
            ?? "'plait scenarios' lists what ships with Plait"
    }
}
