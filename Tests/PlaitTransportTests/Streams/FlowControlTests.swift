import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Flow control of streams")
struct FlowControlTests {
    private func limits(data: UInt64, stream: UInt64, streams: UInt64 = 10) -> StreamLimits {
        StreamLimits(
            dataMax: data,
            streamDataMaxLocal: stream,
            streamDataMaxRemote: stream,
            streamDataMaxUnidirectional: stream,
            streamsMaxBidirectional: streams,
            streamsMaxUnidirectional: streams
        )
    }

    /// Everything that leaves `side` at once, in frames; nothing of it arrives.
    private func frames(_ pair: inout StreamPair, _ side: Int, size: Int = 1_200) -> [SentFrame] {
        var frames: [SentFrame] = []
        var dice = Dice(seed: 0)
        while pair.send(side, size: size, dice: &dice) > 0 { frames += pair.underWay.removeLast().frames }
        return frames
    }

    private func bytes(_ frames: [SentFrame]) -> Int {
        frames.reduce(0) {
            guard case .stream(_, _, let length, _) = $1 else { return $0 }
            return $0 + Int(length)
        }
    }

    @Test("which limit applies depends on who opened the stream, and which way it goes")
    func kinds() throws {
        let server = StreamLimits(
            dataMax: 1_000_000,
            streamDataMaxLocal: 100,
            streamDataMaxRemote: 200,
            streamDataMaxUnidirectional: 300
        )
        var pair = StreamPair(client: server, server: server)
        let data = [UInt8](repeating: 1, count: 1_000)
        let own = try pair.open(0, .bidirectional)
        try pair.write(0, own, data)
        let one = bytes(frames(&pair, 0))
        let single = try pair.open(0, .unidirectional)
        try pair.write(0, single, data)
        let two = bytes(frames(&pair, 0))
        #expect(one == 200 && two == 300)
        try pair.inject(to: 1, own)
        pair.takeEvents(1)
        try pair.write(1, own, data)
        let back = bytes(frames(&pair, 1))
        #expect(back == 100)
    }

    @Test("a stream that is blocked does not hold back another")
    func blocked() throws {
        var pair = StreamPair(client: StreamLimits(), server: limits(data: 10_000, stream: 500))
        let ids = [try pair.open(0, .unidirectional), try pair.open(0, .unidirectional)]
        let data = [UInt8](repeating: 1, count: 2_000)
        for id in ids { try pair.write(0, id, data) }
        let sent = bytes(frames(&pair, 0))
        #expect(sent == 1_000)
        try pair.sets[0].receiveMaxStreamData(ids[1], 700)
        // An older word that comes late changes nothing.
        try pair.sets[0].receiveMaxStreamData(ids[1], 600)
        let hasMore = pair.sets[0].hasFrames
        let more = frames(&pair, 0)
        #expect(hasMore && more == [.stream(ids[1], offset: 500, length: 200, isLast: false)])
    }

    @Test("all streams together stop at the connection's limit, but lost bytes go out again")
    func connection() throws {
        var pair = StreamPair(client: StreamLimits(), server: limits(data: 1_000, stream: 800))
        let ids = [try pair.open(0, .unidirectional), try pair.open(0, .unidirectional)]
        for id in ids { try pair.write(0, id, [UInt8](repeating: 1, count: 800)) }
        let sent = frames(&pair, 0)
        let isBlocked = !pair.sets[0].hasFrames
        #expect(bytes(sent) == 1_000 && isBlocked)
        pair.sets[0].lost(sent[0])
        let again = frames(&pair, 0)
        #expect(again == [sent[0]])
        pair.sets[0].receiveMaxData(1_100)
        pair.sets[0].receiveMaxData(1_050)
        let more = frames(&pair, 0)
        #expect(bytes(more) == 100)
    }

    @Test("limits move when a quarter of the window was read, and a lost word is said anew as it is then")
    func update() throws {
        var pair = StreamPair(client: StreamLimits(), server: limits(data: 4_000, stream: 1_000))
        let id = try pair.open(0, .unidirectional)
        try pair.write(0, id, [UInt8](repeating: 1, count: 1_000))
        var dice = Dice(seed: 1)
        try pair.settle(dice: &dice)
        pair.takeEvents(1)
        try pair.read(1, id, 249)
        let early = pair.sets[1].hasFrames
        pair.clock += 1_000
        try pair.read(1, id, 1)
        let told = frames(&pair, 1)
        #expect(!early && told == [.maxStreamData(id)])
        pair.clock += 1_000
        try pair.read(1, id, 200)
        pair.sets[1].lost(.maxStreamData(id))
        let anew = pair.send(1, dice: &dice)
        let wire = pair.underWay.removeLast()
        #expect(anew == 1)
        try pair.deliver(wire.bytes, to: 0)
        try pair.write(0, id, [UInt8](repeating: 2, count: 1_000))
        let allowed = bytes(frames(&pair, 0))
        #expect(allowed == 250)
    }

    @Test("a window doubles when a quarter of it is read within a round trip, up to its maximum, and not when slower")
    func tuning() {
        for (pause, expected) in [(Interval.milliseconds(20), 8_000), (.milliseconds(21), 1_000)]
            as [(Interval, UInt64)]
        {
            var window = ReceiveWindow(1_000)
            var now = Instant.start
            for _ in 0..<40 {
                let quarter = window.window / 4
                _ = window.consume(quarter, now: now, roundTrip: .milliseconds(20), windowMax: 8_000)
                now = now + pause
            }
            let reached = window.window
            // The first quarter is read in no time.
            #expect(reached == (expected == 1_000 ? 2_000 : expected))
        }
        var unknown = ReceiveWindow(1_000)
        for _ in 0..<10 { _ = unknown.consume(500, now: .start, roundTrip: .zero, windowMax: 8_000) }
        let (window, limit) = (unknown.window, unknown.limit)
        #expect(window == 1_000 && limit == 6_000)
    }

