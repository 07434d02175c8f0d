import PlaitCore

/// One column of a result table. The unit is the end of the name.
package struct Column: Sendable {
    package let name: String
    package let meaning: String

    init(_ name: String, _ meaning: String) {
        self.name = name
        self.meaning = meaning
    }
}

/// A result table: its file, what a row is, and its columns in order. This page is the only place that names columns;
/// `results/COLUMNS.md` is made from it, and every writer is held to it.
package struct ResultTable: Sendable {
    package let file: String
    package let row: String
    package let columns: [Column]

    /// Of all files of a run folder together. Raised when a column is renamed, removed, moved or means something else.
    package static let formatVersion: UInt64 = 2

    package static let all = [
        runs, links, flows, flowTotals, streams, datagrams, connections, paths, events, packets, decisions,
    ]

    /// The first line of the file.
    package var header: String { columns.map(\.name).joined(separator: ",") }
}

extension ResultTable {
    package static let runs = ResultTable(
        file: "runs.csv",
        row: "One row a run.",
        columns: [
            Column("scenario", "Name of the scenario."),
            Column("seed", "Seed of all random streams."),
            Column("hash", "128-bit running hash over everything observable, in hexadecimal."),
            Column("ended_ms", "Virtual time at which the run ended."),
            Column("engine_events", "Events the simulator's engine executed (not derivable from packets.csv)."),
            Column("trace_events", "Rows of packets.csv."),
        ] + pair("sent", "Datagrams handed to the network by an endpoint")
            + pair("copied", "Copies made by links")
            + pair("delivered", "Datagrams an endpoint received, copies and corrupted ones included")
            + pair("duplicate", "Delivered intact after an intact delivery of the same datagram")
            + pair("corrupted", "Delivered with changed or missing bytes")
            + pair("good", "Delivered intact for the first time: what goodput counts")
            + pair("dropped", "Datagrams that ended anywhere but at an endpoint")
            + TraceEvent.DropReason.all.map {
                Column("dropped_\($0.columnWord)_packets", "Of these, for the reason `\($0.word)`.")
            } + [
                Column("unfinished_packets", "Still queued, on a wire or at a paused host when the run ended."),
                Column("goodput_mbps", "Good bytes over the whole run's time."),
            ] + delays("the run") + workColumns
    )

    package static let links = ResultTable(
        file: "links.csv",
        row: "One row per direction of a link and sampling interval.",
        columns: interval + [
            Column("link", "Name of the link."),
            Column("direction", "`from>to`, the names of its two ends."),
        ] + pair("offered", "Reached the entrance")
            + pair("departed", "Left the serialiser")
            + pair("arrived", "Came out at the far end")
            + pair("copied", "Copies made here")
            + pair("corrupted", "Corrupted here; length after the corruption")
            + pair("marked", "Marked Congestion Experienced by the queue")
            + TraceEvent.DropReason.onLinks.flatMap { pair("dropped_\($0.columnWord)", "Dropped: `\($0.word)`") } + [
                Column("rate_mbps", "Departed bytes over the interval's length."),
                Column("utilisation", "Share of the interval in which a packet was being serialised."),
            ] + pair("queue", "Waiting at the end of the interval, without the one being serialised")
            + [
                Column("queue_max_packets", "Largest number that waited for at least a nanosecond."),
                Column("queue_max_bytes", "Largest number of bytes that waited for at least a nanosecond."),
            ]
    )

    package static let flows = ResultTable(
        file: "flows.csv",
        row: "One row per flow and sampling interval.",
        columns: interval + [Column("flow", "Name of the flow.")] + flowCounts + [
            Column("goodput_mbps", "Good bytes over the interval's length."),
            Column(
                "delay_mean_ms",
                "Mean one-way delay of the datagrams delivered in the interval; empty without any."
            ),
            Column("delay_min_ms", "Smallest such delay."),
            Column("delay_max_ms", "Largest such delay."),
        ]
    )

    package static let flowTotals = ResultTable(
        file: "flow_totals.csv",
        row: "One row per flow, over the whole run.",
        columns: [Column("flow", "Name of the flow.")] + flowCounts + [
            Column("goodput_mbps", "Good bytes over the whole run's time.")
        ] + delays("the flow")
    )

