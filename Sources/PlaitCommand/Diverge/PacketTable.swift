import PlaitReport

/// The header of packets.csv, and its rows as a person reads them.
///
/// The header says which columns there are, so that a later version's further columns are compared as well.
package struct PacketTable: Hashable, Sendable {
    private let columns: [String]

    /// - Returns: `nil` for a line that is no such header.
    package init?(header: [UInt8]) {
        columns = CSVRow.fields(of: header)
        guard ["time_ns", "event", "place"].allSatisfy(columns.contains) else { return nil }
    }

    /// `12.000000 ms  dropped (loss)  wifi/client>server  packet 17 of bulk, 1200 B`
    package func text(of row: [UInt8]) -> String {
        let fields = CSVRow.fields(of: row)
        guard fields.count == columns.count else { return Printable.plain(String(decoding: row, as: UTF8.self)) }
        func field(_ name: String) -> String {
            columns.firstIndex(of: name).map { Printable.plain(fields[$0]) } ?? ""
        }
        var event = field("event")
        for detail in [field("reason"), field("property")] where !detail.isEmpty { event += " (\(detail))" }
        var parts = [Self.milliseconds(field("time_ns")), event, field("place")]
        var packet: [String] = []
        if !field("packet").isEmpty { packet.append("packet \(field("packet"))") }
        if !field("flow").isEmpty { packet.append("of \(field("flow"))") }
        if !packet.isEmpty { parts.append(packet.joined(separator: " ")) }
        for (name, unit) in [("length_bytes", " B"), ("ecn", "")] where !field(name).isEmpty {
            parts.append(field(name) + unit)
        }
        for name in ["index", "detail"] where !field(name).isEmpty { parts.append("\(name) \(field(name))") }
        return parts.joined(separator: "  ")
    }

    /// The columns in which two rows differ; empty when one of them is not a row of this table.
    package func differences(_ a: [UInt8], _ b: [UInt8]) -> [String] {
        let (left, right) = (CSVRow.fields(of: a), CSVRow.fields(of: b))
        guard left.count == columns.count, right.count == columns.count else { return [] }
        return columns.indices.filter { left[$0] != right[$0] }.map { Printable.plain(columns[$0]) }
    }

    /// `12000000` as `12.000000 ms`, by moving the point.
    private static func milliseconds(_ nanoseconds: String) -> String {
        guard !nanoseconds.isEmpty, nanoseconds.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return nanoseconds
        }
        let digits = String(repeating: "0", count: max(0, 7 - nanoseconds.count)) + nanoseconds
        return "\(digits.dropLast(6)).\(digits.suffix(6)) ms"
    }
}
