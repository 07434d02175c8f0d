/// Reads what the module `MC…` prints about its states and transitions, one a line:
///
///     "INIT\t<vars>"
///     "EDGE\t<vars>\t<act>\t<vars'>"
///
/// as TLC writes them with `-userFile`: quoted, and with escapes. Their order is that of TLC's workers and means
/// nothing. Equal texts are the same value, so that a graph of half a million transitions is parsed as often as it
/// has states.
package struct GraphExport {
    private var states = Interner()
    private var actions = Interner()
    private var initial: [Int] = []
    private var edges: [TextGraph.Edge] = []

    /// The graph that a file's bytes hold. Messages name its path.
    package static func graph(of bytes: [UInt8], path: String) throws(FormalFileError) -> TextGraph {
        var export = GraphExport()
        var number = 0
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            number += 1
            do throws(TLASyntaxError) {
                try export.take(bytes[start..<end])
            } catch {
                throw FormalFileError(
                    path,
                    line: number,
                    error.description,
                    remedy: "Export must print nothing but \"INIT\\t<vars>\" and \"EDGE\\t<vars>\\t<act>\\t<vars'>\""
                )
            }
            start = end + 1
        }
        return export.graph()
    }

    private mutating func take(_ line: ArraySlice<UInt8>) throws(TLASyntaxError) {
        let parts = try Self.parts(of: line)
        if parts.count == 2, parts[0].elementsEqual("INIT".utf8) {
            initial.append(try states.number(of: parts[1]))
        } else if parts.count == 4, parts[0].elementsEqual("EDGE".utf8) {
            let from = try states.number(of: parts[1])
            let action = try actions.number(of: parts[2])
            edges.append(TextGraph.Edge(from: from, action: action, to: try states.number(of: parts[3])))
        } else {
            throw TLASyntaxError(offset: 0, "this is neither INIT nor EDGE with its values")
        }
    }

    /// What stands between the tabs of a quoted line; a tab is written `\t` there, and a quote `\"`.
    private static func parts(of line: ArraySlice<UInt8>) throws(TLASyntaxError) -> [[UInt8]] {
        guard line.count >= 2, line.first == UInt8(ascii: "\""), line.last == UInt8(ascii: "\"") else {
            throw TLASyntaxError(offset: 0, "the line is not quoted")
        }
        var parts: [[UInt8]] = [[]]
        var place = line.startIndex + 1
        let end = line.endIndex - 1
        while place < end {
            let byte = line[place]
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                parts[parts.count - 1].append(byte)
                continue
            }
            guard place < end, let meant = TLAParser.escapes(line[place]) else {
                throw TLASyntaxError(offset: place - line.startIndex, "an unknown escape")
            }
            place += 1
            if meant == 0x09 { parts.append([]) } else { parts[parts.count - 1].append(meant) }
        }
        return parts
    }

    private func graph() -> TextGraph {
        var initial = initial
        initial.sort()
        var once: [Int] = []
        for state in initial where once.last != state { once.append(state) }
        return TextGraph(states: states.canonical, actions: actions.canonical, initial: once, edges: edges)
    }

    /// Gives equal values equal numbers, and parses each text once.
    private struct Interner {
        private(set) var canonical: [String] = []
        private var byCanonical: [String: Int] = [:]
        private var byText: [[UInt8]: Int] = [:]

        mutating func number(of text: [UInt8]) throws(TLASyntaxError) -> Int {
            if let known = byText[text] { return known }
            let value = try TLAValue(parsing: text[...]).text
            let number = byCanonical[value] ?? canonical.count
            if number == canonical.count {
                byCanonical[value] = number
                canonical.append(value)
            }
            byText[text] = number
            return number
        }
    }
}
