import PlaitCore
import PlaitTransport
import Testing

/// A peer that holds the keys and does what it should not.
@Suite("Streams and a hostile peer")
struct StreamHostilityTests {
    private func violation(_ body: () throws(PeerViolation) -> Void) -> CloseCode? {
        do throws(PeerViolation) { try body() } catch { return error.code }
        return nil
    }

    @Test("bytes behind a limit, of a stream or of all, close the connection")
    func overrun() throws {
        let limits = StreamLimits(dataMax: 150, streamDataMaxRemote: 100)
        for (offset, code) in [(99, nil), (100, .flowControl), (1 << 62 - 2, .flowControl)] as [(UInt64, CloseCode?)] {
            var pair = StreamPair(server: limits)
            let found = violation { () throws(PeerViolation) in try pair.inject(to: 1, StreamID(0), offset: offset, [1])
            }
            #expect(found == code, "at \(offset)")
            var reset = StreamPair(server: limits)
            let frame = ResetStreamFrame(id: StreamID(0), code: 0, finalSize: offset + 1)
            let byReset = violation { () throws(PeerViolation) in try reset.sets[1].receive(frame) }
            #expect(byReset == code, "reset at \(offset)")
        }
        for (offset, code) in [(49, nil), (50, .flowControl)] as [(UInt64, CloseCode?)] {
            var pair = StreamPair(server: limits)
            try pair.inject(to: 1, StreamID(0), offset: 99, [1])
            let found = violation { () throws(PeerViolation) in try pair.inject(to: 1, StreamID(4), offset: offset, [1])
            }
            #expect(found == code, "at \(offset) of the second")
        }
    }

    @Test("streams beyond the limit close the connection; those before one open with it")
    func streams() throws {
        var pair = StreamPair(server: StreamLimits(streamsMaxBidirectional: 8, streamsMaxUnidirectional: 2))
        try pair.inject(to: 1, StreamID(index: 7, opener: .client, direction: .bidirectional), [1])
        let alive = pair.sets[1].liveStreams
        #expect(alive == 8)
        pair.takeEvents(1)
        #expect(pair.known[1].map(\.value) == [0, 4, 8, 12, 16, 20, 24, 28])
        for id in [StreamID(32), StreamID(2 + 4 * 2), StreamID(1 << 62 - 4)] {
            let code = violation { () throws(PeerViolation) in try pair.inject(to: 1, id, [1]) }
            #expect(code == .streamLimit)
        }
        // Nothing but the end of all that was told makes room: a peer that opens and resets waits for the application.
        for id in pair.known[1] { try pair.sets[1].receive(ResetStreamFrame(id: id, code: 0, finalSize: 1)) }
        let code = violation { () throws(PeerViolation) in try pair.inject(to: 1, StreamID(32), [1]) }
        #expect(code == .streamLimit)
    }

    @Test("frames for a stream that this end never opened, or against its direction, are violations")
    func directions() throws {
        var pair = StreamPair()
        let one = try pair.open(0, .unidirectional)
        let peers = StreamID(3)
        let codes = [
            violation { () throws(PeerViolation) in try pair.inject(to: 0, StreamID(0), [1]) },
            violation { () throws(PeerViolation) in try pair.sets[0].receiveMaxStreamData(StreamID(0), 9) },
            violation { () throws(PeerViolation) in try pair.sets[0].receiveMaxStreamData(StreamID(6), 9) },
            violation { () throws(PeerViolation) in try pair.inject(to: 0, one, [1]) },
            violation { () throws(PeerViolation) in
                try pair.sets[0].receive(ResetStreamFrame(id: one, code: 0, finalSize: 0))
            },
            violation { () throws(PeerViolation) in try pair.sets[0].receiveStreamDataBlocked(one, 0) },
            violation { () throws(PeerViolation) in try pair.sets[0].receive(StopSendingFrame(id: peers, code: 0)) },
            violation { () throws(PeerViolation) in try pair.sets[0].receiveMaxStreamData(peers, 9) },
        ]
        #expect(codes == [CloseCode?](repeating: .streamState, count: codes.count))
        let count = violation { () throws(PeerViolation) in
            try pair.sets[0].receiveMaxStreams(.bidirectional, 1 << 60 + 1)
        }
        #expect(count == .frameEncoding)
    }

    @Test("single bytes with gaps between them are remembered up to a limit, by stream and in all")
    func gaps() throws {
        let buffers = StreamBuffers(gapsMax: 20, gapsTotalMax: 30)
        var pair = StreamPair(buffers: buffers)
        for index in 0..<20 as Range<UInt64> { try pair.inject(to: 1, StreamID(0), offset: 2 * index + 1, [1]) }
        let code = violation { () throws(PeerViolation) in try pair.inject(to: 1, StreamID(0), offset: 41, [1]) }
        #expect(code == .resourceLimit)
        // What fills a gap is welcome at the limit.
        try pair.inject(to: 1, StreamID(0), offset: 2, [1])
        try pair.inject(to: 1, StreamID(0), offset: 41, [1])
        for index in 0..<10 as Range<UInt64> { try pair.inject(to: 1, StreamID(4), offset: 2 * index + 1, [1]) }
        let all = violation { () throws(PeerViolation) in try pair.inject(to: 1, StreamID(4), offset: 21, [1]) }
        #expect(all == .resourceLimit)
        // Giving up one stream's bytes makes room for the other's.
        try pair.sets[1].stop(StreamID(0), code: 1)
        pair.check()
        try pair.inject(to: 1, StreamID(4), offset: 21, [1])
        try pair.inject(to: 1, StreamID(0), offset: 99, [1])
    }

