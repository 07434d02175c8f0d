import PlaitCore

/// The JSON Schema (draft 2020-12) of scenario files and presets, made from the tables that the checker reads by.
public enum ScenarioSchema: String, Sendable, CaseIterable {
    case scenario
    case preset

    /// The schema as JSON text.
    public func text(_ vocabulary: Vocabulary) -> String {
        let table: KeyTable = self == .scenario ? .scenario : .preset
        let writer = SchemaWriter(vocabulary: vocabulary)
        var entries: [(String, JSONText)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("Plait \(rawValue)")),
        ]
        if case .map(let body) = writer.record(table) { entries += body }
        return JSONText.map(entries).pretty
    }
}

private struct SchemaWriter {
    let vocabulary: Vocabulary

    func record(_ table: KeyTable) -> JSONText {
        var properties = table.keys.map { key in (key.name, described(schema(key.shape), key.summary)) }
        let models = table.models.map { $0.signatures(in: vocabulary) } ?? []
        properties += models.map { ($0.name, described(arguments($0), $0.summary)) }
        var entries: [(String, JSONText)] = [
            ("description", .text(table.summary)),
            ("type", .text("object")),
            ("properties", .map(properties)),
        ]
        if let directions = table.directions {
            let inner = record(KeyTable("one direction of a link", "What differs in one direction.", directions))
            entries.append(("patternProperties", .map([("^[^>]+>[^>]+$", inner)])))
        }
        if let others = table.others {
            // Not a pattern: that would hold for the named keys, too.
            entries.append(("propertyNames", .map([("pattern", .text(Self.name))])))
            entries.append(("additionalProperties", schema(others)))
        } else {
            entries.append(("additionalProperties", .flag(false)))
        }
        // What a scenario file lacks may stand in a file that it includes.
        let required = table.keys.filter { $0.isRequired && table.noun != "a scenario" }.map(\.name)
        if !required.isEmpty { entries.append(("required", .list(required.map { .text($0) }))) }
        if !models.isEmpty { entries.append(("oneOf", .list(models.map { requires([$0.name]) }))) }
        if table.noun == KeyTable.timelineItem.noun {
            entries.append(("oneOf", .list(TimelineVerb.allCases.map { requires([$0.rawValue]) })))
        }
        if table.noun == KeyTable.clientWork.noun {
            entries.append(("anyOf", .list(KeyTable.workKinds.map { requires([$0]) })))
        }
        let rivals = table.keys.flatMap { key in key.excludes.filter { $0 < key.name }.map { [$0, key.name] } }
        if !rivals.isEmpty { entries.append(("not", any(rivals.map(requires)))) }
        return .map(entries)
    }

    private func requires(_ names: [String]) -> JSONText { .map([("required", .list(names.map { .text($0) }))]) }

    private func described(_ schema: JSONText, _ summary: String) -> JSONText {
        guard case .map(let entries) = schema else { return schema }
        return .map([("description", .text(summary))] + entries.filter { $0.0 != "description" })
    }

    private func schema(_ shape: Shape) -> JSONText {
        switch shape {
        case .quantity(let quantity, _, let words): return any([number(quantity)] + words.map(constant))
        case .quantities(let choices, _): return any(choices.map(number))
        case .seed: return .map([("type", .list([.text("integer"), .text("string")])), ("minimum", .number(0))])
        case .flag: return .map([("type", .text("boolean"))])
        case .statement(let words): return any([.map([("const", .flag(true))])] + words.map(constant))
        case .word(let words): return .map([("enum", .list(words.map { .text($0) }))])
        case .text: return .map([("type", .text("string"))])
        case .name: return .map([("type", .text("string")), ("pattern", .text(Self.name))])
        case .direction: return .map([("type", .text("string")), ("pattern", .text("^[^>]+>[^>]+$"))])
        case .model(let category, let orNone): return model(category, orNone)
        case .record(let table, let bare, let orNone):
            var choices = [record(table)]
            if let bare, let key = table.key(bare) { choices.append(schema(key.shape)) }
            if orNone { choices.append(constant("none")) }
            return any(choices)
        case .entries(let table):
            let value: JSONText = any([record(table)] + (isEmptyAllowed(table) ? [Self.null] : []))
            return .map([
                ("type", .text("object")),
                ("patternProperties", .map([(Self.entryName, value)])),
                ("additionalProperties", .flag(false)),
            ])
        case .list(let element): return .map([("type", .text("array")), ("items", schema(element))])
        case .either(let shapes): return any(shapes.map(schema))
        }
    }

