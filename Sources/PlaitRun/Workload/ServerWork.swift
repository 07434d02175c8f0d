package import PlaitCore
import PlaitScenario
package import PlaitTransport

/// The server's part of a workload on one host: reads what clients want, checks their bytes, and answers.
package struct ServerWork {
    private let ledger: WorkLedger
    /// When the run ends, on this host's clock.
    private let end: Instant
    /// By the carrier's number.
    private var connections: [StreamSlots?] = []
    private var served: [Served] = []
    private var freeSlots: [Int] = []
    private var senders: [MessageSender] = []
    private var alarms = AlarmHeap<Int>()
    private var scratch = [UInt8](repeating: 0, count: 16_384)

    /// One stream that a client opened.
    private struct Served {
        let stream: StreamID
        let connection: Int
        /// Of the header, as far as it has arrived.
        var start: [UInt8] = []
        var header: WorkloadHeader?
        var place = -1
        var read: UInt64 = 0
        var hasReadAll = false
        var written: UInt64 = 0
        /// Messages are still being sent: the end has to wait.
        var isHeld = false
        var isAnswered = false
    }

    package init(_ ledger: WorkLedger, end: Instant) {
        self.ledger = ledger
        self.end = end
    }

    package var deadline: Instant { alarms.deadline }

    package mutating func advance<Carrier: StreamCarrier & ~Copyable>(_ carrier: inout Carrier, now: Instant) {
        while let sender = alarms.popFirst(notAfter: now) {
            let (slot, connection) = (senders[sender].stream, senders[sender].connection)
            // Its connection ended: nobody listens any more.
            guard connections.element(at: connection).flatMap(\.self) != nil else { continue }
            senders[sender].send(&carrier, ledger, &scratch, now: now)
            if senders[sender].isDone {
                served[slot].isHeld = false
                answer(slot, &carrier)
            } else {
                alarms.add(sender, at: senders[sender].next)
            }
        }
    }

    package mutating func established(_ connection: Int) {
        while connections.count <= connection { connections.append(nil) }
        connections[connection] = StreamSlots()
    }

    package mutating func closed(_ connection: Int) {
        guard let slots = connections.element(at: connection).flatMap(\.self) else { return }
        var open = slots
        freeSlots += open.removeAll()
        connections[connection] = nil
    }

    package mutating func writable<Carrier: StreamCarrier & ~Copyable>(
        _ stream: StreamID,
        on connection: Int,
        _ carrier: inout Carrier
    ) {
        guard let slot = connections.element(at: connection).flatMap(\.self)?.slot(of: stream) else { return }
        answer(slot, &carrier)
    }

    /// Answers the planned connection that the stream's header names, once it does.
    package mutating func readable<Carrier: StreamCarrier & ~Copyable>(
        _ stream: StreamID,
        on connection: Int,
        _ carrier: inout Carrier,
        now: Instant
    ) -> Int? {
        guard connections.element(at: connection).flatMap(\.self) != nil else { return nil }
        let slot = slot(of: stream, on: connection)
        let wasKnown = served[slot].header != nil
        while true {
            var result: (count: Int, isEnd: Bool)?
            do {
                var span = scratch.mutableSpan
                var raw = span.mutableRaw
                result = carrier.read(from: stream, on: connection, into: &raw)
            }
            guard let (count, isEnd) = result else {
                drop(slot)
                return nil
            }
            guard take(count, isEnd: isEnd, slot, now: now) else {
                carrier.abandon(stream, on: connection)
                drop(slot)
                return nil
            }
            if isEnd || count == 0 { break }
        }
        let item = served[slot].header.map { Int($0.item) }
        if !wasKnown, let item, let path = ledger.plan.pin(ofItem: item) {
            carrier.pin(stream, to: path, on: connection)
        }
        answer(slot, &carrier)
        return item.map { ledger.plan.connection(ofItem: $0) }
    }

    private mutating func slot(of stream: StreamID, on connection: Int) -> Int {
        if let known = connections[connection]?.slot(of: stream) { return known }
        let new = Served(stream: stream, connection: connection)
        let slot: Int
        if let free = freeSlots.popLast() {
            served[free] = new
            slot = free
        } else {
            served.append(new)
            slot = served.count - 1
        }
        connections[connection]?.insert(stream, slot)
        return slot
    }

    private mutating func drop(_ slot: Int) {
        connections[served[slot].connection]?.remove(served[slot].stream)
        freeSlots.append(slot)
    }

    /// Takes the first `count` bytes of the scratch buffer. Answers false for what is not as it should be.
    private mutating func take(_ count: Int, isEnd: Bool, _ slot: Int, now: Instant) -> Bool {
        var place = 0
        if served[slot].header == nil {
            place = min(count, WorkloadHeader.length - served[slot].start.count)
            for byte in 0..<place { served[slot].start.append(scratch[byte]) }
            if served[slot].start.count == WorkloadHeader.length {
                let start = served[slot].start
                guard let header = WorkloadHeader(start.span.raw),
                    let record = ledger.place(item: header.item, number: header.number)
                else {
                    ledger.fail("stream \(served[slot].stream.value) begins with no header")
                    return false
                }
                served[slot].header = header
                served[slot].place = record
                beginMessages(slot, header, now: now)
            }
        }
        guard let header = served[slot].header else {
            if isEnd { ledger.fail("stream \(served[slot].stream.value) ends within its header") }
            return !isEnd
        }
        let read = served[slot].read
        let length = count - place
        let wrong = PatternBytes.firstWrong(
            in: scratch.span.raw.extracting(place..<count),
            seed: header.seed,
            offset: read
        )
        if let wrong {
            ledger.wrong(served[slot].place, "byte \(read + UInt64(wrong)) of the request is wrong")
            return false
        }
        served[slot].read = read + UInt64(length)
        guard served[slot].read <= header.requestBytes, !isEnd || served[slot].read == header.requestBytes else {
            ledger.wrong(
                served[slot].place,
                "the request has \(served[slot].read) bytes\(isEnd ? "" : " and more") and not \(header.requestBytes)"
            )
            return false
        }
        ledger.receivedUp(served[slot].place, length, now: now)
        if isEnd { served[slot].hasReadAll = true }
        return true
    }

    private mutating func beginMessages(_ slot: Int, _ header: WorkloadHeader, now: Instant) {
        guard header.operation == .datagramsDown, case .datagrams(let work) = ledger.plan.items[Int(header.item)].work
        else { return }
        served[slot].isHeld = true
        let connection = served[slot].connection
        senders.append(
            MessageSender(work, item: Int(header.item), connection: connection, stream: slot, now: now, end: end)
        )
        alarms.add(senders.count - 1, at: now)
    }

    /// Writes the answer as far as there is room: when the request is complete, or at once when it has no bytes.
    private mutating func answer<Carrier: StreamCarrier & ~Copyable>(_ slot: Int, _ carrier: inout Carrier) {
        guard let header = served[slot].header, !served[slot].isAnswered, !served[slot].isHeld else { return }
        let isReady = served[slot].hasReadAll || (header.operation == .exchange && header.requestBytes == 0)
        guard isReady else { return }
        repeat {
            let written = served[slot].written
            let count = Int(min(UInt64(scratch.count), header.responseBytes - written))
            do {
                var span = scratch.mutableSpan
                var raw = span.mutableRaw
                PatternBytes.fill(&raw, 0..<count, seed: ~header.seed, offset: written)
            }
            let isLast = written + UInt64(count) == header.responseBytes
            let (stream, number) = (served[slot].stream, served[slot].connection)
            let taken = carrier.write(scratch.span.raw.extracting(0..<count), to: stream, on: number, isLast: isLast)
            guard let taken else { return drop(slot) }
            served[slot].written += UInt64(taken)
            guard taken == count else { return }
            if isLast { served[slot].isAnswered = true }
        } while !served[slot].isAnswered
        if served[slot].hasReadAll { drop(slot) }
    }
}
