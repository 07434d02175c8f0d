package import PlaitCore

/// Writes `links.csv` while the run goes on.
package final class LinksFile: SampleObserver {
    private var file: CSVFile
    private let names: [(link: [UInt8], heading: [UInt8])]

    package init(in folder: String, labels: RunLabels) throws(FileError) {
        file = try CSVFile(.links, in: folder)
        names = labels.directions.map { (ready($0.link), ready($0.heading)) }
    }

    package func observe(_ sample: DirectionSample) {
        Self.write(sample, names[Int(sample.direction.index)], to: &file)
    }

    package func observe(_ sample: FlowSample) {}

    package func commit() throws(FileError) { try file.commit() }

    private static func write(
        _ sample: DirectionSample,
        _ name: (link: [UInt8], heading: [UInt8]),
        to file: inout CSVFile
    ) {
        let counts = sample.counts
        let length = (sample.end - sample.start).nanoseconds
        file.put(milliseconds: sample.end.nanoseconds)
        file.put(milliseconds: length)
        file.put(ready: name.link)
        file.put(ready: name.heading)
        for traffic in [
            counts.offered, counts.departed, counts.arrived, counts.copied, counts.corrupted, counts.marked,
        ] { file.put(traffic) }
        for reason in TraceEvent.DropReason.onLinks { file.put(counts.drops[reason]) }
        file.put(sample.rate, places: 6)
        file.put(ratio(UInt64(counts.busy), 1_000_000, over: UInt64(length)), places: 6)
        file.put(sample.queue)
        file.put(counts.queueMax)
        file.endRow()
    }
}

/// Writes `flows.csv` while the run goes on.
package final class FlowsFile: SampleObserver {
    private var file: CSVFile
    private let names: [[UInt8]]

    package init(in folder: String, labels: RunLabels) throws(FileError) {
        file = try CSVFile(.flows, in: folder)
        names = labels.flows.map(ready)
    }

    package func observe(_ sample: DirectionSample) {}

    package func observe(_ sample: FlowSample) { Self.write(sample, names[Int(sample.flow.index)], to: &file) }

    package func commit() throws(FileError) { try file.commit() }

    private static func write(_ sample: FlowSample, _ name: [UInt8], to file: inout CSVFile) {
        file.put(milliseconds: sample.end.nanoseconds)
        file.put(milliseconds: (sample.end - sample.start).nanoseconds)
        file.put(ready: name)
        file.put(sample.counts)
        file.put(sample.goodput, places: 6)
        if let mean = sample.counts.delays.mean {
            file.put(milliseconds: mean)
            file.put(milliseconds: sample.counts.delays.least)
            file.put(milliseconds: sample.counts.delays.largest)
        } else {
            file.putNothing(3)
        }
        file.endRow()
    }
}

/// Writes `packets.csv`, a row per event, while the run goes on.
package final class PacketsFile: TraceObserver {
    private var file: CSVFile
    private let words: PacketWords

    package init(in folder: String, labels: RunLabels) throws(FileError) {
        file = try CSVFile(.packets, in: folder)
        words = PacketWords(labels)
    }

    package func observe(_ events: Span<TraceEvent>) { Self.write(events, words, to: &file) }

    package func finish(at end: Instant) {}

    package func commit() throws(FileError) { try file.commit() }

    private static func write(_ events: Span<TraceEvent>, _ words: PacketWords, to file: inout CSVFile) {
        for index in events.indices {
            let event = events[index]
            file.put(event.time.nanoseconds)
            file.put(ready: words.kinds[Int(event.kind.rawValue)])
            file.put(ready: words.reasons[Int(event.reason.rawValue)])
            file.put(ready: words.properties[Int(event.property.rawValue)])
            file.put(ready: words.place(of: event))
            if event.kind == .changed {
                file.putNothing(5)
            } else {
                file.put(event.packet)
                file.put(ready: words.flows[Int(event.flow) + 1])
                file.put(UInt64(event.length))
                file.put(ready: words.ecn[Int(event.ecn.rawValue)])
                if event.kind == .offered { file.put(event.detail) } else { file.putNothing() }
            }
            switch event.kind {
            case .sent, .delivered, .corrupted, .copied, .changed: file.put(event.detail)
            case .offered, .dropped, .marked, .started, .departed, .arrived: file.putNothing()
            }
            file.endRow()
        }
    }
}

/// The words of `packets.csv`, quoted once.
private struct PacketWords {
    let kinds = TraceEvent.Kind.allCases.map { ready($0.word) }
    let reasons = TraceEvent.DropReason.allCases.map { ready($0.word) }
    let properties = TraceEvent.Property.allCases.map { ready($0.word) }
    let ecn = [ECN.notCapable, .capable1, .capable0, .congestionExperienced].map { ready($0.word) }
    let directions: [[UInt8]]
    let hosts: [[UInt8]]
    /// Place 0 is for packets without a flow.
    let flows: [[UInt8]]

    init(_ labels: RunLabels) {
        directions = labels.directions.map { ready($0.name) }
        hosts = labels.hosts.map(ready)
        flows = [[]] + labels.flows.map(ready)
    }

    func place(of event: TraceEvent) -> [UInt8] {
        guard event.place >= 0 else { return [] }
        return event.isAtHost ? hosts[Int(event.place)] : directions[Int(event.place)]
    }
}

/// A CSV field as bytes.
private func ready(_ field: String) -> [UInt8] {
    var text = Text()
    text.append(field: field)
    return text.bytes
}
