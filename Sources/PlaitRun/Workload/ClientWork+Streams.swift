package import PlaitCore
import PlaitScenario
package import PlaitTransport

// What the transport tells a client.
extension ClientWork {
    /// The planned connection that the carrier knows by `number`, if it is this host's to begin.
    package func planned(_ number: Int) -> Int? {
        ledger.plan.connections.indices.first {
            ledger.plan.connections[$0].client == host && connections[$0].number == number
                && connections[$0].state != .closed
        }
    }

    package mutating func established<Carrier: StreamCarrier & ~Copyable>(
        _ index: Int,
        _ carrier: inout Carrier,
        now: Instant
    ) {
        guard connections[index].state == .connecting else { return }
        connections[index].state = .open
        ledger.established(connection: index, at: now)
        pursue(index, &carrier, now: now)
        closeIfDone(index, &carrier)
    }

    /// There is room in the stream again.
    package mutating func writable<Carrier: StreamCarrier & ~Copyable>(
        _ stream: StreamID,
        on index: Int,
        _ carrier: inout Carrier
    ) {
        guard let slot = connections[index].streams.slot(of: stream) else { return }
        write(slot, index, &carrier)
    }

    /// The connection is no more: what was under way on it is lost.
    package mutating func closed<Carrier: StreamCarrier & ~Copyable>(
        _ index: Int,
        _ carrier: inout Carrier,
        now: Instant
    ) {
        connections[index].state = .closed
        lose(index, &carrier, now: now)
    }

    mutating func lose<Carrier: StreamCarrier & ~Copyable>(_ index: Int, _ carrier: inout Carrier, now: Instant) {
        var slots = connections[index].streams.removeAll()
        while let slot = connections[index].wanted.popFirst() { slots.append(slot) }
        for slot in slots {
            ledger.lost(exchanges[slot].place, now: now)
            end(slot, goesOn: false, &carrier, now: now)
        }
    }

    /// Writes the header and the request's pattern as far as there is room.
    mutating func write<Carrier: StreamCarrier & ~Copyable>(_ slot: Int, _ index: Int, _ carrier: inout Carrier) {
        guard let stream = exchanges[slot].stream, !exchanges[slot].hasEnded else { return }
        let header = exchanges[slot].header
        let total = UInt64(WorkloadHeader.length) + header.requestBytes
        repeat {
            let written = exchanges[slot].written
            let hasEnd = !exchanges[slot].isHeld
            var count = 0
            if written < UInt64(WorkloadHeader.length) {
                let bytes = header.bytes[Int(written)...]
                count = bytes.count
                for (place, byte) in bytes.enumerated() { scratch[place] = byte }
            } else {
                count = Int(min(UInt64(scratch.count), total - written))
                var span = scratch.mutableSpan
                var raw = span.mutableRaw
                let offset = written - UInt64(WorkloadHeader.length)
                PatternBytes.fill(&raw, 0..<count, seed: header.seed, offset: offset)
            }
            let isLast = written + UInt64(count) == total && hasEnd
            let number = connections[index].number
            let taken = carrier.write(scratch.span.raw.extracting(0..<count), to: stream, on: number, isLast: isLast)
            guard let taken else { return }
            exchanges[slot].written += UInt64(taken)
            if isLast, taken == count { exchanges[slot].hasEnded = true }
            guard taken == count else { return }
            if isLast || (written + UInt64(count) == total && !hasEnd) { return }
        } while true
    }

    /// Reads and checks what arrived.
    package mutating func readable<Carrier: StreamCarrier & ~Copyable>(
        _ stream: StreamID,
        on index: Int,
        _ carrier: inout Carrier,
        now: Instant
    ) {
        guard let slot = connections[index].streams.slot(of: stream) else { return }
        let header = exchanges[slot].header
        while true {
            let number = connections[index].number
            var result: (count: Int, isEnd: Bool)?
            do {
                var span = scratch.mutableSpan
                var raw = span.mutableRaw
                result = carrier.read(from: stream, on: number, into: &raw)
            }
            guard let (count, isEnd) = result else {
                guard carrier.isOpen(number) else { return }
                ledger.wrong(exchanges[slot].place, "the server gave up the stream")
                return drop(slot, index, &carrier, now: now)
            }
            let read = exchanges[slot].read
            if let problem = problem(count, at: read, isEnd: isEnd, header) {
                ledger.wrong(exchanges[slot].place, problem)
                carrier.abandon(stream, on: connections[index].number)
                return drop(slot, index, &carrier, now: now)
            }
            exchanges[slot].read = read + UInt64(count)
            if count > 0 || isEnd { ledger.receivedDown(exchanges[slot].place, count, now: now) }
            if isEnd {
                ledger.completed(exchanges[slot].place, now: now)
                return drop(slot, index, &carrier, now: now)
            }
            if count == 0 { return }
        }
    }

    private func problem(_ count: Int, at read: UInt64, isEnd: Bool, _ header: WorkloadHeader) -> String? {
        let bytes = scratch.span.raw.extracting(0..<count)
        if let wrong = PatternBytes.firstWrong(in: bytes, seed: ~header.seed, offset: read) {
            return "byte \(read + UInt64(wrong)) of the answer is wrong"
        }
        let total = read + UInt64(count)
        if total > header.responseBytes { return "the answer goes on after \(header.responseBytes) bytes" }
        return isEnd && total < header.responseBytes
            ? "the answer ends after \(total) of \(header.responseBytes) bytes" : nil
    }

    private mutating func drop<Carrier: StreamCarrier & ~Copyable>(
        _ slot: Int,
        _ index: Int,
        _ carrier: inout Carrier,
        now: Instant
    ) {
        if let stream = exchanges[slot].stream { connections[index].streams.remove(stream) }
        end(slot, goesOn: true, &carrier, now: now)
    }

    /// An exchange is over. Its sequence goes on after a pause.
    private mutating func end<Carrier: StreamCarrier & ~Copyable>(
        _ slot: Int,
        goesOn: Bool,
        _ carrier: inout Carrier,
        now: Instant
    ) {
        let exchange = exchanges[slot]
        freeSlots.append(slot)
        items[exchange.item].running -= 1
        if let sequence = exchange.sequence {
            if goesOn {
                let number = UInt64(exchange.header.number)
                let think = ledger.plan.amount(
                    sequences[sequence].work.think,
                    .think,
                    item: exchange.item,
                    number: number
                )
                alarms.add(.sequence(sequence), at: now + Interval(nanoseconds: think))
            } else {
                items[exchange.item].sequences -= 1
            }
        }
        finishIfDone(item: exchange.item, &carrier)
    }

    mutating func finishIfDone<Carrier: StreamCarrier & ~Copyable>(item: Int, _ carrier: inout Carrier) {
        guard items[item].hasBegun, !items[item].isFinished, items[item].running == 0, items[item].sequences == 0
        else { return }
        items[item].isFinished = true
        ledger.finished(item: item)
        closeIfDone(ledger.plan.connection(ofItem: item), &carrier)
    }

    private mutating func closeIfDone<Carrier: StreamCarrier & ~Copyable>(_ index: Int, _ carrier: inout Carrier) {
        guard closesWhenDone, connections[index].state == .open,
            ledger.plan.connections[index].items.allSatisfy({ items[$0].isFinished })
        else { return }
        carrier.close(connections[index].number)
    }
}
