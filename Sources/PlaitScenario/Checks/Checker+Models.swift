import PlaitCore

extension Checker {
    /// The model behind a key; `nil` for `none`, and after an error.
    func model(_ fields: Fields, _ key: String) -> ChosenModel? {
        guard let (node, shape) = fields.value(key) else { return nil }
        guard case .model(let category, let orNone) = shape else { preconditionFailure("\(key) is no model") }
        if orNone, node.text == "none" { return nil }
        return model(node, category, orNone: orNone)
    }

    /// `unlimited`, `2 %`, `{gilbert-elliott: {mean: 1 %, burst: 6}}`.
    private func model(_ node: YAMLNode, _ category: ModelCategory, orNone: Bool) -> ChosenModel? {
        let signatures = category.signatures(in: vocabulary)
        guard let entries = node.entries, !isNull(node) else {
            if let signature = signatures.first(where: { $0.name == node.text }) {
                return model(category, signature, YAMLNode(.null, at: node.place), at: node.place)
            }
            return shorthand(node, category, signatures, orNone: orNone)
        }
        guard let entry = entries.first, entries.count == 1 else {
            log.error(
                node.place,
                "'\(category.rawValue)' takes one model, not \(entries.count)",
                remedy: forgottenName(entries, signatures) ?? "write \(category.rawValue): {MODEL: {...}}"
            )
            return nil
        }
        guard let signature = signatures.first(where: { $0.name == entry.key }) else {
            log.error(
                entry.keyPlace,
                "there is no \(category.rawValue) model '\(entry.key.prefix(70))'",
                remedy: forgottenName(entries, signatures) ?? unknownModel(entry.key, signatures)
            )
            return nil
        }
        return model(category, signature, entry.value, at: entry.keyPlace)
    }

    /// `{mean: 1 %, burst: 6}` without `gilbert-elliott:` around it.
    private func forgottenName(_ entries: [YAMLNode.Entry], _ signatures: [ModelSignature]) -> String? {
        guard !entries.isEmpty, entries.count < 20 else { return nil }
        let fitting = signatures.first { signature in
            entries.allSatisfy { entry in signature.parameters.contains { $0.name == entry.key } }
        }
        return fitting.map { "name the model: {\($0.name): {\(entries.map(\.key).joined(separator: ": ..., ")): ...}}" }
    }

    private func unknownModel(_ name: String, _ signatures: [ModelSignature]) -> String? {
        Suggestion.remedy(for: name, among: signatures.map(\.name))
    }

    /// A bare value stands for the first parameter of any model that takes such a value.
    private func shorthand(
        _ node: YAMLNode,
        _ category: ModelCategory,
        _ signatures: [ModelSignature],
        orNone: Bool
    ) -> ChosenModel? {
        let choices = signatures.flatMap { signature in
            signature.shorthands.compactMap { name in
                signature.parameters.first { $0.name == name }.map { (signature, $0) }
            }
        }
        if let (signature, parameter) = choices.first(where: { looks(node, like: $0.1.kind) }) {
            return model(category, signature, bare: node, for: parameter, at: node.place)
        }
        let isWord = node.text?.utf8.first.map { !(UInt8(ascii: "+")...UInt8(ascii: "9")).contains($0) } ?? false
        let known = signatures.map(\.name) + (orNone ? ["none"] : [])
        let examples = choices.compactMap { $0.1.kind.quantity?.example }
        log.error(
            node.place,
            isWord
                ? "there is no \(category.rawValue) model \(node.phrase)"
                : "\(node.phrase) does not say which \(category.rawValue) model",
            remedy: isWord
                ? Suggestion.remedy(for: node.text ?? "", among: known)
                : examples.isEmpty
                    ? "name one of \(Suggestion.list(known))"
                    : "write a value like \(examples.joined(separator: " or "))"
        )
        return nil
    }

    /// Whether a bare value is meant for a parameter of this kind, right or wrong in its size.
    private func looks(_ node: YAMLNode, like kind: ParameterKind) -> Bool {
        switch kind {
        case .flag: return node.text == "true" || node.text == "false"
        case .word(let words): return words.contains(node.text ?? "")
        case .integers:
            if case .list = node.kind { return true }
            return node.text?.contains("..") ?? false
        default: return kind.quantity?.hasUnit(of: node.text ?? "") ?? false
        }
    }