    package static let events = ResultTable(
        file: "events.csv",
        row: "One row per change of the world (the timeline, ramps and faults) and per event of a connection.",
        columns: [
            Column("time_ms", "When."),
            Column(
                "what",
                "The property that changed, the words of `property` in packets.csv; of a connection: `established`, "
                    + "`key-update`, `closed`, `connection-lost`; of a path of it: `path-opened`, `path-validated`, "
                    + "`path-suspected`, `path-recovered`, `path-failed`, `path-returned`, `path-status`, "
                    + "`path-rebound`, `path-packet-size`, `path-abandoned`."
            ),
            Column("where", "Host, or `link/from>to`; empty for a partition. Of a connection: `connection at host`."),
            Column(
                "value",
                "The new value; of a connection the handshake's time, the new generation, the reason; of a path its "
                    + "number."
            ),
            Column(
                "unit",
                "`bps` (0: unlimited), `ns`, `B`, `ppb` (parts per billion), `ns, may reorder`, `path`, or empty."
            ),
        ]
    )

    package static let packets = ResultTable(
        file: "packets.csv",
        row: "One row per trace event, in the order things happened. On request.",
        columns: [
            Column("time_ns", "When, in whole nanoseconds."),
            Column("event", words(TraceEvent.Kind.allCases.map(\.word)) + "."),
            Column("reason", "Of a drop: " + words(TraceEvent.DropReason.all.map(\.word)) + "."),
            Column("property", "Of a change: " + words(TraceEvent.Property.allCases.dropFirst().map(\.word)) + "."),
            Column("place", "Host (sent, delivered, drops at hosts), else `link/from>to`; empty for a partition."),
            Column("packet", "Serial number, unique in the run, copies included; empty for a change."),
            Column("flow", "Name of the flow, or empty."),
            Column("length_bytes", "UDP payload as it is after the event; empty for a change."),
            Column("ecn", "`not-ect`, `ect0`, `ect1`, `ce`; empty for a change."),
            Column("index", "Of an offered packet: its number on this direction, from 0."),
            Column("detail", detailMeaning),
        ]
    )

    private static let detailMeaning =
        "sent, delivered: digest of the bytes; corrupted: bits flipped, or 2^32 plus bytes cut off; "
        + "copied: serial of the original; changed: the new value; otherwise empty."

    private static let interval = [
        Column("time_ms", "End of the sampling interval; a row covers what happened after the row before, up to here."),
        Column("interval_ms", "Length of the interval; the last one may be shorter."),
    ]

    private static let flowCounts =
        pair("sent", "Handed to the network")
        + pair("copied", "Copies made by links")
        + pair("delivered", "Received by the endpoint, copies and corrupted ones included")
        + pair("duplicate", "Delivered intact after an intact delivery of the same datagram")
        + pair("corrupted", "Delivered with changed or missing bytes")
        + pair("good", "Delivered intact for the first time")
        + pair("dropped", "Ended anywhere but at the endpoint")

    private static func pair(_ name: String, _ meaning: String) -> [Column] {
        [
            Column(name + "_packets", meaning + ": packets."),
            Column(name + "_bytes", meaning + ": bytes of UDP payload."),
        ]
    }

    private static func delays(_ whose: String) -> [Column] {
        [
            Column("delay_mean_ms", "Mean one-way delay of all delivered datagrams of \(whose); empty without any."),
            Column("delay_min_ms", "Smallest such delay."),
            Column("delay_p50_ms", "Median such delay, by METRICS.md's quantile."),
            Column("delay_p95_ms", "Its 95th percentile."),
            Column("delay_p99_ms", "Its 99th percentile."),
            Column("delay_max_ms", "Largest such delay."),
        ]
    }

    private static func words(_ list: [String]) -> String { list.map { "`\($0)`" }.joined(separator: ", ") }
}

extension ResultTable {
    /// `results/COLUMNS.md`.
    package static var page: String {
        var page = """
            # Columns of the result tables

            Format version \(formatVersion), as in manifest.json. Made from Sources/PlaitReport/Tables/Columns.swift;
            a test holds the two together. Files are UTF-8 with a header line, comma-separated, quoted as RFC 4180
            says, with LF line ends.
            Lengths count UDP payload. Times are virtual; `_ms` has six places and is therefore exact to the nanosecond.
            [METRICS.md](METRICS.md) defines every value by a formula.

            """
        for table in all {
            page += "\n## \(table.file)\n\n\(table.row)\n\n| column | meaning |\n|---|---|\n"
            for column in table.columns { page += "| `\(column.name)` | \(column.meaning) |\n" }
        }
        return page
    }
}
