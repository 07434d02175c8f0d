/// One message of TLC's `-tool` output.
struct TLCMessage: Hashable, Sendable {
    let code: Int
    /// 0 information, 1 error, 3 warning, 4 state.
    let severity: Int
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Cuts TLC's output into messages, as it comes in.
///
///     @!@!@STARTMSG 2110:1 @!@!@
///     Invariant InOrder is violated.
///     @!@!@ENDMSG 2110 @!@!@
///
/// Messages nest: an exception quotes the message of what threw it, which then begins behind other words of the line.
/// Between messages, and between the states of a counterexample, stands whatever the parser and `PrintT` print. None
/// of it may make this trap or grow without bound: a model under development prints anything.
struct TLCMessages {
    private var line: [UInt8] = []
    private var open: [(code: Int, severity: Int, body: [UInt8])] = []
    /// Lines outside all messages, the latest ones.
    private(set) var loose: [String] = []

    private static let nestingLimit = 8
    private static let bodyLimit = 16 << 20
    private static let looseLimit = 200
    private static let mark = Array("@!@!@".utf8)

    /// Takes in what came next, and tells of each message that ended in it.
    mutating func take(_ bytes: ArraySlice<UInt8>, _ message: (TLCMessage) -> Void) {
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0A) {
            append(rest[..<end])
            finishLine(message)
            rest = rest[(end + 1)...]
        }
        append(rest)
    }

    /// The output is over; a line that lacks its end still counts.
    mutating func finish(_ message: (TLCMessage) -> Void) {
        if !line.isEmpty { finishLine(message) }
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        line += bytes.prefix(max(0, Self.bodyLimit - line.count))
    }

    private mutating func finishLine(_ message: (TLCMessage) -> Void) {
        if line.last == 0x0D { line.removeLast() }
        defer { line.removeAll(keepingCapacity: true) }
        if let (words, code, severity) = Self.beginning(line) {
            if !words.isEmpty { keep(words) }
            if open.count < Self.nestingLimit { open.append((code, severity, [])) }
        } else if let code = Self.end(line) {
            // An end without its beginning closes nothing.
            guard let place = open.lastIndex(where: { $0.code == code }) else { return }
            while open.count > place {
                let ended = open.removeLast()
                message(TLCMessage(code: ended.code, severity: ended.severity, body: ended.body))
                // What a message quotes belongs to its own text as well.
                if !open.isEmpty { add(ended.body[...]) }
            }
        } else {
            keep(line[...])
        }
    }

    private mutating func keep(_ words: ArraySlice<UInt8>) {
        if !open.isEmpty {
            add(words + [0x0A])
        } else if !words.isEmpty {
            if loose.count == Self.looseLimit { loose.removeFirst() }
            loose.append(String(decoding: words.prefix(1_000), as: UTF8.self))
        }
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>) {
        let last = open.count - 1
        open[last].body += bytes.prefix(max(0, Self.bodyLimit - open[last].body.count))
    }

    /// `: @!@!@STARTMSG 2266:0 @!@!@` begins message 2266 behind a colon; a quoted line is what a model printed.
    private static func beginning(_ line: [UInt8]) -> (ArraySlice<UInt8>, Int, Int)? {
        guard line.first != UInt8(ascii: "\""), line.count < 1_000 else { return nil }
        let key = mark + Array("STARTMSG ".utf8)
        guard let place = place(of: key, in: line) else { return nil }
        let numbers = line[(place + key.count)...].prefix { $0 != 0x20 }.split(separator: UInt8(ascii: ":"))
        guard numbers.count == 2, let code = number(numbers[0]), let severity = number(numbers[1]) else { return nil }
        return (line[..<place], code, severity)
    }

    private static func end(_ line: [UInt8]) -> Int? {
        let key = mark + Array("ENDMSG ".utf8)
        guard line.starts(with: key) else { return nil }
        return number(line[key.count...].prefix { $0 != 0x20 })
    }

    private static func place(of key: [UInt8], in line: [UInt8]) -> Int? {
        guard line.count >= key.count else { return nil }
        return (0...(line.count - key.count)).first { line[$0...].starts(with: key) }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? { Int(String(decoding: digits, as: UTF8.self)) }
}
