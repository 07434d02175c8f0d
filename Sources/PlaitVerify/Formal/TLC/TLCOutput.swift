/// What TLC said, put together from its messages as they come in.
package struct TLCOutput {
    private var messages = TLCMessages()
    private(set) var code: Int?
    private(set) var violatedProperty: String?
    /// TLC's words for what went wrong; empty when nothing did.
    private(set) var errors: [String] = []
    private(set) var distinct: Int?
    private(set) var generated: Int?
    private(set) var queue: Int?
    private(set) var depth: Int?
    private(set) var actions: [TLCResult.Action] = []
    private(set) var trace: [TLCState] = []
    private(set) var ending = TLCEnding.open
    private(set) var violations = 0
    private(set) var version: String?
    private(set) var revision: String?
    private(set) var collisions: String?
    /// Whether TLC said that it is done, whatever came out.
    private(set) var isFinished = false

    private static let traceLimit = 200_000
    private static let errorLimit = 20

    package init() {}

    /// Takes in what the process wrote next, and tells how far it is whenever it said so.
    package mutating func take(_ bytes: ArraySlice<UInt8>, progress: (TLCProgress) -> Void = { _ in }) {
        var cut = messages
        // Taken out, so that reading a message may change this value.
        messages = TLCMessages()
        cut.take(bytes) { read($0, progress) }
        messages = cut
    }

    package mutating func finish() {
        var cut = messages
        cut.finish { read($0) { _ in } }
        messages = cut
    }

    /// What stands outside all messages: the words of a parser that failed, and what a model printed.
    var loose: [String] { messages.loose }

    private mutating func read(_ message: TLCMessage, _ progress: (TLCProgress) -> Void) {
        switch message.code {
        case 2262: readVersion(message.text)
        case 2193: succeed(message.text)
        case 2107, 2110: violate(message, behind: "Invariant ")
        case 2108: violate(message, behind: "Property ")
        case 2112: violate(message, behind: "Action property ")
        case 2116: violate(message, behind: nil)
        case 2114, 2104: judge(message)
        case 2217: readState(message)
        case 2218: ending = .stuttering
        case 2122: readLoop(message.text)
        case 2772, 2773: readAction(message.text)
        case 2200, 2209:
            if let now = Self.progress(message.text) { progress(now) }
        case 2199: readTotals(message.text)
        case 2194: depth = Self.numbers(message.text).first
        case 2186: isFinished = true
        case 2121, 2264, 2774, 2221, 2201, 2202: break
        default: if message.severity == 1 { judge(message) }
        }
    }

    /// The first judgement counts; whatever comes behind it explains it.
    private mutating func judge(_ message: TLCMessage) {
        if code == nil || code == 2193 { code = message.code }
        if errors.count < Self.errorLimit { errors.append(Self.trimmed(message.text)) }
    }

    private mutating func succeed(_ text: String) {
        if code == nil { code = 2193 }
        for line in text.split(separator: "\n") where line.contains("val = ") {
            collisions = line.split(separator: " ").last.map(String.init)
        }
    }

    private mutating func violate(_ message: TLCMessage, behind words: String?) {
        violations += 1
        let isFirst = code == nil || code == 2193
        judge(message)
        guard isFirst else { return }
        // A property that is no action property and false at once is named by its place: `line 43, col 12 to …`.
        if let words, message.text.hasPrefix(words) {
            let rest = message.text.dropFirst(words.count)
            violatedProperty = rest.firstRange(of: " is violated").map { String(rest[..<$0.lowerBound]) }
        }
        // A state that violates something at once stands in the same message.
        let body = message.body
        if message.code == 2107 || message.code == 2108, let end = body.firstIndex(of: 0x0A) {
            appendState(number: 1, action: nil, values: body[(end + 1)...])
        }
    }

    /// `3: <SendNew line 71, col 15 to line 75, col 88 of module TwoPath>`, then the state.
    private mutating func readState(_ message: TLCMessage) {
        // Under -continue there are several counterexamples; the first is the shortest.
        guard violations <= 1, let end = message.body.firstIndex(of: 0x0A) else { return }
        let head = String(decoding: message.body[..<end], as: UTF8.self)
        guard let colon = head.firstIndex(of: ":"), let number = Int(head[..<colon]) else { return }
        let label = Self.label(head[colon...])
        appendState(
            number: number,
            action: label == "Initial" ? nil : label,
            values: message.body[(end + 1)...]
        )
    }

    private mutating func appendState(number: Int, action: String?, values: ArraySlice<UInt8>) {
        guard trace.count < Self.traceLimit else { return }
        do throws(TLASyntaxError) {
            trace.append(TLCState(number: number, action: action, variables: try Self.variables(values)))
        } catch {
            // A counterexample with a hole would be another counterexample.
            if errors.count < Self.errorLimit { errors.append("state \(number) cannot be read: \(error)") }
        }
    }

    private static func variables(_ bytes: ArraySlice<UInt8>) throws(TLASyntaxError) -> [TLAValue.Field] {
        var parser = TLAParser(bytes)
        var variables: [TLAValue.Field] = []
        while !parser.isAtEnd {
            let name = try parser.variable()
            variables.append(TLAValue.Field(name, try parser.value()))
        }
        return variables
    }

    private mutating func readLoop(_ text: String) {
        guard violations <= 1, let number = Self.numbers(text).first else { return }
        ending = .loop(to: number)
    }

    /// `<Deliver line 95, col 1 to line 95, col 7 of module TwoPath (97 14 101 90)>: 28:364`
    private mutating func readAction(_ text: String) {
        guard let name = Self.label(text[...]), let close = text.lastIndex(of: ">") else { return }
        let counts = Self.numbers(String(text[close...]))
        guard counts.count == 2 else { return }
        let location = text[..<close].drop { $0 != " " }.dropFirst()
        let action = TLCResult.Action(
            name: name,
            location: String(location),
            distinct: counts[0],
            generated: counts[1]
        )
        // Coverage is printed now and then; the latest counts are the ones.
        if let known = actions.firstIndex(where: { $0.name == name && $0.location == action.location }) {
            actions[known] = action
        } else {
            actions.append(action)
        }
    }

    /// `TLC2 Version 2.15 of Day Month 20?? (rev: d5b5a7f)`
    private mutating func readVersion(_ text: String) {
        let words = text.split { $0 == " " || $0 == "\n" || $0 == "(" || $0 == ")" }
        if let place = words.firstIndex(of: "Version"), place + 1 < words.count { version = String(words[place + 1]) }
        if let place = words.firstIndex(of: "rev:"), place + 1 < words.count { revision = String(words[place + 1]) }
    }

    /// `3526 states generated, 1025 distinct states found, 0 states left on queue.`
    private mutating func readTotals(_ text: String) {
        let numbers = Self.numbers(text)
        guard numbers.count == 3 else { return }
        (generated, distinct, queue) = (numbers[0], numbers[1], numbers[2])
    }
}

