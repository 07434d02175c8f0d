import CYAML

/// Reads one YAML document into a tree in which every node knows its line and column.
///
/// The subset is small on purpose: one document, no tags, no merge keys, keys are words, each once in its map. Aliases
/// are expanded within bounds, so that no text of a few lines becomes a tree of billions ("billion laughs").
@safe package struct YAMLReader: ~Copyable {
    /// The longest text, in bytes.
    package static let sizeLimit = 8 << 20
    /// The largest tree, aliases expanded.
    package static let nodeLimit = 500_000
    /// The longest key or scalar, in bytes: an alias may stand for it half a million times.
    package static let textLimit = 1_024
    /// The deepest nesting. Reading is recursive, and so is everything that walks the tree.
    package static let depthLimit = 64

    private let file: String
    private let text: String
    private let log: DiagnosticLog
    /// On the heap, because libyaml keeps a pointer to the parser inside it.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private var anchors: [String: YAMLNode] = [:]
    private var openAnchors: Set<String> = []
    private var nodeCount = 0

    /// Reads `bytes` as the file called `file`.
    ///
    /// Duplicate keys are added to `log`; anything after which reading makes no sense is thrown.
    package static func read(_ bytes: [UInt8], file: String, log: DiagnosticLog) throws(Diagnostic) -> YAMLNode {
        let start = Place(file: file, line: 1, column: 1)
        guard bytes.count <= sizeLimit else {
            throw Diagnostic(at: start, "the file has \(bytes.count) bytes, more than the limit of \(sizeLimit)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic(
                at: place(ofFirstInvalidByteIn: bytes, file: file),
                "these bytes are not UTF-8",
                remedy: "save the file as UTF-8"
            )
        }
        log.sources.add(file, text)
        return try unsafe bytes.withUnsafeBufferPointer { buffer throws(Diagnostic) in
            var reader = try unsafe YAMLReader(file: file, text: text, log: log, bytes: buffer)
            return try reader.document()
        }
    }

    private init(
        file: String,
        text: String,
        log: DiagnosticLog,
        bytes: UnsafeBufferPointer<UInt8>
    ) throws(Diagnostic) {
        self.file = file
        self.text = text
        self.log = log
        unsafe parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        // On failure the struct is zeroed, and deleting it (in `deinit`) is harmless.
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            throw Diagnostic(at: Place(file: file, line: 1, column: 1), "not enough memory to read the file")
        }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
    }

    private mutating func document() throws(Diagnostic) -> YAMLNode {
        guard case .streamStart = try next().kind else { throw surprise(at: Place(file: file, line: 1, column: 1)) }
        let first = try next()
        guard case .documentStart = first.kind else {
            return YAMLNode(.null, at: Place(file: file, line: 1, column: 1))
        }
        let root = try node(try next(), depth: 1)
        guard case .documentEnd = try next().kind else { throw surprise(at: root.place) }
        let last = try next()
        guard case .streamEnd = last.kind else {
            throw Diagnostic(
                at: last.place,
                "a second document starts here",
                remedy: "a file holds one scenario: remove the line '---' or split the file"
            )
        }
        return root
    }

    private mutating func node(_ event: Event, depth: Int) throws(Diagnostic) -> YAMLNode {
        guard depth <= Self.depthLimit else {
            throw Diagnostic(at: event.place, "values are nested more than \(Self.depthLimit) levels deep")
        }
        try count(1, at: event.place)
        switch event.kind {
        case .scalar(let text, let isPlain):
            guard text.utf8.count <= Self.textLimit else {
                throw Diagnostic(at: event.place, "this text is longer than \(Self.textLimit) bytes")
            }
            let isNull = isPlain && (text.isEmpty || text == "~" || text == "null")
            return try keep(YAMLNode(isNull ? .null : .scalar(text, isPlain: isPlain), at: event.place), for: event)
        case .listStart: return try keep(YAMLNode(.list(try items(of: event, depth)), at: event.place), for: event)
        case .mapStart: return try keep(YAMLNode(.map(try entries(of: event, depth)), at: event.place), for: event)
        case .alias(let name): return try anchored(name, at: event.place, depth: depth)
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .listEnd, .mapEnd:
            throw surprise(at: event.place)
        }
    }

    private mutating func items(of start: Event, _ depth: Int) throws(Diagnostic) -> [YAMLNode] {
        open(start)
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .listEnd = event.kind { return items }
            items.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func entries(of start: Event, _ depth: Int) throws(Diagnostic) -> [YAMLNode.Entry] {
        open(start)
        var entries: [YAMLNode.Entry] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try next()
            if case .mapEnd = event.kind { return entries }
            let key = try key(event)
            let value = try node(try next(), depth: depth + 1)
            if let line = lines.updateValue(event.place.line, forKey: key) {
                lines[key] = line
                log.error(event.place, "the key '\(key)' is already on line \(line)", remedy: "remove one of them")
            } else {
                entries.append(YAMLNode.Entry(key: key, keyPlace: event.place, value: value))
            }
        }
    }

    private mutating func key(_ event: Event) throws(Diagnostic) -> String {
        guard case .scalar(let key, _) = event.kind, !key.isEmpty, key.utf8.count <= Self.textLimit else {
            throw Diagnostic(at: event.place, "a key must be a word")
        }
        guard key != "<<" else {
            throw Diagnostic(
                at: event.place,
                "merge keys ('<<') are not part of the scenario language",
                remedy: "use preset: or include:, or an alias for the whole value"
            )
        }
        if event.anchor != nil { _ = try keep(YAMLNode(.scalar(key, isPlain: true), at: event.place), for: event) }
        return key
    }

    private mutating func count(_ nodes: Int, at place: Place) throws(Diagnostic) {
        nodeCount += nodes
        guard nodeCount <= Self.nodeLimit else {
            throw Diagnostic(at: place, "with its aliases written out the file has more than \(Self.nodeLimit) values")
        }
    }

    private mutating func open(_ event: Event) {
        if let anchor = event.anchor { openAnchors.insert(anchor) }
    }

    private mutating func keep(_ node: YAMLNode, for event: Event) throws(Diagnostic) -> YAMLNode {
        if let anchor = event.anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = node
        }
        return node
    }

    private mutating func anchored(_ name: String, at place: Place, depth: Int) throws(Diagnostic) -> YAMLNode {
        guard !openAnchors.contains(name) else {
            throw Diagnostic(at: place, "the alias '*\(name)' stands inside the value it names")
        }
        guard let node = anchors[name] else {
            throw Diagnostic(
                at: place,
                "there is no anchor '&\(name)' above",
                remedy: Suggestion.nearest(to: name, among: anchors.keys.sorted()).map { "did you mean '*\($0)'?" }
            )
        }
        guard depth + node.height - 1 <= Self.depthLimit else {
            throw Diagnostic(at: place, "values are nested more than \(Self.depthLimit) levels deep")
        }
        try count(node.size - 1, at: place)
        return node
    }

    private func surprise(at place: Place) -> Diagnostic {
        Diagnostic(at: place, "the text breaks off here", remedy: "complete it or remove it")
    }

    private func next() throws(Diagnostic) -> Event {
        try unsafe Event.next(from: parser, file: file, text: text)
    }

    private static func place(ofFirstInvalidByteIn bytes: [UInt8], file: String) -> Place {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var line = 1
        var column = 1
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            column += 1
            if scalar == "\n" { (line, column) = (line + 1, 1) }
        }
        return Place(file: file, line: line, column: column)
    }
}
