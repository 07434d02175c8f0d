/// One `--set links.wifi.loss=2%` of the command line, laid over the tree of the files before it is checked.
package struct Override {
    private let file: String
    private let path: [(text: String, place: Place)]
    private let value: YAMLNode
    private let vocabulary: Vocabulary

    /// Reads `links.wifi.loss=2%`. The value is YAML.
    package init(_ text: String, vocabulary: Vocabulary, log: DiagnosticLog) throws(Diagnostic) {
        file = "--set " + text
        self.vocabulary = vocabulary
        let start = Place(file: file, line: 1, column: 1)
        log.sources.add(file, text)
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw Diagnostic(at: start, "an override is PATH=VALUE", remedy: "for example links.wifi.loss=2%")
        }
        var parts: [(String, Place)] = []
        var column = 1
        for part in text[..<equals].split(separator: ".", omittingEmptySubsequences: false) {
            let place = Place(file: file, line: 1, column: column)
            guard !part.isEmpty else { throw Diagnostic(at: place, "a name is missing in the path") }
            parts.append((String(part), place))
            column += part.unicodeScalars.count + 1
        }
        // Reading a tree is recursive, and so is setting a value in it.
        guard parts.count <= 16 else { throw Diagnostic(at: start, "the path has more than 16 names") }
        path = parts
        // Blanks in place of the path: an error in the value then has the column it has on the command line.
        let value = text[text.index(after: equals)...]
        let blanks = String(repeating: " ", count: text[...equals].unicodeScalars.count)
        let node = try YAMLReader.read(Array((blanks + value).utf8), file: file, log: log)
        self.value = node
    }

    /// The tree with this value in its place.
    package func applied(to root: YAMLNode) throws(Diagnostic) -> YAMLNode {
        try set(root, .record(.scenario), path[...])
    }

    private func set(_ node: YAMLNode, _ shape: Shape?, _ rest: Path) throws(Diagnostic) -> YAMLNode {
        guard let step = rest.first else {
            return Merging(vocabulary).merge(node, value, as: shape)
        }
        if case .list(let items) = node.kind { return try set(items, of: node, shape, step, rest.dropFirst()) }
        guard let entries = node.entries else {
            let parent = path.dropLast(rest.count).map(\.text).joined(separator: ".")
            throw Diagnostic(
                at: step.place,
                "'\(parent)' is \(node.phrase) and holds no '\(step.text)'",
                remedy: "set \(parent)={...}"
            )
        }
        switch shape {
        case .record(let table, _, _): return try set(entries, of: node, table, step, rest.dropFirst())
        case .entries(let table): return try setNamed(entries, of: node, table, rest)
        default: return try replace(entries, of: node, step.text, step.place, nil, rest.dropFirst())
        }
    }

    private typealias Path = ArraySlice<(text: String, place: Place)>

    private func set(
        _ entries: [YAMLNode.Entry],
        of node: YAMLNode,
        _ table: KeyTable,
        _ step: (text: String, place: Place),
        _ rest: Path
    ) throws(Diagnostic) -> YAMLNode {
        guard let shape = table.shape(of: step.text, vocabulary), step.text != "include" else {
            throw Diagnostic(
                at: step.place,
                step.text == "include"
                    ? "a file cannot be included here" : "unknown key '\(step.text)' in \(table.noun)",
                remedy: Suggestion.remedy(for: step.text, among: table.names(vocabulary))
            )
        }
        let rivals = Merging(vocabulary).rivals(of: step.text, shape, in: table)
        let others = entries.filter { !rivals.contains($0.key) }
        return try replace(others, of: node, step.text, step.place, shape, rest)
    }

    /// A name may hold a dot (`bulk.2`), so the longest one that exists wins.
    private func setNamed(
        _ entries: [YAMLNode.Entry],
        of node: YAMLNode,
        _ table: KeyTable,
        _ rest: Path
    ) throws(Diagnostic) -> YAMLNode {
        for length in [2, 1] where rest.count >= length {
            let name = rest.prefix(length).map(\.text).joined(separator: ".")
            guard entries.contains(where: { $0.key == name }), let place = rest.first?.place else { continue }
            return try replace(entries, of: node, name, place, .record(table), rest.dropFirst(length))
        }
        guard let step = rest.first else { return node }
        // A whole new entry may be added; a property of one that is not there is a slip of the pen.
        if rest.count == 1, value.entries != nil {
            return try replace(entries, of: node, step.text, step.place, .record(table), rest.dropFirst())
        }
        throw Diagnostic(
            at: step.place,
            "there is no '\(step.text)' in \(path.dropLast(rest.count).map(\.text).joined(separator: "."))",
            remedy: Suggestion.remedy(for: step.text, among: entries.map(\.key))
        )
    }

    private func set(
        _ items: [YAMLNode],
        of node: YAMLNode,
        _ shape: Shape?,
        _ step: (text: String, place: Place),
        _ rest: Path
    ) throws(Diagnostic) -> YAMLNode {
        guard let index = Int(step.text), items.indices.contains(index) else {
            throw Diagnostic(
                at: step.place,
                "'\(step.text)' is no place in a list of \(items.count)",
                remedy: items.isEmpty ? nil : "count from 0 to \(items.count - 1)"
            )
        }
        var element: Shape?
        if case .list(let inner) = shape { element = inner }
        var items = items
        items[index] = try set(items[index], element, rest)
        return YAMLNode(.list(items), at: node.place)
    }

    private func replace(
        _ entries: [YAMLNode.Entry],
        of node: YAMLNode,
        _ key: String,
        _ place: Place,
        _ shape: Shape?,
        _ rest: Path
    ) throws(Diagnostic) -> YAMLNode {
        var entries = entries
        let old = entries.firstIndex { $0.key == key }
        let empty = YAMLNode(.null, at: place)
        let new = YAMLNode.Entry(
            key: key,
            keyPlace: place,
            value: try set(old.map { entries[$0].value } ?? empty, shape, rest)
        )
        if let old { entries[old] = new } else { entries.append(new) }
        return YAMLNode(.map(entries), at: node.place)
    }
}