    /// A model by its name, with whatever stands behind it.
    func model(
        _ category: ModelCategory,
        _ signature: ModelSignature,
        _ value: YAMLNode,
        at place: Place
    ) -> ChosenModel? {
        if let entries = value.entries { return model(category, signature, entries, at: place) }
        let parameters = signature.shorthands.compactMap { name in signature.parameters.first { $0.name == name } }
        guard let parameter = parameters.first(where: { looks(value, like: $0.kind) }) ?? parameters.first else {
            log.error(
                value.place,
                "'\(signature.name)' takes \(signature.parameters.isEmpty ? "nothing" : "a map"), not \(value.phrase)",
                remedy: signature.parameters.isEmpty
                    ? "write \(signature.name) alone"
                    : "write {\(signature.parameters.map(\.name).joined(separator: ": ..., ")): ...}"
            )
            return nil
        }
        return model(category, signature, bare: value, for: parameter, at: place)
    }

    private func model(
        _ category: ModelCategory,
        _ signature: ModelSignature,
        bare value: YAMLNode,
        for parameter: ModelSignature.Parameter,
        at place: Place
    ) -> ChosenModel? {
        model(
            category,
            signature,
            [YAMLNode.Entry(key: parameter.name, keyPlace: value.place, value: value)],
            at: place
        )
    }

    private func model(
        _ category: ModelCategory,
        _ signature: ModelSignature,
        _ entries: [YAMLNode.Entry],
        at place: Place
    ) -> ChosenModel? {
        let before = log.errorCount
        let names = signature.parameters.map(\.name)
        for entry in entries where !names.contains(entry.key) {
            log.error(
                entry.keyPlace,
                names.isEmpty
                    ? "'\(signature.name)' takes no parameters"
                    : "'\(signature.name)' has no parameter '\(entry.key.prefix(70))'",
                remedy: Suggestion.remedy(for: entry.key, among: names)
            )
        }
        var arguments: [ModelChoice.Argument] = []
        var origins: [Origin] = []
        for parameter in signature.parameters {
            if let entry = entries.first(where: { $0.key == parameter.name }) {
                guard let value = argument(entry.value, parameter.kind) else { continue }
                arguments.append(ModelChoice.Argument(parameter.name, value))
                origins.append(Origin(entry.value.place))
            } else if parameter.isRequired {
                log.error(
                    place,
                    "'\(signature.name)' needs '\(parameter.name)'",
                    remedy: "\(parameter.name): \(parameter.summary)"
                )
            }
        }
        guard log.errorCount == before else { return nil }
        let choice = ModelChoice(signature.name, arguments)
        let model = ChosenModel(choice, origin: Origin(place), argumentOrigins: origins)
        if let objection = vocabulary.objection(category, choice) {
            log.add(model.diagnostic(for: objection))
            return nil
        }
        return model
    }

    private func argument(_ node: YAMLNode, _ kind: ParameterKind) -> ParameterValue? {
        switch kind {
        case .flag: return flag(node).map { .flag($0) }
        case .word(let words): return word(node, among: words).map { .word($0) }
        case .integers: return ranges(node).map { .integers($0) }
        default: break
        }
        guard let quantity = kind.quantity else { preconditionFailure("a kind of parameter without a reader") }
        // No rate at all would read as an unlimited one.
        let bounds = quantity == .rate ? 1...quantity.range.upperBound : quantity.range
        return number(node, quantity, in: bounds).flatMap { quantity.parameterValue($0) }
    }

    /// `[3, 7..9]`
    private func ranges(_ node: YAMLNode) -> [ClosedRange<UInt64>]? {
        let items: [YAMLNode] = if case .list(let items) = node.kind { items } else { [node] }
        var ranges: [ClosedRange<UInt64>] = []
        for item in items {
            guard let range = item.text.flatMap(Self.range) else {
                log.error(item.place, "\(item.phrase) is no whole number and no range", remedy: "write [3, 7..9]")
                return nil
            }
            ranges.append(range)
        }
        return ranges
    }

    private static func range(_ text: String) -> ClosedRange<UInt64>? {
        let parts = text.split(separator: "..", omittingEmptySubsequences: false).map { part in
            part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_") }
                ? UInt64(part.replacing("_", with: "")) : nil
        }
        switch (parts.count, parts.first ?? nil, parts.last ?? nil) {
        case (1, .some(let only), _): return only...only
        case (2, .some(let first), .some(let last)) where first <= last: return first...last
        default: return nil
        }
    }
}
