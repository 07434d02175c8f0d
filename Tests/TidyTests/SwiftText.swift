/// Swift source with everything blanked that is not code, so that a rule about code is not tripped by prose.
///
/// Comments and the contents of string literals (interpolations included) become spaces; every line keeps its number.
/// Regex literals are not recognised: the house style does not use them.
func codeOnly(_ text: String) -> String {
    var blanker = Blanker(text: Array(text.utf8))
    return blanker.run()
}

private struct Blanker {
    let text: [UInt8]
    var index = 0
    var result: [UInt8] = []

    init(text: [UInt8]) { self.text = text }

    mutating func run() -> String {
        while index < text.count {
            if isAt("//") {
                while index < text.count, text[index] != UInt8(ascii: "\n") { blank(1) }
            } else if isAt("/*") {
                blankBlockComment()
            } else if let hashes = literalHashes() {
                blankLiteral(hashes: hashes)
            } else {
                keep(1)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func isAt(_ word: StaticString, offset: Int = 0) -> Bool {
        let start = index + offset
        guard start + word.utf8CodeUnitCount <= text.count else { return false }
        return word.withUTF8Buffer { unsafe text[start..<start + $0.count].elementsEqual($0) }
    }

    /// Whether `count` hash signs stand at `offset`.
    private func hasHashes(_ count: Int, at offset: Int) -> Bool {
        let start = index + offset
        return start + count <= text.count && text[start..<start + count].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private mutating func blank(_ count: Int) {
        for byte in text[index...].prefix(count) {
            result.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
            index += 1
        }
    }

    private mutating func keep(_ count: Int) {
        result += text[index...].prefix(count)
        index += count
    }

    /// Block comments nest in Swift.
    private mutating func blankBlockComment() {
        var depth = 0
        repeat {
            if isAt("/*") {
                depth += 1
                blank(2)
            } else if isAt("*/") {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && index < text.count
    }

    /// How many `#` stand before the quote that begins a literal here, or `nil` where none begins.
    private func literalHashes() -> Int? {
        guard text[index] == UInt8(ascii: "#") || text[index] == UInt8(ascii: "\"") else { return nil }
        let hashes = text[index...].prefix { $0 == UInt8(ascii: "#") }.count
        return isAt("\"", offset: hashes) ? hashes : nil
    }

    private mutating func blankLiteral(hashes: Int) {
        let isLong = isAt("\"\"\"", offset: hashes)
        let quotes = isLong ? 3 : 1
        keep(hashes + quotes)
        while index < text.count {
            if isLong ? isAt("\"\"\"") : isAt("\""), hasHashes(hashes, at: quotes) {
                keep(quotes + hashes)
                return
            }
            if isAt("\\"), hasHashes(hashes, at: 1) {
                let isInterpolation = isAt("(", offset: 1 + hashes)
                blank(hashes + 2)
                if isInterpolation { blankInterpolation() }
            } else if text[index] == UInt8(ascii: "\n"), !isLong {
                return  // not valid Swift; do not swallow the rest of the file
            } else {
                blank(1)
            }
        }
    }

    /// From behind an interpolation's opening parenthesis to its closing one, over literals inside.
    private mutating func blankInterpolation() {
        var depth = 1
        while index < text.count, depth > 0 {
            if let hashes = literalHashes() {
                let kept = result.count
                blankLiteral(hashes: hashes)
                for place in kept..<result.count where result[place] != UInt8(ascii: "\n") {
                    result[place] = UInt8(ascii: " ")
                }
                continue
            }
            if isAt("(") { depth += 1 }
            if isAt(")") { depth -= 1 }
            blank(1)
        }
    }
}

/// Whether `word` stands in `line` by itself: where it begins or ends in a letter, digit or underscore, the line does
/// not go on with another.
func contains(_ word: String, in line: Substring) -> Bool {
    func isWordPart(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
    guard let first = word.first, let last = word.last else { return false }
    var rest = line
    while let found = rest.firstRange(of: word) {
        let before = found.lowerBound > line.startIndex ? line[line.index(before: found.lowerBound)] : " "
        let after = found.upperBound < line.endIndex ? line[found.upperBound] : " "
        if !(isWordPart(first) && isWordPart(before)), !(isWordPart(last) && isWordPart(after)) { return true }
        rest = line[line.index(after: found.lowerBound)...]
    }
    return false
}
