import PlaitCore
import PlaitSimulator
import PlaitTransport

/// What becomes of packets and timers, and how it all ends.
extension CallWorld {
    mutating func decide(_ rule: String, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        heldMost = max(heldMost, simulator.heldCount)
        if rule == "fire timer" { return fire(&choices, &record) }
        guard simulator.heldCount > 0 else { return .notAllowed }
        let isFirst = rule == "deliver"
        let place = isFirst ? 0 : Int(choices.number(0...Int64(simulator.heldCount - 1)))
        guard let packet = simulator.held(at: place) else { return .notAllowed }
        let serial = packet.serial
        switch rule {
        case "deliver", "deliver later one":
            record.event("packet \(serial) is delivered")
            deliver(packet)
        case "drop":
            record.event("packet \(serial) is lost")
            simulator.drop(serial)
        case "duplicate":
            guard simulator.heldCount < 200, let copy = simulator.duplicate(serial) else { return .notAllowed }
            record.event("packet \(serial) gets a copy, \(copy)")
            fates.copied(serial, as: copy)
        default:
            let bit = Int(choices.number(0...9_599)) % (8 * packet.length)
            guard simulator.damage(serial, bit: bit) else { return .notAllowed }
            record.event("packet \(serial) is damaged in bit \(bit)")
            fates.damaged(serial)
        }
        return .accepted
    }

    /// A packet that comes whole and for the first time must not be taken for one that came before.
    mutating func deliver(_ packet: HeldPacket) {
        let end = packet.destination == Self.addresses[0] ? 0 : 1
        let isNew = fates.isNew(packet.serial)
        let before = duplicates(at: end)
        simulator.deliver(packet.serial)
        guard isNew, let before, let after = duplicates(at: end), before.connection == after.connection else { return }
        if after.count > before.count {
            fail("calls.accepts", "packet \(packet.serial) came for the first time, and was taken for an old one")
        }
    }

    private func duplicates(at end: Int) -> (connection: ConnectionHandle, count: UInt64)? {
        guard isUp[end], let handle = handles[end], let statistics = seats[end].endpoint.statistics(of: handle) else {
            return nil
        }
        return (handle, statistics.duplicates)
    }

    private mutating func fire(_ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        // Handshakes are given up, and cookies' keys replaced, in a future that no rule leads to.
        let soon = simulator.now + .seconds(60)
        let timers = simulator.pendingTimers.filter { $0.due <= soon }
        guard !timers.isEmpty else { return .notAllowed }
        let timer = choices.one(of: timers)
        record.event("the \(timer.name)'s timer fires, at \(timer.due - .start)")
        simulator.fire(timerOf: timer.seat)
        return .accepted
    }

    // MARK: The second phase

    /// Every packet is delivered, everything is read, and the next timer fires only when nothing is under way: then the
    /// connections must come up, and every byte that was promised must be read.
    ///
    /// The bound counts timers. A lost packet, a held-back acknowledgement, a repeated handshake message and a pause of
    /// the pacer cost one each, and a window takes at most four of them to go round.
    mutating func heal(_ record: inout RunRecord) -> Bool {
        record.event("from here on nothing is lost")
        let rounds = 1 + written / UInt64(max(1, windowMin)) + written / 1_000
        let bound = 200 + 8 * Int64(clamping: rounds)
        record.bounded(by: bound)
        var fired: Int64 = 0
        while true {
            settle(&record)
            check(&record)
            if problem != nil || record.failure != nil { return false }
            if isComplete { break }
            guard fired < bound, let timer = simulator.pendingTimers.min(by: { $0.due < $1.due }) else {
                record.fail("calls.completes", "\(missing) after \(fired) timers")
                return false
            }
            fired += 1
            simulator.fire(timerOf: timer.seat)
        }
        record.score("timers to heal", fired)
        return true
    }

    private mutating func settle(_ record: inout RunRecord) {
        var patience = 100_000
        while patience > 0 {
            takeEvents()
            readAll(&record)
            tell(&record)
            guard let packet = simulator.held(at: 0) else { return }
            deliver(packet)
            patience -= 1
        }
        fail("calls.completes", "the ends send each other packets without end")
    }

    private mutating func readAll(_ record: inout RunRecord) {
        for end in 0...1 {
            guard isUp[end], let handle = handles[end] else { continue }
            var hasRead = false
            for index in streams.indices where streams[index].isKnown[end] {
                while streams[index].ways[1 - end]?.mayRead == true {
                    guard let count = read(index, at: end, handle, room: 32_768, &record), count > 0 else { break }
                    hasRead = true
                }
            }
            if hasRead { called(end) }
        }
    }

    private var isComplete: Bool {
        isClosing || isUp[0] && isUp[1] && streams.allSatisfy { $0.ways.allSatisfy { $0?.isComplete ?? true } }
    }

    /// What is not complete, in words.
    private var missing: String {
        if !(isUp[0] && isUp[1]) { return "the connection is not established" }
        for stream in streams {
            for (end, way) in stream.ways.enumerated() {
                guard let way, !way.isComplete else { continue }
                let name = "the \(Self.names[end])'s stream \(stream.id.value)"
                if way.resetCode != nil { return "nobody heard of the reset of \(name)" }
                if way.read < way.written { return "\(way.read) of \(way.written) bytes of \(name) were read" }
                return "nobody read the end of \(name)"
            }
        }
        return "nothing is missing"
    }
}
