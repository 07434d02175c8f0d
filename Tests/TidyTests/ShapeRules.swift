/// Files longer than 600 lines and lines wider than 120 columns.
func sizeBreaches(in file: SourceFile) -> [Breach] {
    guard file.isSwift else { return [] }
    var found: [Breach] = []
    // The newline that ends the last line begins no line of its own.
    let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
    if count > 600 {
        found.append(Breach(path: file.path, line: 601, message: "\(count) lines; 600 at most, 300 is the aim"))
    }
    for (number, line) in file.lines.enumerated() where line.count > 120 {
        found.append(Breach(path: file.path, line: number + 1, message: "\(line.count) columns; 120 at most"))
    }
    return found
}

/// Examples of 60 lines or more: a plug-in that needs more is no easy one.
func exampleBreaches(in file: SourceFile) -> [Breach] {
    guard file.isSwift, file.path.hasPrefix("Examples/Sources/") else { return [] }
    let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
    return count < 60 ? [] : [Breach(path: file.path, line: 60, message: "\(count) lines; an example has less than 60")]
}

/// Functions, initialisers and subscripts longer than 90 lines, from their name to their closing brace.
func functionBreaches(in file: SourceFile) -> [Breach] {
    guard file.isSwift else { return [] }
    return functions(in: file.code).filter { $0.lines > 90 }.map {
        Breach(path: file.path, line: $0.line, message: "`\($0.name)` has \($0.lines) lines; 90 at most, 60 is the aim")
    }
}

/// A function with a body.
struct FunctionExtent: Hashable {
    let name: String
    let line: Int
    let lines: Int
}

/// Every function, initialiser, deinitialiser and subscript with a body, nested ones too. `code` has no comments.
func functions(in code: String) -> [FunctionExtent] {
    let tokens = tokens(of: code)
    let keywords: Set<Substring> = ["func", "init", "deinit", "subscript"]
    var found: [FunctionExtent] = []
    for (place, token) in tokens.enumerated() where keywords.contains(token.text) {
        // `self.init(...)`, `.init(...)` are calls.
        if place > 0, tokens[place - 1].text == "." { continue }
        guard let end = endOfBody(in: tokens, after: place) else { continue }
        let name = token.text == "func" && place + 1 < tokens.count ? tokens[place + 1].text : token.text
        found.append(FunctionExtent(name: String(name), line: token.line, lines: tokens[end].line - token.line + 1))
    }
    return found
}

private struct Token {
    let text: Substring
    let line: Int
}

/// Words, and every other visible character by itself.
private func tokens(of code: String) -> [Token] {
    var result: [Token] = []
    for (number, line) in code.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        var rest = line
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
                continue
            }
            let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let text = word.isEmpty ? rest.prefix(1) : word
            result.append(Token(text: text, line: number + 1))
            rest = rest[text.endIndex...]
        }
    }
    return result
}

/// The closing brace of the body of the declaration whose keyword is at `place`; `nil` where there is no body.
private func endOfBody(in tokens: [Token], after place: Int) -> Int? {
    let nextDeclaration: Set<Substring> = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "enum", "class", "protocol", "extension",
        "associatedtype", "typealias", "public", "package", "private", "static", "mutating", "import",
    ]
    var nesting = 0
    var next = place + 1
    while next < tokens.count {
        switch tokens[next].text {
        case "(", "[":
            nesting += 1
        case ")", "]":
            nesting -= 1
        case "{" where nesting == 0:
            return closingBrace(in: tokens, from: next)
        case "}" where nesting == 0:
            return nil
        case let word where nesting == 0 && next > place + 1 && nextDeclaration.contains(word):
            return nil
        default:
            break
        }
        if nesting < 0 { return nil }
        next += 1
    }
    return nil
}

private func closingBrace(in tokens: [Token], from open: Int) -> Int? {
    var depth = 0
    for place in open..<tokens.count {
        if tokens[place].text == "{" { depth += 1 }
        if tokens[place].text == "}" {
            depth -= 1
            if depth == 0 { return place }
        }
    }
    return nil
}

/// Types, and functions outside types, that others can see and that nobody explains.
///
/// Members are left to the reader's judgement: many are explained by their name and their type's contract.
func documentationBreaches(in file: SourceFile) -> [Breach] {
    guard file.isSwift, file.module != nil else { return [] }
    let code = file.codeLines
    let lines = file.lines
    var found: [Breach] = []
    for (number, line) in code.enumerated() {
        guard let declared = visibleDeclaration(in: line) else { continue }
        var above = number - 1
        // Attributes may stand between a comment and its declaration.
        while above >= 0, lines[above].trimmingPrefix(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
        let comment = above >= 0 ? lines[above].trimmingPrefix(while: { $0 == " " }) : ""
        if !(comment.hasPrefix("///") || comment.hasSuffix("*/")) {
            let message = "`\(declared)` has no doc comment: one sentence that adds something to its name"
            found.append(Breach(path: file.path, line: number + 1, message: message))
        }
    }
    return found
}

/// The name declared in a line of code that begins a `public` or `package` type, or such a function outside of types.
private func visibleDeclaration(in line: Substring) -> Substring? {
    let isTopLevel = line.first != " "
    let types: Set<Substring> = ["struct", "enum", "class", "protocol", "actor"]
    let words = line.split { $0 == " " || $0 == "(" || $0 == "<" || $0 == ":" }
    guard let access = words.firstIndex(where: { $0 == "public" || $0 == "package" }),
        words[..<access].allSatisfy({ $0.hasPrefix("@") || $0 == "final" || $0 == "indirect" || $0.hasSuffix(")") })
    else { return nil }
    let rest = words[(access + 1)...].drop { $0 == "final" || $0 == "indirect" || $0 == "unsafe" }
    guard let kind = rest.first, rest.count > 1, rest[rest.startIndex + 1] != "func",
        types.contains(kind) || (isTopLevel && kind == "func")
    else { return nil }
    return rest[rest.startIndex + 1]
}
