import PlaitReport

extension ModelFolder {
    /// All modules of a folder `formal`: each folder in it that holds an expect.json, by name.
    package static func all(
        in formal: String,
        isRecording: Bool = false
    ) throws(FormalFileError) -> [ModelFolder] {
        var folders: [ModelFolder] = []
        for name in FolderListing.names(in: formal)
        where FolderListing.bytes(of: "\(formal)/\(name)/expect.json") != nil {
            folders.append(try ModelFolder(reading: "\(formal)/\(name)", isRecording: isRecording))
        }
        return folders
    }

    /// Reads expect.json, properties.csv, infeasible.csv and the configurations of one module. Whoever is about to
    /// record the counts need not have them.
    package init(reading path: String, isRecording: Bool = false) throws(FormalFileError) {
        self.path = path
        name = String(path.split(separator: "/").last ?? "")
        properties = try Self.properties(in: path)
        infeasible = try Self.infeasible(in: path)
        configurations = try Self.configurations(
            in: path,
            module: name,
            properties: properties,
            isRecording: isRecording
        )
        try Self.checkCompleteness(of: configurations, properties, in: path)
    }

    /// Where TLC finds the modules: what all models share, then this model's own.
    package var sources: [String] { [path + "/..", path] }

    /// The committed behaviours; nil if there are none.
    package func corpus() throws(FormalFileError) -> Corpus? {
        let file = path + "/corpus.jsonl"
        guard let bytes = FolderListing.bytes(of: file) else { return nil }
        return try Corpus(parsing: bytes, path: file)
    }

    private static func properties(in path: String) throws(FormalFileError) -> [PropertyRow] {
        let table = try FormalTable(
            reading: path + "/properties.csv",
            header: ["id", "kind", "tla_name", "swift", "words"]
        )
        var rows: [PropertyRow] = []
        for (line, fields) in table.rows {
            guard let kind = PropertyRow.Kind(rawValue: fields[1]) else {
                throw FormalFileError(
                    table.path,
                    line: line,
                    "there is no kind of property called \(fields[1])",
                    remedy: "write invariant, action or liveness"
                )
            }
            guard !rows.contains(where: { $0.id == fields[0] }) else {
                throw FormalFileError(table.path, line: line, "\(fields[0]) is there twice", remedy: "remove one")
            }
            rows.append(PropertyRow(id: fields[0], kind: kind, name: fields[2], swift: fields[3], words: fields[4]))
        }
        return rows
    }

    private static func infeasible(in path: String) throws(FormalFileError) -> [InfeasibleRow] {
        let file = path + "/infeasible.csv"
        // A model whose every transition can be taken has no such file.
        guard FolderListing.bytes(of: file) != nil else { return [] }
        let table = try FormalTable(reading: file, header: ["module", "action", "from", "reason"])
        var rows: [InfeasibleRow] = []
        for (line, fields) in table.rows {
            guard !fields[3].isEmpty else {
                throw FormalFileError(file, line: line, "there is no reason", remedy: "say why the code cannot do this")
            }
            rows.append(InfeasibleRow(module: fields[0], action: fields[1], from: fields[2], reason: fields[3]))
        }
        return rows
    }

