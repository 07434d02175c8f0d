/// A value of a YAML text, with the place it was written at.
package struct YAMLNode: Sendable {
    package let place: Place
    package let kind: Kind
    /// Nodes in this tree, aliases counted as often as they are used.
    package let size: Int
    /// Levels in this tree: 1 for a scalar.
    package let height: Int

    /// What was written.
    package enum Kind: Sendable {
        case null
        /// Only a plain `true` is a flag: `"true"` is a word.
        case scalar(String, isPlain: Bool)
        case list([YAMLNode])
        case map([Entry])
    }

    /// A key of a map and what stands behind it.
    package struct Entry: Sendable {
        package let key: String
        package let keyPlace: Place
        package var value: YAMLNode

        package init(key: String, keyPlace: Place, value: YAMLNode) {
            self.key = key
            self.keyPlace = keyPlace
            self.value = value
        }
    }

    package init(_ kind: Kind, at place: Place) {
        self.place = place
        self.kind = kind
        let children: (size: Int, height: Int) =
            switch kind {
            case .null, .scalar: (0, 0)
            case .list(let items): items.reduce((0, 0)) { ($0.0 + $1.size, max($0.1, $1.height)) }
            case .map(let entries): entries.reduce((0, 0)) { ($0.0 + $1.value.size, max($0.1, $1.value.height)) }
            }
        size = children.size + 1
        height = children.height + 1
    }

    /// The text of a scalar.
    package var text: String? {
        if case .scalar(let text, _) = kind { text } else { nil }
    }

    /// The entries of a map; nothing written after the colon is an empty map.
    package var entries: [Entry]? {
        switch kind {
        case .map(let entries): entries
        case .null: []
        case .scalar, .list: nil
        }
    }

    /// For messages: `a list`, `'15 ms'`.
    package var phrase: String {
        switch kind {
        case .null: "nothing"
        case .scalar(let text, _): "'" + String(text.prefix(60)) + (text.prefix(61).count > 60 ? "...'" : "'")
        case .list: "a list"
        case .map: "a map"
        }
    }

    package subscript(key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }
}
