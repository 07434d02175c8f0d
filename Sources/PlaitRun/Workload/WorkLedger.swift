package import PlaitCore
package import PlaitReport
import PlaitScenario

/// What the applications of all hosts find out, in one place and on one clock: the material of the reports.
package final class WorkLedger {
    package let plan: WorkloadPlan
    package private(set) var report = WorkReport()
    /// What did not arrive as it was sent. The first ones in words.
    package private(set) var failures: [String] = []
    package private(set) var failureCount = 0

    private let times: [HostTimes]
    /// By item, then number: places in `report.exchanges`.
    private var places: [[Int]]
    /// By item: the place in `report.datagrams`, or -1.
    private var datagramPlaces: [Int]
    /// By item: a bit for each message that arrived.
    private var seen: [[UInt64]]

    private static let failuresMax = 20

    /// `times` is by host.
    package init(_ plan: WorkloadPlan, times: [HostTimes]) {
        self.plan = plan
        self.times = times
        places = Array(repeating: [], count: plan.items.count)
        seen = Array(repeating: [], count: plan.items.count)
        datagramPlaces = Array(repeating: -1, count: plan.items.count)
        report.gaps = plan.connections.map { DeliveryGaps(cut: $0.firstCut) }
        report.finished = Array(repeating: false, count: plan.items.count)
        for (index, item) in plan.items.enumerated() {
            report.starts.append(times[Int(item.client.index)].virtual(at: .start + item.at))
            guard case .datagrams = item.work else { continue }
            datagramPlaces[index] = report.datagrams.count
            report.datagrams.append(DatagramRecord(item: index, connection: plan.connection(ofItem: index)))
        }
    }

    /// A host's reading as virtual time.
    package func virtual(_ reading: Instant, at host: Int) -> Instant { times[host].virtual(at: reading) }

    package func fail(_ text: @autoclosure () -> String) {
        failureCount += 1
        if failures.count < Self.failuresMax { failures.append(text()) }
    }

    // MARK: Exchanges

    /// The client wants an exchange. Numbers of an item count up from zero.
    package func begin(item: Int, request: UInt64, response: UInt64, at reading: Instant) -> (
        place: Int, number: UInt32
    ) {
        let number = UInt32(places[item].count)
        let start = virtual(reading, at: Int(plan.items[item].client.index))
        report.gaps[plan.connection(ofItem: item)].began(at: start)
        places[item].append(report.exchanges.count)
        report.exchanges.append(
            ExchangeRecord(
                item: item,
                number: number,
                connection: plan.connection(ofItem: item),
                requestBytes: request,
                responseBytes: response,
                start: start
            )
        )
        return (report.exchanges.count - 1, number)
    }

    /// Exchanges of an item so far: the next one's number.
    package func count(ofItem item: Int) -> Int { places[item].count }

    /// The exchange that a header names, if it is one that a client began.
    package func place(item: UInt32, number: UInt32) -> Int? {
        guard let own = places.element(at: Int(item)) else { return nil }
        return own.element(at: Int(number))
    }

    package func opened(_ place: Int, stream: UInt64) { report.exchanges[place].stream = stream }

    package func receivedUp(_ place: Int, _ count: Int, now: Instant) {
        report.exchanges[place].goodUp += UInt64(count)
        let exchange = report.exchanges[place]
        let server = Int(plan.items[exchange.item].server.index)
        if count > 0 { report.gaps[exchange.connection].delivered(at: virtual(now, at: server)) }
    }

    package func receivedDown(_ place: Int, _ count: Int, now: Instant) {
        report.exchanges[place].goodDown += UInt64(count)
        let time = virtual(now, at: client(of: place))
        report.gaps[report.exchanges[place].connection].delivered(at: time)
        if report.exchanges[place].firstByte.isNever { report.exchanges[place].firstByte = time }
    }

    package func completed(_ place: Int, now: Instant) {
        let time = virtual(now, at: client(of: place))
        report.gaps[report.exchanges[place].connection].ended(at: time)
        report.exchanges[place].completed = time
        report.exchanges[place].outcome = .complete
    }

    /// Wrong or missing bytes. `what` says which.
    package func wrong(_ place: Int, _ what: String) {
        let exchange = report.exchanges[place]
        fail("\(plan.items[exchange.item].name), exchange \(exchange.number): \(what)")
        report.exchanges[place].outcome = .wrong
    }

    /// The connection ended first.
    package func lost(_ place: Int, now: Instant) {
        guard report.exchanges[place].outcome == .unfinished else { return }
        report.exchanges[place].outcome = .lost
        report.gaps[report.exchanges[place].connection].ended(at: virtual(now, at: client(of: place)))
    }

    package func finished(item: Int) { report.finished[item] = true }

    private func client(of place: Int) -> Int { Int(plan.items[report.exchanges[place].item].client.index) }

    // MARK: Messages

    package func sent(message item: Int, bytes: Int, wasTaken: Bool) {
        let place = datagramPlaces[item]
        if wasTaken {
            report.datagrams[place].sent.packets += 1
            report.datagrams[place].sent.bytes += UInt64(bytes)
        } else {
            report.datagrams[place].refused += 1
        }
    }

    /// A message arrived at `host`. Whatever is not one of the workload's own is a failure: nobody else can seal.
    package func received(message bytes: RawSpan, at host: Int, now: Instant) {
        guard let header = MessageHeader(bytes), let place = datagramPlaces.element(at: Int(header.item)), place >= 0,
            case .datagrams(let work) = plan.items[Int(header.item)].work
        else { return fail("a message of \(bytes.byteCount) B that nobody sent") }
        let item = plan.items[Int(header.item)]
        let body = bytes.extracting(MessageHeader.length..<bytes.byteCount)
        if let wrong = PatternBytes.firstWrong(in: body, seed: header.seed, offset: 0) {
            return fail("\(item.name), message \(header.number): byte \(MessageHeader.length + wrong) is wrong")
        }
        let isNew = insert(header.number, ofItem: Int(header.item))
        guard isNew else {
            report.datagrams[place].duplicate += 1
            return fail("\(item.name), message \(header.number) arrived twice")
        }
        let sender = Int(work.fromServer ? item.server.index : item.client.index)
        let delay = virtual(now, at: host) - virtual(header.sentAt, at: sender)
        report.datagrams[place].receive(
            bytes: bytes.byteCount,
            delay: delay,
            isLate: work.deadline.map { delay > $0 } ?? false
        )
    }

    /// Whether a message's number is seen for the first time.
    private func insert(_ number: UInt32, ofItem item: Int) -> Bool {
        let (word, bit) = (Int(number >> 6), UInt64(1) << UInt64(number & 63))
        while seen[item].count <= word { seen[item].append(0) }
        defer { seen[item][word] |= bit }
        return seen[item][word] & bit == 0
    }

    // MARK: Connections

    /// An end of a connection exists. Answers its place; the server learns later which of the planned ones it is.
    package func began(connection: Int, host: Int, isClient: Bool, now: Instant) -> Int {
        let began = virtual(now, at: host)
        report.connections.append(
            ConnectionRecord(connection: connection, host: host, isClient: isClient, began: began)
        )
        return report.connections.count - 1
    }

    package func change(end place: Int, _ change: (inout ConnectionRecord) -> Void) {
        change(&report.connections[place])
    }

    package func add(_ event: WorkEvent) { report.events.append(event) }
    package func add(_ sample: PathSample) { report.paths.append(sample) }
    package func add(_ record: PathRecord) { report.pathRecords.append(record) }

    /// The client's end of a connection has keys.
    package func established(connection: Int, at reading: Instant) {
        report.gaps[connection].established(at: virtual(reading, at: Int(plan.connections[connection].client.index)))
    }

    /// An end of a connection gave a path up for the time being.
    package func pathFailed(of connection: Int, at time: Instant) { report.gaps[connection].failed(at: time) }

    /// Puts everything into the order of the tables. The run is over.
    package func finish(at end: Instant) {
        report.ended = end
        for index in report.gaps.indices { report.gaps[index].finish(at: end) }
        report.pathRecords.sort { a, b in
            (a.connection, a.isClient ? 0 : 1, a.path) < (b.connection, b.isClient ? 0 : 1, b.path)
        }
        report.connections = report.connections.enumerated().sorted { a, b in
            (a.element.connection, a.element.isClient ? 0 : 1, a.offset)
                < (b.element.connection, b.element.isClient ? 0 : 1, b.offset)
        }.map(\.element)
        report.events = report.events.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }
        .map(\.element)
        report.paths.sort { a, b in
            (a.time, a.host, a.connection, a.path) < (b.time, b.host, b.connection, b.path)
        }
    }
}

extension Array {
    /// `nil` outside: indices that came over a network are not trusted.
    func element(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
