package import PlaitReport

/// Behaviours in a file, so that they can be replayed where there is no TLC: one a line, as canonical TLA+ texts.
///
///     {"start":"<<…>>","actions":["[name |-> \"Deliver\"]",…],"end":"<<…>>"}
///
/// The states between follow from the actions. The same graph makes the same bytes.
package struct Corpus: Hashable, Sendable {
    /// One line.
    package struct Behaviour: Hashable, Sendable {
        package let start: String
        package let actions: [String]
        package let end: String

        package init(start: String, actions: [String], end: String) {
            self.start = start
            self.actions = actions
            self.end = end
        }
    }

    package let behaviours: [Behaviour]

    package init(behaviours: [Behaviour]) { self.behaviours = behaviours }

    /// Behaviours that take every transition of a graph.
    ///
    /// - Returns: `nil` if actions do not determine where they lead, so that a list of actions is no behaviour.
    package init?(covering graph: TextGraph) {
        guard graph.isDeterministic else { return nil }
        behaviours = Tours(covering: graph).behaviours.map { behaviour in
            let end = behaviour.edges.last.map { graph.edges[$0].to } ?? behaviour.start
            return Behaviour(
                start: graph.states[behaviour.start],
                actions: behaviour.edges.map { graph.actions[graph.edges[$0].action] },
                end: graph.states[end]
            )
        }
    }

    package init(parsing bytes: [UInt8], path: String) throws(FormalFileError) {
        var behaviours: [Behaviour] = []
        for (place, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            // The last line ends in a line feed, too.
            if line.isEmpty { continue }
            let value: JSONValue
            do throws(JSONValue.SyntaxError) {
                value = try JSONValue(parsing: Array(line))
            } catch {
                throw FormalFileError(path, line: place + 1, error.message, remedy: Self.remedy)
            }
            let actions = value["actions"]?.list?.compactMap(\.text)
            guard let start = value["start"]?.text, let end = value["end"]?.text, let actions,
                actions.count == value["actions"]?.list?.count
            else {
                throw FormalFileError(
                    path,
                    line: place + 1,
                    "start, actions (all texts) or end is missing",
                    remedy: Self.remedy
                )
            }
            behaviours.append(Behaviour(start: start, actions: actions, end: end))
        }
        self.behaviours = behaviours
    }

    private static let remedy = "scripts/formal makes this file anew"

    package var text: Text {
        var text = Text(capacity: 1 << 16)
        for behaviour in behaviours {
            var writer = JSONWriter(pretty: false)
            writer.object { writer in
                writer.key("start")
                writer.value(behaviour.start)
                writer.key("actions")
                writer.array { writer in
                    for action in behaviour.actions { writer.value(action) }
                }
                writer.key("end")
                writer.value(behaviour.end)
            }
            text.append(span: writer.text.span)
            text.append(byte: 0x0A)
        }
        return text
    }

    package var steps: Int { behaviours.reduce(0) { $0 + $1.actions.count } }
}
