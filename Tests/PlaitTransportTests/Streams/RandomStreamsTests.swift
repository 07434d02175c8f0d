import PlaitCore
import PlaitTransport
import TestSupport
import Testing

/// Whatever two applications do, over whatever network: bytes arrive as they were written, and everything ends.
@Suite("Streams at random")
struct RandomStreamsTests {
    @Test("bytes are exact, limits hold and every stream is forgotten", arguments: 0..<(isOptimized ? 64 : 12))
    func random(block: Int) throws {
        for index in 0..<(isOptimized ? 80 : 5) {
            let seed = UInt64(block * 1_000 + index)
            do { try run(seed: seed) } catch { Issue.record("seed \(seed): \(error)") }
        }
    }

    private func run(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var pair = StreamPair(
            client: limits(&dice),
            server: limits(&dice),
            buffers: StreamBuffers(sendMax: 1 + dice.roll(20_000), windowMax: 50_000, dataWindowMax: 100_000)
        )
        pair.channel.lossPerMille = dice.roll(4) * 100
        pair.channel.copyPerMille = dice.roll(3) * 100
        pair.channel.delayMax = 1 + dice.roll(12)
        pair.channel.spuriousPerMille = dice.roll(3) * 100
        let steps = 200 + dice.roll(400)
        for _ in 0..<steps {
            act(dice.roll(2), on: &pair, dice: &dice)
            pair.check()
            if dice.perMille(600) { try pair.tick() }
        }
        try finish(&pair, dice: &dice, seed: seed)
    }

    private func limits(_ dice: inout Dice) -> StreamLimits {
        StreamLimits(
            dataMax: UInt64(1 + dice.roll(30_000)),
            streamDataMaxLocal: UInt64(1 + dice.roll(20_000)),
            streamDataMaxRemote: UInt64(1 + dice.roll(20_000)),
            streamDataMaxUnidirectional: UInt64(1 + dice.roll(20_000)),
            streamsMaxBidirectional: UInt64(1 + dice.roll(6)),
            streamsMaxUnidirectional: UInt64(1 + dice.roll(6))
        )
    }

    /// One thing that an application may do at any time; what the stream's state refuses is refused.
    private func act(_ side: Int, on pair: inout StreamPair, dice: inout Dice) {
        let known = pair.known[side]
        let id = known.isEmpty ? nil : known[dice.roll(known.count)]
        switch dice.roll(100) {
        case 0..<8:
            let direction: StreamDirection = dice.perMille(500) ? .bidirectional : .unidirectional
            _ = try? pair.open(side, direction, priority: UInt8(dice.roll(3)))
        case 8..<38:
            guard let id else { return }
            let size = dice.perMille(100) ? 0 : dice.roll(dice.perMille(300) ? 9_000 : 300)
            _ = try? pair.write(side, id, dice.bytes(size), isLast: dice.perMille(80))
        case 38..<63:
            guard let id else { return }
            _ = try? pair.read(side, id, dice.roll(4_000))
        case 63:
            guard let id, (try? pair.sets[side].reset(id, code: 7)) != nil else { return }
            pair.flows[StreamPair.key(id, side), default: .init()].isGivenUp = true
        case 64:
            guard let id, (try? pair.sets[side].stop(id, code: 9)) != nil else { return }
            pair.flows[StreamPair.key(id, 1 - side), default: .init()].isGivenUp = true
        case 65..<68:
            guard let id else { return }
            try? pair.sets[side].setPriority(of: id, to: UInt8(dice.roll(256)))
        case 68..<75: pair.takeEvents(side)
        default: pair.send(side, size: 64 + dice.roll(1_200), dice: &dice)
        }
    }

    /// Ends every stream and reads everything, until nothing is alive on either side.
    private func finish(_ pair: inout StreamPair, dice: inout Dice, seed: UInt64) throws {
        for _ in 0..<20_000 {
            for side in 0..<2 {
                pair.takeEvents(side)
                for id in pair.known[side] {
                    if !pair.flow(id, from: side).isEnded { _ = try? pair.write(side, id, [], isLast: true) }
                    _ = try? pair.read(side, id, 5_000)
                }
                pair.takeEvents(side)
                // Not yet known to the peer: a stream shows itself by its first frame.
                pair.send(side, dice: &dice)
            }
            try pair.tick()
            let alive = (pair.sets[0].liveStreams, pair.sets[1].liveStreams)
            if alive == (0, 0), pair.underWay.isEmpty, pair.corrections.isEmpty { break }
        }
        let alive = [pair.sets[0].liveStreams, pair.sets[1].liveStreams]
        #expect(alive == [0, 0], "seed \(seed): streams that never end")
        for (key, flow) in pair.flows where !flow.isGivenUp {
            let id = StreamID(key >> 1)
            let isWhole = flow.read == flow.written.count && flow.isEndRead == flow.isEnded
            #expect(isWhole, "seed \(seed): stream \(id.value) from \(key & 1): \(flow.read) of \(flow.written.count)")
        }
    }
}
