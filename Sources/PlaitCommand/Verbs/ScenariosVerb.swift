import PlaitRun
import PlaitScenario

/// A scenario or preset that ships with Plait.
package struct ShippedFile: Hashable, Sendable {
    /// What the command line understands: `first`, `presets/satellite`.
    package let name: String
    package let path: String
    package let isPreset: Bool
    /// `nil` when the file says nothing, or cannot be read.
    package let summary: String?

    /// Scenarios first, each group by name.
    package static func all(_ context: Context) throws(CommandError) -> [ShippedFile] {
        guard let library = context.files.library else {
            throw CommandError(
                .noInput,
                "the package's Scenarios folder is not found",
                remedy: "set PLAIT_ROOT to the folder of Plait's sources, or use scripts/plait, which does"
            )
        }
        let reader = ScenarioReader(source: context.files, vocabulary: context.registry.vocabulary)
        var found: [ShippedFile] = []
        for (folder, prefix) in [("", ""), ("presets", "presets/")] {
            let place = FilePath.joined(library, folder)
            for name in context.files.fileNames(in: place) where name.hasSuffix(".yaml") {
                let path = FilePath.joined(place, name)
                guard FileScenarioSource.kind(of: path) != .folder else { continue }
                found.append(
                    ShippedFile(
                        name: prefix + FilePath.stem(of: name),
                        path: path,
                        isPreset: !prefix.isEmpty,
                        summary: reader.summary(of: path)
                    )
                )
            }
        }
        return found
    }
}

extension Verb {
    /// `plait scenarios`
    package static let scenarios = Verb(
        "scenarios",
        "Lists the scenarios and presets that ship with Plait.",
        operands: .none,
        examples: [
            Example("plait scenarios", "one line each"),
            Example("plait scenarios --json", "for machines, with the paths of the files"),
        ],
        notes: ["A scenario's name can be given wherever a file is expected; copy its file to change it."],
        options: [.flag("json", "prints JSON")]
    ) { arguments, context throws(CommandError) in
        let files = try ShippedFile.all(context)
        if arguments.flag("json") {
            context.console.output.write(json(files))
            return .success
        }
        let width = files.map(\.name.count).max() ?? 0
        for (title, group) in [("Scenarios", files.filter { !$0.isPreset }), ("Presets", files.filter(\.isPreset))] {
            guard !group.isEmpty else { continue }
            context.console.output.write(title + "\n")
            for file in group {
                let space = String(repeating: " ", count: width - file.name.count)
                let summary = Printable.plain(file.summary ?? "(no summary)")
                context.console.output.write("  \(file.name)\(space)  \(summary)\n")
            }
        }
        return .success
    }

    private static func json(_ files: [ShippedFile]) -> String {
        let entries = files.map { file in
            var entry: [(String, JSONText)] = [
                ("name", .text(file.name)),
                ("kind", .text(file.isPreset ? "preset" : "scenario")),
                ("file", .text(file.path)),
            ]
            if let summary = file.summary { entry.append(("summary", .text(summary))) }
            return JSONText.map(entry)
        }
        return JSONText.list(entries).pretty
    }
}
