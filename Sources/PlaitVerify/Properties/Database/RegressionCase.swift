/// A failing case in a text file: what was found once is tried first ever after.
///
///     plait case 1
///     property stream.model
///     fails ST-S2: a byte beyond the final size was taken
///     found --seed 1204
///     choices 0 3 17 2 0 0 1
///
/// Lines that begin with `#`, and empty ones, are for people. `fails` and `found` say what was seen when; only
/// `property` and `choices` count.
package struct RegressionCase: Hashable, Sendable {
    /// Of its file, without the ending.
    package let name: String
    package let property: String
    /// What failed, in which words.
    package let fails: String
    /// How it was found.
    package let found: String
    package let choices: [UInt64]

    /// Of the format, and of how choices are read: cases of another version stand for something else.
    package static let version = 1
    /// The ending of its file's name.
    package static let suffix = ".case"

    package init(name: String, property: String, fails: String, found: String = "", choices: [UInt64]) {
        self.name = name
        self.property = property
        self.fails = fails
        self.found = found
        self.choices = choices
    }

    package init(_ found: FoundCase, of property: Property, name: String) {
        let origin =
            switch found.origin {
            case .seed(let seed): "--seed \(seed)"
            case .search(let score): "search for more \(score)"
            case .regression(let name): name
            }
        let failure = found.shrunk.failure ?? found.failure
        self.init(
            name: name,
            property: property.name,
            fails: Self.oneLine("\(failure.property): \(failure.words)"),
            found: origin,
            choices: found.shrunk.choices
        )
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    // MARK: As text

    package var text: String {
        var text = "plait case \(Self.version)\nproperty \(property)\nfails \(fails)\n"
        if !found.isEmpty { text += "found \(found)\n" }
        var line = "choices"
        for choice in choices {
            let word = " \(choice)"
            if line.count + word.count > 120 {
                text += line + "\n"
                line = "choices"
            }
            line += word
        }
        return text + line + "\n"
    }

    package init(name: String, text: String) throws(RegressionError) {
        var property: String?
        var (fails, found) = ("", "")
        var choices: [UInt64] = []
        var isFirst = true
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("#") || line.allSatisfy(\.isWhitespace) { continue }
            if isFirst {
                guard line == "plait case \(Self.version)" else {
                    throw RegressionError(
                        name: name,
                        line: number + 1,
                        "a case begins with 'plait case \(Self.version)'"
                    )
                }
                isFirst = false
                continue
            }
            let words = line.split(separator: " ", maxSplits: 1)
            let rest = words.count > 1 ? String(words[1]) : ""
            switch words[0] {
            case "property": property = rest
            case "fails": fails = rest
            case "found": found = rest
            case "choices":
                for word in rest.split(separator: " ") {
                    guard let choice = UInt64(word) else {
                        throw RegressionError(name: name, line: number + 1, "'\(word.prefix(30))' is no choice")
                    }
                    choices.append(choice)
                }
            default: throw RegressionError(name: name, line: number + 1, "nothing is called '\(words[0].prefix(30))'")
            }
        }
        guard let property, !property.isEmpty else {
            throw RegressionError(name: name, line: 1, "the case does not say of which property it is")
        }
        self.init(name: name, property: property, fails: fails, found: found, choices: choices)
    }
}

/// Why a file is no case.
package struct RegressionError: Error, Hashable, Sendable {
    package let name: String
    package let line: Int
    package let message: String

    init(name: String, line: Int, _ message: String) {
        self.name = name
        self.line = line
        self.message = message
    }
}
