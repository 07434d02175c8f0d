package import PlaitCore

/// One picture of one run: for each direction its rate, its queue and its drops over time, with the timeline's events.
///
/// A self-contained SVG without scripts or fonts of its own. Many directions: the six with the most bytes, and it says
/// so.
package struct RunPlot {
    private let title: String
    private let subtitle: String
    private let labels: RunLabels
    private let series: RunSeries
    private let changes: [TraceEvent]
    private let end: Int64

    private let shown: [Int]
    private let marks: [TimelineMark]
    private let numbered: [TimelineMark]
    private let time: Axis

    private static let directionsMax = 6
    private static let marksMax = 16

    package init(_ summary: RunSummary, labels: RunLabels, series: RunSeries, changes: [TraceEvent]) {
        self.labels = labels
        self.series = series
        self.changes = changes
        let ended = summary.totals.ended
        end = max(ended.nanoseconds, 1)
        let weights = summary.totals.directions.map(\.counts.offered.bytes)
        let busy = weights.indices.filter { weights[$0] > 0 }
        shown = busy.sorted { (weights[$1], $0) < (weights[$0], $1) }.prefix(Self.directionsMax).sorted()
        marks = TimelineMark.marks(of: changes, labels: labels, runEnd: ended)
        numbered = Array(marks.prefix(Self.marksMax))
        time = Axis(covering: UInt64(end), ticks: 8, units: Axis.times, exactLimit: true)
        title = summary.scenario
        let idle = weights.count - busy.count
        subtitle =
            "seed \(summary.seed), \(Interval(nanoseconds: ended.nanoseconds)) simulated"
            + (busy.count > shown.count ? "; the \(shown.count) busiest of \(busy.count) directions" : "")
            + (idle > 0 ? "; \(idle) idle \(idle == 1 ? "direction is" : "directions are") not shown" : "")
    }

    /// The SVG.
    package var document: Text {
        var drawing = Drawing(width: Layout.width, height: height, title: title + ", " + subtitle)
        drawing.words("title", .init(x: Layout.left(0), y: 270), title)
        drawing.words("soft", .init(x: Layout.left(0), y: 450), subtitle)
        legend(&drawing)
        for row in shown.indices { direction(row, &drawing) }
        eventLines(&drawing)
        eventKey(&drawing)
        drawing.end()
        return drawing.text
    }

    package func write(to path: String) throws(FileError) { try FileSink.write(document, to: path) }

    // MARK: Layout, in tenths of a pixel unless it says pixels

    private enum Layout {
        static let width = 1_120
        static let panelWidth = 2_960
        static let panelHeight = 1_000
        static let rowHeight = 1_420
        static let firstRow = 1_230
        static func left(_ column: Int) -> Int { 640 + column * (panelWidth + 740) }
        static func top(_ row: Int) -> Int { firstRow + row * rowHeight }
    }

    private var bottom: Int { Layout.top(max(shown.count, 1) - 1) + Layout.panelHeight }
    private var keyTop: Int { bottom + 620 }
    private var keyLines: Int { numbered.count + (marks.count > numbered.count ? 1 : 0) }
    /// In pixels.
    private var height: Int { (keyTop + keyLines * 170 + 40) / 10 }

    private func x(_ column: Int, _ nanoseconds: Int64) -> Int {
        Layout.left(column) + time.position(UInt64(nanoseconds), along: Layout.panelWidth)
    }

    private func y(_ row: Int, _ axis: Axis, _ value: UInt64) -> Int {
        Layout.top(row) + Layout.panelHeight - axis.position(value, along: Layout.panelHeight)
    }

    // MARK: Panels

    private func direction(_ row: Int, _ drawing: inout Drawing) {
        let place = shown[row]
        let name = labels.directions[place]
        drawing.words(
            "name",
            .init(x: Layout.left(0), y: Layout.top(row) - 120),
            "\(name.link)  \(name.from) → \(name.to)"
        )
        ratePanel(row, place, &drawing)
        queuePanel(row, place, &drawing)
        dropPanel(row, place, &drawing)
    }

    private func frame(_ row: Int, _ column: Int, _ axis: Axis, _ what: String, _ drawing: inout Drawing) {
        let left = Layout.left(column)
        let right = left + Layout.panelWidth
        let base = Layout.top(row) + Layout.panelHeight
        for tick in axis.ticks {
            let height = y(row, axis, tick)
            drawing.line(tick == 0 ? "axis" : "grid", .init(x: left, y: height), .init(x: right, y: height))
            drawing.words("soft right", .init(x: left - 60, y: height + 38), axis.label(tick))
        }
        for tick in time.ticks {
            let place = x(column, Int64(tick))
            drawing.line("axis", .init(x: place, y: base), .init(x: place, y: base + 40))
            guard row == shown.count - 1 else { continue }
            drawing.words("soft middle", .init(x: place, y: base + 170), time.label(tick))
        }
        let heading = "\(what) (\(axis.unit))"
        if column == 0 {
            drawing.words("soft right", .init(x: right, y: Layout.top(row) - 120), heading)
        } else {
            drawing.words("soft", .init(x: left, y: Layout.top(row) - 120), heading)
        }
        if row == shown.count - 1 {
            drawing.words("soft middle", .init(x: (left + right) / 2, y: base + 340), "time (\(time.unit))")
        }
    }

    private func ratePanel(_ row: Int, _ place: Int, _ drawing: inout Drawing) {
        let groups = series.groups(atMost: 240)
        let rates = groups.map { $0.rate(series.point(place, $0).departedBytes) }
        let configured = configuredRates(of: place)
        let axis = Axis(
            covering: max(rates.max() ?? 0, configured.map(\.rate).max() ?? 0),
            ticks: 4,
            units: Axis.rates
        )
        frame(row, 0, axis, "rate", &drawing)
        var line: [Drawing.Point] = []
        for (group, rate) in zip(groups, rates) {
            line.append(.init(x: x(0, group.start), y: y(row, axis, rate)))
            line.append(.init(x: x(0, group.end), y: y(row, axis, rate)))
        }
        fill("rate", line, row, axis, &drawing)
        for (index, piece) in configured.enumerated() where piece.rate > 0 {
            let until = index + 1 < configured.count ? configured[index + 1].start : end
            let height = y(row, axis, piece.rate)
            var points: [Drawing.Point] = [.init(x: x(0, piece.start), y: height), .init(x: x(0, until), y: height)]
            if index > 0, configured[index - 1].rate > 0 {
                points.insert(.init(x: x(0, piece.start), y: y(row, axis, configured[index - 1].rate)), at: 0)
            }
            drawing.path("configured", points)
        }
    }

    /// From when on the direction had which rate; zero stands for unlimited and is not drawn.
    private func configuredRates(of place: Int) -> [(start: Int64, rate: UInt64)] {
        var pieces: [(start: Int64, rate: UInt64)] = [(0, labels.directions[place].rate.bitsPerSecond)]
        for event in changes where event.property == .rate && Int(event.place) == place {
            if pieces[pieces.count - 1].start == event.time.nanoseconds { pieces.removeLast() }
            pieces.append((event.time.nanoseconds, event.detail))
        }
        return pieces
    }

    private func queuePanel(_ row: Int, _ place: Int, _ drawing: inout Drawing) {
        let groups = series.groups(atMost: 240)
        let points = groups.map { series.point(place, $0) }
        let axis = Axis(covering: points.map(\.queueMaxBytes).max() ?? 0, ticks: 4, units: Axis.bytes)
        frame(row, 1, axis, "queue", &drawing)
        var peaks: [Drawing.Point] = []
        var line: [Drawing.Point] = [.init(x: x(1, 0), y: y(row, axis, 0))]
        for (group, point) in zip(groups, points) {
            peaks.append(.init(x: x(1, group.start), y: y(row, axis, point.queueMaxBytes)))
            peaks.append(.init(x: x(1, group.end), y: y(row, axis, point.queueMaxBytes)))
            line.append(.init(x: x(1, group.end), y: y(row, axis, point.queueBytes)))
        }
        fill(nil, peaks, row, axis, &drawing)
        drawing.path("queue", line)
    }

    private func fill(_ lineStyle: String?, _ top: [Drawing.Point], _ row: Int, _ axis: Axis, _ drawing: inout Drawing)
    {
        guard let first = top.first, let last = top.last else { return }
        let base = y(row, axis, 0)
        let area = [.init(x: first.x, y: base)] + top + [.init(x: last.x, y: base)]
        drawing.path((lineStyle ?? "queue") + "-area", area, isClosed: true)
        if let lineStyle { drawing.path(lineStyle, top) }
    }

    private func dropPanel(_ row: Int, _ place: Int, _ drawing: inout Drawing) {
        let groups = series.groups(atMost: 60)
        let points = groups.map { series.point(place, $0) }
        let totals = points.map { point in point.drops.indices.reduce(0) { $0 + point.drops[$1] } }
        let axis = Axis(covering: max(totals.max() ?? 0, 4), ticks: 4, units: Axis.packets)
        let length = groups.first.map { ", per \(Interval(nanoseconds: $0.end - $0.start))" } ?? ""
        frame(row, 2, axis, "drops" + length, &drawing)
        for (group, point) in zip(groups, points) {
            var below: UInt64 = 0
            for (reason, colour) in Self.dropColours.enumerated() where point.drops[reason] > 0 {
                let base = y(row, axis, below)
                below += point.drops[reason]
                let top = y(row, axis, below)
                let left = x(2, group.start)
                let width = max(x(2, group.end) - left - 6, 10)
                drawing.rectangle("drop", .init(x: left, y: top), width: width, height: base - top, fill: colour)
            }
        }
    }

    /// By `DropReason.onLinks`: too-big, down, queue-full, aqm, flushed, loss, cut.
    private static let dropColours = ["#5b3a8c", "#8c8c8c", "#d55e00", "#e69f00", "#8c6d1f", "#cc79a7", "#56b4e9"]

    private func legend(_ drawing: inout Drawing) {
        var height = 660
        var left = Layout.left(0)
        func entry(_ words: String, _ drawing: inout Drawing) {
            drawing.words("soft", .init(x: left + 240, y: height + 38), words)
            left += 240 + words.count * 56 + 200
        }
        drawing.line("rate", .init(x: left, y: height), .init(x: left + 180, y: height))
        entry("rate out of the serialiser", &drawing)
        drawing.line("configured", .init(x: left, y: height), .init(x: left + 180, y: height))
        entry("configured rate", &drawing)
        drawing.rectangle("queue-area", .init(x: left, y: height - 50), width: 180, height: 100)
        drawing.line("queue", .init(x: left, y: height), .init(x: left + 180, y: height))
        entry("queue: largest, and at the end of each interval", &drawing)
        left = Layout.left(0)
        height += 190
        for (place, reason) in TraceEvent.DropReason.onLinks.enumerated() {
            let occurs = shown.contains { series.directions[$0].contains { $0.drops[place] > 0 } }
            guard occurs else { continue }
            let corner = Drawing.Point(x: left + 60, y: height - 50)
            drawing.rectangle("drop", corner, width: 100, height: 100, fill: Self.dropColours[place])
            entry("drop: " + reason.word, &drawing)
        }
    }

    // MARK: Timeline

    private func eventLines(_ drawing: inout Drawing) {
        for (index, mark) in marks.enumerated() {
            for column in 0..<3 {
                let place = x(column, min(mark.start, end))
                for row in shown.indices {
                    let top = Layout.top(row)
                    drawing.line("event", .init(x: place, y: top), .init(x: place, y: top + Layout.panelHeight))
                }
                guard index < numbered.count else { continue }
                drawing.disc("badge", .init(x: place, y: Layout.top(0)), radius: 65)
                drawing.words("number", .init(x: place, y: Layout.top(0) + 32), String(index + 1))
            }
        }
    }

    private func eventKey(_ drawing: inout Drawing) {
        for (index, mark) in numbered.enumerated() {
            let height = keyTop + index * 170
            drawing.disc("badge", .init(x: Layout.left(0) + 65, y: height - 35), radius: 65)
            drawing.words("number", .init(x: Layout.left(0) + 65, y: height - 3), String(index + 1))
            drawing.words("soft", .init(x: Layout.left(0) + 200, y: height), mark.wording)
        }
        guard marks.count > numbered.count else { return }
        let words = "and \(marks.count - numbered.count) more changes: see \(ResultTable.events.file)"
        drawing.words("soft", .init(x: Layout.left(0) + 200, y: keyTop + numbered.count * 170), words)
    }
}
