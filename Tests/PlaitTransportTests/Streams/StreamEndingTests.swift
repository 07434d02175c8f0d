import PlaitCore
import PlaitTransport
import Testing

@Suite("Endings of streams")
struct StreamEndingTests {
    /// A code that the peer's frames cause, or nil.
    private func violation(_ body: () throws(PeerViolation) -> Void) -> CloseCode? {
        do throws(PeerViolation) { try body() } catch { return error.code }
        return nil
    }

    @Test("a stream of no bytes is its end alone, sent until it arrived")
    func empty() throws {
        var dice = Dice(seed: 0)
        var pair = StreamPair()
        let id = try pair.open(0, .unidirectional)
        let silent = pair.sets[0].hasFrames
        try pair.write(0, id, [], isLast: true)
        pair.send(0, dice: &dice)
        let first = pair.underWay.removeLast()
        #expect(!silent && first.frames == [.stream(id, offset: 0, length: 0, isLast: true)])
        let quiet = pair.send(0, dice: &dice)
        #expect(quiet == 0)
        pair.sets[0].lost(first.frames[0])
        try pair.settle(dice: &dice)
        pair.takeEvents(0)
        pair.takeEvents(1)
        #expect(pair.events[0] == [.finished(id)])
        #expect(pair.events[1] == [.opened(id), .readable(id)])
        let end = try pair.read(1, id, 10)
        #expect(end == (0, true))
        let alive = [pair.sets[0].liveStreams, pair.sets[1].liveStreams]
        #expect(alive == [0, 0])
        #expect(throws: StreamError.closed) { try pair.read(1, id, 10) }
        #expect(throws: StreamError.unknown) { try pair.read(1, StreamID(400), 10) }
    }

    @Test("the end goes with the last bytes, and alone when they went before")
    func end() throws {
        var dice = Dice(seed: 0)
        var pair = StreamPair()
        let id = try pair.open(0, .bidirectional)
        try pair.write(0, id, [1, 2, 3], isLast: true)
        pair.send(0, dice: &dice)
        #expect(pair.underWay.removeLast().frames == [.stream(id, offset: 0, length: 3, isLast: true)])
        let other = try pair.open(0, .bidirectional)
        try pair.write(0, other, [1, 2, 3])
        pair.send(0, dice: &dice)
        let bytes = pair.underWay.removeLast().frames[0]
        try pair.write(0, other, [], isLast: true)
        pair.send(0, dice: &dice)
        let end = pair.underWay.removeLast().frames[0]
        #expect(end == .stream(other, offset: 3, length: 0, isLast: true))
        // Bytes that get lost behind the end carry it again only while it is not acknowledged.
        pair.sets[0].lost(bytes)
        pair.send(0, dice: &dice)
        #expect(pair.underWay.removeLast().frames == [.stream(other, offset: 0, length: 3, isLast: true)])
    }

    @Test("giving up tells the peer how far it got, until it knows, and sends no byte more")
    func reset() throws {
        var dice = Dice(seed: 0)
        var pair = StreamPair()
        let id = try pair.open(0, .unidirectional)
        try pair.write(0, id, [UInt8](repeating: 1, count: 3_000))
        pair.send(0, dice: &dice)
        let data = pair.underWay.removeLast()
        try pair.sets[0].reset(id, code: 77)
        pair.check()
        pair.sets[0].lost(data.frames[0])
        pair.send(0, dice: &dice)
        let word = pair.underWay.removeLast()
        #expect(word.frames == [.resetStream(id)])
        pair.sets[0].lost(word.frames[0])
        try pair.settle(dice: &dice)
        pair.takeEvents(1)
        #expect(pair.events[1] == [.opened(id), .reset(id, code: 77)])
        let alive = [pair.sets[0].liveStreams, pair.sets[1].liveStreams]
        #expect(alive == [0, 0])
        // The bytes that were under way come too late for anything but the connection's sum, which they are part of.
        try pair.deliver(data.bytes, to: 1)
        pair.check()
        #expect(throws: StreamError.closed) { try pair.sets[0].reset(id, code: 1) }
    }