    private static let name = "^[A-Za-z0-9][A-Za-z0-9_-]*$"
    private static let entryName = "^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[0-9]+)?$"
    private static let null = JSONText.map([("type", .text("null"))])

    private func isEmptyAllowed(_ table: KeyTable) -> Bool {
        table.models == nil && !table.keys.contains(where: \.isRequired)
    }

    private func any(_ choices: [JSONText]) -> JSONText {
        choices.count == 1 ? choices[0] : .map([("anyOf", .list(choices))])
    }

    private func constant(_ word: String) -> JSONText { .map([("const", .text(word))]) }

    /// Text with a unit; where the unit is empty, editors and other YAML readers see a number.
    private func number(_ quantity: Quantity) -> JSONText {
        let signed = quantity.range.lowerBound < 0
        let units = quantity.units.map(\.name)
        let optional = units.contains("") ? "?" : ""
        let named = units.filter { !$0.isEmpty }
        let unit = named.isEmpty ? "" : " ?(\(named.joined(separator: "|")))\(optional)"
        let digits = "[0-9]+(_[0-9]+)*"
        let pattern = "^\(signed ? "[-+]?" : "\\+?")\(digits)(\\.\(digits))?\(unit)$"
        let text = JSONText.map([("type", .text("string")), ("pattern", .text(pattern))])
        guard units.contains("") else { return text }
        return any([text, .map([("type", .text(quantity == .integer ? "integer" : "number"))])])
    }

    private func model(_ category: ModelCategory, _ orNone: Bool) -> JSONText {
        let signatures = category.signatures(in: vocabulary)
        var choices: [JSONText] = orNone ? [constant("none")] : []
        let words = signatures.filter { !$0.parameters.contains(where: \.isRequired) }.map(\.name)
        if !words.isEmpty { choices.append(.map([("enum", .list(words.map { .text($0) }))])) }
        choices += signatures.flatMap { signature in shorthands(signature).map { parameter($0.kind) } }
        choices += signatures.map { signature in
            .map([
                ("description", .text(signature.summary)),
                ("type", .text("object")),
                ("properties", .map([(signature.name, arguments(signature))])),
                ("required", .list([.text(signature.name)])),
                ("additionalProperties", .flag(false)),
            ])
        }
        return any(choices)
    }

    private func shorthands(_ signature: ModelSignature) -> [ModelSignature.Parameter] {
        signature.shorthands.compactMap { name in signature.parameters.first { $0.name == name } }
    }

    private func arguments(_ signature: ModelSignature) -> JSONText {
        let required = signature.parameters.filter(\.isRequired).map(\.name)
        let map = JSONText.map([
            ("type", .text("object")),
            (
                "properties",
                .map(signature.parameters.map { ($0.name, described(parameter($0.kind), $0.summary)) })
            ),
            ("required", .list(required.map { .text($0) })),
            ("additionalProperties", .flag(false)),
        ])
        return any([map] + (required.isEmpty ? [Self.null] : []) + shorthands(signature).map { parameter($0.kind) })
    }

    private func parameter(_ kind: ParameterKind) -> JSONText {
        switch kind {
        case .flag: return schema(.flag)
        case .word(let words): return schema(.word(words))
        case .integers:
            let range = JSONText.map([("type", .text("string")), ("pattern", .text("^[0-9_]+(\\.\\.[0-9_]+)?$"))])
            let item = any([.map([("type", .text("integer"))]), range])
            return any([item, .map([("type", .text("array")), ("items", item)])])
        default: return kind.quantity.map(number) ?? .map([])
        }
    }
}
