import PlaitCore

/// What a run says on a terminal: its flows and links in aligned columns, each with its course over time.
package struct SummaryTable {
    let summary: RunSummary
    let labels: RunLabels
    private let series: RunSeries
    private let isColoured: Bool

    /// More rows than this are left out, the busiest stay.
    static let rowsMax = 12
    private static let sparkWidth = 24

    /// `colour`: whether the terminal understands ANSI colours.
    package init(_ summary: RunSummary, labels: RunLabels, series: RunSeries, colour: Bool) {
        self.summary = summary
        self.labels = labels
        self.series = series
        isColoured = colour
    }

    /// The table, with a line break at the end.
    package var text: String {
        let flows = layOut(flowRows(), leftAligned: [0])
        let links = layOut(linkRows(), leftAligned: [0, 1, 7])
        let work = layOut(summary.work.map { workRows($0) } ?? [], leftAligned: [0, 1])
        let ends = layOut(summary.work.map { connectionRows($0) } ?? [], leftAligned: [0, 1])
        let width = ([firstLine.count] + work.widths + ends.widths + flows.widths + links.widths).max() ?? 0
        let rule = styled(String(repeating: "─", count: width), .dim) + "\n"
        var text = styled(firstLine, .bold) + "\n" + styled("hash " + summary.hash, .dim) + "\n"
        if summary.work != nil {
            text += rule + work.text + left(labels.items.count, "items", ResultTable.streams.file)
            text += summary.work.map { boundLine($0) } ?? ""
            text += rule + ends.text + left(labels.connections.count, "connections", ResultTable.connections.file)
        }
        if !labels.flows.isEmpty {
            text += rule + flows.text + left(labels.flows.count, "flows", ResultTable.flowTotals.file)
        }
        if !labels.directions.isEmpty {
            text += rule + links.text + left(labels.directions.count, "directions", ResultTable.links.file)
        }
        return text + rule
    }

    private var firstLine: String {
        let ended = Interval(nanoseconds: summary.totals.ended.nanoseconds).description
        let events = Readable.count(summary.engineEvents)
        return "\(summary.scenario) · seed \(summary.seed) · \(ended) simulated · \(events) events"
    }

    private func left(_ count: Int, _ what: String, _ file: String) -> String {
        guard count > Self.rowsMax else { return "" }
        return styled("and \(count - Self.rowsMax) less busy \(what): see \(file)", .dim) + "\n"
    }

    // MARK: Rows

    private func flowRows() -> [[Cell]] {
        let head = ["flow", "sent", "delivered", "lost", "goodput", "delay p50", "p95", "max", "goodput over time"]
        let totals = summary.totals.flows
        let shown = busiest(totals.map(\.counts.sent.bytes))
        let peak = peaks(shown) { place, group in group.intervals.reduce(0) { $0 + series.flows[place][$1] } }
        return [head.map { Cell($0, .dim) }]
            + shown.enumerated().map { row, place in
                let flow = totals[place]
                let counts = flow.counts
                let quantiles = flow.quantiles.map { [$0[0], $0[1], counts.delays.largest] }
                let delays = quantiles?.map(Readable.duration) ?? ["-", "-", "-"]
                let lost = Readable.percent(counts.dropped.packets, of: counts.sent.packets + counts.copied.packets)
                return [
                    Cell(labels.flows[place]), Cell(Readable.count(counts.sent.packets)),
                    Cell(Readable.count(counts.delivered.packets)),
                    Cell(lost, counts.dropped.packets > 0 ? .warning : .plain),
                    Cell(Readable.rate(UInt64(flow.goodput)), .bold),
                ] + delays.map { Cell($0) } + [Cell(peak[row], .accent)]
            }
    }

    private func linkRows() -> [[Cell]] {
        let head = ["link", "direction", "offered", "dropped", "rate", "busy", "queue max", "drops", "rate over time"]
        let totals = summary.totals.directions
        let shown = busiest(totals.map(\.counts.offered.bytes))
        let peak = peaks(shown) { place, group in series.point(place, group).departedBytes }
        let ended = UInt64(summary.totals.ended.nanoseconds)
        return [head.map { Cell($0, .dim) }]
            + shown.enumerated().map { row, place in
                let counts = totals[place].counts
                let dropped = counts.drops.total.packets
                let reasons = TraceEvent.DropReason.onLinks.filter { counts.drops[$0].packets > 0 }
                    .map { "\(Readable.count(counts.drops[$0].packets)) \($0.word)" }.joined(separator: ", ")
                return [
                    Cell(labels.directions[place].link), Cell(labels.directions[place].heading),
                    Cell(Readable.count(counts.offered.packets)),
                    Cell(
                        Readable.percent(dropped, of: counts.offered.packets + counts.copied.packets),
                        dropped > 0 ? .warning : .plain
                    ),
                    Cell(Readable.rate(UInt64(totals[place].rate)), .bold),
                    Cell(Readable.percent(UInt64(counts.busy), of: ended)), Cell(Readable.bytes(counts.queueMax.bytes)),
                    Cell(reasons.isEmpty ? "-" : reasons), Cell(peak[row], .accent),
                ]
            }
    }

    /// The largest by `weights`, in the scenario's order.
    private func busiest(_ weights: [UInt64]) -> [Int] {
        let order = weights.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
        return order.prefix(Self.rowsMax).sorted()
    }

    /// A line of blocks for each row, each to its own scale: a dot is nothing, a full block the row's peak.
    private func peaks(_ rows: [Int], _ bytes: (Int, RunSeries.Group) -> UInt64) -> [String] {
        let blocks = Array("▁▂▃▄▅▆▇█")
        let groups = series.groups(atMost: Self.sparkWidth)
        return rows.map { row in
            let rates = groups.map { $0.rate(bytes(row, $0)) }
            let peak = rates.max() ?? 0
            return String(rates.map { $0 == 0 ? "·" : blocks[Int(UInt128($0) * 8 - 1) / Int(peak)] })
        }
    }

    // MARK: Layout

    enum Style: String {
        case plain = ""
        case bold = "1"
        case dim = "2"
        case warning = "33"
        case accent = "36"
    }

    struct Cell {
        let text: String
        let style: Style

        init(_ text: String, _ style: Style = .plain) {
            self.text = text
            self.style = style
        }
    }

    private func styled(_ text: String, _ style: Style) -> String {
        isColoured && style != .plain ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Pads every cell to its column. The last column is left-aligned and not padded.
    private func layOut(_ rows: [[Cell]], leftAligned: Set<Int>) -> (text: String, widths: [Int]) {
        guard let columnCount = rows.first?.count else { return ("", []) }
        let widths = (0..<columnCount).map { column in rows.map { $0[column].text.count }.max() ?? 0 }
        var text = ""
        var lineWidths: [Int] = []
        for row in rows {
            var line = ""
            var width = 0
            for (column, cell) in row.enumerated() {
                let isLast = column == columnCount - 1
                let padding = String(repeating: " ", count: isLast ? 0 : widths[column] - cell.text.count)
                let shown = styled(cell.text, cell.style)
                if column > 0 { line += "  " }
                line += leftAligned.contains(column) || isLast ? shown + padding : padding + shown
                width += (column > 0 ? 2 : 0) + cell.text.count + padding.count
            }
            text += line + "\n"
            lineWidths.append(width)
        }
        return (text, lineWidths)
    }
}
