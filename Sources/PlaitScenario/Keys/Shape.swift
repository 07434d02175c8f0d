import PlaitCore

/// What may stand behind a key. One description serves the checker, the merging of files, `--set` and the JSON Schema,
/// so that they cannot drift apart.
package indirect enum Shape: Sendable {
    /// A number with a unit, within bounds of its base unit, or one of some words such as `unlimited`.
    case quantity(Quantity, in: ClosedRange<Int64>? = nil, orWords: [String] = [])
    /// A number of the first of these that fits by its unit.
    case quantities([Quantity], in: ClosedRange<Int64>)
    /// A whole number of 64 bits without sign.
    case seed
    /// `true` or `false`.
    case flag
    /// `true`: the key is the statement, and `false` would say nothing.
    case statement(orWords: [String] = [])
    case word([String])
    /// Any text on one line.
    case text
    /// The name of a host, a link, a preset, ...
    case name(String)
    /// `client>server`
    case direction
    /// A model of a category, or `none`.
    case model(ModelCategory, orNone: Bool)
    /// A map with these keys, or a bare value that stands for one of them.
    case record(KeyTable, bare: String? = nil, orNone: Bool = false)
    /// A map from names that the user chooses to records.
    case entries(KeyTable)
    case list(of: Shape)
    case either([Shape])
}

/// The keys of one kind of map.
package struct KeyTable: Sendable {
    /// For messages: `a link`.
    package let noun: String
    package let summary: String
    package let keys: [Key]
    /// The keys `a>b`, which hold what differs in one direction.
    package let directions: [Key]?
    /// The names of a category's models are keys too, exactly one of them in each map.
    package let models: ModelCategory?
    /// What stands behind any other key, when those are names that a scenario chose, such as a host's.
    package let others: Shape?

    package init(
        _ noun: String,
        _ summary: String,
        directions: [Key]? = nil,
        models: ModelCategory? = nil,
        others: Shape? = nil,
        _ keys: [Key]
    ) {
        self.noun = noun
        self.summary = summary
        self.keys = keys
        self.directions = directions
        self.models = models
        self.others = others
    }

    /// A key, what may stand behind it and what that means.
    package struct Key: Sendable {
        package let name: String
        package let shape: Shape
        package let isRequired: Bool
        /// Other keys that say the same in other words: a later one replaces them, two together are an error.
        package let excludes: [String]
        package let summary: String

        package init(
            _ name: String,
            _ shape: Shape,
            required: Bool = false,
            excludes: [String] = [],
            _ summary: String
        ) {
            self.name = name
            self.shape = shape
            self.isRequired = required
            self.excludes = excludes
            self.summary = summary
        }
    }

    package func key(_ name: String) -> Key? { keys.first { $0.name == name } }

    /// What may stand behind a key of this map, or `nil` for an unknown key.
    package func shape(of name: String, _ vocabulary: Vocabulary) -> Shape? {
        if let key = key(name) { return key.shape }
        if let directions, name.contains(">") {
            return .record(KeyTable("one direction of a link", "What differs in one direction.", directions))
        }
        if let models, models.signatures(in: vocabulary).contains(where: { $0.name == name }) {
            return .model(models, orNone: false)
        }
        return others
    }

    /// All keys that could be meant, for suggestions.
    package func names(_ vocabulary: Vocabulary) -> [String] {
        keys.map(\.name) + (models.map { $0.signatures(in: vocabulary).map(\.name) } ?? [])
    }
}
