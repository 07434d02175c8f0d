package import PlaitReport

/// Behaviours in a file, so that they can be replayed where there is no TLC. The first line holds the texts, once
/// each; then there is one behaviour a line, by places in those:
///
///     {"format":1,"actions":["[name |-> \"Deliver\"]",…],"states":["<<…>>",…]}
///     {"start":0,"actions":[3,0,1],"end":7}
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
        behaviours = Tours(covering: graph).ways.map { way in
            Behaviour(
                start: graph.states[graph.edges[way[0]].from],
                actions: way.map { graph.actions[graph.edges[$0].action] },
                end: graph.states[graph.edges[way[way.count - 1]].to]
            )
        }
    }

    package var steps: Int { behaviours.reduce(0) { $0 + $1.actions.count } }
}

extension Corpus {
    private static let format = 1
    private static let remedy = "scripts/formal makes this file anew"

    package init(parsing bytes: [UInt8], path: String) throws(FormalFileError) {
        var actions: [String] = []
        var states: [String] = []
        var behaviours: [Behaviour] = []
        for (place, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            func refuse(_ message: String) -> FormalFileError {
                FormalFileError(path, line: place + 1, message, remedy: Self.remedy)
            }
            // The last line ends in a line feed, too.
            if line.isEmpty { continue }
            let value: JSONValue
            do throws(JSONValue.SyntaxError) {
                value = try JSONValue(parsing: Array(line))
            } catch {
                throw refuse(error.message)
            }
            guard place > 0 else {
                guard value["format"] == .number(String(Self.format)) else {
                    throw refuse("this is no corpus of format 1")
                }
                actions = value["actions"]?.list?.compactMap(\.text) ?? []
                states = value["states"]?.list?.compactMap(\.text) ?? []
                continue
            }
            let taken = value["actions"]?.list?.map { Self.text($0, of: actions) } ?? [nil]
            guard let start = Self.text(value["start"], of: states), let end = Self.text(value["end"], of: states),
                !taken.contains(nil)
            else { throw refuse("start, actions or end is missing, or is not among the texts of the first line") }
            behaviours.append(Behaviour(start: start, actions: taken.compactMap(\.self), end: end))
        }
        self.behaviours = behaviours
    }

    private static func text(_ place: JSONValue?, of texts: [String]) -> String? {
        guard case .number(let digits)? = place, let place = Int(digits), texts.indices.contains(place) else {
            return nil
        }
        return texts[place]
    }

    package var text: Text {
        let actions = Self.numbered(behaviours.flatMap(\.actions))
        let states = Self.numbered(behaviours.flatMap { [$0.start, $0.end] })
        var text = Text(capacity: 1 << 16)
        var head = JSONWriter(pretty: false)
        head.object { writer in
            writer.key("format")
            writer.value(Int64(Self.format))
            for (name, table) in [("actions", actions), ("states", states)] {
                writer.key(name)
                writer.array { writer in
                    for text in table.texts { writer.value(text) }
                }
            }
        }
        text.append(span: head.text.span)
        text.append(byte: 0x0A)
        for behaviour in behaviours {
            text.append("{\"start\":")
            text.append(states.place(of: behaviour.start))
            text.append(",\"actions\":[")
            for (place, action) in behaviour.actions.enumerated() {
                if place > 0 { text.append(byte: UInt8(ascii: ",")) }
                text.append(actions.place(of: action))
            }
            text.append("],\"end\":")
            text.append(states.place(of: behaviour.end))
            text.append("}\n")
        }
        return text
    }

    private struct Numbered {
        let texts: [String]
        let places: [String: Int]

        func place(of text: String) -> Int {
            guard let place = places[text] else { preconditionFailure("a text of the corpus is not in its table") }
            return place
        }
    }

    /// Each text once, sorted.
    private static func numbered(_ texts: [String]) -> Numbered {
        let once = Set(texts).sorted()
        var places: [String: Int] = [:]
        for (place, text) in once.enumerated() { places[text] = place }
        return Numbered(texts: once, places: places)
    }
}
