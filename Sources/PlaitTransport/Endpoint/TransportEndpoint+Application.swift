package import PlaitCore
package import PlaitCrypto

/// What an application asks for. Calls on a connection that is over, or not yet there, throw
/// `StreamError.noConnection`.
extension TransportEndpoint {
    /// Begins a connection; `.established` or `.closed` tells what becomes of it.
    package mutating func connect(
        to remote: SocketAddress,
        from local: SocketAddress,
        serverKey: PublicKey?,
        mode: HandshakeMode,
        now: Instant
    ) throws(ConnectError) -> ConnectionHandle {
        guard mode != .ik || serverKey != nil else { throw .serverKeyMissing }
        guard !configuration.handshake.availableSuites.isEmpty else { throw .noSuite }
        guard connectionCount < configuration.connectionsMax else { throw .full }
        let slot = takeSlot()
        let id = nextID(for: slot)
        let initiator = Initiator(
            configuration: configuration.handshake,
            mode: mode,
            identity: identity,
            server: serverKey,
            sourceID: id,
            secrets: &secrets,
            now: now
        )
        slots[slot].opening = OpeningConnection(
            initiator: initiator,
            id: id,
            local: local,
            remote: remote,
            startedAt: now
        )
        refresh(slot, now: now)
        return ConnectionHandle(slot: slot, generation: slots[slot].generation)
    }

    private mutating func nextID(for slot: Int) -> ConnectionID {
        while true {
            let id = ConnectionID(secrets.next())
            if id != .unknown, routes.insert(id, slot: slot) { return id }
        }
    }

    /// What should be known, connection by connection; nil when there is nothing.
    package mutating func nextEvent() -> EndpointEvent? {
        while let slot = eventful.first {
            let handle = ConnectionHandle(slot: slot, generation: slots[slot].generation)
            if let event = slots[slot].connection?.nextEvent() ?? nil {
                return EndpointEvent(connection: handle, event: event)
            }
            if let failure = slots[slot].failure.take() {
                vacate(slot)
                return EndpointEvent(connection: handle, event: .closed(failure))
            }
            eventful.removeFirst()
            if life(of: slot) == .closed { vacate(slot) }
        }
        return nil
    }

    /// The slot is free for another connection.
    private mutating func vacate(_ slot: Int) {
        slots[slot].connection = nil
        slots[slot].opening = nil
        slots[slot].generation &+= 1
        vacant.append(Int32(slot))
    }

    // MARK: Streams

    /// Opens a stream. Smaller numbers of `priority` go first.
    package mutating func open(
        _ direction: StreamDirection,
        on connection: ConnectionHandle,
        priority: UInt8 = 128,
        now: Instant
    ) throws(StreamError) -> StreamID {
        let slot = try established(connection)
        defer { refresh(slot, now: now) }
        guard let id = try slots[slot].connection?.streams.open(direction, priority: priority) else {
            throw .noConnection
        }
        return id
    }

    /// Appends to a stream, and answers how many bytes were taken: fewer than given when the stream's buffer is full,
    /// and `.writable` tells when it is worth trying again. `isLast` counts once all were taken.
    package mutating func write(
        _ bytes: RawSpan,
        to stream: StreamID,
        on connection: ConnectionHandle,
        isLast: Bool = false,
        now: Instant
    ) throws(StreamError) -> Int {
        let slot = try established(connection)
        defer { refresh(slot, now: now) }
        return try slots[slot].connection?.streams.write(stream, bytes, isLast: isLast) ?? 0
    }

    /// Takes what has arrived in order; `isEnd` when nothing can follow.
    @_lifetime(target: copy target)
    package mutating func read(
        from stream: StreamID,
        on connection: ConnectionHandle,
        into target: inout MutableRawSpan,
        now: Instant
    ) throws(StreamError) -> (count: Int, isEnd: Bool) {
        let slot = try established(connection)
        defer { refresh(slot, now: now) }
        let result = try slots[slot].connection?.read(from: stream, into: &target, now: now)
        return result ?? (0, false)
    }

    /// Gives a stream up in the sending direction: what was not delivered yet may never be.
    package mutating func reset(
        _ stream: StreamID,
        on connection: ConnectionHandle,
        code: UInt64,
        now: Instant
    ) throws(StreamError) {
        let slot = try established(connection)
        defer { refresh(slot, now: now) }
        try slots[slot].connection?.streams.reset(stream, code: code)
    }

    /// Wants no more of a stream: the peer is asked to reset it.
    package mutating func stop(
        _ stream: StreamID,
        on connection: ConnectionHandle,
        code: UInt64,
        now: Instant
    ) throws(StreamError) {
        let slot = try established(connection)
        defer { refresh(slot, now: now) }
        try slots[slot].connection?.streams.stop(stream, code: code)
    }

    /// Serves a stream before those of higher numbers from now on.
    package mutating func setPriority(
        of stream: StreamID,
        to priority: UInt8,
        on connection: ConnectionHandle,
        now: Instant
    ) throws(StreamError) {
        let slot = try established(connection)
        defer { refresh(slot, now: now) }
        try slots[slot].connection?.streams.setPriority(of: stream, to: priority)
    }

    // MARK: Datagrams

    /// Sends bytes that may get lost, unless `expires` comes first.
    package mutating func sendDatagram(
        _ bytes: RawSpan,
        on connection: ConnectionHandle,
        expires: Instant = .never,
        now: Instant
    ) throws(DatagramError) {
        guard let slot = slot(of: connection), life(of: slot) == .established else { throw .noConnection }
        defer { refresh(slot, now: now) }
        try slots[slot].connection?.datagrams.send(bytes, expires: expires, now: now)
    }

    /// Takes the oldest datagram that came, and answers its length; nil when there is none.
    @_lifetime(target: copy target)
    package mutating func readDatagram(on connection: ConnectionHandle, into target: inout MutableRawSpan) -> Int? {
        guard let slot = slot(of: connection) else { return nil }
        return slots[slot].connection?.datagrams.read(into: &target) ?? nil
    }

    // MARK: The whole connection

    /// Ends a connection at once; what was not acknowledged may be lost. A connection that is over stays so.
    package mutating func close(_ connection: ConnectionHandle, code: UInt64 = 0, reason: [UInt8] = [], now: Instant) {
        guard let slot = slot(of: connection) else { return }
        if slots[slot].opening != nil {
            slots[slot].failure = .local(code: code)
            retire(slot)
        } else {
            slots[slot].connection?.close(code: code, reason: reason, now: now)
        }
        refresh(slot, now: now)
    }

    /// Goes on to another of the peer's connection ids on each path that has one.
    package mutating func rotateID(of connection: ConnectionHandle, now: Instant) {
        guard let slot = slot(of: connection) else { return }
        slots[slot].connection?.rotateIDs()
        refresh(slot, now: now)
    }

    /// What a connection has done so far; nil when it is gone.
    package func statistics(of connection: ConnectionHandle) -> ConnectionStatistics? {
        guard let slot = slot(of: connection) else { return nil }
        switch slots[slot].connection {
        case .some(let connection): return connection.statistics
        case .none: return ConnectionStatistics()
        }
    }

    func slot(of connection: ConnectionHandle) -> Int? {
        let slot = Int(connection.slot)
        guard slot < slots.count, slots[slot].generation == connection.generation else { return nil }
        return slot
    }

    private mutating func established(_ connection: ConnectionHandle) throws(StreamError) -> Int {
        guard let slot = slot(of: connection), life(of: slot) == .established else {
            throw .noConnection
        }
        return slot
    }
}
