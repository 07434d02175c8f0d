import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitTransport
import TestSupport
import Testing

/// Streams in memory between one client and one server, with somebody in between who may touch them.
private final class Wire {
    struct Direction {
        var bytes: [UInt8] = []
        var hasEnded = false
        var taken = 0
    }

    var up: [Direction] = []
    var down: [Direction] = []
    /// Done to everything that is written downwards, or upwards, with its offset.
    var tamperDown: (inout [UInt8], Int) -> Void = { _, _ in }
    var tamperUp: (inout [UInt8], Int) -> Void = { _, _ in }
    /// Bytes after which the server's answer ends, whatever it says.
    var cut = Int.max
}

private struct WireEnd: ~Copyable, StreamCarrier {
    let wire: Wire
    let isClient: Bool

    mutating func connect(planned: Int) -> Int? { 0 }
    mutating func close(_ connection: Int) {}
    func isOpen(_ connection: Int) -> Bool { true }
    mutating func abandon(_ stream: StreamID, on connection: Int) {}
    mutating func pin(_ stream: StreamID, to path: PathID, on connection: Int) {}
    mutating func send(message bytes: RawSpan, on connection: Int, expires: Instant) -> Bool { false }

    @_lifetime(bytes: copy bytes)
    mutating func receiveMessage(on connection: Int, into bytes: inout MutableRawSpan) -> Int? { nil }

    mutating func open(on connection: Int, priority: UInt8) -> StreamID? {
        wire.up.append(Wire.Direction())
        wire.down.append(Wire.Direction())
        return StreamID(index: UInt64(wire.up.count - 1), opener: .client, direction: .bidirectional)
    }

    mutating func write(_ bytes: RawSpan, to stream: StreamID, on connection: Int, isLast: Bool) -> Int? {
        var copy = Array(copying: bytes)
        let index = Int(stream.index)
        if isClient {
            wire.tamperUp(&copy, wire.up[index].bytes.count)
            wire.up[index].bytes += copy
            wire.up[index].hasEnded = isLast
        } else {
            wire.tamperDown(&copy, wire.down[index].bytes.count)
            let room = max(0, wire.cut - wire.down[index].bytes.count)
            wire.down[index].bytes += copy.prefix(room)
            wire.down[index].hasEnded = isLast || copy.count > room
        }
        return bytes.byteCount
    }

    @_lifetime(bytes: copy bytes)
    mutating func read(
        from stream: StreamID,
        on connection: Int,
        into bytes: inout MutableRawSpan
    ) -> (count: Int, isEnd: Bool)? {
        let index = Int(stream.index)
        var direction = isClient ? wire.down[index] : wire.up[index]
        let count = min(bytes.byteCount, direction.bytes.count - direction.taken)
        let part = Array(direction.bytes[direction.taken..<direction.taken + count])
        bytes.copy(part.span.raw, at: 0)
        direction.taken += count
        if isClient { wire.down[index] = direction } else { wire.up[index] = direction }
        return (count, direction.hasEnded && direction.taken == direction.bytes.count)
    }
}

@Suite("Work that somebody tampers with")
struct TamperedWorkTests {
    /// Lets one client and one server work over `wire` until nothing happens any more.
    private func run(_ work: String, over wire: Wire) throws -> WorkLedger {
        let trial = try Trial(
            """
            stop: 10 s
            hosts: {client: {}, server: {}}
            links: {l: {between: [client, server]}}
            workload: [{client: {\(work)}}]
            """
        )
        let plan = try #require(try trial.blueprint().workload)
        let ledger = WorkLedger(plan, times: [HostTimes(), HostTimes()])
        var client = ClientWork(ledger, host: HostID(0), end: .never, closesWhenDone: true)
        var server = ServerWork(ledger, end: .never)
        var near = WireEnd(wire: wire, isClient: true)
        var far = WireEnd(wire: wire, isClient: false)
        client.advance(&near, now: .start)
        client.established(0, &near, now: .start)
        server.established(0)
        let now = Instant(nanoseconds: 1)
        for index in wire.up.indices {
            let stream = StreamID(index: UInt64(index), opener: .client, direction: .bidirectional)
            _ = server.readable(stream, on: 0, &far, now: now)
            client.readable(stream, on: 0, &near, now: now)
        }
        client.advance(&near, now: now)
        return ledger
    }