    private static func configurations(
        in path: String,
        module: String,
        properties: [PropertyRow],
        isRecording: Bool
    ) throws(FormalFileError) -> [ModelConfiguration] {
        let file = path + "/expect.json"
        let expected = try expectations(in: file)
        let liveness = properties.filter { $0.kind == .liveness }.map(\.name)
        var configurations: [ModelConfiguration] = []
        for (name, value) in expected {
            let kind = ModelConfiguration.Kind.allCases.first {
                name == $0.rawValue || name.hasPrefix($0.rawValue + "_")
            }
            guard let kind else {
                throw FormalFileError(
                    file,
                    "\(name) is no kind of configuration",
                    remedy: "begin its name with Safety, Graph, Live_, Witness_, Mut_ or Large"
                )
            }
            guard let bytes = FolderListing.bytes(of: "\(path)/\(name).cfg") else {
                throw FormalFileError(file, "there is no \(name).cfg", remedy: "add it, or remove \(name) here")
            }
            let sections = ConfigurationFile(bytes)
            var expectation = value
            // This TLC misses violations of liveness with more workers than one.
            if kind == .live || sections.properties.contains(where: liveness.contains) { expectation.workers = 1 }
            let configuration = ModelConfiguration(
                name: name,
                kind: kind,
                module: expectation.module ?? (kind == .live ? module : "MC" + module),
                expectation: expectation,
                properties: sections.properties,
                invariants: sections.invariants
            )
            try checkSoundness(
                of: configuration,
                sections,
                in: path,
                liveness: liveness,
                isRecording: isRecording
            )
            configurations.append(configuration)
        }
        for entry in FolderListing.names(in: path) where entry.hasSuffix(".cfg") && entry != "Trace.cfg" {
            guard configurations.contains(where: { $0.name + ".cfg" == entry }) else {
                throw FormalFileError(
                    file,
                    "nothing is expected of \(entry)",
                    remedy: "add it with its rc and code; scripts/formal fills in the counts"
                )
            }
        }
        let kinds = ModelConfiguration.Kind.allCases
        func rank(_ configuration: ModelConfiguration) -> Int {
            kinds.firstIndex(of: configuration.kind) ?? kinds.count
        }
        return configurations.sorted { (rank($0), $0.name) < (rank($1), $1.name) }
    }
}

/// The sections of a configuration file that name what is checked, and how.
struct ConfigurationFile {
    /// Of all sections that are there.
    private(set) var keywords: Set<Substring> = []
    /// The value of the constant Mutant, without quotes; nil if it has none.
    private(set) var mutant: String?
    private(set) var invariants: [String] = []
    private(set) var properties: [String] = []

    private static let known: Set<Substring> = [
        "SPECIFICATION", "INIT", "NEXT", "CONSTANT", "CONSTANTS", "INVARIANT", "INVARIANTS", "PROPERTY", "PROPERTIES",
        "SYMMETRY", "VIEW", "CONSTRAINT", "CONSTRAINTS", "ACTION_CONSTRAINT", "ACTION_CONSTRAINTS", "CHECK_DEADLOCK",
    ]

    init(_ bytes: [UInt8]) {
        var section: Substring = ""
        var constant: [Substring] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let statement = line.firstRange(of: "\\*").map { line[..<$0.lowerBound] } ?? line
            for word in statement.replacing("=", with: " = ").split(whereSeparator: \.isWhitespace) {
                if Self.known.contains(word) {
                    section = word
                    keywords.insert(word)
                } else if section.hasPrefix("CONSTANT") {
                    constant = constant.suffix(2) + [word]
                    guard constant.count == 3, constant[0] == "Mutant", constant[1] == "=" else { continue }
                    mutant = String(word.filter { $0 != "\"" })
                } else if section.hasPrefix("INVARIANT") {
                    invariants.append(String(word))
                } else if section == "PROPERTY" || section == "PROPERTIES" {
                    properties.append(String(word))
                }
            }
        }
    }
}

/// A table of `formal/`, its header checked and every row as wide as it.
struct FormalTable {
    let path: String
    /// With the lines where they stand.
    private(set) var rows: [(line: Int, fields: [String])] = []

    init(reading path: String, header: [String]) throws(FormalFileError) {
        self.path = path
        guard let bytes = FolderListing.bytes(of: path) else {
            throw FormalFileError(path, "it cannot be read", remedy: "its columns are \(header.joined(separator: ","))")
        }
        for (place, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty { continue }
            let fields = CSVRow.fields(of: Array(line))
            if place == 0 {
                guard fields == header else {
                    throw FormalFileError(
                        path,
                        line: 1,
                        "the columns are others",
                        remedy: "write \(header.joined(separator: ","))"
                    )
                }
                continue
            }
            guard fields.count == header.count else {
                throw FormalFileError(
                    path,
                    line: place + 1,
                    "\(fields.count) columns instead of \(header.count)",
                    remedy: "put a field that holds a comma in quotes"
                )
            }
            rows.append((place + 1, fields))
        }
    }
}
