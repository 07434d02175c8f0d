/// Writes JSON (RFC 8259) front to back. Keys stay in the order they are given, so the same calls are the same bytes.
///
/// A call out of turn (a value without its key, an end without a beginning) is a bug of the caller and traps.
package struct JSONWriter {
    package private(set) var text = Text()

    private enum Container { case object, array }
    private var open: [(container: Container, isEmpty: Bool)] = []
    private var isAfterKey = false
    private let isPretty: Bool

    /// - Parameter pretty: Two spaces of indentation and a final line break, for files that people open.
    package init(pretty: Bool) { isPretty = pretty }

    /// The finished document.
    package var document: Text {
        precondition(open.isEmpty && text.count > 0, "the document is not finished")
        var whole = text
        if isPretty { whole.append(byte: UInt8(ascii: "\n")) }
        return whole
    }

    package mutating func object(_ members: (inout JSONWriter) -> Void) { nest(.object, "{", "}", members) }
    package mutating func array(_ elements: (inout JSONWriter) -> Void) { nest(.array, "[", "]", elements) }

    /// Names the next value of an object.
    package mutating func key(_ name: String) {
        precondition(open.last?.container == .object && !isAfterKey, "a key belongs into an object")
        separate()
        quote(name)
        text.append(isPretty ? ": " : ":")
        isAfterKey = true
    }

    package mutating func value(_ string: String) {
        begin()
        quote(string)
    }

    package mutating func value(_ number: Int64) {
        begin()
        text.append(number)
    }

    package mutating func value(_ number: UInt64) {
        begin()
        text.append(number)
    }

    /// `number` divided by ten to the power of `places`.
    package mutating func value(_ number: Int64, places: Int) {
        begin()
        text.append(number, places: places)
    }

    package mutating func value(_ flag: Bool) {
        begin()
        text.append(flag ? "true" : "false")
    }

    package mutating func null() {
        begin()
        text.append("null")
    }

    private mutating func nest(_ kind: Container, _ first: String, _ last: String, _ body: (inout JSONWriter) -> Void) {
        begin()
        text.append(first)
        open.append((kind, true))
        body(&self)
        precondition(!isAfterKey, "a key without a value")
        let isEmpty = open.removeLast().isEmpty
        if !isEmpty { breakLine() }
        text.append(last)
    }

    private mutating func begin() {
        guard let container = open.last?.container else {
            precondition(text.count == 0, "a document is one value")
            return
        }
        if container == .array {
            separate()
        } else {
            precondition(isAfterKey, "a value of an object needs a key")
            isAfterKey = false
        }
    }

    private mutating func separate() {
        if !open[open.count - 1].isEmpty { text.append(byte: UInt8(ascii: ",")) }
        open[open.count - 1].isEmpty = false
        breakLine()
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        text.append(byte: UInt8(ascii: "\n"))
        for _ in open.indices { text.append("  ") }
    }

    private mutating func quote(_ string: String) {
        text.append(byte: 0x22)
        for byte in string.utf8 {
            switch byte {
            case 0x22: text.append("\\\"")
            case 0x5C: text.append("\\\\")
            case 0x0A: text.append("\\n")
            case 0x0D: text.append("\\r")
            case 0x09: text.append("\\t")
            case ..<0x20:
                text.append("\\u00")
                text.append(byte: Self.hexDigits[Int(byte >> 4)])
                text.append(byte: Self.hexDigits[Int(byte & 15)])
            default: text.append(byte: byte)
            }
        }
        text.append(byte: 0x22)
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}
