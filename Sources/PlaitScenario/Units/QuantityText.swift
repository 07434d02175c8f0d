/// Why a text is not the quantity that was asked for.
package struct QuantityError: Error, Hashable, Sendable {
    package let message: String
    package let remedy: String?
}

extension Quantity {
    /// Reads `1.5 Mbps` exactly: no floating point is involved, and what does not fit a whole base unit is refused.
    package func parse(_ text: String) throws(QuantityError) -> Int64 {
        try parse(text, in: range)
    }

    /// As above, with narrower bounds.
    package func parse(_ text: String, in bounds: ClosedRange<Int64>) throws(QuantityError) -> Int64 {
        guard let number = WrittenNumber(text) else { throw notANumber(text) }
        let unit = try unit(number.unit, of: text)
        guard let (whole, remainder) = number.scaled(by: unit.factor) else {
            throw QuantityError(message: "'\(shown(text))' has too many digits", remedy: "write it like \(example)")
        }
        if number.isNegative, bounds.lowerBound >= 0, whole > 0 || remainder > 0 {
            throw QuantityError(message: "'\(shown(text))' must not be negative", remedy: nil)
        }
        guard remainder == 0 else {
            throw QuantityError(message: "'\(shown(text))' is finer than \(step)", remedy: "round it")
        }
        guard let magnitude = Int64(exactly: whole) else {
            throw number.isNegative ? tooSmall(text, bounds.lowerBound) : tooLarge(text, bounds.upperBound)
        }
        let value = number.isNegative ? -magnitude : magnitude
        guard value >= bounds.lowerBound else { throw tooSmall(text, bounds.lowerBound) }
        guard value <= bounds.upperBound else { throw tooLarge(text, bounds.upperBound) }
        if self == .probability, unit.name.isEmpty, value == unit.factor {
            throw QuantityError(
                message: "'\(shown(text))' as a probability could be meant as 1 % or as 100 %",
                remedy: "write the % sign"
            )
        }
        return value
    }

    /// Whether the text is a number followed by one of this quantity's units, whatever its size.
    package func hasUnit(of text: String) -> Bool {
        guard let number = WrittenNumber(text) else { return false }
        return units.contains { $0.name == number.unit }
    }

    private func unit(_ name: String, of text: String) throws(QuantityError) -> QuantityUnit {
        if let unit = units.first(where: { $0.name == name }) { return unit }
        let names = units.map(\.name).filter { !$0.isEmpty }
        let choice = names.isEmpty ? "\(noun) has no unit" : "\(noun) is written in \(Self.list(names))"
        if name.isEmpty {
            let number = text.split(separator: " ").first.map(String.init) ?? text
            let samples = names.prefix(4).map { "\(number.prefix(20)) \($0)" }
            throw QuantityError(message: "'\(shown(text))' has no unit", remedy: "write \(Self.list(samples))")
        }
        if let other = Self.allCases.first(where: { $0 != self && $0.units.contains { $0.name == name } }) {
            throw QuantityError(message: "'\(shown(text))' is \(other.noun), not \(noun)", remedy: choice)
        }
        let near = names.first { $0.lowercased() == name.lowercased() } ?? Suggestion.nearest(to: name, among: names)
        throw QuantityError(
            message: "there is no unit '\(shown(name))' for \(noun)",
            remedy: near.map { "did you mean '\($0)'?" } ?? choice
        )
    }

    private func notANumber(_ text: String) -> QuantityError {
        if text.contains(","), WrittenNumber(text.replacing(",", with: "_")) != nil {
            return QuantityError(
                message: "'\(shown(text))' has a comma in its number",
                remedy: "write digits in groups as 1_000 and fractions as 1.5"
            )
        }
        return QuantityError(message: "'\(shown(text))' is not \(noun)", remedy: "write it like \(example)")
    }

    private func tooLarge(_ text: String, _ limit: Int64) -> QuantityError {
        QuantityError(message: "'\(shown(text))' is too large", remedy: "at most \(print(limit))")
    }

    private func tooSmall(_ text: String, _ limit: Int64) -> QuantityError {
        QuantityError(message: "'\(shown(text))' is too small", remedy: "at least \(print(limit))")
    }

    private func shown(_ text: String) -> String { text.count > 40 ? String(text.prefix(40)) + "..." : text }

    private static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension Quantity {
    /// The shortest exact text, which `parse` reads back to the same value.
    package func print(_ value: Int64) -> String {
        let unit = unit(forPrinting: value)
        let factor = unit.factor.magnitude
        var text = (value < 0 ? "-" : "") + String(value.magnitude / factor)
        var rest = value.magnitude % factor
        if rest > 0 {
            text += "."
            var place = factor / 10
            while rest > 0 {
                text += String(rest / place)
                rest %= place
                place /= 10
            }
        }
        return unit.name.isEmpty ? text : text + " " + unit.name
    }

    /// The largest unit of which there is at least one; only powers of ten, so that the digits end.
    private func unit(forPrinting value: Int64) -> QuantityUnit {
        switch self {
        case .probability, .frequency, .packets, .integer, .decimal: return units[0]
        case .interval, .signedInterval, .rate, .bytes, .drift: break
        }
        let usable = units.prefix { $0.name != "min" }
        guard value != 0 else { return self == .drift || self == .bytes ? usable[0] : usable[usable.count - 1] }
        return usable.last { $0.factor.magnitude <= value.magnitude } ?? usable[0]
    }
}

/// A decimal number as written, and the unit behind it.
private struct WrittenNumber {
    private(set) var isNegative = false
    /// All digits, without the point.
    private var digits: UInt128 = 0
    private var fractionDigits = 0
    private(set) var unit = ""
    private var isHuge = false

    /// `nil` when the text does not begin with a number, or the unit holds digits.
    init?(_ text: String) {
        var rest = text.utf8[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        guard readDigits(&rest, countsFraction: false) else { return nil }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard readDigits(&rest, countsFraction: true) else { return nil }
        }
        while rest.first == UInt8(ascii: " ") { rest.removeFirst() }
        guard rest.allSatisfy({ Self.isUnitCharacter($0) }) else { return nil }
        unit = String(Substring(rest))
    }

    /// Digits with single underscores between them.
    private mutating func readDigits(_ rest: inout Substring.UTF8View, countsFraction: Bool) -> Bool {
        var count = 0
        var afterGroup = false
        while let byte = rest.first {
            if byte == UInt8(ascii: "_"), count > 0, !afterGroup {
                afterGroup = true
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                append(UInt128(byte - UInt8(ascii: "0")), countsFraction)
                count += 1
                afterGroup = false
            } else {
                break
            }
            rest.removeFirst()
        }
        return count > 0 && !afterGroup
    }

    private mutating func append(_ digit: UInt128, _ countsFraction: Bool) {
        // 24 digits times the largest factor stay within 128 bits.
        guard digits < 100_000_000_000_000_000_000_000, fractionDigits < 30 else {
            isHuge = true
            return
        }
        digits = digits * 10 + digit
        if countsFraction { fractionDigits += 1 }
    }

    private static func isUnitCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "%"),
            UInt8(ascii: "/"), 0x80...:
            true
        default: false
        }
    }

    /// The value in units of `1 / factor`, and what is left over; `nil` when there are too many digits.
    func scaled(by factor: Int64) -> (whole: UInt128, remainder: UInt128)? {
        guard !isHuge, factor > 0 else { return nil }
        var divisor: UInt128 = 1
        for _ in 0..<fractionDigits { divisor *= 10 }
        let scaled = digits * UInt128(factor)
        return (scaled / divisor, scaled % divisor)
    }
}
