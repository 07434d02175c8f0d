package import PlaitReport

// The Informal Trace Format of Apalache (its ADR-015), with the names that Quint gives an action and its parameters.
// Model values, which the format does not know, are written as what it calls unserializable.
extension ModelTrace {
    private static let taken = "mbt::actionTaken"
    private static let picks = "mbt::nondetPicks"
    /// Greater whole numbers are written as texts: many readers keep numbers as floating-point ones.
    private static let numberMax = 1 << 53

    /// As a file: the same trace is the same bytes.
    package var itf: Text {
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.key("#meta")
            writer.object { writer in
                writer.key("format")
                writer.value("ITF")
                writer.key("format-description")
                writer.value("https://apalache.informal.systems/docs/adr/015adr-trace.html")
                writer.key("module")
                writer.value(module)
                writer.key("source")
                writer.value(source)
            }
            writer.key("vars")
            writer.array { writer in
                for name in variables { writer.value(name) }
            }
            if let loop {
                writer.key("loop")
                writer.value(Int64(loop))
            }
            writer.key("states")
            writer.array { writer in
                for (place, step) in steps.enumerated() { write(step, place, &writer) }
            }
        }
        return writer.document
    }

    private func write(_ step: Step, _ place: Int, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("#meta")
            writer.object { writer in
                writer.key("index")
                writer.value(Int64(place))
            }
            if case .record(let fields)? = step.action, case .text(let name)? = step.action?["name"] {
                writer.key(Self.taken)
                writer.value(name)
                writer.key(Self.picks)
                Self.write(.record(fields.filter { $0.name != "name" }), &writer)
            }
            for (name, value) in zip(variables, step.values) {
                writer.key(name)
                Self.write(value, &writer)
            }
        }
    }

    private static func write(_ value: TLAValue, _ writer: inout JSONWriter) {
        switch value {
        case .number(let number) where number.magnitude < numberMax: writer.value(Int64(number))
        case .number(let number): tagged("#bigint", &writer) { $0.value(String(number)) }
        case .flag(let flag): writer.value(flag)
        case .text(let text): writer.value(text)
        case .name(let name): tagged("#unserializable", &writer) { $0.value(name) }
        case .tuple(let values): tagged("#tup", &writer) { list(values, &$0) }
        case .set(let values): tagged("#set", &writer) { list(values, &$0) }
        case .record(let fields):
            writer.object { writer in
                for field in fields {
                    writer.key(field.name)
                    write(field.value, &writer)
                }
            }
        case .function(let mappings):
            tagged("#map", &writer) { writer in
                writer.array { writer in
                    for mapping in mappings { list([mapping.argument, mapping.value], &writer) }
                }
            }
        }
    }

    private static func list(_ values: [TLAValue], _ writer: inout JSONWriter) {
        writer.array { writer in
            for value in values { write(value, &writer) }
        }
    }

    private static func tagged(_ tag: String, _ writer: inout JSONWriter, _ content: (inout JSONWriter) -> Void) {
        writer.object { writer in
            writer.key(tag)
            content(&writer)
        }
    }
}

extension ModelTrace {
    /// Reads such a file, of ours or of another tool.
    package init(parsingITF bytes: [UInt8], path: String) throws(FormalFileError) {
        let file: JSONValue
        do throws(JSONValue.SyntaxError) {
            file = try JSONValue(parsing: bytes)
        } catch {
            throw FormalFileError(path, line: error.line, error.message)
        }
        let variables = file["vars"]?.list?.compactMap(\.text) ?? []
        guard !variables.isEmpty, let states = file["states"]?.list, !states.isEmpty else {
            throw FormalFileError(path, "this is no trace: it lacks vars or states")
        }
        var steps: [Step] = []
        for (place, state) in states.enumerated() {
            var values: [TLAValue] = []
            for name in variables {
                guard let value = state[name].flatMap({ Self.value($0) }) else {
                    throw FormalFileError(path, "\(name) of state \(place) is missing, or no value of TLA+")
                }
                values.append(value)
            }
            steps.append(Step(action: Self.action(of: state), values: values))
        }
        var loop: Int?
        if case .number(let digits)? = file["loop"] {
            guard let place = Int(digits), steps.indices.contains(place) else {
                throw FormalFileError(path, "the loop leads to no state")
            }
            loop = place
        }
        let meta = file["#meta"]
        self.init(
            module: meta?["module"]?.text ?? "",
            source: meta?["source"]?.text ?? "",
            variables: variables,
            steps: steps,
            loop: loop
        )
    }

    private static func action(of state: JSONValue) -> TLAValue? {
        guard let name = state[taken]?.text else { return nil }
        var fields: [(String, TLAValue)] = [("name", .text(name))]
        if case .record(let picks)? = state[picks].flatMap({ value($0) }) {
            fields += picks.filter { $0.name != "name" }.map { ($0.name, $0.value) }
        }
        return .record(of: fields)
    }

    /// The reader of JSON has refused what is nested too deeply already.
    private static func value(_ json: JSONValue) -> TLAValue? {
        switch json {
        case .null: return nil
        case .flag(let flag): return .flag(flag)
        case .number(let digits): return Int(digits).map { .number($0) }
        case .text(let text): return .text(text)
        case .list(let items): return values(items).map { .tuple($0) }
        case .map(let members):
            guard members.count == 1, let tag = members.first, tag.key.hasPrefix("#") else { return record(members) }
            switch tag.key {
            case "#bigint": return tag.value.text.flatMap { Int($0) }.map { .number($0) }
            case "#unserializable": return tag.value.text.map { .name($0) }
            case "#tup": return tag.value.list.flatMap(values).map { .tuple($0) }
            case "#set": return tag.value.list.flatMap(values).map { .set(of: $0) }
            case "#map": return tag.value.list.flatMap(function)
            default: return nil
            }
        }
    }

    private static func values(_ items: [JSONValue]) -> [TLAValue]? {
        let values = items.compactMap { value($0) }
        return values.count == items.count ? values : nil
    }

    private static func record(_ members: [JSONValue.Member]) -> TLAValue? {
        var fields: [(String, TLAValue)] = []
        for member in members where member.key != "#meta" {
            guard let value = value(member.value), !fields.contains(where: { $0.0 == member.key }) else { return nil }
            fields.append((member.key, value))
        }
        return .record(of: fields)
    }

    private static func function(_ pairs: [JSONValue]) -> TLAValue? {
        var mappings: [TLAValue.Mapping] = []
        for pair in pairs {
            guard let sides = pair.list, sides.count == 2, let argument = value(sides[0]), let value = value(sides[1])
            else { return nil }
            mappings.append(TLAValue.Mapping(argument, value))
        }
        return .function(of: mappings)
    }
}
