import PlaitCore
import PlaitSimulator
import PlaitTransport

/// What the applications do.
extension CallWorld {
    mutating func connect() -> Bool {
        let key = seats[1].endpoint.publicKey
        do throws(ConnectError) {
            handles[0] = try seats[0].endpoint.connect(
                to: Self.addresses[1],
                from: Self.addresses[0],
                serverKey: mode == .ik ? key : nil,
                mode: mode,
                now: simulator.now
            )
        } catch {
            fail("calls.errors", "no connection was begun: \(error)")
            return false
        }
        called(0)
        return true
    }

    /// Only when the one before is over at both ends, and none of its packets is under way.
    mutating func connectAgain(_ record: inout RunRecord) -> RuleOutcome {
        guard isClosing, handles[0] == nil, handles[1] == nil else { return .notAllowed }
        while let serial = simulator.serial(ofHeld: 0) { simulator.drop(serial) }
        streams = []
        isClosing = false
        record.mark("second connection")
        record.event("client connects again")
        return connect() ? .accepted : .rejected
    }

    /// An end that may make calls, and its connection.
    private func end(_ choices: inout Choices) -> (end: Int, handle: ConnectionHandle)? {
        let end = Int(choices.number(0...1))
        guard isUp[end], let handle = handles[end] else { return nil }
        return (end, handle)
    }

    /// One of the streams that fulfil a condition.
    private func stream(_ choices: inout Choices, _ allows: (CallStream) -> Bool) -> Int? {
        let allowed = streams.indices.filter { allows(streams[$0]) }
        guard !allowed.isEmpty else { return nil }
        return choices.one(of: allowed)
    }

    mutating func open(_ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        guard let (end, handle) = end(&choices), streams.count < 40 else { return .notAllowed }
        let direction = choices.one(of: [StreamDirection.bidirectional, .unidirectional])
        do throws(StreamError) {
            let id = try seats[end].endpoint.open(direction, on: handle, now: simulator.now)
            record.event("\(Self.names[end]) opens stream \(id.value)")
            if streams.contains(where: { $0.id == id }) { fail("calls.events", "stream \(id.value) was opened twice") }
            streams.append(CallStream(id, opener: end))
        } catch {
            return refused(error, end, "open", &record)
        }
        called(end)
        return .accepted
    }

    mutating func write(_ choices: inout Choices, _ record: inout RunRecord, isLast: Bool) -> RuleOutcome {
        guard let (end, handle) = end(&choices),
            let index = stream(&choices, { $0.isKnown[end] && $0.ways[end]?.mayWrite == true })
        else { return .notAllowed }
        let most = min(20_000, 30 * windowMin)
        let count = isLast ? choices.magnitude(1...most) - 1 : choices.magnitude(1...most)
        let stream = streams[index]
        let first = stream.ways[end]?.written ?? 0
        let bytes = (0..<UInt64(count)).map { stream.byte(from: end, at: first + $0) }
        do throws(StreamError) {
            let taken = try seats[end].endpoint.write(
                bytes.span.raw,
                to: stream.id,
                on: handle,
                isLast: isLast,
                now: simulator.now
            )
            record.event(
                "\(Self.names[end]) writes \(taken) of \(count) bytes to \(stream.id.value)"
                    + (isLast ? ", the last" : "")
            )
            if taken < 0 || taken > Int(count) { fail("calls.errors", "\(taken) of \(count) bytes were taken") }
            streams[index].ways[end]?.written += UInt64(taken)
            written += UInt64(taken)
            let waiting = first + UInt64(taken) - (stream.ways[end]?.read ?? 0)
            record.score("bytes waiting", Int64(clamping: waiting))
            if waiting > UInt64(streamWindow) { record.mark("held back by a limit") }
            if isLast, taken == Int(count) { streams[index].ways[end]?.isFinished = true }
        } catch {
            if case .stopped(let code) = error, stream.ways[end]?.stopCode == code {
                streams[index].ways[end]?.isStopSeen = true
                return .rejected
            }
            return refused(error, end, "write to \(stream.id.value)", &record)
        }
        called(end)
        return .accepted
    }

    mutating func read(_ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        guard let (end, handle) = end(&choices),
            let index = stream(&choices, { $0.isKnown[end] && $0.ways[1 - end]?.mayRead == true })
        else { return .notAllowed }
        let room = Int(choices.magnitude(1...32_768))
        let outcome = read(index, at: end, handle, room: room, &record)
        called(end)
        return outcome == nil ? .rejected : .accepted
    }

    /// Answers how many bytes were read; nil when the call was refused.
    mutating func read(
        _ index: Int,
        at end: Int,
        _ handle: ConnectionHandle,
        room: Int,
        _ record: inout RunRecord
    ) -> Int? {
        let stream = streams[index]
        guard let way = stream.ways[1 - end] else { return nil }
        var bytes = [UInt8](repeating: 0, count: room)
        let result: (count: Int, isEnd: Bool)
        do throws(StreamError) {
            var span = bytes.mutableSpan
            var raw = span.mutableRaw
            result = try seats[end].endpoint.read(from: stream.id, on: handle, into: &raw, now: simulator.now)
        } catch {
            if case .reset(let code) = error {
                wasReset(stream.id, code, at: end)
            } else {
                _ = refused(error, end, "read from \(stream.id.value)", &record)
            }
            return nil
        }
        if result.count > 0 || result.isEnd {
            record.event(
                "\(Self.names[end]) reads \(result.count) bytes from \(stream.id.value)"
                    + (result.isEnd ? ", the last" : "")
            )
        }
        for offset in 0..<result.count {
            let place = way.read + UInt64(offset)
            guard bytes[offset] == stream.byte(from: 1 - end, at: place) else {
                fail("calls.bytes", "byte \(place) of stream \(stream.id.value) is not what was written")
                break
            }
        }
        let read = way.read + UInt64(result.count)
        if read > way.written {
            fail("calls.bytes", "\(read) of \(way.written) bytes of stream \(stream.id.value) were read")
        }
        if result.isEnd, !way.isFinished || read != way.written {
            fail("calls.bytes", "stream \(stream.id.value) ended at \(read), and \(way.written) were written")
        }
        streams[index].ways[1 - end]?.read = read
        streams[index].ways[1 - end]?.isEnded = result.isEnd
        return result.count
    }

