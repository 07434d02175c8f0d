import PlaitCore

// How each `Shape` is read. The shape comes from the table, so that the checker accepts what the schema says.
extension Checker {
    /// The map at `node`, or nothing, said why, if it is no map. Unknown and missing keys are logged.
    func fields(_ node: YAMLNode, _ table: KeyTable, bare: String? = nil, at place: Place) -> Fields? {
        var entries = node.entries
        if let bare, node.entries == nil || isNull(node) {
            entries = [YAMLNode.Entry(key: bare, keyPlace: node.place, value: node)]
        }
        guard let entries else {
            log.error(
                node.place,
                "\(table.noun) is a map of keys, not \(node.phrase)",
                remedy: "write {key: value, ...}"
            )
            return nil
        }
        let fields = Fields(table: table, place: place, entries: entries)
        for entry in entries where table.shape(of: entry.key, vocabulary) == nil {
            log.error(
                entry.keyPlace,
                "unknown key '\(entry.key.prefix(70))' in \(table.noun)",
                remedy: log.hasRoom ? Suggestion.remedy(for: entry.key, among: table.names(vocabulary)) : nil
            )
        }
        for key in table.keys {
            if key.isRequired, !fields.has(key.name) {
                log.error(place, "\(table.noun) needs '\(key.name)'", remedy: "\(key.name): \(key.summary)")
            }
            if let rival = key.excludes.first(where: { $0 < key.name && fields.has($0) }), fields.has(key.name) {
                log.error(
                    fields.place(of: key.name),
                    "'\(key.name)' and '\(rival)' cannot stand together",
                    remedy: "remove one of them"
                )
            }
        }
        return fields
    }

    func isNull(_ node: YAMLNode) -> Bool {
        if case .null = node.kind { true } else { false }
    }

    /// The record behind a key; `nil` also for `none`.
    func record(_ fields: Fields, _ key: String) -> Fields? {
        guard let (node, shape) = fields.value(key) else { return nil }
        guard case .record(let table, let bare, let orNone) = shape else { preconditionFailure("\(key) is no record") }
        if orNone, node.text == "none" { return nil }
        return self.fields(node, table, bare: bare, at: fields.place(of: key))
    }

    /// The records behind a key, by the names that the user chose.
    func records(_ fields: Fields, _ key: String) -> [(entry: YAMLNode.Entry, fields: Fields)] {
        guard let (node, shape) = fields.value(key) else { return [] }
        guard case .entries(let table) = shape else { preconditionFailure("\(key) has no entries") }
        guard let entries = node.entries else {
            log.error(
                node.place,
                "'\(key)' is a map of names, not \(node.phrase)",
                remedy: "write \(key): {name: {...}}"
            )
            return []
        }
        return entries.compactMap { entry in
            self.fields(entry.value, table, at: entry.keyPlace).map { (entry, $0) }
        }
    }

    func items(_ fields: Fields, _ key: String) -> [YAMLNode] {
        guard let (node, _) = fields.value(key) else { return [] }
        return items(node, key) ?? []
    }

    func items(_ node: YAMLNode, _ key: String) -> [YAMLNode]? {
        switch node.kind {
        case .list(let items): return items
        case .null: return []
        case .scalar, .map:
            log.error(
                node.place,
                "'\(key)' is a list, not \(node.phrase)",
                remedy: "write each item behind a '-', or [a, b]"
            )
            return nil
        }
    }

    /// A number in base units.
    func quantity(_ fields: Fields, _ key: String) -> Int64? {
        guard let (node, shape) = fields.value(key) else { return nil }
        guard case .quantity(let quantity, let bounds, let words) = shape else {
            preconditionFailure("\(key): no number")
        }
        return number(node, quantity, in: bounds ?? quantity.range, orWords: words)
    }

    func interval(_ fields: Fields, _ key: String) -> Interval? {
        quantity(fields, key).map { Interval(nanoseconds: $0) }
    }

    func probability(_ fields: Fields, _ key: String) -> Probability? {
        quantity(fields, key).flatMap { UInt32(exactly: $0) }.map { Probability(partsPerBillion: $0) }
    }

    /// A number of the first quantity that has its unit.
    func anyQuantity(_ fields: Fields, _ key: String) -> (Quantity, Int64)? {
        guard let (node, shape) = fields.value(key) else { return nil }
        guard case .quantities(let choices, let bounds) = shape else { preconditionFailure("\(key): no numbers") }
        let fitting = choices.first { $0.hasUnit(of: node.text ?? "") }
        guard let quantity = fitting else {
            let examples = choices.map { "\($0.noun) (\($0.example))" }.joined(separator: " or ")
            log.error(node.place, "'\(key)' is \(examples), not \(node.phrase)")
            return nil
        }
        return number(node, quantity, in: bounds).map { (quantity, $0) }
    }

