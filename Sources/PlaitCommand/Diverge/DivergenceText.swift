import PlaitScenario

/// A comparison of two runs in words, and as JSON.
package enum DivergenceText {
    /// For a person.
    package static func text(_ found: Divergence) -> String {
        var text = "A  \(found.a.title)\nB  \(found.b.title)\n"
        for note in found.inputs { text += "   \(note)\n" }
        text += "\n"
        if let comparison = found.parting, let parting = comparison.parting {
            text += self.text(parting, after: comparison.commonEvents, in: comparison.log)
        } else if !found.packets.isEmpty {
            let events = found.packets.reduce(0) { $0 + $1.commonEvents }
            let logs = found.packets.count > 1 ? " in \(found.packets.count) packet logs" : ""
            text += "The two runs are the same, event by event: \(Counted.text(events, "event"))\(logs).\n"
        }
        if !found.places.isEmpty {
            text += hashes(found)
            if found.packets.isEmpty { text += advice(found) }
        } else if found.commonHashes > 0, found.areSame {
            let lead = found.packets.isEmpty ? "The two runs are the same" : "The hashes agree as well"
            text += "\(lead): all \(Counted.hashes(found.commonHashes)).\n"
        }
        return text
    }

    private static func text(_ parting: PacketComparison.Parting, after common: Int, in log: String) -> String {
        var text = "They part at event \(common + 1), line \(parting.line) of \(Printable.plain(log)):\n\n"
        for row in parting.before { text += "     \(row)\n" }
        text += "  A  \(parting.a ?? "(nothing more)")\n  B  \(parting.b ?? "(nothing more)")\n\n"
        if !parting.columns.isEmpty { text += "These columns differ: \(parting.columns.joined(separator: ", ")).\n" }
        return text
    }

    private static func hashes(_ found: Divergence) -> String {
        let lead: String
        if !found.packets.isEmpty, found.parting == nil {
            lead = "Yet these hashes differ, so one of the files was changed, or something that has no events differs"
        } else {
            lead = "The hashes of these differ"
        }
        let limit = 20
        var text = "\(lead):\n"
        for place in found.places.prefix(limit) { text += "  \(place)\n" }
        if found.places.count > limit { text += "  and \(found.places.count - limit) more\n" }
        return text
    }

    private static func advice(_ found: Divergence) -> String {
        var text = "\nTo see the first event at which they part, run both again, each into a folder of its own:\n"
        for (folder, name) in [(found.a, "a"), (found.b, "b")] {
            guard let command = folder.word("reproduce") else {
                text += "  (the manifest of \(Printable.plain(folder.path)) does not say how it was made)\n"
                continue
            }
            let words = command.split(separator: " ")
            let missing = [("--packets", " --packets"), ("--out", " --out \(name)")].filter { option, _ in
                !words.contains { $0 == option || $0.hasPrefix(option + "=") }
            }
            text += "  \(command)\(missing.map(\.1).joined())\n"
        }
        return text + "and compare these with plait diverge.\n"
    }

    /// For machines.
    package static func json(_ found: Divergence) -> String {
        var entries: [(String, JSONText)] = [
            ("same", .flag(found.areSame)),
            ("inputs", .list(found.inputs.map { .text($0) })),
            ("places", .list(found.places.map { .text($0) })),
            ("common_hashes", .number(Int64(found.commonHashes))),
        ]
        if !found.packets.isEmpty {
            let events = found.packets.reduce(0) { $0 + $1.commonEvents }
            entries.append(("common_events", .number(Int64(events))))
        }
        if let comparison = found.parting, let parting = comparison.parting {
            var first: [(String, JSONText)] = [
                ("file", .text(comparison.log)),
                ("line", .number(Int64(parting.line))),
            ]
            if let a = parting.a { first.append(("a", .text(a))) }
            if let b = parting.b { first.append(("b", .text(b))) }
            first.append(("columns", .list(parting.columns.map { .text($0) })))
            entries.append(("parting", .map(first)))
        }
        return JSONText.map(entries).pretty
    }
}

extension Counted {
    fileprivate static func hashes(_ count: Int) -> String { "\(count) hash\(count == 1 ? "" : "es")" }
}