    /// Ten packets at first, twice as many each round trip, all read as they come. A limit travels half a round trip.
    @Test("a peer in slow start never meets the limit", arguments: [262_144, 393_216] as [UInt64])
    func slowStart(initial: UInt64) {
        var window = ReceiveWindow(initial)
        let roundTrip = Interval.milliseconds(40)
        var (limits, sent, burst) = ([window.limit], 0 as UInt64, 12_000 as UInt64)
        for round in 0..<10 as Range<Int64> {
            // What the peer knows when it sends: the limits told by what it sent a round trip ago.
            let known = limits[limits.count - 1]
            for step in 1...10 as ClosedRange<Int64> {
                let now = Instant.start + .milliseconds(round * 40 + step * 2)
                _ = window.consume(burst / 10, now: now, roundTrip: roundTrip, windowMax: 1 << 26)
            }
            sent += burst
            #expect(sent <= known)
            limits.append(window.limit)
            burst *= 2
        }
    }

    @Test("a stream takes four congestion windows from its application, between the least and the most")
    func room() throws {
        var set = StreamSet(
            role: .client,
            local: StreamLimits(),
            remote: StreamLimits(),
            buffers: StreamBuffers(sendMax: 3 << 20)
        )
        let id = try set.open(.unidirectional, priority: 0)
        let bytes = [UInt8](repeating: 1, count: 4 << 20)
        var taken: [Int] = []
        for window in [0, 1 << 18, 1 << 19, 1 << 16, .max] {
            set.provide(for: window)
            taken.append(try set.write(id, bytes.span.raw, isLast: false))
        }
        #expect(taken == [1 << 20, 0, 1 << 20, 0, 1 << 20])
    }

    @Test("the connection's window keeps one and a half times the largest stream's")
    func widening() throws {
        var pair = StreamPair(client: StreamLimits(), server: limits(data: 1_000, stream: 1_000))
        let id = try pair.open(0, .unidirectional)
        var dice = Dice(seed: 1)
        let data = [UInt8](repeating: 1, count: 4_000)
        for _ in 0..<400 {
            _ = try pair.write(0, id, data)
            pair.send(0, dice: &dice)
            pair.send(1, dice: &dice)
            try pair.tick()
            pair.takeEvents(1)
            if pair.known[1].contains(id) { try pair.read(1, id, 10_000) }
        }
        let (stream, all) = (pair.sets[1].streamWindow(of: id), pair.sets[1].dataWindow)
        #expect((stream ?? 0) >= 8_000)
        #expect(all >= (stream ?? 0) * 3 / 2)
    }

    @Test("the last offset that a stream can have ends its window")
    func farEnd() {
        var window = ReceiveWindow(.max)
        let limit = window.limit
        #expect(limit == 1 << 62 - 1)
        let moved = window.discard(limit)
        #expect(!moved)
    }

    @Test("streams are allowed anew when half of them are forgotten")
    func streams() throws {
        var pair = StreamPair(client: StreamLimits(), server: limits(data: 10_000, stream: 100, streams: 4))
        var ids: [StreamID] = []
        for _ in 0..<4 { ids.append(try pair.open(0, .unidirectional)) }
        #expect(throws: StreamError.streamLimit) { try pair.open(0, .unidirectional) }
        var dice = Dice(seed: 1)
        for (index, id) in ids[..<2].enumerated() {
            try pair.write(0, id, [1], isLast: true)
            try pair.settle(dice: &dice)
            pair.takeEvents(1)
            try pair.read(1, id, 10)
            let isTold = pair.sets[1].hasFrames
            #expect(isTold == (index == 1), "after \(index + 1)")
        }
        // The word is lost, and said anew.
        let word = frames(&pair, 1)
        #expect(word == [.maxStreams(.unidirectional)])
        pair.sets[1].lost(.maxStreams(.unidirectional))
        try pair.settle(dice: &dice)
        pair.takeEvents(0)
        #expect(pair.events[0].contains(.creditRaised(.unidirectional)))
        for _ in 0..<2 { try pair.open(0, .unidirectional) }
        #expect(throws: StreamError.streamLimit) { try pair.open(0, .unidirectional) }
    }

    @Test("a writer is held back by the send buffer and told when half of it is free")
    func pressure() throws {
        var pair = StreamPair(buffers: StreamBuffers(sendMax: 1_000))
        let id = try pair.open(0, .unidirectional)
        let taken = try pair.write(0, id, [UInt8](repeating: 1, count: 1_500), isLast: true)
        #expect(taken == 1_000)
        let sent = frames(&pair, 0, size: 260)
        var tail = bytes(sent)
        #expect(tail == 1_000)
        for frame in sent {
            pair.sets[0].acknowledged(frame)
            guard case .stream(_, _, let length, let isLast) = frame else { continue }
            #expect(!isLast)
            tail -= Int(length)
            let event = pair.sets[0].nextEvent()
            let expected: StreamEvent? = tail <= 500 && tail + Int(length) > 500 ? .writable(id) : nil
            #expect(event == expected)
        }
        let rest = try pair.write(0, id, [UInt8](repeating: 1, count: 500), isLast: true)
        #expect(rest == 500)
        #expect(throws: StreamError.ended) { try pair.write(0, id, [1]) }
    }
}
