/// A JSON value (RFC 8259) as read from a manifest.
package enum JSONValue: Hashable, Sendable {
    case null
    case flag(Bool)
    /// As written: seeds need all 64 bits, which a floating-point number does not have.
    case number(String)
    case text(String)
    case list([JSONValue])
    /// In the order of the file.
    case map([Member])

    /// One key and its value.
    package struct Member: Hashable, Sendable {
        package let key: String
        package let value: JSONValue
    }

    /// The value of a key of a map.
    package subscript(key: String) -> JSONValue? {
        guard case .map(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var list: [JSONValue]? { if case .list(let list) = self { list } else { nil } }
    package var members: [Member]? { if case .map(let members) = self { members } else { nil } }

    /// What a message shows of a plain value; `nil` for lists and maps.
    package var word: String? {
        switch self {
        case .null: "null"
        case .flag(let flag): String(flag)
        case .number(let digits): digits
        case .text(let text): text
        case .list, .map: nil
        }
    }

    /// Where a text stops being JSON.
    package struct SyntaxError: Error, Hashable, Sendable {
        package let line: Int
        package let message: String

        package init(line: Int, message: String) {
            self.line = line
            self.message = message
        }
    }

    package init(parsing bytes: [UInt8]) throws(SyntaxError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}

/// Recursive descent over bytes; what is nested too deeply is refused, so that the stack cannot run out.
private struct JSONParser {
    let bytes: [UInt8]
    private var place = 0

    private static let depthLimit = 64

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONValue.SyntaxError) -> JSONValue {
        let value = try value(depth: 0)
        skipBlanks()
        guard place == bytes.count else { throw error("something follows the value") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONValue.SyntaxError) -> JSONValue {
        guard depth < Self.depthLimit else { throw error("nested too deeply") }
        skipBlanks()
        switch peek {
        case UInt8(ascii: "{"): return .map(try members(depth: depth))
        case UInt8(ascii: "["): return .list(try elements(depth: depth))
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func members(depth: Int) throws(JSONValue.SyntaxError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        try sequence(UInt8(ascii: "}")) { parser throws(JSONValue.SyntaxError) in
            parser.skipBlanks()
            guard parser.peek == UInt8(ascii: "\"") else { throw parser.error("a key is a string") }
            let key = try parser.string()
            parser.skipBlanks()
            guard parser.take(UInt8(ascii: ":")) else { throw parser.error("a colon is missing") }
            members.append(JSONValue.Member(key: key, value: try parser.value(depth: depth + 1)))
        }
        return members
    }

    private mutating func elements(depth: Int) throws(JSONValue.SyntaxError) -> [JSONValue] {
        var elements: [JSONValue] = []
        try sequence(UInt8(ascii: "]")) { parser throws(JSONValue.SyntaxError) in
            elements.append(try parser.value(depth: depth + 1))
        }
        return elements
    }

    /// What stands between an opening bracket, which is next, and `close`, with commas between.
    private mutating func sequence(
        _ close: UInt8,
        _ item: (inout JSONParser) throws(JSONValue.SyntaxError) -> Void
    ) throws(JSONValue.SyntaxError) {
        place += 1
        skipBlanks()
        if take(close) { return }
        while true {
            try item(&self)
            skipBlanks()
            if take(close) { return }
            guard take(UInt8(ascii: ",")) else { throw error("a comma or a closing bracket is missing") }
        }
    }

    private mutating func string() throws(JSONValue.SyntaxError) -> String {
        place += 1
        var content: [UInt8] = []
        while let byte = peek {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else { throw error("not UTF-8") }
                return text
            case UInt8(ascii: "\\"): content += try escaped()
            case ..<0x20: throw error("a control character in a string")
            default: content.append(byte)
            }
        }
        throw error("a string does not end")
    }

    private mutating func escaped() throws(JSONValue.SyntaxError) -> [UInt8] {
        guard let byte = peek else { throw error("a string does not end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            let unit = try hexadecimal()
            guard unit & 0xFC00 == 0xD800 else { return try utf8(UInt32(unit)) }
            // A character beyond the first plane is written as two halves.
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw error("half a character") }
            let low = try hexadecimal()
            guard low & 0xFC00 == 0xDC00 else { throw error("half a character") }
            return try utf8(0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF)))
        default: throw error("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(JSONValue.SyntaxError) -> UInt16 {
        let digits = bytes[place..<min(place + 4, bytes.count)]
        let isHex = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        guard digits.count == 4, isHex, let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw error("four hexadecimal digits are missing")
        }
        place += 4
        return value
    }

    private func utf8(_ code: UInt32) throws(JSONValue.SyntaxError) -> [UInt8] {
        guard let scalar = Unicode.Scalar(code) else { throw error("half a character") }
        return Array(String(scalar).utf8)
    }

    private mutating func number() throws(JSONValue.SyntaxError) -> String {
        let start = place
        _ = take(UInt8(ascii: "-"))
        let whole = digits()
        guard whole > 0 else { throw error("a value is missing") }
        let first = bytes[place - whole]
        guard whole == 1 || first != UInt8(ascii: "0") else { throw error("a number begins with zero") }
        if take(UInt8(ascii: ".")), digits() == 0 { throw error("digits are missing") }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if digits() == 0 { throw error("digits are missing") }
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = place
        while let byte = peek, byte >= 0x30, byte <= 0x39 { place += 1 }
        return place - start
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONValue.SyntaxError) -> JSONValue {
        guard bytes[place...].starts(with: word.utf8) else { throw error("a value is missing") }
        place += word.utf8.count
        return value
    }

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        place += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    private func error(_ message: String) -> JSONValue.SyntaxError {
        let line = 1 + bytes[..<min(place, bytes.count)].count { $0 == 0x0A }
        return JSONValue.SyntaxError(line: line, message: message)
    }
}