extension TLCOutput {
    /// `Progress(19) at <time>: 3,526 states generated (342,330 s/min), 1,025 distinct states found (99,514 ds/min),
    /// 0 states left on queue.` In a simulation it lacks rates, and what is not known is -1.
    private static func progress(_ text: String) -> TLCProgress? {
        guard text.hasPrefix("Progress("), let place = text.firstRange(of: "): ") ?? text.firstRange(of: ": ") else {
            return nil
        }
        let head = numbers(String(text[..<place.lowerBound]))
        let parts = text[place.upperBound...].split(separator: ", ")
        guard let diameter = head.first, parts.count == 3 else { return nil }
        let counts = parts.map { numbers(String($0)) }
        guard let generated = counts[0].first, let distinct = counts[1].first, let queue = counts[2].first else {
            return nil
        }
        return TLCProgress(
            diameter: diameter,
            generated: generated,
            distinct: distinct,
            queue: queue,
            ratePerMinute: counts[0].count > 1 ? counts[0][1] : nil
        )
    }

    /// The name behind `<`: an action's.
    private static func label(_ text: Substring) -> String? {
        guard let open = text.firstIndex(of: "<") else { return nil }
        return text[text.index(after: open)...].split { $0 == " " || $0 == ">" }.first.map(String.init)
    }

    /// All whole numbers of a text, commas between their digits left out.
    private static func numbers(_ text: String) -> [Int] {
        let bytes = Array(text.utf8)
        func isDigit(_ place: Int) -> Bool {
            bytes.indices.contains(place) && bytes[place] >= 0x30 && bytes[place] <= 0x39
        }
        var numbers: [Int] = []
        var place = 0
        while place < bytes.count {
            guard isDigit(place) else {
                place += 1
                continue
            }
            var digits = place > 0 && bytes[place - 1] == UInt8(ascii: "-") ? "-" : ""
            while isDigit(place) || (bytes.indices.contains(place) && bytes[place] == 0x2C && isDigit(place + 1)) {
                if isDigit(place) { digits.unicodeScalars.append(Unicode.Scalar(bytes[place])) }
                place += 1
            }
            // A number too long for this is none that TLC counted.
            if let number = Int(digits) { numbers.append(number) }
        }
        return numbers
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text.drop { $0.isWhitespace })
    }
}
