/// The nearest of some known words to one that is not known.
package enum Suggestion {
    /// `did you mean 'delay'?`, or the list of what is known when nothing is near.
    package static func remedy(for word: String, among known: [String]) -> String? {
        if let near = nearest(to: word, among: known) { return "did you mean '\(near)'?" }
        guard !known.isEmpty else { return nil }
        return known.count <= 30 ? "choose from \(list(known))" : nil
    }

    /// The known word at the smallest edit distance, if that is small beside its length.
    package static func nearest(to word: String, among known: [String]) -> String? {
        guard word.utf8.count <= 256 else { return nil }
        let letters = Array(word.lowercased().unicodeScalars)
        guard letters.count <= 64 else { return nil }
        var best: (word: String, distance: Int)?
        for candidate in known {
            let other = Array(candidate.lowercased().unicodeScalars)
            let bound = max(1, min(letters.count, other.count) / 3 + 1)
            guard abs(other.count - letters.count) <= bound else { continue }
            let distance = distance(letters, other)
            guard distance <= bound, distance < max(letters.count, other.count) else { continue }
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// `'a', 'b' and 'c'`
    package static func list(_ words: [String], joining last: String = "and") -> String {
        let quoted = words.map { "'\($0)'" }
        guard let end = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
        return quoted.dropLast().joined(separator: ", ") + " \(last) " + end
    }

    /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var before = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var row = [Int](repeating: i, count: b.count + 1)
            for j in 1...b.count {
                let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                row[j] = min(previous[j] + 1, row[j - 1] + 1, substitution)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], before[j - 2] + 1) }
            }
            (before, previous) = (previous, row)
        }
        return previous[b.count]
    }
}
