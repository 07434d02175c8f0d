import PlaitCore

extension WorkReport {
    /// Writes `streams.csv`, `datagrams.csv`, `connections.csv` and `paths.csv`.
    package func write(labels: RunLabels, in folder: String) throws(FileError) {
        try writeStreams(labels, folder)
        try writeDatagrams(labels, folder)
        try writeConnections(labels, folder)
        try writePaths(labels, folder)
    }

    /// The files that `write` makes.
    package static let files = [ResultTable.streams, .datagrams, .connections, .paths].map(\.file)

    private func writeStreams(_ labels: RunLabels, _ folder: String) throws(FileError) {
        var file = try CSVFile(.streams, in: folder)
        for exchange in exchanges {
            let item = labels.items[exchange.item]
            file.put(item.name)
            file.put(UInt64(exchange.number))
            file.put(item.kind)
            file.put(labels.connections[exchange.connection])
            if let stream = exchange.stream { file.put(stream) } else { file.putNothing() }
            file.put(item.priority)
            file.put(exchange.requestBytes)
            file.put(exchange.responseBytes)
            file.put(milliseconds: exchange.start.nanoseconds)
            file.put(time: exchange.firstByte)
            file.put(time: exchange.completed)
            file.put(optional: exchange.duration)
            let good = exchange.goodUp + exchange.goodDown
            file.put(good)
            if exchange.completed.isNever {
                file.putNothing()
            } else {
                file.put(bitsPerSecond(good, from: exchange.start, to: exchange.completed), places: 6)
            }
            file.put(exchange.outcome.rawValue)
            file.endRow()
        }
        try file.commit()
    }

    private func writeDatagrams(_ labels: RunLabels, _ folder: String) throws(FileError) {
        var file = try CSVFile(.datagrams, in: folder)
        for record in datagrams {
            file.put(labels.items[record.item].name)
            file.put(labels.connections[record.connection])
            file.put(record.sent)
            file.put(record.refused)
            file.put(record.received)
            file.put(record.late)
            file.put(record.duplicate)
            if let mean = record.delays.mean, let quantiles = record.quantiles {
                file.put(milliseconds: mean)
                file.put(milliseconds: record.delays.least)
                for quantile in quantiles { file.put(milliseconds: quantile) }
                file.put(milliseconds: record.delays.largest)
            } else {
                file.putNothing(6)
            }
            file.endRow()
        }
        try file.commit()
    }

    private func writeConnections(_ labels: RunLabels, _ folder: String) throws(FileError) {
        var file = try CSVFile(.connections, in: folder)
        for end in connections {
            file.put(labels.connections[end.connection])
            file.put(labels.hosts[end.host])
            file.put(end.isClient ? "client" : "server")
            file.put(milliseconds: end.began.nanoseconds)
            file.put(time: end.established)
            file.put(optional: end.handshake)
            file.put(time: end.closed)
            file.put(end.reason)
            file.put(end.isLost ? 1 as UInt64 : 0)
            file.put(end.sent)
            file.put(end.received)
            file.put(end.lostPackets)
            file.put(end.spuriousPackets)
            file.put(end.probeTimeouts)
            file.put(end.retransmittedBytes)
            file.put(end.keyUpdates)
            file.endRow()
        }
        try file.commit()
    }

    private func writePaths(_ labels: RunLabels, _ folder: String) throws(FileError) {
        var file = try CSVFile(.paths, in: folder)
        for sample in paths {
            file.put(milliseconds: sample.time.nanoseconds)
            file.put(milliseconds: sample.length.nanoseconds)
            file.put(labels.connections[sample.connection])
            file.put(labels.hosts[sample.host])
            file.put(UInt64(sample.path))
            file.put(labels.directions[2 * sample.link].link)
            file.put(sample.state)
            file.put(sample.isBackup ? 1 as UInt64 : 0)
            file.put(sample.window)
            if let threshold = sample.slowStartThreshold { file.put(threshold) } else { file.putNothing() }
            file.put(sample.inFlight)
            file.put(sample.packetSize)
            if let trip = sample.roundTrip {
                for time in [trip.latest, trip.smoothed, trip.variation, trip.least] {
                    file.put(milliseconds: time.nanoseconds)
                }
            } else {
                file.putNothing(4)
            }
            file.put(sample.sent)
            file.put(sample.firstBytes)
            file.put(sample.repeatedBytes)
            file.put(sample.received)
            file.put(sample.lostPackets)
            file.put(sample.spuriousPackets)
            file.put(sample.probeTimeouts)
            file.endRow()
        }
        try file.commit()
    }
}

extension CSVFile {
    /// Nothing for what did not happen.
    fileprivate mutating func put(time: Instant) {
        if time.isNever { putNothing() } else { put(milliseconds: time.nanoseconds) }
    }

    fileprivate mutating func put(optional length: Interval?) {
        if let length { put(milliseconds: length.nanoseconds) } else { putNothing() }
    }

    /// The last columns of `runs.csv`.
    mutating func put(work: WorkReport?) {
        guard let work else { return putNothing(ResultTable.workColumns.count) }
        let clients = work.connections.filter(\.isClient)
        put(UInt64(clients.count))
        put(UInt64(clients.count { $0.isLost }))
        put(optional: work.handshakes.max())
        let exchanges = work.exchanges(of: nil)
        put(UInt64(exchanges.count))
        put(UInt64(exchanges.count { $0.outcome == .complete }))
        put(work.goodBytes)
        if let goodput = work.goodput(of: nil) { put(goodput, places: 6) } else { putNothing() }
        let durations = work.durations(of: nil)
        for percent in [50, 95, 99, 100] {
            if let value = nearestRank(percent, of: durations) { put(milliseconds: value) } else { putNothing() }
        }
        put(work.sum(\.lostPackets))
        put(work.sum(\.spuriousPackets))
        put(work.sum(\.probeTimeouts))
        put(work.sum(\.retransmittedBytes))
    }
}
