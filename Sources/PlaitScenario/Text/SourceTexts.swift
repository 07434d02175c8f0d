/// The texts that were read, kept to show the line an error is on.
public struct SourceTexts: Sendable {
    private var names: [String] = []
    private var texts: [String] = []

    /// None yet.
    public init() {}

    package mutating func add(_ name: String, _ text: String) {
        guard !names.contains(name) else { return }
        names.append(name)
        texts.append(text)
    }

    /// The place of a file in the order of reading; unknown ones come last.
    package func rank(of name: String) -> Int { names.firstIndex(of: name) ?? names.count }

    /// The line at `place`, cut to a readable width, and how far into it the caret stands.
    package func excerpt(at place: Place) -> (line: String, caret: Int)? {
        guard let index = names.firstIndex(of: place.file), place.line > 0, place.column > 0 else { return nil }
        guard let line = Self.line(place.line, of: texts[index]) else { return nil }
        // Control characters would move the caret or the terminal's cursor.
        let clean = line.map { $0.value < 32 || $0.value == 127 ? " " : $0 }
        let column = min(place.column - 1, clean.count)
        let start = clean.count <= Self.width ? 0 : max(0, min(column - Self.width / 2, clean.count - Self.width))
        var text = ""
        text.unicodeScalars.append(contentsOf: clean[start..<min(clean.count, start + Self.width)])
        return (text, column - start)
    }

    private static let width = 110

    /// Lines end where libyaml ends them.
    private static func line(_ number: Int, of text: String) -> Substring.UnicodeScalarView? {
        var rest = text.unicodeScalars[...]
        for _ in 1..<max(number, 1) {
            guard let end = rest.firstIndex(where: isLineBreak) else { return nil }
            let isPair = rest[end] == "\r" && rest[end...].dropFirst().first == "\n"
            rest = rest[rest.index(end, offsetBy: isPair ? 2 : 1)...]
        }
        return rest.prefix { !isLineBreak($0) }
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }
}
