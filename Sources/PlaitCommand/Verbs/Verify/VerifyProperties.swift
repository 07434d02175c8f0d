import PlaitScenario
import PlaitVerify

extension VerifyAction {
    /// Names every property, and what it says.
    func listProperties() throws(CommandError) -> ExitStatus {
        let chosen = try chosenProperties()
        if arguments.flag("json") {
            let list = chosen.map { property in
                JSONText.map([
                    ("name", .text(property.name)),
                    ("says", .text(property.words)),
                    ("module", .text(property.module ?? "")),
                    ("rules", .list(property.rules.map { .text($0) })),
                    ("must_happen", .list(property.health.marks.map { .text($0) })),
                    ("cases", .number(Int64(property.casesUsual))),
                ])
            }
            print(JSONText.list(list).pretty)
            return .success
        }
        let width = chosen.map(\.name.count).max() ?? 0
        for property in chosen {
            let name = property.name + String(repeating: " ", count: width - property.name.count)
            let module = property.module.map { " [formal/\($0)]" } ?? ""
            print("\(name)  \(property.words)\(module)\n")
        }
        return .success
    }

    /// Tries the properties that the command line asks for.
    func properties() throws(CommandError) -> ExitStatus {
        let chosen = try chosenProperties()
        let plan = try PropertyPlan(self, chosen)
        Interruption.arm()
        var results: [PropertyResult] = []
        for (index, property) in chosen.enumerated() {
            results.append(try plan.result(of: property, remaining: chosen.count - index))
            if Interruption.isRequested { throw Self.interrupted }
        }
        let text = PropertyText(results)
        print(arguments.flag("json") ? text.json.pretty : text.table)
        return results.allSatisfy(\.report.holds) ? .success : .failed
    }

    func chosenProperties() throws(CommandError) -> [Property] {
        var chosen = Properties.all
        if let module = arguments.value("module") {
            let known = Properties.all.compactMap(\.module).reduce(into: [String]()) { known, name in
                if !known.contains(name) { known.append(name) }
            }
            guard known.contains(module) else {
                throw CommandError(
                    .usage,
                    "no property belongs to a module called \(Printable.quoted(module))",
                    remedy: Suggestion.remedy(for: module, among: known)
                )
            }
            chosen = chosen.filter { $0.module == module }
        }
        guard let name = arguments.value("property") else { return chosen }
        // A whole name is that property alone, even where others begin so.
        if let exact = chosen.first(where: { $0.name == name }) { return [exact] }
        let named = chosen.filter { $0.name.hasPrefix(name) }
        guard !named.isEmpty else {
            throw CommandError(
                .usage,
                "there is no property \(Printable.quoted(name))",
                remedy: Suggestion.nearest(to: name, among: chosen.map(\.name)).map { "did you mean '\($0)'?" }
                    ?? "'plait verify --list' names all"
            )
        }
        return named
    }
}
