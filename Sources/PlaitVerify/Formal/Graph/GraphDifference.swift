/// How two graphs differ: what only one of them has, a few of each.
package struct GraphDifference: Sendable {
    /// `<<…>>` of states, `<<…>> --[name |-> …]--> <<…>>` of transitions.
    package let onlyFirst: [String]
    package let onlySecond: [String]
    /// All of them, shown or not.
    package let count: Int

    package var isEmpty: Bool { count == 0 }

    /// As many as `shown` of each side are kept as texts.
    package init(_ first: TextGraph, _ second: TextGraph, shown: Int = 5) {
        var only: ([String], [String]) = ([], [])
        var count = 0
        func merge<Item: Comparable>(_ a: [Item], _ b: [Item], _ words: (Item) -> String) {
            var (i, j) = (0, 0)
            while i < a.count || j < b.count {
                if i < a.count, j < b.count, a[i] == b[j] {
                    i += 1
                    j += 1
                    continue
                }
                count += 1
                if j == b.count || (i < a.count && a[i] < b[j]) {
                    if only.0.count < shown { only.0.append(words(a[i])) }
                    i += 1
                } else {
                    if only.1.count < shown { only.1.append(words(b[j])) }
                    j += 1
                }
            }
        }
        merge(first.initial.map { first.states[$0] }, second.initial.map { second.states[$0] }) { "initial \($0)" }
        merge(first.states, second.states) { $0 }
        if first.states == second.states, first.actions == second.actions {
            merge(first.edges, second.edges) { first.words(of: $0) }
        } else {
            merge(first.edges.map(first.words).sorted(), second.edges.map(second.words).sorted()) { $0 }
        }
        onlyFirst = only.0
        onlySecond = only.1
        self.count = count
    }
}

extension TextGraph {
    /// `<<…>> --[name |-> "Deliver"]--> <<…>>`
    package func words(of edge: Edge) -> String {
        "\(states[edge.from]) --\(actions[edge.action])--> \(states[edge.to])"
    }
}