    func number(
        _ node: YAMLNode,
        _ quantity: Quantity,
        in bounds: ClosedRange<Int64>,
        orWords words: [String] = []
    ) -> Int64? {
        guard let text = node.text else {
            log.error(
                node.place,
                "\(quantity.noun) is expected, not \(node.phrase)",
                remedy: "write \(quantity.example)"
            )
            return nil
        }
        if words.contains(text) { return nil }
        do throws(QuantityError) {
            return try quantity.parse(text, in: bounds.clamped(to: quantity.range))
        } catch {
            let word = words.isEmpty ? nil : Suggestion.nearest(to: text, among: words).map { "did you mean '\($0)'?" }
            log.error(node.place, error.message, remedy: word ?? error.remedy)
            return nil
        }
    }

    func seed(_ fields: Fields, _ key: String) -> UInt64? {
        guard let (node, _) = fields.value(key) else { return nil }
        let digits = node.text?.replacing("_", with: "") ?? ""
        guard let value = UInt64(digits), !digits.hasPrefix("+") else {
            log.error(node.place, "\(node.phrase) is no seed", remedy: "write a whole number from 0 to \(UInt64.max)")
            return nil
        }
        return value
    }

    func flag(_ fields: Fields, _ key: String) -> Bool? {
        guard let (node, _) = fields.value(key) else { return nil }
        return flag(node)
    }

    func flag(_ node: YAMLNode) -> Bool? {
        switch node.kind {
        case .scalar("true", true): return true
        case .scalar("false", true): return false
        default:
            log.error(node.place, "\(node.phrase) is neither true nor false", remedy: "write true or false")
            return nil
        }
    }

    /// `true` gives an empty word; `false` says nothing and is an error.
    func statement(_ node: YAMLNode, _ key: String, orWords words: [String]) -> String? {
        if case .scalar("true", true) = node.kind { return "" }
        if let text = node.text, words.contains(text) { return text }
        let forms = (["true"] + words).map { "\(key): \($0)" }.joined(separator: " or ")
        log.error(node.place, "'\(key)' is a statement, not a setting", remedy: "write \(forms)")
        return nil
    }

    func word(_ fields: Fields, _ key: String) -> String? {
        guard let (node, shape) = fields.value(key) else { return nil }
        guard case .word(let words) = shape else { preconditionFailure("\(key) is no word") }
        return word(node, among: words)
    }

    func word(_ node: YAMLNode, among words: [String]) -> String? {
        if let text = node.text, words.contains(text) { return text }
        log.error(
            node.place,
            "\(node.phrase) is not one of \(Suggestion.list(words))",
            remedy: Suggestion.nearest(to: node.text ?? "", among: words).map { "did you mean '\($0)'?" }
        )
        return nil
    }

    /// Text on one line.
    func text(_ fields: Fields, _ key: String) -> String? {
        guard let (node, _) = fields.value(key) else { return nil }
        return text(node, key)
    }

    func text(_ node: YAMLNode, _ key: String) -> String? {
        guard let text = node.text else {
            log.error(node.place, "'\(key)' is a text, not \(node.phrase)")
            return nil
        }
        guard !text.isEmpty, text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
            log.error(node.place, "'\(key)' is a text on one line", remedy: "remove line breaks and control characters")
            return nil
        }
        return text
    }

    func name(_ fields: Fields, _ key: String) -> String? {
        guard let (node, shape) = fields.value(key) else { return nil }
        guard case .name(let noun) = shape else { preconditionFailure("\(key) is no name") }
        guard let text = node.text, isName(text) else {
            log.error(
                node.place,
                "\(node.phrase) cannot name a \(noun)",
                remedy: "use up to 64 letters, digits, '-' and '_', beginning with a letter or digit"
            )
            return nil
        }
        return text
    }

    func host(_ fields: Fields, _ key: String) -> HostID? {
        fields.value(key).flatMap { host($0.node) }
    }

    func host(_ node: YAMLNode) -> HostID? {
        lookUp(node, "host", hosts.map(\.name), hostIndex).map { HostID($0) }
    }

    func link(_ fields: Fields, _ key: String) -> LinkID? {
        fields.value(key).flatMap { lookUp($0.node, "link", links.map(\.name), linkIndex).map { LinkID($0) } }
    }

    private func lookUp(
        _ node: YAMLNode,
        _ noun: String,
        _ names: @autoclosure () -> [String],
        _ index: [String: Int]
    ) -> Int? {
        if let text = node.text, let found = index[text] { return found }
        log.error(
            node.place,
            "\(node.phrase) is no \(noun)",
            remedy: log.hasRoom ? Suggestion.remedy(for: node.text ?? "", among: names()) : nil
        )
        return nil
    }
}
