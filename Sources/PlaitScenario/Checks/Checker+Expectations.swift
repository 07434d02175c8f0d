import PlaitCore

extension Checker {
    func expectations(_ fields: Fields) -> [Expectation] {
        items(fields, "expect").compactMap { expectation($0) }
    }

    /// `METRIC < VALUE` or `METRIC within TIME`.
    private func expectation(_ node: YAMLNode) -> Expectation? {
        let form = "write METRIC < VALUE or METRIC within TIME"
        guard let text = text(node, "expect") else { return nil }
        let words = text.split(separator: " ").map(String.init)
        guard let metric = words.first, let path = path(metric) else {
            let isGlued = words.first.map { $0.contains { "<=!".contains($0) } } ?? false
            log.error(
                node.place,
                "\(node.phrase) does not begin with a metric",
                remedy: isGlued ? "put spaces around the comparison" : form
            )
            return nil
        }
        guard words.count >= 3 else {
            log.error(node.place, "\(node.phrase) compares '\(metric.prefix(60))' with nothing", remedy: form)
            return nil
        }
        let value = words.dropFirst(2).joined(separator: " ")
        let place = place(of: value, in: text, at: node)
        guard let condition = condition(words[1], value, at: place, metric: node.place) else { return nil }
        return Expectation(
            text: words.joined(separator: " "),
            origin: Origin(node.place),
            metric: path,
            condition: condition
        )
    }

    private func path(_ text: String) -> [String]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isGood = parts.allSatisfy { part in
            guard let first = part.utf8.first, Self.isLetterOrDigit(first) else { return false }
            return part.utf8.allSatisfy {
                Self.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                    || $0 == UInt8(ascii: ">")
            }
        }
        return isGood ? parts : nil
    }

    private func condition(
        _ relation: String,
        _ value: String,
        at place: Place,
        metric: Place
    ) -> Expectation.Condition? {
        let node = YAMLNode(.scalar(value, isPlain: true), at: place)
        if relation == "within" {
            return number(node, .interval, in: Quantity.interval.range).map { .within(Interval(nanoseconds: $0)) }
        }
        guard let comparison = Comparison(rawValue: relation) else {
            let all = Comparison.allCases.map(\.rawValue) + ["within"]
            log.error(
                metric,
                "'\(relation.prefix(20))' is no comparison",
                remedy: relation == "=" ? "write ==" : "use one of \(Suggestion.list(all))"
            )
            return nil
        }
        return self.value(node).map { .compare(comparison, $0) }
    }

    /// The unit tells what kind of value is meant.
    private func value(_ node: YAMLNode) -> ParameterValue? {
        let text = node.text ?? ""
        if text == "true" || text == "false" { return .flag(text == "true") }
        let kinds: [Quantity] = [.signedInterval, .rate, .bytes, .frequency, .packets]
        if let quantity = kinds.first(where: { $0.hasUnit(of: text) }) {
            return number(node, quantity, in: quantity.range).flatMap { quantity.parameterValue($0) }
        }
        if text.hasSuffix("%") {
            return number(node, .probability, in: Quantity.probability.range)
                .flatMap { Quantity.probability.parameterValue($0) }
        }
        let quantity: Quantity = text.contains(".") ? .decimal : .integer
        guard quantity.hasUnit(of: text) else {
            let unit = text.drop { !$0.isLetter }
            let units = Quantity.allCases.flatMap { $0.units.map(\.name) }.filter { !$0.isEmpty }
            let near = unit.count == text.count ? nil : Suggestion.nearest(to: String(unit), among: units)
            log.error(
                node.place,
                "\(node.phrase) is no value to compare with",
                remedy: near.map { "did you mean '\($0)'?" }
                    ?? "write a number with its unit, such as 1 s, 10 Mbps, 2 % or 0"
            )
            return nil
        }
        return number(node, quantity, in: quantity.range).flatMap { quantity.parameterValue($0) }
    }

    /// Points into the text when that is written as it stands, on one line and without quotes.
    private func place(of value: String, in text: String, at node: YAMLNode) -> Place {
        guard case .scalar(_, true) = node.kind, text.hasSuffix(value) else { return node.place }
        let offset = text.unicodeScalars.count - value.unicodeScalars.count
        return Place(file: node.place.file, line: node.place.line, column: node.place.column + offset)
    }
}
