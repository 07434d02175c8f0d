/// States beside each other, for people: a variable a line, and more than one only where the states differ.
///
///     * limit  before, code: 3
///              model: 6
///       ended  FALSE
///
/// A star is where the last two differ.
enum StateTable {
    static func text<State: ModelState>(_ states: [(name: String, state: State)]) -> String {
        let values = states.map { $0.state.values.map(\.text) }
        let width = State.variables.map(\.count).max() ?? 0
        var lines: [String] = []
        for (place, variable) in State.variables.enumerated() {
            let own = values.map { $0[place] }
            let isMarked = Set(own.suffix(2)).count > 1
            var head = (isMarked ? "* " : "  ") + variable + String(repeating: " ", count: width - variable.count + 2)
            guard Set(own).count > 1 else {
                lines.append(head + (own.first ?? ""))
                continue
            }
            for (index, value) in own.enumerated() where own.firstIndex(of: value) == index {
                let names = zip(states, own).filter { $0.1 == value }.map(\.0.name)
                lines.append(head + names.joined(separator: ", ") + ": " + value)
                head = String(repeating: " ", count: head.count)
            }
        }
        return lines.joined(separator: "\n")
    }
}

extension ModelState {
    /// A variable a line.
    var lines: String { StateTable.text([("", self)]) }
}

extension Departure {
    /// The states before and after, and what the model would have come to.
    package var text: String {
        guard let expected else { return StateTable.text([("before", before), ("code", after)]) }
        return StateTable.text([("before", before), ("model", expected), ("code", after)])
    }
}
