/// One map of a file, its keys known to be of its table.
struct Fields {
    let table: KeyTable
    /// Where to show that something is missing.
    let place: Place
    private let entries: [String: YAMLNode.Entry]
    /// In the order of the file.
    let ordered: [YAMLNode.Entry]

    init(table: KeyTable, place: Place, entries: [YAMLNode.Entry]) {
        self.table = table
        self.place = place
        ordered = entries
        self.entries = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
    }

    /// What stands behind a key, with the shape its table gives it.
    func value(_ key: String) -> (node: YAMLNode, shape: Shape)? {
        guard let known = table.key(key) else { preconditionFailure("\(table.noun) has no key \(key)") }
        return entries[key].map { ($0.value, known.shape) }
    }

    func has(_ key: String) -> Bool { value(key) != nil }

    /// Where a key is written, or the whole map.
    func place(of key: String) -> Place { entries[key]?.keyPlace ?? place }
}
