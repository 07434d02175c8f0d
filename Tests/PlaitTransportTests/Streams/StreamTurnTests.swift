import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Turns of streams")
struct StreamTurnTests {
    private let wide = StreamLimits(
        dataMax: 1 << 30,
        streamDataMaxLocal: 1 << 30,
        streamDataMaxRemote: 1 << 30,
        streamDataMaxUnidirectional: 1 << 30,
        streamsMaxUnidirectional: 1_000
    )

    /// The frames of one packet, which gets lost.
    private func packet(_ pair: inout StreamPair, size: Int = 1_200) -> [SentFrame] {
        var dice = Dice(seed: 0)
        guard pair.send(0, size: size, dice: &dice) > 0 else { return [] }
        return pair.underWay.removeLast().frames
    }

    private func ids(_ frames: [SentFrame]) -> [StreamID] {
        frames.compactMap { if case .stream(let id, _, _, _) = $0 { id } else { nil } }
    }

    @Test("equal streams finish within a quantum of each other", arguments: [2, 5, 40])
    func fair(count: Int) throws {
        for sizes in [1_200...1_200, 1_100...1_200, 300...1_500] {
            var dice = Dice(seed: UInt64(count))
            var pair = StreamPair(client: wide, server: wide)
            var done: [StreamID: Int] = [:]
            var bytes = 0
            let length = 60_000
            for _ in 0..<count {
                let id = try pair.open(0, .unidirectional, priority: 3)
                try pair.write(0, id, [UInt8](repeating: 1, count: length), isLast: true)
            }
            while true {
                let frames = packet(&pair, size: sizes.lowerBound + dice.roll(sizes.count))
                if frames.isEmpty { break }
                for frame in frames {
                    guard case .stream(let id, _, let length, let isLast) = frame else { continue }
                    bytes += Int(length)
                    if isLast { done[id] = bytes }
                }
            }
            let ends = done.values.sorted()
            #expect(ends.count == count && bytes == count * length)
            // When the first ends, each of the others has at most a quantum to go; packets of other sizes overshoot it.
            let spread = ends[count - 1] - ends[0]
            let allowed = sizes.count == 1 ? StreamSet.quantum : 2 * StreamSet.quantum
            #expect(spread <= (count - 1) * allowed, "\(count) streams: \(spread) bytes")
            print("\(count) streams, packets of \(sizes): the last ends \(spread / (count - 1)) bytes a stream later")
        }
    }

    @Test("a level is sent while no lower number has anything, and a change of mind counts at once")
    func levels() throws {
        var pair = StreamPair(client: wide, server: wide)
        var streams: [StreamID] = []
        for priority in [5, 0, 255, 5] as [UInt8] {
            let id = try pair.open(0, .unidirectional, priority: priority)
            try pair.write(0, id, [UInt8](repeating: 1, count: 1_500))
            streams.append(id)
        }
        let first = ids(packet(&pair))
        try pair.sets[0].setPriority(of: streams[2], to: 1)
        var order = [first[0]]
        for _ in 0..<6 { order += ids(packet(&pair)) }
        var seen: [StreamID] = []
        for id in order where seen.last != id { seen.append(id) }
        let expected = [1, 2, 0, 3].map { streams[$0] }
        #expect(seen == expected)
    }

    @Test("lost bytes go before new ones, of a stream and of its level, but never before a lower number")
    func resends() throws {
        var pair = StreamPair(client: wide, server: wide)
        let a = try pair.open(0, .unidirectional, priority: 5)
        let b = try pair.open(0, .unidirectional, priority: 5)
        for id in [a, b] { try pair.write(0, id, [UInt8](repeating: 1, count: 5_000)) }
        let frames = packet(&pair)
        #expect(ids(frames) == [a])
        pair.sets[0].lost(frames[0])
        let again = packet(&pair)
        #expect(again.first == frames[0])
        pair.sets[0].lost(frames[0])
        let urgent = try pair.open(0, .unidirectional, priority: 4)
        try pair.write(0, urgent, [UInt8](repeating: 1, count: 600))
        let mixed = packet(&pair)
        #expect(ids(mixed) == [urgent, a])
    }

    @Test("what arrived after all, or was sent again and arrived, is not sent a third time")
    func spurious() throws {
        var pair = StreamPair(client: wide, server: wide)
        let id = try pair.open(0, .unidirectional)
        try pair.write(0, id, [UInt8](repeating: 1, count: 1_000), isLast: true)
        let frame = packet(&pair)[0]
        pair.sets[0].lost(frame)
        pair.sets[0].acknowledged(frame)
        let (left, event) = (pair.sets[0].hasFrames, pair.sets[0].nextEvent())
        #expect(!left && event == .finished(id))
        let other = try pair.open(0, .unidirectional)
        try pair.write(0, other, [UInt8](repeating: 1, count: 1_000))
        let first = packet(&pair)[0]
        pair.sets[0].lost(first)
        let second = packet(&pair)[0]
        pair.sets[0].acknowledged(second)
        pair.sets[0].lost(first)
        let isLeft = pair.sets[0].hasFrames
        #expect(first == second && !isLeft)
        // In the middle: of three lost runs the second arrived after all.
        let third = try pair.open(0, .unidirectional)
        try pair.write(0, third, [UInt8](repeating: 1, count: 300))
        let parts = (0..<3).map { _ in packet(&pair, size: 100) }.flatMap { $0 }
        for part in parts { pair.sets[0].lost(part) }
        pair.sets[0].acknowledged(parts[1])
        let again = packet(&pair)
        #expect(again.prefix(2) == [parts[0], parts[2]])
    }

    @Test("no crumb of a long stream fills up a packet, and a short one goes whole")
    func crumbs() throws {
        var pair = StreamPair(client: wide, server: wide)
        let id = try pair.open(0, .unidirectional)
        try pair.write(0, id, [UInt8](repeating: 1, count: 1_000))
        let tight = packet(&pair, size: 3 + 31)
        let enough = packet(&pair, size: 3 + 32)
        #expect(tight.isEmpty && enough == [.stream(id, offset: 0, length: 32, isLast: false)])
        let short = try pair.open(0, .unidirectional, priority: 0)
        try pair.sets[0].setPriority(of: id, to: 1)
        try pair.write(0, short, [1, 2])
        let whole = packet(&pair, size: 3 + 2)
        #expect(whole == [.stream(short, offset: 0, length: 2, isLast: false)])
    }

    @Test("words about limits and endings go before bytes, and wait for a packet with room")
    func control() throws {
        var pair = StreamPair(client: wide, server: wide)
        let id = try pair.open(0, .unidirectional)
        let gone = try pair.open(0, .unidirectional)
        try pair.write(0, id, [UInt8](repeating: 1, count: 100))
        try pair.sets[0].reset(gone, code: 3)
        let small = packet(&pair, size: 24)
        let large = packet(&pair, size: 200)
        #expect(small.isEmpty && large == [.resetStream(gone), .stream(id, offset: 0, length: 100, isLast: false)])
    }
}
