import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Cost of streams")
struct StreamCostTests {
    @Test("a hundred thousand streams leave nothing behind")
    func life() throws {
        var dice = Dice(seed: 0)
        var pair = StreamPair()
        pair.checksInvariants = false
        let long = try pair.open(0, .bidirectional)
        try pair.write(0, long, [1])
        let count = isOptimized ? 100_000 : 3_000
        var opened = 0
        while opened < count {
            for _ in 0..<50 {
                do throws(StreamError) {
                    let id = try pair.open(0, .unidirectional)
                    try pair.write(0, id, [UInt8](repeating: 7, count: 20), isLast: true)
                    opened += 1
                } catch {
                    #expect(error == .streamLimit)
                    break
                }
            }
            try pair.settle(dice: &dice)
            for side in 0..<2 { pair.takeEvents(side) }
            for id in pair.known[1] where id != long { try pair.read(1, id, 100) }
            pair.known = [[], []]
            pair.events = [[], []]
            pair.flows = [:]
        }
        pair.sets[0].checkInvariants()
        pair.sets[1].checkInvariants()
        let alive = [pair.sets[0].liveStreams, pair.sets[1].liveStreams]
        let slots = [pair.sets[0].slotCount, pair.sets[1].slotCount]
        #expect(alive == [1, 1] && slots.max() ?? 0 <= 129)
    }

    @Test("in steady state no frame allocates, in order or not", .enabled(if: isOptimized), arguments: [false, true])
    func steady(withLoss: Bool) throws {
        let limits = StreamLimits(
            dataMax: 1 << 22,
            streamDataMaxUnidirectional: 1 << 20,
            streamsMaxUnidirectional: 8
        )
        // Windows that do not grow: growing is not steady.
        let buffers = StreamBuffers(sendMax: 1 << 18, windowMax: 1 << 20, dataWindowMax: 1 << 22)
        var sender = StreamSet(role: .client, local: limits, remote: limits, buffers: buffers)
        var receiver = StreamSet(role: .server, local: limits, remote: limits, buffers: buffers)
        let ids = [try sender.open(.unidirectional, priority: 1), try sender.open(.unidirectional, priority: 1)]
        let chunk = [UInt8](repeating: 7, count: 9_000)
        var target = [UInt8](repeating: 0, count: 20_000)
        var packet = [UInt8](repeating: 0, count: 1_200)
        var frames = [SentFrame](repeating: .ping, count: 4_096)
        var moved = 0
        var turn = 0
        func round() throws {
            for id in ids { _ = try sender.write(id, chunk.span.raw, isLast: false) }
            var count = 0
            for index in 0..<20 {
                var span = packet.mutableSpan
                var writer = ByteWriter(span.mutableRaw)
                let from = count
                while let frame = sender.nextFrame(into: &writer, now: .start) {
                    frames[count] = frame
                    count += 1
                }
                guard count > from else { break }
                turn += 1
                if withLoss, (turn + index) % 3 == 0 {
                    for place in from..<count { sender.lost(frames[place]) }
                    count = from
                    continue
                }
                try deliver(writer.written, to: &receiver)
            }
            // Acknowledged from the back, so that runs wait.
            for place in (0..<count).reversed() { sender.acknowledged(frames[place]) }
            while receiver.nextEvent() != nil {}
            for id in ids where receiver.liveStreams == ids.count {
                var span = target.mutableSpan
                var raw = span.mutableRaw
                moved += try receiver.read(id, into: &raw, now: .start, roundTrip: .zero).count
            }
            var back = packet.mutableSpan
            var writer = ByteWriter(back.mutableRaw)
            while let frame = receiver.nextFrame(into: &writer, now: .start) { receiver.acknowledged(frame) }
            if writer.offset > 0 { try deliver(writer.written, to: &sender) }
            while sender.nextEvent() != nil {}
        }
        for _ in 0..<300 { try round() }
        let before = moved
        let count = try allocations { () throws in
            for _ in 0..<500 { try round() }
        }
        #expect(count == nil || count == 0)
        #expect(moved - before > 2_000_000)
    }

    private func deliver(_ payload: RawSpan, to set: inout StreamSet) throws(PeerViolation) {
        var reader = FrameReader(payload)
        while let frame = try reader.next() {
            switch frame {
            case .stream(let frame): try set.receive(frame, bytes: payload.extracting(frame.data))
            case .maxData(let limit): set.receiveMaxData(limit)
            case .maxStreamData(let id, let limit): try set.receiveMaxStreamData(id, limit)
            default: Issue.record("a frame that was not expected")
            }
        }
    }
}
