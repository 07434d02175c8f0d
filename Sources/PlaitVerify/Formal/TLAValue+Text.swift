extension TLAValue {
    /// A function of these mappings, in any order: a sequence if its domain is 1..n, a record if it is one of names.
    ///
    /// TLA+ tells none of these apart (`<<7>>` is `(1 :> 7)`), so neither may a comparison.
    ///
    /// - Returns: `nil` if an argument is there twice.
    package static func function(of mappings: [Mapping]) -> TLAValue? {
        let sorted = mappings.sorted { $0.argument < $1.argument }
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0.argument != $1.argument }) else { return nil }
        if sorted.indices.allSatisfy({ sorted[$0].argument == .number($0 + 1) }) {
            return .tuple(sorted.map(\.value))
        }
        var fields: [(String, TLAValue)] = []
        for mapping in sorted {
            guard case .text(let name) = mapping.argument, isFieldName(name) else { return .function(sorted) }
            fields.append((name, mapping.value))
        }
        return .record(of: fields)
    }

    private static func isFieldName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.allSatisfy(TLAParser.isWord) else { return false }
        return !(first >= 0x30 && first <= 0x39)
    }

    /// As TLC's `ToString` prints it, on one line; what is equal has one text.
    package var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .number(let number): text += String(number)
        case .flag(let flag): text += flag ? "TRUE" : "FALSE"
        case .text(let string): Self.quote(string, to: &text)
        case .name(let name): text += name
        case .tuple(let values): Self.list(values, "<<", ">>", to: &text) { $0.write(to: &$1) }
        case .set(let values): Self.list(values, "{", "}", to: &text) { $0.write(to: &$1) }
        case .record(let fields):
            Self.list(fields, "[", "]", to: &text) { field, text in
                text += field.name + " |-> "
                field.value.write(to: &text)
            }
        case .function(let mappings):
            Self.list(mappings, "(", ")", separator: " @@ ", to: &text) { mapping, text in
                mapping.argument.write(to: &text)
                text += " :> "
                mapping.value.write(to: &text)
            }
        }
    }

    private static func list<Item>(
        _ items: [Item],
        _ open: String,
        _ close: String,
        separator: String = ", ",
        to text: inout String,
        _ write: (Item, inout String) -> Void
    ) {
        text += open
        for (place, item) in items.enumerated() {
            if place > 0 { text += separator }
            write(item, &text)
        }
        text += close
    }

    private static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\t": text += "\\t"
            case "\n": text += "\\n"
            case "\u{0C}": text += "\\f"
            case "\r": text += "\\r"
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