    mutating func giveUp(_ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        guard let (end, handle) = end(&choices),
            let index = stream(&choices, { $0.isKnown[end] && $0.ways[end]?.mayWrite == true })
        else { return .notAllowed }
        let code = UInt64(choices.number(0...1_000))
        let id = streams[index].id
        do throws(StreamError) {
            try seats[end].endpoint.reset(id, on: handle, code: code, now: simulator.now)
        } catch {
            if case .stopped = error { return .rejected }
            return refused(error, end, "reset \(id.value)", &record)
        }
        record.event("\(Self.names[end]) resets \(id.value) with \(code)")
        streams[index].ways[end]?.resetCode = code
        called(end)
        return .accepted
    }

    mutating func stop(_ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        guard let (end, handle) = end(&choices),
            let index = stream(&choices, { $0.isKnown[end] && $0.ways[1 - end]?.mayRead == true })
        else { return .notAllowed }
        let code = UInt64(choices.number(0...1_000))
        let id = streams[index].id
        do throws(StreamError) {
            try seats[end].endpoint.stop(id, on: handle, code: code, now: simulator.now)
        } catch {
            if case .reset(let code) = error {
                wasReset(id, code, at: end)
                return .rejected
            }
            return refused(error, end, "stop \(id.value)", &record)
        }
        record.event("\(Self.names[end]) stops \(id.value) with \(code)")
        streams[index].ways[1 - end]?.stopCode = code
        called(end)
        return .accepted
    }

    mutating func prioritize(_ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        guard let (end, handle) = end(&choices),
            let index = stream(&choices, { $0.isKnown[end] && $0.ways[end]?.mayWrite == true })
        else { return .notAllowed }
        let priority = UInt8(choices.number(0...255))
        do throws(StreamError) {
            try seats[end].endpoint.setPriority(of: streams[index].id, to: priority, on: handle, now: simulator.now)
        } catch {
            return refused(error, end, "prioritize", &record)
        }
        record.event("\(Self.names[end]) gives \(streams[index].id.value) priority \(priority)")
        called(end)
        return .accepted
    }

    mutating func rotate(_ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        guard let (end, handle) = end(&choices) else { return .notAllowed }
        seats[end].endpoint.rotateID(of: handle, now: simulator.now)
        record.event("\(Self.names[end]) goes on to another id")
        called(end)
        return .accepted
    }

    mutating func close(_ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        // Seldom, or there would be little else.
        guard choices.number(0...3) == 0, let (end, handle) = end(&choices) else { return .notAllowed }
        let code = UInt64(choices.number(0...1_000))
        seats[end].endpoint.close(handle, code: code, now: simulator.now)
        record.event("\(Self.names[end]) closes with \(code)")
        record.mark("closed")
        isClosing = true
        called(end)
        return .accepted
    }

    // MARK: Datagrams

    mutating func sendDatagram(_ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        guard let (end, handle) = end(&choices) else { return .notAllowed }
        let count = Int(choices.magnitude(1...1_500))
        // Every byte says how many there are, so that a datagram can be recognised.
        let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: count), count: count)
        do throws(DatagramError) {
            try seats[end].endpoint.sendDatagram(bytes.span.raw, on: handle, now: simulator.now)
        } catch {
            switch error {
            case .tooLarge(let most) where most < count: break
            case .full: break
            default: fail("calls.errors", "a datagram of \(count) bytes was refused: \(error)")
            }
            return .rejected
        }
        record.event("\(Self.names[end]) sends a datagram of \(count) bytes")
        called(end)
        return .accepted
    }

    mutating func readDatagram(_ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        guard let (end, handle) = end(&choices) else { return .notAllowed }
        var bytes = [UInt8](repeating: 0, count: 2_048)
        let count: Int?
        do {
            var span = bytes.mutableSpan
            var raw = span.mutableRaw
            count = seats[end].endpoint.readDatagram(on: handle, into: &raw)
        }
        guard let count else { return .notAllowed }
        record.event("\(Self.names[end]) reads a datagram of \(count) bytes")
        let expected = UInt8(truncatingIfNeeded: count)
        if bytes[..<count].contains(where: { $0 != expected }) {
            fail("calls.bytes", "a datagram of \(count) bytes is not what was sent")
        }
        record.mark("datagram read")
        return .accepted
    }

    /// A call was refused for a reason that the calls so far do not give, unless they do.
    private mutating func refused(
        _ error: StreamError,
        _ end: Int,
        _ call: String,
        _ record: inout RunRecord
    ) -> RuleOutcome {
        record.event("\(Self.names[end]) may not \(call): \(error)")
        switch error {
        case .streamLimit: record.mark("no more streams allowed")
        // The peer closed, and the event waits.
        case .noConnection where isClosing: break
        default: fail("calls.errors", "the \(Self.names[end]) may not \(call): \(error)")
        }
        return .rejected
    }
}
