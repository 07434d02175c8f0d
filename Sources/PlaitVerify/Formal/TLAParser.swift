extension TLAValue {
    /// A value as TLC prints it, on one line or wrapped over several.
    package init(parsing text: String) throws(TLASyntaxError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    /// A value as TLC prints it, on one line or wrapped over several.
    package init(parsing bytes: ArraySlice<UInt8>) throws(TLASyntaxError) {
        var parser = TLAParser(bytes)
        self = try parser.value()
        guard parser.isAtEnd else { throw parser.error("something follows the value") }
    }
}

/// Reads values front to back, by recursive descent over bytes.
///
/// TLC wraps values longer than 80 columns wherever it likes, so line ends are blanks like any other. What is nested
/// too deeply is refused, so that a hostile file cannot exhaust the stack; so are intervals too long to be written
/// out.
struct TLAParser {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    private static let depthLimit = 64
    private static let intervalLimit = 1 << 16

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    /// Whether only blanks are left.
    var isAtEnd: Bool {
        mutating get {
            skipBlanks()
            return place == bytes.endIndex
        }
    }

    mutating func value() throws(TLASyntaxError) -> TLAValue { try value(depth: 0) }

    /// `/\ name =` or, in a module of one variable, `name =`.
    mutating func variable() throws(TLASyntaxError) -> String {
        skipBlanks()
        _ = take("/\\")
        skipBlanks()
        guard let name = word(), take("=", blanks: true) else { throw error("a variable's name and = are missing") }
        return name
    }

    func error(_ message: String) -> TLASyntaxError { TLASyntaxError(offset: place - bytes.startIndex, message) }

    private mutating func value(depth: Int) throws(TLASyntaxError) -> TLAValue {
        guard depth < Self.depthLimit else { throw error("nested too deeply") }
        skipBlanks()
        guard let byte = peek else { throw error("a value is missing") }
        switch byte {
        case UInt8(ascii: "<"):
            guard take("<<") else { throw error("a value is missing") }
            return .tuple(try values(until: ">>", depth: depth + 1))
        case UInt8(ascii: "{"):
            place += 1
            return .set(of: try values(until: "}", depth: depth + 1))
        case UInt8(ascii: "["):
            place += 1
            return try record(depth: depth + 1)
        case UInt8(ascii: "("):
            place += 1
            return try function(depth: depth + 1)
        case UInt8(ascii: "\""):
            place += 1
            return .text(try string())
        default: return try plain()
        }
    }

    private mutating func values(until close: StaticString, depth: Int) throws(TLASyntaxError) -> [TLAValue] {
        var values: [TLAValue] = []
        if take(close, blanks: true) { return values }
        while true {
            values.append(try value(depth: depth))
            if take(close, blanks: true) { return values }
            guard take(",") else { throw error("a comma or \(close) is missing") }
        }
    }

    private mutating func record(depth: Int) throws(TLASyntaxError) -> TLAValue {
        var fields: [(String, TLAValue)] = []
        while true {
            skipBlanks()
            guard let name = word(), take("|->", blanks: true) else { throw error("a field and |-> are missing") }
            fields.append((name, try value(depth: depth)))
            if take("]", blanks: true) { break }
            guard take(",") else { throw error("a comma or ] is missing") }
        }
        let record = TLAValue.record(of: fields)
        guard case .record(let sorted) = record, zip(sorted, sorted.dropFirst()).allSatisfy({ $0.name != $1.name })
        else { throw error("a field is there twice") }
        return record
    }

    private mutating func function(depth: Int) throws(TLASyntaxError) -> TLAValue {
        var mappings: [TLAValue.Mapping] = []
        while true {
            let argument = try value(depth: depth)
            guard take(":>", blanks: true) else { throw error(":> is missing") }
            mappings.append(TLAValue.Mapping(argument, try value(depth: depth)))
            if take(")", blanks: true) { break }
            guard take("@@") else { throw error("@@ or ) is missing") }
        }
        guard let function = TLAValue.function(of: mappings) else { throw error("an argument is there twice") }
        return function
    }

    private mutating func string() throws(TLASyntaxError) -> String {
        var content: [UInt8] = []
        while let byte = peek {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else { throw error("not UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                guard let escaped = peek, let meant = Self.escapes(escaped) else { throw error("an unknown escape") }
                place += 1
                content.append(meant)
            default: content.append(byte)
            }
        }
        throw error("a string does not end")
    }

    /// What stands for `\` and this byte.
    static func escapes(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "r"): 0x0D
        default: nil
        }
    }

    /// A number, an interval, a truth value or a model value.
    private mutating func plain() throws(TLASyntaxError) -> TLAValue {
        let start = place
        let isNegative = take("-")
        guard let word = word() else { throw error("a value is missing") }
        guard isNegative || word.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            switch word {
            case "TRUE": return .flag(true)
            case "FALSE": return .flag(false)
            default: return .name(word)
            }
        }
        guard let first = Int((isNegative ? "-" : "") + word) else {
            place = start
            throw error("this is no number")
        }
        guard take("..") else { return .number(first) }
        let sign = take("-") ? "-" : ""
        guard let digits = self.word(), let last = Int(sign + digits) else { throw error("an interval has no end") }
        guard first <= last else { return .set([]) }
        let (length, overflow) = last.subtractingReportingOverflow(first)
        guard !overflow, length < Self.intervalLimit else { throw error("an interval is too long") }
        return .set((first...last).map { .number($0) })
    }

    /// Letters, digits and underscores.
    private mutating func word() -> String? {
        let start = place
        while let byte = peek, Self.isWord(byte) { place += 1 }
        return place > start ? String(decoding: bytes[start..<place], as: UTF8.self) : nil
    }

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private var peek: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

    private mutating func take(_ token: StaticString, blanks: Bool = false) -> Bool {
        if blanks { skipBlanks() }
        let end = place + token.utf8CodeUnitCount
        guard end <= bytes.endIndex else { return false }
        for index in 0..<token.utf8CodeUnitCount where unsafe bytes[place + index] != token.utf8Start[index] {
            return false
        }
        place = end
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }
}
