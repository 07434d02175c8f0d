/// Rows of cells that stand under each other.
struct AlignedRows {
    private var rows: [[String]] = []
    private let leftAligned: Set<Int>
    private let indent: String

    init(leftAligned: Set<Int>, indent: Int) {
        self.leftAligned = leftAligned
        self.indent = String(repeating: " ", count: indent)
    }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    var text: String {
        guard let columnCount = rows.map(\.count).max() else { return "" }
        let widths = (0..<columnCount).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        var text = ""
        for row in rows {
            var line = indent
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                if column > 0 { line += "  " }
                line += leftAligned.contains(column) ? cell + padding : padding + cell
            }
            while line.last == " " { line.removeLast() }
            text += line + "\n"
        }
        return text
    }
}
