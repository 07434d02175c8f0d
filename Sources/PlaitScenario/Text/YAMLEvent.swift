import CYAML

extension YAMLReader {
    /// One event of libyaml's, copied out of C memory.
    struct Event {
        let kind: Kind
        let place: Place
        let anchor: String?

        enum Kind {
            case streamStart
            case streamEnd
            case documentStart
            case documentEnd
            case alias(String)
            case scalar(String, isPlain: Bool)
            case listStart
            case listEnd
            case mapStart
            case mapEnd
        }
    }
}

extension YAMLReader.Event {
    /// Asks libyaml for one event and frees what it allocated.
    static func next(from parser: UnsafeMutablePointer<yaml_parser_t>, file: String, text: String) throws(Diagnostic)
        -> Self
    {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else {
            throw unsafe problem(of: parser, file: file, text: text)
        }
        defer { unsafe yaml_event_delete(&event) }
        let place = unsafe Place(file: file, mark: event.start_mark)
        if unsafe isTagged(event) {
            throw Diagnostic(at: place, "tags ('!') are not part of the scenario language", remedy: "remove the tag")
        }
        return unsafe Self(kind: try kind(of: event, at: place), place: place, anchor: anchor(of: event))
    }

    private static func kind(of event: yaml_event_t, at place: Place) throws(Diagnostic) -> Kind {
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return unsafe .alias(text(event.data.alias.anchor))
        case YAML_SEQUENCE_START_EVENT: return .listStart
        case YAML_SEQUENCE_END_EVENT: return .listEnd
        case YAML_MAPPING_START_EVENT: return .mapStart
        case YAML_MAPPING_END_EVENT: return .mapEnd
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            guard let value = unsafe scalar.value else { return .scalar("", isPlain: true) }
            let bytes = unsafe UnsafeBufferPointer(start: value, count: scalar.length)
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
            // `"\ud800"` makes libyaml produce bytes that are not UTF-8.
            guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
                throw Diagnostic(at: place, "an escape in this text is not a character")
            }
            return .scalar(text, isPlain: isPlain)
        default:
            throw Diagnostic(at: place, "libyaml reported an event of an unknown kind")
        }
    }

    private static func isTagged(_ event: yaml_event_t) -> Bool {
        switch unsafe event.type {
        case YAML_SCALAR_EVENT: unsafe event.data.scalar.tag != nil
        case YAML_SEQUENCE_START_EVENT: unsafe event.data.sequence_start.tag != nil
        case YAML_MAPPING_START_EVENT: unsafe event.data.mapping_start.tag != nil
        default: false
        }
    }

    private static func anchor(of event: yaml_event_t) -> String? {
        let name: UnsafeMutablePointer<yaml_char_t>? =
            switch unsafe event.type {
            case YAML_SCALAR_EVENT: unsafe event.data.scalar.anchor
            case YAML_SEQUENCE_START_EVENT: unsafe event.data.sequence_start.anchor
            case YAML_MAPPING_START_EVENT: unsafe event.data.mapping_start.anchor
            default: nil
            }
        return unsafe name == nil ? nil : text(name)
    }

    /// Anchors are ASCII in libyaml; anything else would be repaired, never trusted.
    private static func text(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String {
        guard let characters = unsafe characters else { return "" }
        return unsafe String(cString: characters)
    }

    private static func problem(of parser: UnsafeMutablePointer<yaml_parser_t>, file: String, text: String)
        -> Diagnostic
    {
        let error = unsafe parser.pointee
        // libyaml's reader knows the byte it stumbled over, not the line.
        let place =
            unsafe error.error == YAML_READER_ERROR
            ? unsafe Place(file: file, byte: error.problem_offset, in: text)
            : unsafe Place(file: file, mark: error.problem_mark)
        guard unsafe error.error != YAML_MEMORY_ERROR else {
            return Diagnostic(at: place, "not enough memory to read the file")
        }
        var message = "this is not YAML"
        if let problem = unsafe error.problem { unsafe message += ": " + String(cString: problem) }
        if let context = unsafe error.context {
            let start = unsafe Place(file: file, mark: error.context_mark)
            unsafe message += " (" + String(cString: context) + " from line \(start.line), column \(start.column))"
        }
        return Diagnostic(at: place, message)
    }
}

extension Place {
    fileprivate init(file: String, byte: Int, in text: String) {
        let end = text.utf8.index(text.utf8.startIndex, offsetBy: byte, limitedBy: text.utf8.endIndex)
        let scalars = text.unicodeScalars[..<(end ?? text.utf8.endIndex)]
        let lineStart = scalars.lastIndex(of: "\n").map { scalars.index(after: $0) } ?? scalars.startIndex
        self.init(
            file: file,
            line: scalars.count { $0 == "\n" } + 1,
            column: scalars[lineStart...].count + 1
        )
    }

    /// libyaml counts lines and columns from zero.
    fileprivate init(file: String, mark: yaml_mark_t) {
        self.init(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
