import PlaitCore

extension Checker {
    func transport(_ fields: Fields) -> TransportDescription {
        var transport = TransportDescription()
        guard let record = record(fields, "transport") else { return transport }
        if let kind = word(record, "handshake").flatMap(HandshakeKind.init) { transport.handshake = kind }
        if let suite = word(record, "suite").flatMap(SuiteName.init) { transport.suite = suite }
        transport.congestion = model(record, "congestion")
        if let value = interval(record, "idle-timeout") { transport.idleTimeout = value }
        transport.keepAlive = interval(record, "keep-alive")
        if let value = interval(record, "ack-delay") { transport.ackDelay = value }
        if let value = interval(record, "initial-rtt") { transport.initialRoundTrip = value }
        if let value = quantity(record, "send-buffer") { transport.sendBuffer = value }
        if let value = quantity(record, "packet-size") { transport.packetSize = value }
        if let value = quantity(record, "half-open") { transport.halfOpen = value }
        transport.constantSize = flag(record, "constant-size") ?? false
        transport.packetMax = packetMax(record, transport)
        transport.closesWhenDone = flag(record, "close-when-done") ?? true
        transport.handshakeTimeout = handshakeTimeout(record)
        transport.windows = windows(record)
        transport.streams = streamsAllowed(record)
        transport.keyUpdate = keyUpdate(record)
        readPaths(record, &transport)
        if let keepAlive = transport.keepAlive, keepAlive >= transport.idleTimeout {
            log.warn(
                record.place(of: "keep-alive"),
                "a packet every \(keepAlive) does not keep a connection alive that ends after \(transport.idleTimeout)",
                remedy: "lower keep-alive, or raise idle-timeout"
            )
        }
        if !fields.has("workload") {
            log.warn(fields.place(of: "transport"), "transport: changes nothing without workload:")
        }
        return transport
    }

    private func packetMax(_ record: Fields, _ transport: TransportDescription) -> Int64? {
        guard let most = quantity(record, "packet-max") else { return nil }
        if most < transport.packetSize {
            log.error(
                record.place(of: "packet-max"),
                "'packet-max' is \(Quantity.bytes.print(most)), less than every path must carry",
                remedy: "write at least \(Quantity.bytes.print(transport.packetSize)), or lower packet-size"
            )
        } else if most > transport.packetSize, transport.constantSize {
            log.error(
                record.place(of: "packet-max"),
                "packets that are all padded to packet-size do not become longer",
                remedy: "leave out packet-max, or constant-size"
            )
        }
        return most
    }

    private func handshakeTimeout(_ transport: Fields) -> HandshakeTimeout {
        var timeout = HandshakeTimeout()
        guard let record = record(transport, "handshake-timeout") else { return timeout }
        if let first = interval(record, "first") { timeout.first = first }
        // In proportion, so that one value is enough for an unusual round trip; ten years stay within 64 bits.
        let most = Int64.max / 8 / 25
        timeout.giveUp =
            interval(record, "give-up") ?? Interval(nanoseconds: 25 * min(timeout.first.nanoseconds, most))
        if timeout.first >= timeout.giveUp {
            log.error(
                record.place,
                "a handshake that gives up after \(timeout.giveUp) repeats nothing after \(timeout.first)",
                remedy: "raise give-up, or lower first"
            )
        }
        return timeout
    }

    private func windows(_ transport: Fields) -> FlowWindows {
        var windows = FlowWindows()
        guard let record = record(transport, "windows") else { return windows }
        if let value = quantity(record, "stream") { windows.stream = value }
        if let value = quantity(record, "connection") { windows.connection = value }
        // A maximum that nobody wrote is never below what was written.
        windows.streamMax = quantity(record, "stream-max") ?? max(windows.streamMax, windows.stream)
        windows.connectionMax = quantity(record, "connection-max") ?? max(windows.connectionMax, windows.connection)
        for (key, first, most) in [
            ("stream-max", windows.stream, windows.streamMax),
            ("connection-max", windows.connection, windows.connectionMax),
        ] where most < first {
            log.error(
                record.place(of: key),
                "'\(key)' is \(Quantity.bytes.print(most)), less than the window begins with",
                remedy: "write at least \(Quantity.bytes.print(first))"
            )
        }
        return windows
    }

    private func streamsAllowed(_ transport: Fields) -> StreamsAllowed {
        var streams = StreamsAllowed()
        guard let record = record(transport, "streams") else { return streams }
        if let value = quantity(record, "bidirectional") { streams.bidirectional = value }
        if let value = quantity(record, "unidirectional") { streams.unidirectional = value }
        return streams
    }

    private func keyUpdate(_ transport: Fields) -> KeyUpdateLimits {
        var limits = KeyUpdateLimits()
        guard let record = record(transport, "key-update") else { return limits }
        if let value = quantity(record, "bytes") { limits.bytes = value }
        if let value = quantity(record, "packets") { limits.packets = value }
        if let value = interval(record, "time") { limits.time = value }
        return limits
    }
}
