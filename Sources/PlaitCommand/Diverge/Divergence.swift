import PlaitReport
import PlaitScenario

/// What the comparison of two run folders found.
package struct Divergence: Sendable {
    package let a: RunFolder
    package let b: RunFolder
    /// What differs in what was run, as far as the manifests say.
    package let inputs: [String]
    /// The packet logs that both folders hold, in the order of the seeds, up to the first two that part.
    package let packets: [PacketComparison]
    /// Hosts, links and runs whose hashes differ or that only one of the two has.
    package let places: [String]
    /// Hashes that both have.
    package let commonHashes: Int

    package var areSame: Bool { places.isEmpty && parting == nil }

    /// The logs in which the runs part.
    package var parting: PacketComparison? { packets.last.flatMap { $0.parting == nil ? nil : $0 } }

    package init(_ a: RunFolder, _ b: RunFolder) throws(CommandError) {
        self.a = a
        self.b = b
        inputs = Self.inputs(a, b)
        packets = try Self.packets(a, b)
        // A folder without a manifest has a packet log to be compared by; the other's hashes then have no partner.
        guard a.manifest != nil, b.manifest != nil else {
            guard !packets.isEmpty else { throw Self.nothingToCompare }
            (places, commonHashes) = ([], 0)
            return
        }
        let (left, right) = (try a.hashes(), try b.hashes())
        guard !packets.isEmpty || !(left.isEmpty && right.isEmpty) else { throw Self.nothingToCompare }
        (places, commonHashes) = Self.places(left, right)
    }

    private static func packets(_ a: RunFolder, _ b: RunFolder) throws(CommandError) -> [PacketComparison] {
        var found: [PacketComparison] = []
        let others = b.packetLogs
        for log in a.packetLogs where others.contains(log) {
            let comparison = try PacketComparison(of: log, a, b)
            found.append(comparison)
            if comparison.parting != nil { break }
        }
        return found
    }

    private static let nothingToCompare = CommandError(
        .badData,
        "the two folders hold nothing that can be compared: neither hashes in both nor a packet log in both",
        remedy: "run both again, with --packets to see the first event at which they part"
    )

    private static func places(
        _ left: [(name: String, digits: String)],
        _ right: [(name: String, digits: String)]
    ) -> (places: [String], common: Int) {
        let known = Dictionary(right.map { ($0.name, $0.digits) }) { first, _ in first }
        let names = Set(left.map(\.name))
        var places: [String] = []
        var common = 0
        for (name, digits) in left {
            guard let other = known[name] else {
                places.append("\(name) (only in A)")
                continue
            }
            common += 1
            if other != digits { places.append(name) }
        }
        return (places + right.filter { !names.contains($0.name) }.map { "\($0.name) (only in B)" }, common)
    }

    private static func inputs(_ a: RunFolder, _ b: RunFolder) -> [String] {
        guard let left = a.manifest, let right = b.manifest else { return [] }
        var notes: [String] = []
        for (key, name) in [("scenario", "scenario"), ("plait_version", "version of Plait"), ("platform", "platform")]
        where left[key] != right[key] {
            notes.append("the \(name) differs: \(a.word(key) ?? "none") and \(b.word(key) ?? "none")")
        }
        if left["seeds"] != right["seeds"] {
            notes.append("the seed differs: \(a.seeds ?? "none") and \(b.seeds ?? "none")")
        }
        let (one, other) = (left["resolved_scenario"]?.text ?? "", right["resolved_scenario"]?.text ?? "")
        if let difference = firstDifference(one, other) {
            notes.append("the scenario, as resolved, differs first in line \(difference)")
        }
        return notes
    }

    /// `12: 'loss: 1 %' and 'loss: 2 %'`
    private static func firstDifference(_ a: String, _ b: String) -> String? {
        guard a != b else { return nil }
        let left = a.split(separator: "\n", omittingEmptySubsequences: false)
        let right = b.split(separator: "\n", omittingEmptySubsequences: false)
        let shown = { (line: Substring) in
            Printable.quoted(String(line.drop { $0 == " " }.prefix(60)))
        }
        for (index, pair) in zip(left, right).enumerated() where pair.0 != pair.1 {
            return "\(index + 1): \(shown(pair.0)) and \(shown(pair.1))"
        }
        return "\(min(left.count, right.count) + 1), where one of them ends"
    }
}
