import PlaitCore

/// Lays one tree over another: maps of keys and of names are merged, every other value is replaced.
///
/// The shapes decide, not the text: `loss: {gilbert-elliott: ...}` over `loss: {independent: ...}` is another model,
/// not a map with two of them.
package struct Merging {
    private let vocabulary: Vocabulary

    package init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    /// `top` over `base`.
    package func merge(_ base: YAMLNode, _ top: YAMLNode, as shape: Shape?) -> YAMLNode {
        guard let below = base.entries, let above = top.entries else { return top }
        switch shape {
        case .record(let table, _, _): return YAMLNode(.map(records(below, above, table)), at: top.place)
        case .entries(let table): return YAMLNode(.map(named(below, above, table)), at: top.place)
        default: return top
        }
    }

    private func records(
        _ base: [YAMLNode.Entry],
        _ top: [YAMLNode.Entry],
        _ table: KeyTable
    ) -> [YAMLNode.Entry] {
        var result = base
        for entry in top {
            let shape = table.shape(of: entry.key, vocabulary)
            let rivals = rivals(of: entry.key, shape, in: table)
            result.removeAll { rivals.contains($0.key) }
            overlay(&result, entry, shape)
        }
        return result
    }

    private func named(_ base: [YAMLNode.Entry], _ top: [YAMLNode.Entry], _ table: KeyTable) -> [YAMLNode.Entry] {
        var result = base
        for entry in top { overlay(&result, entry, .record(table)) }
        return result
    }

    private func overlay(_ entries: inout [YAMLNode.Entry], _ entry: YAMLNode.Entry, _ shape: Shape?) {
        guard let index = entries.firstIndex(where: { $0.key == entry.key }) else {
            entries.append(entry)
            return
        }
        let value = merge(entries[index].value, entry.value, as: shape)
        entries[index] = YAMLNode.Entry(key: entry.key, keyPlace: entry.keyPlace, value: value)
    }

    /// Keys that a new key replaces: other ways to say the same, or the other traffic models.
    package func rivals(of key: String, _ shape: Shape?, in table: KeyTable) -> [String] {
        if let rivals = table.key(key)?.excludes, !rivals.isEmpty { return rivals }
        guard let models = table.models, case .model = shape, table.key(key) == nil else { return [] }
        return models.signatures(in: vocabulary).map(\.name).filter { $0 != key }
    }
}
