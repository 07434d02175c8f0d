import Foundation
import FoundationXML
import PlaitCore
import PlaitReport
import TestSupport
import Testing

@Suite("Pictures")
struct PictureTests {
    let world = TinyWorld(seed: 1, packets: 4_000)

    @Test("the summary reads as it always did")
    func summary() throws {
        let (summary, series, _) = world.metered()
        let table = SummaryTable(summary, labels: world.labels, series: series, colour: false)
        try expectSnapshot(table.text, named: "summary")
    }

    @Test("colour adds escape sequences and changes nothing else")
    func colour() {
        let (summary, series, _) = world.metered()
        let plain = SummaryTable(summary, labels: world.labels, series: series, colour: false).text
        let coloured = SummaryTable(summary, labels: world.labels, series: series, colour: true).text
        #expect(coloured != plain)
        #expect(coloured.replacing(/\u{1B}\[\d+m/, with: "") == plain)
    }

    @Test("the plot draws as it always did")
    func plot() throws {
        let (summary, series, changes) = world.metered(interval: .milliseconds(50))
        let plot = RunPlot(summary, labels: world.labels, series: series, changes: changes)
        try expectSnapshot(plot.document.string, named: "plot")
        let parser = XMLParser(data: Data(plot.document.bytes))
        #expect(parser.parse(), "the picture must be well-formed XML")
    }
}

@Suite("Pictures of unusual runs")
struct UnusualPictureTests {
    /// Each direction is offered one packet more than the one before it; the last two none.
    private func picture(directions: Int, changes: Int, end: Int64) -> (plot: String, table: String) {
        let labels = RunLabels(
            directions: (0..<directions).map { .init(link: "l<\($0)>", from: "a&b", to: "c", rate: .megabits(1)) },
            hosts: ["a&b", "c"],
            flows: []
        )
        let series = RunSeries(labels: labels)
        let meter = RunMeter(labels: labels, interval: .milliseconds(100), receivers: [series])
        var serial: UInt64 = 0
        var events: [TraceEvent] = []
        for direction in 0..<max(directions - 2, 0) {
            for _ in 0...direction {
                let place = Int32(direction)
                events.append(TraceEvent(time: .start, kind: .sent, place: 0, packet: serial, length: 100))
                events.append(TraceEvent(time: .start, kind: .offered, place: place, packet: serial, length: 100))
                serial += 1
            }
        }
        for change in 0..<changes {
            let time = Instant(nanoseconds: end * Int64(change) / Int64(changes))
            let up = UInt64(change % 2)
            events.append(TraceEvent(time: time, kind: .changed, place: 0, property: .up, detail: up))
        }
        meter.observe(events.span)
        meter.finish(at: Instant(nanoseconds: end))
        let summary = RunSummary(scenario: "s", seed: 1, hash: "0", engineEvents: 0, totals: meter.totals())
        let plot = RunPlot(summary, labels: labels, series: series, changes: meter.changes)
        let table = SummaryTable(summary, labels: labels, series: series, colour: false)
        return (plot.document.string, table.text)
    }

    @Test("of many directions the busiest are drawn, and the picture and the table say what is left out")
    func many() {
        let (plot, table) = picture(directions: 15, changes: 20, end: 1_000_000_000)
        #expect(plot.contains("the 6 busiest of 13 directions; 2 idle directions are not shown"))
        #expect(plot.contains("l&lt;12&gt;  a&amp;b → c") && !plot.contains("l&lt;6&gt;"))
        #expect(plot.contains("and 4 more changes: see events.csv"))
        #expect(table.contains("and 3 less busy directions: see links.csv"))
        #expect(
            table.contains("l<1>") && table.contains("l<12>") && !table.contains("l<13>") && !table.contains("l<0>")
        )
        #expect(XMLParser(data: Data(plot.utf8)).parse())
    }

    @Test(
        "a run in which nothing happened, or that took no time, has a picture and a table",
        arguments: [0, 1, 250_000_000]
    )
    func nothing(end: Int64) {
        for directions in [0, 2] {
            let (plot, table) = picture(directions: directions, changes: 0, end: end)
            #expect(XMLParser(data: Data(plot.utf8)).parse())
            #expect(table.hasPrefix("s · seed 1 · "))
        }
    }

    @Test("a ramp is one mark, with its first and last value")
    func ramp() {
        let labels = RunLabels(
            directions: [.init(link: "l", from: "a", to: "b", rate: .megabits(9))],
            hosts: ["a", "b"],
            flows: []
        )
        let series = RunSeries(labels: labels)
        let meter = RunMeter(labels: labels, interval: .seconds(1), receivers: [series])
        let events =
            [TraceEvent(time: .start, kind: .sent, place: 0), TraceEvent(time: .start, kind: .offered, place: 0)]
            + (0...8 as ClosedRange<Int64>).map { step in
                TraceEvent(
                    time: .start + .seconds(1) + .milliseconds(100 * step),
                    kind: .changed,
                    place: 0,
                    property: .rate,
                    detail: UInt64(9 - step) * 1_000_000
                )
            }
        meter.observe(events.span)
        meter.finish(at: .start + .seconds(5))
        let summary = RunSummary(scenario: "s", seed: 1, hash: "0", engineEvents: 0, totals: meter.totals())
        let plot = RunPlot(summary, labels: labels, series: series, changes: meter.changes).document.string
        #expect(plot.contains("1 s: l/a&gt;b rate 9 Mbps to 1 Mbps until 1.8 s"))
    }
}
