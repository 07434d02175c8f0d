import PlaitCore
import PlaitCrypto
import PlaitTransport

/// Numbers the connections of one endpoint, and lets the applications call it without a clock of their own.
struct SeatCarrier: ~Copyable, StreamCarrier {
    var endpoint: TransportEndpoint
    /// On the host's clock; set by the seat before each round.
    var now = Instant.start
    /// By number. Numbers are never used again.
    private(set) var handles: [ConnectionHandle] = []
    /// By the handle's slot: the latest number in it.
    private var numbers: [Int] = []
    private let plan: WorkloadPlan
    private let mode: HandshakeMode
    /// By host; what a client was told beforehand.
    private let keys: [PublicKey?]

    init(
        _ endpoint: consuming TransportEndpoint,
        plan: WorkloadPlan,
        mode: HandshakeMode,
        keys: [PublicKey?]
    ) {
        self.endpoint = endpoint
        self.plan = plan
        self.mode = mode
        self.keys = keys
    }

    /// The host lost its memory; numbers go on where they were.
    mutating func replace(_ endpoint: consuming TransportEndpoint) {
        self.endpoint = endpoint
        numbers.removeAll()
    }

    /// The number of a connection, a new one for one that is not known.
    mutating func number(of handle: ConnectionHandle) -> (number: Int, isNew: Bool) {
        let slot = Int(handle.slot)
        while numbers.count <= slot { numbers.append(-1) }
        if numbers[slot] >= 0, handles[numbers[slot]] == handle { return (numbers[slot], false) }
        numbers[slot] = handles.count
        handles.append(handle)
        return (numbers[slot], true)
    }

    func statistics(of number: Int) -> ConnectionStatistics? { endpoint.statistics(of: handles[number]) }

    mutating func connect(planned: Int) -> Int? {
        let connection = plan.connections[planned]
        do throws(ConnectError) {
            let handle = try endpoint.connect(
                to: connection.remote,
                from: connection.local,
                serverKey: mode == .ik ? keys[Int(connection.server.index)] : nil,
                mode: mode,
                now: now
            )
            return number(of: handle).number
        } catch {
            return nil
        }
    }

    /// All but the handshake's. Their ids count up in the order of the plan.
    mutating func openPaths(planned: Int, on connection: Int) throws(PathError) {
        let paths = plan.connections[planned].paths
        for path in paths.dropFirst() {
            _ = try endpoint.openPath(
                on: handles[connection],
                from: path.local,
                to: path.remote,
                isBackup: path.isBackup,
                now: now
            )
        }
        guard paths.count > 1, paths[0].isBackup else { return }
        try endpoint.setStatus(of: .first, on: handles[connection], isBackup: true, now: now)
    }

    mutating func close(_ connection: Int) { endpoint.close(handles[connection], now: now) }

    func isOpen(_ connection: Int) -> Bool {
        endpoint.statistics(of: handles[connection])?.life == .established
    }

    mutating func open(on connection: Int, priority: UInt8) -> StreamID? {
        do throws(StreamError) {
            return try endpoint.open(.bidirectional, on: handles[connection], priority: priority, now: now)
        } catch {
            // No room now, which an event will change, or no connection any more, which another one tells.
            return nil
        }
    }

    mutating func pin(_ stream: StreamID, to path: PathID, on connection: Int) {
        do throws(StreamError) {
            try endpoint.pin(stream, to: path, on: handles[connection], now: now)
        } catch {
            // A stream that is over has nothing left to send; its end was told, or will be.
            precondition(error != .pinLimit, "a run's connection has fewer paths than streams may be pinned to")
        }
    }

    mutating func write(_ bytes: RawSpan, to stream: StreamID, on connection: Int, isLast: Bool) -> Int? {
        do throws(StreamError) {
            return try endpoint.write(bytes, to: stream, on: handles[connection], isLast: isLast, now: now)
        } catch {
            return nil
        }
    }

    @_lifetime(bytes: copy bytes)
    mutating func read(
        from stream: StreamID,
        on connection: Int,
        into bytes: inout MutableRawSpan
    ) -> (count: Int, isEnd: Bool)? {
        do throws(StreamError) {
            return try endpoint.read(from: stream, on: handles[connection], into: &bytes, now: now)
        } catch {
            return nil
        }
    }

    mutating func abandon(_ stream: StreamID, on connection: Int) {
        let handle = handles[connection]
        // Either side may be over already; then there is nothing to give up.
        do throws(StreamError) { try endpoint.reset(stream, on: handle, code: 1, now: now) } catch {}
        do throws(StreamError) { try endpoint.stop(stream, on: handle, code: 1, now: now) } catch {}
    }

    mutating func send(message bytes: RawSpan, on connection: Int, expires: Instant) -> Bool {
        do throws(DatagramError) {
            try endpoint.sendDatagram(bytes, on: handles[connection], expires: expires, now: now)
            return true
        } catch {
            return false
        }
    }

    @_lifetime(bytes: copy bytes)
    mutating func receiveMessage(on connection: Int, into bytes: inout MutableRawSpan) -> Int? {
        endpoint.readDatagram(on: handles[connection], into: &bytes)
    }
}
