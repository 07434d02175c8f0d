extension ResultTable {
    package static let streams = ResultTable(
        file: "streams.csv",
        row:
            "One row per exchange: a get, a put or a request with its answer, each on a stream of its own. Of runs "
            + "with a workload.",
        columns: [
            Column("item", "Name of the workload item."),
            Column("number", "Which of the item's exchanges, from 0."),
            Column("kind", "`get`, `put`, `requests`, `datagrams` (the stream that begins and ends them)."),
            Column("connection", "`client>server`, and `/name` when the scenario names it."),
            Column("stream", "Its number on the wire; empty when it was never opened."),
            Column("priority", "As the scenario says."),
            Column("request_bytes", "What the client sends, without the header of 40 B."),
            Column("response_bytes", "What the server sends."),
            Column("start_ms", "When the client wanted it."),
            Column("first_byte_ms", "When the client read the first byte of the answer; empty without one."),
            Column("complete_ms", "When the client read the end of the answer; empty while it has not."),
            Column("duration_ms", "complete_ms - start_ms."),
            Column("good_bytes", "Bytes that arrived at either application and were what they should be."),
            Column("goodput_mbps", "Good bytes over duration_ms; empty while it is not complete."),
            Column("outcome", "`complete`, `unfinished` (the run ended), `lost` (the connection ended), `wrong`."),
        ]
    )

    package static let datagrams = ResultTable(
        file: "datagrams.csv",
        row: "One row per workload item that sends datagrams.",
        columns: [
            Column("item", "Name of the workload item."),
            Column("connection", "As in streams.csv."),
            Column("sent_datagrams", "Handed to the transport."),
            Column("sent_bytes", "Of these."),
            Column("refused_datagrams", "Not taken by the transport: its queue was full."),
            Column("received_datagrams", "Arrived, each counted once."),
            Column("received_bytes", "Of these."),
            Column("late_datagrams", "Received after their deadline."),
            Column("duplicate_datagrams", "Arrived once more; the transport lets none through."),
            Column("delay_mean_ms", "From handing it over to receiving it; empty without any."),
            Column("delay_min_ms", "Smallest such delay."),
            Column("delay_p50_ms", "Median such delay, by METRICS.md's quantile."),
            Column("delay_p95_ms", "Its 95th percentile."),
            Column("delay_p99_ms", "Its 99th percentile."),
            Column("delay_max_ms", "Largest such delay."),
        ]
    )

    package static let connections = ResultTable(
        file: "connections.csv",
        row: "One row per end of a connection, the client's first.",
        columns: [
            Column("connection", "As in streams.csv."),
            Column("host", "Name of this end's host."),
            Column("role", "`client` or `server`."),
            Column("began_ms", "The client's first packet; the server's first sight of it."),
            Column("established_ms", "When this end could send data; empty if it never could."),
            Column("handshake_ms", "established_ms - began_ms."),
            Column("closed_ms", "When it ended; empty while it has not."),
            Column("reason", "Why it ended, in words."),
            Column("lost", "1 when it ended otherwise than by an application's will, else 0."),
            Column("sent_packets", "Data packets sent until the end was told, and handshake packets after the keys."),
            Column("sent_bytes", "Of UDP payload."),
            Column("received_packets", "Packets received that were authentic and new."),
            Column("received_bytes", "Of UDP payload."),
            Column("lost_packets", "Declared lost by this end."),
            Column("spurious_packets", "Of these, acknowledged afterwards."),
            Column("probe_timeouts", "How often nothing was heard and probes were sent."),
            Column("retransmitted_bytes", "Of stream data sent again."),
            Column("key_updates", "How often this end changed its sending key."),
        ]
    )

    package static let paths = ResultTable(
        file: "paths.csv",
        row: "One row per path of an established end of a connection, at the end of each sampling interval.",
        columns: [
            Column("time_ms", "End of the sampling interval, as in links.csv."),
            Column("interval_ms", "Length of the interval."),
            Column("connection", "As in streams.csv."),
            Column("host", "Name of this end's host."),
            Column("path", "Number of the path; 0 is the one of the handshake."),
            Column("link", "The link by which it leaves the client."),
            Column("state", "`validating`, `active`, `suspected`, `failed` or `abandoned`."),
            Column("backup", "1 when it is used only while no other path works, else 0."),
            Column("window_bytes", "Congestion window."),
            Column("threshold_bytes", "Slow start threshold; empty before the first congestion."),
            Column("in_flight_bytes", "Sent and neither acknowledged nor lost."),
            Column("packet_bytes", "Longest UDP payload of data, as far as the path is known to carry it."),
            Column("rtt_latest_ms", "Latest measurement of the round trip; empty before the first."),
            Column("rtt_smoothed_ms", "RFC 9002's smoothed_rtt."),
            Column("rtt_variation_ms", "RFC 9002's rttvar."),
            Column("rtt_min_ms", "Smallest measurement."),
            Column("sent_packets", "Sent within the interval."),
            Column("sent_bytes", "Of UDP payload."),
            Column("first_bytes", "Of stream data, sent within the interval for the first time on any path."),
            Column("repeated_bytes", "Of stream data, sent within the interval and before, on this path or another."),
            Column("received_packets", "Authentic and new, received within the interval."),
            Column("received_bytes", "Of UDP payload."),
            Column("lost_packets", "Declared lost within the interval."),
            Column("spurious_packets", "Found within the interval to have arrived after all."),
            Column("probe_timeouts", "Within the interval: nothing was heard and probes were sent."),
        ]
    )

    /// Behind the other columns of `runs.csv`; empty in a run without a workload.
    static let workColumns = [
        Column("connections", "Connections that a client began."),
        Column("lost_connections", "Of these, ended otherwise than by an application's will, by the client's end."),
        Column("handshake_ms", "The longest handshake, as its client saw it."),
        Column("exchanges", "Rows of streams.csv whose kind is not datagrams."),
        Column("complete_exchanges", "Of these, complete."),
        Column("work_bytes", "Sum of good_bytes of streams.csv."),
        Column("work_goodput_mbps", "work_bytes from the first start to the last completion of exchanges."),
        Column("completion_p50_ms", "Median of duration_ms of streams.csv, by nearest rank; empty without any."),
        Column("completion_p95_ms", "Its 95th percentile."),
        Column("completion_p99_ms", "Its 99th percentile."),
        Column("completion_max_ms", "The longest."),
        Column("lost_packets", "Sum of lost_packets of connections.csv."),
        Column("spurious_packets", "Sum of spurious_packets of connections.csv."),
        Column("probe_timeouts", "Sum of probe_timeouts of connections.csv."),
        Column("retransmitted_bytes", "Sum of retransmitted_bytes of connections.csv."),
    ]
}
