import PlaitCore

// What the workload came to: a row an item, then a row a connection.
extension SummaryTable {
    func workRows(_ work: WorkReport) -> [[Cell]] {
        let head = ["item", "kind", "complete", "bytes", "goodput", "p50", "p95", "p99", "longest"]
        return [head.map { Cell($0, .dim) }]
            + labels.items.indices.prefix(Self.rowsMax).map { item in
                labels.items[item].kind == "datagrams" ? datagramRow(item, work) : exchangeRow(item, work)
            }
    }

    /// The oracle's time beside the measured one; nothing where it cannot tell.
    func boundLine(_ work: WorkReport) -> String {
        guard let bound = work.bound else { return "" }
        let line = "oracle: \(Readable.duration(bound.nanoseconds)) with perfect foresight and no loss"
        guard let taken = work.completion, bound > .zero else { return line + "\n" }
        let hundredths = ratio(UInt64(taken.nanoseconds), 100, over: UInt64(bound.nanoseconds))
        let factor = Text.make { $0.append(hundredths, places: 2) }
        return line + "; it took \(Readable.duration(taken.nanoseconds)), \(factor) times as long\n"
    }

    private func exchangeRow(_ item: Int, _ work: WorkReport) -> [Cell] {
        let own = work.exchanges.filter { $0.item == item }
        let complete = own.count { $0.outcome == .complete }
        let durations = work.durations(of: [item])
        let shown = [50, 95, 99, 100].map { percent in
            Cell(nearestRank(percent, of: durations).map(Readable.duration) ?? "-")
        }
        return [
            Cell(labels.items[item].name), Cell(labels.items[item].kind),
            Cell(
                "\(Readable.count(UInt64(complete))) of \(Readable.count(UInt64(own.count)))",
                complete < own.count ? .warning : .plain
            ),
            Cell(Readable.bytes(own.reduce(0) { $0 + $1.goodUp + $1.goodDown })),
            Cell(work.goodput(of: [item]).map { Readable.rate(UInt64($0)) } ?? "-", .bold),
        ] + shown
    }

    private func datagramRow(_ item: Int, _ work: WorkReport) -> [Cell] {
        guard let record = work.datagrams.first(where: { $0.item == item }) else { return [] }
        let quantiles = record.quantiles.map { $0 + [record.delays.largest] }?.map(Readable.duration)
        let ended = UInt64((work.ended - work.starts[item]).nanoseconds)
        return [
            Cell(labels.items[item].name), Cell("datagrams"),
            Cell(
                "\(Readable.count(record.received.packets)) of \(Readable.count(record.sent.packets))",
                record.received.packets < record.sent.packets ? .warning : .plain
            ),
            Cell(Readable.bytes(record.received.bytes)),
            Cell(Readable.rate(UInt64(ratio(record.received.bytes, 8_000_000_000, over: ended))), .bold),
        ] + (quantiles ?? ["-", "-", "-", "-"]).map { Cell($0) }
    }

    func connectionRows(_ work: WorkReport) -> [[Cell]] {
        let head = [
            "connection", "end", "handshake", "sent", "lost", "spurious", "sent again", "probes", "how it ended",
        ]
        let ends = work.connections.prefix(2 * Self.rowsMax)
        return [head.map { Cell($0, .dim) }]
            + ends.map { end in
                [
                    Cell(labels.connections[end.connection]), Cell(labels.hosts[end.host]),
                    Cell(end.handshake.map { Readable.duration($0.nanoseconds) } ?? "-"),
                    Cell(Readable.count(end.sent.packets)),
                    Cell(Readable.count(end.lostPackets), end.lostPackets > 0 ? .warning : .plain),
                    Cell(Readable.count(end.spuriousPackets)), Cell(Readable.bytes(end.retransmittedBytes)),
                    Cell(Readable.count(end.probeTimeouts)),
                    Cell(end.reason.isEmpty ? "open" : end.reason, end.isLost ? .warning : .plain),
                ]
            }
    }
}
