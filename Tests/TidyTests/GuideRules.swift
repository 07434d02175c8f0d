/// A fenced block of a document that says which file it is from: three backticks, a language, a path.
struct QuotedBlock: Hashable {
    let file: String
    let line: Int
    let lines: [Substring]
}

/// The blocks of a document that name a file, in their order.
func quotedBlocks(in document: SourceFile) -> [QuotedBlock] {
    var found: [QuotedBlock] = []
    var open: (file: Substring?, line: Int, lines: [Substring])?
    for (number, line) in document.lines.enumerated() {
        guard line.hasPrefix("```") else {
            open?.lines.append(line)
            continue
        }
        if let block = open {
            if let file = block.file {
                found.append(QuotedBlock(file: String(file), line: block.line, lines: block.lines))
            }
            open = nil
        } else {
            let words = line.split(separator: " ")
            open = (words.count == 2 ? words[1] : nil, number + 1, [])
        }
    }
    return found
}

/// Blocks that are not, line for line, a part of the file they name. `text` answers nil for a file that is not there.
func quoteBreaches(in document: SourceFile, text: (String) -> String?) -> [Breach] {
    guard document.path.hasSuffix(".md") else { return [] }
    return quotedBlocks(in: document).compactMap { block in
        let lines = (text(block.file) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        let isThere = lines.indices.contains { lines[$0...].starts(with: block.lines) }
        guard block.lines.isEmpty || !isThere else { return nil }
        return Breach(path: document.path, line: block.line, message: "\(block.file) does not hold this block")
    }
}