    @Test("a reset after everything arrived takes nothing away; one before does, and reading says so")
    func lateReset() throws {
        var pair = StreamPair()
        let (whole, part) = (StreamID(2), StreamID(6))
        try pair.inject(to: 1, whole, [1, 2], isLast: true)
        try pair.inject(to: 1, part, offset: 1, [2], isLast: true)
        for id in [whole, part] { try pair.sets[1].receive(ResetStreamFrame(id: id, code: 5, finalSize: 2)) }
        pair.flows[StreamPair.key(whole, 0)] = .init(written: [1, 2], isEnded: true)
        let read = try pair.read(1, whole, 10)
        #expect(read == (2, true))
        #expect(throws: StreamError.reset(code: 5)) { try pair.read(1, part, 10) }
        pair.check()
        pair.takeEvents(1)
        #expect(!pair.events[1].contains(.reset(part, code: 5)), "it was told by the read")
        let alive = pair.sets[1].liveStreams
        // 0 and 2 are kinds of their own: 2 and 6 are the first two of theirs.
        #expect(alive == 0)
    }

    @Test("wanting no more asks the peer to give up, which it does, and frees the connection's window")
    func stop() throws {
        var dice = Dice(seed: 0)
        var pair = StreamPair(server: StreamLimits(dataMax: 2_000, streamDataMaxRemote: 1_500))
        let id = try pair.open(0, .bidirectional)
        try pair.write(0, id, [UInt8](repeating: 1, count: 1_400))
        try pair.settle(dice: &dice)
        pair.takeEvents(1)
        try pair.sets[1].stop(id, code: 9)
        pair.check()
        #expect(throws: StreamError.stopped(code: 9)) { try pair.read(1, id, 1) }
        pair.send(1, dice: &dice)
        let word = pair.underWay.removeLast()
        #expect(word.frames == [.maxData, .stopSending(id)])
        for frame in word.frames { pair.sets[1].lost(frame) }
        try pair.settle(dice: &dice)
        pair.takeEvents(0)
        #expect(pair.events[0] == [.stopped(id, code: 9)])
        #expect(throws: StreamError.stopped(code: 9)) { try pair.write(0, id, [1]) }
        // All bytes of the connection may be sent again.
        let other = try pair.open(0, .bidirectional)
        try pair.write(0, other, [UInt8](repeating: 1, count: 1_500))
        try pair.settle(dice: &dice)
        pair.takeEvents(1)
        let read = try pair.read(1, other, 2_000)
        #expect(read == (1_500, false))
    }

    @Test("an end that seemed lost and arrived after all is not said again", arguments: [true, false])
    func lateEnd(isAlone: Bool) throws {
        var dice = Dice(seed: 0)
        var pair = StreamPair()
        let id = try pair.open(0, .unidirectional)
        var frames: [SentFrame] = []
        for _ in 0..<(isAlone ? 2 : 1) {
            try pair.write(0, id, frames.isEmpty ? [1, 2, 3] : [], isLast: !isAlone || !frames.isEmpty)
            pair.send(0, dice: &dice)
            frames += pair.underWay.removeLast().frames
        }
        for frame in frames { pair.sets[0].lost(frame) }
        let isQueued = pair.sets[0].hasFrames
        pair.sets[0].acknowledged(frames[frames.count - 1])
        pair.check()
        let isLeft = pair.sets[0].hasFrames
        // The bytes before an end that went alone are another matter.
        #expect(isQueued && isLeft == isAlone)
        if isAlone {
            pair.send(0, dice: &dice)
            #expect(pair.underWay.removeLast().frames == [.stream(id, offset: 0, length: 3, isLast: true)])
            pair.sets[0].acknowledged(frames[0])
        }
        pair.check()
        pair.takeEvents(0)
        let alive = pair.sets[0].liveStreams
        #expect(pair.events[0] == [.finished(id)] && alive == 0)
        // Of a stream that is over nothing more can be learned.
        for frame in frames {
            pair.sets[0].lost(frame)
            pair.sets[0].acknowledged(frame)
        }
        let isSilent = !pair.sets[0].hasFrames
        #expect(isSilent)
    }

