package import PlaitCore

extension ResultTable {
    /// Writes `runs.csv`, a row per run in the given order.
    package static func writeRuns(_ runs: [RunSummary], in folder: String) throws(FileError) {
        var file = try CSVFile(.runs, in: folder)
        for run in runs {
            let totals = run.totals
            file.put(run.scenario)
            file.put(run.seed)
            file.put(run.hash)
            file.put(milliseconds: totals.ended.nanoseconds)
            file.put(run.engineEvents)
            file.put(totals.traceEvents)
            file.put(totals.flow.counts)
            for reason in TraceEvent.DropReason.all { file.put(totals.drops[reason].packets) }
            file.put(totals.unfinishedPackets)
            file.put(totals.flow.goodput, places: 6)
            file.putDelays(totals.flow)
            file.put(work: run.work)
            file.endRow()
        }
        try file.commit()
    }

    /// Writes `flow_totals.csv`.
    package static func writeFlowTotals(_ totals: RunTotals, labels: RunLabels, in folder: String) throws(FileError) {
        var file = try CSVFile(.flowTotals, in: folder)
        for (name, flow) in zip(labels.flows, totals.flows) {
            file.put(name)
            file.put(flow.counts)
            file.put(flow.goodput, places: 6)
            file.putDelays(flow)
            file.endRow()
        }
        try file.commit()
    }

    /// Writes `events.csv`: changes of the world and events of connections, by time; of one instant, the world first.
    package static func writeEvents(
        _ changes: [TraceEvent],
        work: [WorkEvent] = [],
        labels: RunLabels,
        in folder: String
    ) throws(FileError) {
        var file = try CSVFile(.events, in: folder)
        var next = 0
        for event in changes {
            while next < work.count, work[next].time < event.time {
                file.put(work[next], labels)
                next += 1
            }
            let value = ChangedValue(event)
            file.put(milliseconds: event.time.nanoseconds)
            file.put(event.property.word)
            file.put(labels.place(of: event))
            file.put(value.value)
            file.put(value.unit)
            file.endRow()
        }
        for event in work[next...] { file.put(event, labels) }
        try file.commit()
    }
}

extension CSVFile {
    fileprivate mutating func put(_ event: WorkEvent, _ labels: RunLabels) {
        put(milliseconds: event.time.nanoseconds)
        put(event.what)
        put(labels.connections[event.connection] + " at " + labels.hosts[event.host])
        put(event.value)
        put(event.unit)
        endRow()
    }

    /// The columns that a run and a flow, over any time, have in common.
    mutating func put(_ counts: FlowCounts) {
        put(counts.sent)
        put(counts.copied)
        put(counts.delivered)
        put(counts.duplicate)
        put(counts.corrupted)
        put(counts.good)
        put(counts.dropped)
    }

    fileprivate mutating func putDelays(_ flow: FlowTotals) {
        guard let mean = flow.counts.delays.mean, let quantiles = flow.quantiles else { return putNothing(6) }
        put(milliseconds: mean)
        put(milliseconds: flow.counts.delays.least)
        for quantile in quantiles { put(milliseconds: quantile) }
        put(milliseconds: flow.counts.delays.largest)
    }
}