    @Test("untouched, everything arrives", arguments: ["get: 40 kB", "put: 40 kB", "requests: 5 kB", "get: 0 B"])
    func untouched(work: String) throws {
        let ledger = try run(work, over: Wire())
        #expect(ledger.failureCount == 0 && ledger.report.exchanges.map(\.outcome) == [.complete])
        #expect(ledger.report.finished == [true])
    }

    @Test("one changed byte of an answer fails the run", arguments: [0, 1, 16_383, 16_384, 39_999])
    func changedDown(place: Int) throws {
        let wire = Wire()
        wire.tamperDown = { bytes, offset in
            if bytes.indices.contains(place - offset) { bytes[place - offset] ^= 0x10 }
        }
        let ledger = try run("get: 40 kB", over: wire)
        #expect(ledger.failures == ["get, exchange 0: byte \(place) of the answer is wrong"])
        #expect(ledger.report.exchanges[0].outcome == .wrong && ledger.report.lostBytes > 0)
    }

    @Test("one changed byte of a request fails the run", arguments: [0, 700, 39_999])
    func changedUp(place: Int) throws {
        let wire = Wire()
        wire.tamperUp = { bytes, offset in
            let own = place + WorkloadHeader.length - offset
            if bytes.indices.contains(own) { bytes[own] ^= 0x01 }
        }
        let ledger = try run("put: 40 kB", over: wire)
        #expect(ledger.failures == ["put, exchange 0: byte \(place) of the request is wrong"])
    }

    @Test("an answer that ends early fails the run", arguments: [0, 1, 39_999])
    func short(count: Int) throws {
        let wire = Wire()
        wire.cut = count
        let ledger = try run("get: 40 kB", over: wire)
        #expect(ledger.failures == ["get, exchange 0: the answer ends after \(count) of 40000 bytes"])
    }

    @Test("a header that was changed fails the run")
    func header() throws {
        let wire = Wire()
        wire.tamperUp = { bytes, offset in if offset == 0 { bytes[1] = 9 } }
        let ledger = try run("put: 1 kB", over: wire)
        #expect(ledger.failureCount > 0 && ledger.report.exchanges[0].outcome != .complete)
    }

    @Test("a message that changed, came twice or was never sent fails the run")
    func messages() throws {
        let trial = try Trial(
            """
            stop: 10 s
            hosts: {client: {}, server: {}}
            links: {l: {between: [client, server]}}
            workload: [{client: {datagrams: 10 pps}}]
            """
        )
        let ledger = WorkLedger(try #require(try trial.blueprint().workload), times: [HostTimes(), HostTimes()])
        var message = [UInt8](repeating: 0, count: 100)
        func write(_ header: MessageHeader) {
            var span = message.mutableSpan
            var raw = span.mutableRaw
            header.write(into: &raw)
            PatternBytes.fill(&raw, MessageHeader.length..<100, seed: header.seed, offset: 0)
        }
        write(MessageHeader(item: 0, number: 5, sentAt: .start))
        ledger.received(message: message.span.raw, at: 1, now: Instant(nanoseconds: 7))
        #expect(ledger.failureCount == 0 && ledger.report.datagrams[0].received.packets == 1)
        ledger.received(message: message.span.raw, at: 1, now: Instant(nanoseconds: 7))
        #expect(ledger.failureCount == 1 && ledger.report.datagrams[0].duplicate == 1)
        message[60] ^= 1
        ledger.received(message: message.span.raw, at: 1, now: Instant(nanoseconds: 7))
        #expect(ledger.failures.last == "datagrams, message 5: byte 60 is wrong")
        write(MessageHeader(item: 9, number: 5, sentAt: .start))
        ledger.received(message: message.span.raw, at: 1, now: Instant(nanoseconds: 7))
        #expect(ledger.failureCount == 3 && ledger.report.datagrams[0].received.packets == 1)
    }
}