    @Test("a word of giving up that seemed lost and arrived after all is not said again")
    func lateWords() throws {
        var dice = Dice(seed: 0)
        var pair = StreamPair()
        let id = try pair.open(0, .bidirectional)
        try pair.write(0, id, [1])
        try pair.settle(dice: &dice)
        try pair.sets[0].reset(id, code: 1)
        try pair.sets[0].stop(id, code: 2)
        pair.send(0, dice: &dice)
        let words = pair.underWay.removeLast().frames
        #expect(words == [.resetStream(id), .stopSending(id)])
        for word in words { pair.sets[0].lost(word) }
        let isQueued = pair.sets[0].hasFrames
        for word in words { pair.sets[0].acknowledged(word) }
        pair.check()
        let isLeft = pair.sets[0].hasFrames
        #expect(isQueued && !isLeft)
    }

    @Test("wanting no more of what ended, or was reset, asks nothing of the peer")
    func stopAtEnd() throws {
        var pair = StreamPair()
        try pair.inject(to: 1, StreamID(2), [1, 2], isLast: true)
        pair.takeEvents(1)
        try pair.sets[1].stop(StreamID(2), code: 1)
        let (alive, quiet) = (pair.sets[1].liveStreams, !pair.sets[1].hasFrames)
        #expect(alive == 0 && quiet)
    }

    @Test("the end may neither move nor be passed")
    func finalSize() throws {
        let id = StreamID(2)
        for wrong in 0..<6 {
            var pair = StreamPair()
            try pair.inject(to: 1, id, offset: 5, [1], isLast: wrong < 4)
            let code = violation { () throws(PeerViolation) in
                switch wrong {
                case 0: try pair.inject(to: 1, id, offset: 6, [1])
                case 1: try pair.inject(to: 1, id, offset: 4, [1], isLast: true)
                case 2: try pair.inject(to: 1, id, offset: 7, isLast: true)
                case 3: try pair.sets[1].receive(ResetStreamFrame(id: id, code: 0, finalSize: 7))
                case 4: try pair.sets[1].receive(ResetStreamFrame(id: id, code: 0, finalSize: 5))
                default: try pair.inject(to: 1, id, offset: 3, [1], isLast: true)
                }
            }
            #expect(code == .finalSize, "case \(wrong)")
        }
        var pair = StreamPair()
        try pair.inject(to: 1, id, offset: 5, [1], isLast: true)
        try pair.inject(to: 1, id, offset: 5, [1], isLast: true)
        try pair.sets[1].receive(ResetStreamFrame(id: id, code: 0, finalSize: 6))
        let code = violation { () throws(PeerViolation) in try pair.inject(to: 1, id, offset: 6, [1]) }
        #expect(code == .finalSize, "also after the reset")
    }

    @Test("what a stream's direction or state forbids is refused, and says why")
    func refusals() throws {
        var pair = StreamPair()
        let own = try pair.open(0, .unidirectional)
        try pair.inject(to: 0, StreamID(3), [1])
        #expect(throws: StreamError.sendOnly) { try pair.read(0, own, 1) }
        #expect(throws: StreamError.sendOnly) { try pair.sets[0].stop(own, code: 1) }
        #expect(throws: StreamError.receiveOnly) { try pair.write(0, StreamID(3), [1]) }
        #expect(throws: StreamError.receiveOnly) { try pair.sets[0].reset(StreamID(3), code: 1) }
        #expect(throws: StreamError.codeTooLarge) { try pair.sets[0].reset(own, code: 1 << 62) }
        #expect(throws: StreamError.codeTooLarge) { try pair.sets[0].stop(StreamID(3), code: 1 << 62) }
        try pair.sets[0].reset(own, code: 4)
        #expect(throws: StreamError.reset(code: 4)) { try pair.write(0, own, [1]) }
        #expect(throws: StreamError.reset(code: 4)) { try pair.sets[0].reset(own, code: 5) }
        #expect(throws: StreamError.unknown) { try pair.sets[0].setPriority(of: StreamID(8), to: 1) }
    }
}
