package import PlaitCore
import PlaitScenario
import PlaitTransport

/// The client's part of a workload on one host: begins items when they are due, opens streams as the peer allows them,
/// writes and checks patterned bytes, and ends connections when nothing is left to do on them.
package struct ClientWork {
    let ledger: WorkLedger
    let host: HostID
    /// When the run ends, on this host's clock.
    let end: Instant
    let closesWhenDone: Bool

    /// By their place in the plan; those of other hosts stay idle.
    var connections: [Connection]
    /// By their place in the plan.
    var items: [Item]
    var sequences: [Sequence] = []
    var senders: [MessageSender] = []
    /// By slot; slots are used again.
    var exchanges: [Exchange] = []
    var freeSlots: [Int] = []
    var alarms = AlarmHeap<Alarm>()
    var scratch = [UInt8](repeating: 0, count: 16_384)

    /// What the client is woken for, each by its number.
    package enum Alarm { case item(Int), sequence(Int), sender(Int) }

    /// What this end knows of a planned connection.
    struct Connection {
        enum State: Hashable { case idle, connecting, open, closed }
        var state = State.idle
        /// By which the carrier knows it.
        var number = -1
        /// Exchanges that wait for a stream, first come first served.
        var wanted = WaitingLine()
        /// Open streams in rising order, and their exchanges.
        var streams = StreamSlots()
    }

    /// How far an item is.
    struct Item {
        var hasBegun = false
        /// Exchanges begun and not ended.
        var running = 0
        /// Sequences that go on.
        var sequences = 0
        var isFinished = false
    }

    /// Requests one after the other.
    struct Sequence {
        let item: Int
        let work: RequestWork
        var left: Int64?
        let endsAt: Instant
    }

    /// One stream's worth of work.
    struct Exchange {
        let place: Int
        let item: Int
        let sequence: Int?
        let header: WorkloadHeader
        var stream: StreamID?
        /// Of header and body.
        var written: UInt64 = 0
        /// Whether the end went with the last byte.
        var hasEnded = false
        /// Held open: messages are still being sent.
        var isHeld: Bool
        var read: UInt64 = 0
    }

    package init(_ ledger: WorkLedger, host: HostID, end: Instant, closesWhenDone: Bool) {
        self.ledger = ledger
        self.host = host
        self.end = end
        self.closesWhenDone = closesWhenDone
        connections = ledger.plan.connections.map { _ in Connection() }
        items = ledger.plan.items.map { _ in Item() }
        for (index, item) in ledger.plan.items.enumerated() where item.client == host {
            alarms.add(.item(index), at: .start + item.at)
        }
    }

    package var deadline: Instant { alarms.deadline }

    /// Does what is due.
    package mutating func advance<Carrier: StreamCarrier & ~Copyable>(_ carrier: inout Carrier, now: Instant) {
        while let alarm = alarms.popFirst(notAfter: now) {
            switch alarm {
            case .item(let item): begin(item: item, &carrier, now: now)
            case .sequence(let sequence): beginRequest(of: sequence, &carrier, now: now)
            case .sender(let sender): sendMessages(sender, &carrier, now: now)
            }
        }
    }

    // MARK: Beginning

    private mutating func begin<Carrier: StreamCarrier & ~Copyable>(
        item index: Int,
        _ carrier: inout Carrier,
        now: Instant
    ) {
        let item = ledger.plan.items[index]
        items[index].hasBegun = true
        let count = Int(item.streams)
        switch item.work {
        case .get(let bytes):
            for _ in 0..<count { want(item: index, request: .fixed(0), response: bytes, now: now) }
        case .put(let bytes):
            for _ in 0..<count { want(item: index, request: bytes, response: .fixed(0), now: now) }
        case .requests(let work):
            items[index].sequences = count
            for _ in 0..<count {
                let endsAt = work.duration.map { now + $0 } ?? .never
                sequences.append(Sequence(item: index, work: work, left: work.count, endsAt: endsAt))
                beginRequest(of: sequences.count - 1, &carrier, now: now)
            }
        case .datagrams: want(item: index, request: .fixed(0), response: .fixed(0), now: now)
        }
        pursue(ledger.plan.connection(ofItem: index), &carrier, now: now)
    }

    private mutating func beginRequest<Carrier: StreamCarrier & ~Copyable>(
        of index: Int,
        _ carrier: inout Carrier,
        now: Instant
    ) {
        let sequence = sequences[index]
        guard sequence.left.map({ $0 > 0 }) ?? true, now <= sequence.endsAt else {
            items[sequence.item].sequences -= 1
            return finishIfDone(item: sequence.item, &carrier)
        }
        sequences[index].left = sequence.left.map { $0 - 1 }
        want(
            item: sequence.item,
            request: sequence.work.request,
            response: sequence.work.response,
            sequence: index,
            now: now
        )
        pursue(ledger.plan.connection(ofItem: sequence.item), &carrier, now: now)
    }

    /// Puts an exchange into the line for a stream.
    private mutating func want(
        item: Int,
        request: Amount,
        response: Amount,
        sequence: Int? = nil,
        now: Instant
    ) {
        let plan = ledger.plan
        let next = UInt64(ledger.count(ofItem: item))
        let up = UInt64(plan.amount(request, .request, item: item, number: next))
        let down = UInt64(plan.amount(response, .response, item: item, number: next))
        let (place, number) = ledger.begin(item: item, request: up, response: down, at: now)
        var operation = WorkloadHeader.Operation.exchange
        if case .datagrams(let work) = plan.items[item].work {
            operation = work.fromServer ? .datagramsDown : .datagramsUp
        }
        let header = WorkloadHeader(
            operation: operation,
            item: UInt32(item),
            number: number,
            requestBytes: up,
            responseBytes: down,
            seed: plan.draw(.seed, item: item, number: next)
        )
        let exchange = Exchange(
            place: place,
            item: item,
            sequence: sequence,
            header: header,
            isHeld: operation == .datagramsUp
        )
        items[item].running += 1
        connections[plan.connection(ofItem: item)].wanted.append(store(exchange))
    }

    private mutating func store(_ exchange: Exchange) -> Int {
        if let slot = freeSlots.popLast() {
            exchanges[slot] = exchange
            return slot
        }
        exchanges.append(exchange)
        return exchanges.count - 1
    }

    /// Connects if need be, and opens streams as far as the peer allows.
    mutating func pursue<Carrier: StreamCarrier & ~Copyable>(
        _ index: Int,
        _ carrier: inout Carrier,
        now: Instant
    ) {
        switch connections[index].state {
        case .idle, .closed:
            guard !connections[index].wanted.isEmpty else { return }
            guard let number = carrier.connect(planned: index) else {
                return lose(index, &carrier, now: now)
            }
            connections[index].number = number
            connections[index].state = .connecting
        case .connecting: break
        case .open:
            while let slot = connections[index].wanted.first {
                let priority = UInt8(clamping: ledger.plan.items[exchanges[slot].item].priority)
                guard let stream = carrier.open(on: connections[index].number, priority: priority) else { return }
                _ = connections[index].wanted.popFirst()
                if let path = ledger.plan.pin(ofItem: exchanges[slot].item) {
                    carrier.pin(stream, to: path, on: connections[index].number)
                }
                exchanges[slot].stream = stream
                connections[index].streams.insert(stream, slot)
                ledger.opened(exchanges[slot].place, stream: stream.value)
                beginMessages(slot, index, now: now)
                write(slot, index, &carrier)
            }
        }
    }

    private mutating func beginMessages(_ slot: Int, _ index: Int, now: Instant) {
        let item = exchanges[slot].item
        guard exchanges[slot].isHeld, case .datagrams(let work) = ledger.plan.items[item].work else { return }
        let number = connections[index].number
        senders.append(MessageSender(work, item: item, connection: number, stream: slot, now: now, end: end))
        alarms.add(.sender(senders.count - 1), at: now)
    }

    private mutating func sendMessages<Carrier: StreamCarrier & ~Copyable>(
        _ sender: Int,
        _ carrier: inout Carrier,
        now: Instant
    ) {
        let slot = senders[sender].stream
        let connection = ledger.plan.connection(ofItem: senders[sender].item)
        // Its connection ended: nobody listens any more.
        guard connections[connection].state == .open, connections[connection].number == senders[sender].connection
        else { return }
        senders[sender].send(&carrier, ledger, &scratch, now: now)
        if senders[sender].isDone {
            exchanges[slot].isHeld = false
            write(slot, connection, &carrier)
        } else {
            alarms.add(.sender(sender), at: senders[sender].next)
        }
    }
}