    @Test("the first bytes stay, whatever comes in their place later")
    func overlaps() throws {
        var pair = StreamPair()
        let id = StreamID(2)
        try pair.inject(to: 1, id, offset: 2, [3, 4])
        try pair.inject(to: 1, id, offset: 6, [7])
        try pair.inject(to: 1, id, [1, 2, 99, 99, 5, 6, 99, 8], isLast: true)
        try pair.inject(to: 1, id, [77, 77, 77])
        pair.flows[StreamPair.key(id, 0)] = .init(written: [1, 2, 3, 4, 5, 6, 7, 8], isEnded: true)
        let read = try pair.read(1, id, 10)
        #expect(read == (8, true))
        let statistics = pair.sets[1].statistics
        #expect(statistics.bytesReceived == 8 && statistics.bytesWasted == 6)
    }

    @Test("a flood of reports, empty frames, old words and stale ids leaves nothing behind")
    func floods() throws {
        var pair = StreamPair()
        try pair.inject(to: 1, StreamID(2), [1], isLast: true)
        pair.takeEvents(1)
        pair.flows[StreamPair.key(StreamID(2), 0)] = .init(written: [1], isEnded: true)
        try pair.read(1, StreamID(2), 9)
        for round in 0..<1_000 as Range<UInt64> {
            pair.sets[1].receiveDataBlocked(round)
            try pair.sets[1].receiveStreamDataBlocked(StreamID(0), round)
            try pair.sets[1].receiveStreamsBlocked(.bidirectional, round)
            try pair.inject(to: 1, StreamID(0), offset: round)
            try pair.inject(to: 1, StreamID(2), offset: round, [1, 2])
            try pair.sets[1].receive(ResetStreamFrame(id: StreamID(2), code: 0, finalSize: round))
            pair.sets[1].receiveMaxData(round)
            try pair.sets[1].receiveMaxStreamData(StreamID(0), round)
            try pair.sets[1].receiveMaxStreams(.bidirectional, round % 100)
        }
        pair.takeEvents(1)
        #expect(pair.events[1] == [.opened(StreamID(2)), .readable(StreamID(2)), .opened(StreamID(0))])
        let (alive, quiet, statistics) = (pair.sets[1].liveStreams, !pair.sets[1].hasFrames, pair.sets[1].statistics)
        #expect(alive == 1 && quiet && statistics.blockedReports == 3_000)
    }

    @Test("a peer that acknowledges every other packet makes this end remember only so much")
    func selective() throws {
        var pair = StreamPair(server: StreamLimits(dataMax: 1 << 20, streamDataMaxUnidirectional: 1 << 20))
        let id = try pair.open(0, .unidirectional)
        var dice = Dice(seed: 1)
        pair.checksInvariants = false
        var packets: [StreamPair.Packet] = []
        let count = 2 * SendBuffer.runsMax + 500
        for index in 0..<count {
            try pair.write(0, id, [UInt8(index % 251)])
            pair.send(0, dice: &dice)
            packets.append(pair.underWay.removeLast())
        }
        for place in stride(from: 1, to: count, by: 2) {
            try pair.deliver(packets[place].bytes, to: 1)
            pair.sets[0].acknowledged(packets[place].frames[0])
        }
        pair.sets[0].checkInvariants()
        for place in stride(from: 0, to: count, by: 2) { pair.sets[0].lost(packets[place].frames[0]) }
        pair.sets[0].checkInvariants()
        for packet in packets.reversed() { pair.sets[0].lost(packet.frames[0]) }
        pair.sets[0].checkInvariants()
        // Nothing is forgotten by it.
        try pair.write(0, id, [], isLast: true)
        try pair.settle(dice: &dice)
        pair.takeEvents(1)
        let read = try pair.read(1, id, 10_000)
        #expect(read == (count, true))
    }

    @Test("bytes at the far end of a window take memory for that window, not more")
    func memory() throws {
        var pair = StreamPair(server: StreamLimits(dataMax: 1 << 20, streamDataMaxRemote: 1 << 18))
        for index in 0..<4 as Range<UInt64> {
            try pair.inject(to: 1, StreamID(4 * index), offset: 1 << 18 - 1, [1])
        }
        pair.check()
        let code = violation { () throws(PeerViolation) in try pair.inject(to: 1, StreamID(16), offset: 0, [1]) }
        #expect(code == .flowControl)
    }
}
