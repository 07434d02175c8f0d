/// The lines in which one process asks another to try cases.
///
///     try loud NAME seed 7          quiet, or loud: each number is said as soon as it is chosen
///     try quiet NAME numbers 1,2,3
///     judge YAML                    runs a scenario; line breaks are written as unit separators
///     fates YAML
///
/// Answers, the last of each: `done PROPERTY WORDS STEP STEPS NUMBERS BEGINNINGS`, separated by tabs, `-` for what is
/// not there; `fates` one word for each direction, `3 loss,9 damage`.
enum CaseLine {
    static let separator: Character = "\t"
    static let nothing = "-"
    private static let lineBreak: Character = "\u{1F}"

    static func folded(_ text: String) -> String { String(text.map { $0 == "\n" ? lineBreak : $0 }) }
    static func unfolded(_ text: some StringProtocol) -> String { String(text.map { $0 == lineBreak ? "\n" : $0 }) }

    /// What the answer must not hold.
    static func plain(_ text: String) -> String {
        String(text.map { $0 == separator || $0.isNewline ? " " : $0 })
    }

    static func list(_ numbers: some Sequence<UInt64>) -> String {
        let text = numbers.map(String.init).joined(separator: ",")
        return text.isEmpty ? nothing : text
    }

    static func numbers(_ text: some StringProtocol) -> [UInt64]? {
        guard text != nothing else { return [] }
        var numbers: [UInt64] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = UInt64(word) else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    static func line(of recipe: Choices.Recipe, _ property: String, isLoud: Bool) -> String {
        let manner = isLoud ? "loud" : "quiet"
        switch recipe {
        case .seed(let seed): return "try \(manner) \(property) seed \(seed)"
        case .numbers(let numbers): return "try \(manner) \(property) numbers \(list(numbers))"
        }
    }

    static func done(_ verdict: PropertyVerdict) -> String {
        let failure = verdict.failure
        let words: [String] = [
            failure?.property ?? nothing, plain(failure?.words ?? nothing), String(failure?.step ?? 0),
            String(verdict.record.steps), list(verdict.choices), list(verdict.steps.map { UInt64($0) }),
        ]
        return "done " + words.joined(separator: String(separator))
    }

    /// Nil if it is no such answer.
    static func verdict(_ line: String, rules: Int = 0) -> PropertyVerdict? {
        guard line.hasPrefix("done ") else { return nil }
        let words = line.dropFirst(5).split(separator: separator, omittingEmptySubsequences: false)
        guard words.count == 6, let step = Int(words[2]), let steps = Int(words[3]), step <= steps,
            let choices = numbers(words[4]), let beginnings = numbers(words[5]),
            beginnings.allSatisfy({ $0 <= choices.count })
        else { return nil }
        var record = RunRecord(rules: rules)
        record.count(steps: step)
        if words[0] != nothing { record.fail(String(words[0]), String(words[1])) }
        record.count(steps: steps - step)
        return PropertyVerdict(choices: choices, steps: beginnings.map { Int(clamping: $0) }, record: record)
    }

    static func fates(_ fates: [[LinkFates.Fate]]) -> String {
        "fates "
            + fates.map { direction in
                let words = direction.map { "\($0.index) \($0.cause.rawValue)" }
                return words.isEmpty ? nothing : words.joined(separator: ",")
            }.joined(separator: String(separator))
    }

    static func fates(_ line: String) -> [[LinkFates.Fate]]? {
        guard line.hasPrefix("fates ") else { return nil }
        var directions: [[LinkFates.Fate]] = []
        for direction in line.dropFirst(6).split(separator: separator, omittingEmptySubsequences: false) {
            guard direction != nothing else {
                directions.append([])
                continue
            }
            var fates: [LinkFates.Fate] = []
            for word in direction.split(separator: ",") {
                let parts = word.split(separator: " ")
                guard parts.count == 2, let index = UInt64(parts[0]),
                    let cause = LinkFates.Cause(rawValue: String(parts[1]))
                else { return nil }
                fates.append(LinkFates.Fate(index: index, cause: cause))
            }
            directions.append(fates)
        }
        return directions
    }
}
