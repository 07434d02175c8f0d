/// Where two packet logs part.
package struct PacketComparison: Sendable {
    /// The logs' name inside their folders.
    package let log: String
    /// Rows that both have in common before they part, or all of them.
    package let commonEvents: Int
    /// `nil` when the logs are equal.
    package let parting: Parting?

    /// The first row that is not the same, and what stood before it.
    package struct Parting: Sendable {
        /// The file's line, its header being line 1.
        package let line: Int
        /// The last rows that both have, as a person reads them, oldest first.
        package let before: [String]
        /// `nil` when that log ends here.
        package let a: String?
        package let b: String?
        /// Names of the columns; empty when one of the logs ends.
        package let columns: [String]
    }

    private static let contextRows = 3

    /// Reads both files side by side, a line of each at a time.
    package init(of log: String, _ a: RunFolder, _ b: RunFolder) throws(CommandError) {
        self.log = log
        var left = try LineReader(a.file(log))
        var right = try LineReader(b.file(log))
        var (rowA, rowB): ([UInt8], [UInt8]) = ([], [])
        let table = try Self.table(a.file(log), &left, &rowA)
        guard try Self.table(b.file(log), &right, &rowB) == table else {
            throw CommandError(
                .badData,
                "the two packet logs have different columns, so they are of different versions of Plait",
                remedy: "run one of them again with the version of the other"
            )
        }
        var before: [[UInt8]] = []
        var count = 0
        while true {
            let (hasA, hasB) = (try left.next(into: &rowA), try right.next(into: &rowB))
            guard hasA || hasB else { break }
            guard hasA, hasB, rowA == rowB else {
                commonEvents = count
                parting = Parting(
                    line: count + 2,
                    before: before.map(table.text),
                    a: hasA ? table.text(of: rowA) : nil,
                    b: hasB ? table.text(of: rowB) : nil,
                    columns: hasA && hasB ? table.differences(rowA, rowB) : []
                )
                return
            }
            count += 1
            // The oldest row's memory takes the next one, so that a long log costs no allocation for each row.
            if before.count < Self.contextRows {
                before.append(rowA)
            } else {
                var oldest = before.removeFirst()
                swap(&oldest, &rowA)
                before.append(oldest)
            }
        }
        commonEvents = count
        parting = nil
    }

    private static func table(
        _ path: String,
        _ lines: inout LineReader,
        _ row: inout [UInt8]
    ) throws(CommandError) -> PacketTable {
        guard try lines.next(into: &row), let table = PacketTable(header: row) else {
            throw CommandError(.badData, "\(Printable.plain(path)):1: not the header of a packet log")
        }
        return table
    }
}
