import PlaitCore
import PlaitTransport
import Testing

@Suite("Streams that keep to a path")
struct StreamPinTests {
    private let wide = StreamLimits(
        dataMax: 1 << 20,
        streamDataMaxLocal: 1 << 20,
        streamDataMaxRemote: 1 << 20,
        streamDataMaxUnidirectional: 1 << 20,
        streamsMaxUnidirectional: 1_000
    )

    private func set() -> StreamSet { StreamSet(role: .client, local: wide, remote: wide) }

    private func add(_ bytes: Int, to set: inout StreamSet, priority: UInt8 = 0, pin: UInt32? = nil) throws -> StreamID
    {
        let id = try set.open(.unidirectional, priority: priority)
        try set.pin(id, to: pin.map(PathID.init))
        let content = [UInt8](repeating: 7, count: bytes)
        _ = try set.write(id, content.span.raw, isLast: true)
        return id
    }

    /// The frames of one packet that takes the bytes of these lanes.
    private func packet(_ set: inout StreamSet, _ lanes: Lanes?, withWords: Bool = true) -> [SentFrame] {
        var bytes = [UInt8](repeating: 0, count: 1_200)
        var frames: [SentFrame] = []
        var span = bytes.mutableSpan
        var writer = ByteWriter(span.mutableRaw)
        while let frame = set.nextFrame(into: &writer, bytes: lanes, withWords: withWords, now: .start) {
            frames.append(frame)
        }
        return frames
    }

    private func ids(_ frames: [SentFrame]) -> [StreamID] {
        frames.compactMap { if case .stream(let id, _, _, _) = $0 { id } else { nil } }
    }

    @Test("a packet takes the bytes of its lanes only, new ones, lost ones and the end")
    func lanes() throws {
        var set = set()
        let free = try add(500, to: &set)
        let one = try add(500, to: &set, pin: 1)
        let two = try add(500, to: &set, pin: 2)
        let also = try add(200, to: &set, pin: 1)
        let first = packet(&set, Lanes(only: 1))
        #expect(ids(first) == [one, also])
        let none = packet(&set, Lanes(only: 1))
        #expect(none.isEmpty)
        for frame in first { set.lost(frame) }
        let others = packet(&set, .unpinned)
        #expect(ids(others) == [free])
        let again = packet(&set, Lanes(only: 1))
        #expect(again == first)
        let rest = packet(&set, .all)
        #expect(ids(rest) == [two])
        set.checkInvariants()
    }

    @Test("a stream that changes its pin takes its bytes along; one that is over leaves its lane to another path")
    func changes() throws {
        var set = set()
        let id = try add(500, to: &set, pin: 1)
        try set.pin(id, to: PathID(9))
        set.checkInvariants()
        let (pin, old) = (set.pin(of: id), packet(&set, .unpinned))
        #expect(pin == PathID(9) && old.isEmpty)
        try set.pin(id, to: nil)
        set.checkInvariants()
        let frames = packet(&set, .unpinned)
        #expect(ids(frames) == [id])
        for frame in frames { set.acknowledged(frame) }
        // As many pins one after the other as there are paths in a long life.
        for path in 0..<200 as Range<UInt32> {
            let next = try add(10, to: &set, pin: path)
            let frames = packet(&set, .all)
            #expect(ids(frames) == [next])
            for frame in frames { set.acknowledged(frame) }
            while set.nextEvent() != nil {}
            set.checkInvariants()
        }
    }

    @Test("no more pins at once than there are lanes, and only for what this end sends")
    func limits() throws {
        var set = set()
        for path in 0..<UInt32(Lanes.countMax - 1) { _ = try add(10, to: &set, pin: path) }
        let id = try set.open(.unidirectional, priority: 0)
        var refusals: [StreamError] = []
        do throws(StreamError) { try set.pin(id, to: PathID(1_000)) } catch { refusals.append(error) }
        try set.pin(id, to: PathID(5))
        let theirs = StreamID(index: 0, opener: .server, direction: .unidirectional)
        let byte: [UInt8] = [1]
        try set.receive(StreamFrame(id: theirs, offset: 0, data: 0..<1, isLast: false), bytes: byte.span.raw)
        do throws(StreamError) { try set.pin(theirs, to: PathID(1)) } catch { refusals.append(error) }
        let unknown = StreamID(index: 900, opener: .client, direction: .unidirectional)
        do throws(StreamError) { try set.pin(unknown, to: nil) } catch { refusals.append(error) }
        #expect(refusals == [.pinLimit, .receiveOnly, .unknown])
        set.checkInvariants()
    }

    @Test("pinned and other streams take turns where both may go, and a lower number goes first there")
    func turns() throws {
        var set = set()
        let free = try add(6_000, to: &set, priority: 4)
        let pinned = try add(6_000, to: &set, priority: 4, pin: 1)
        let order = (0..<6).flatMap { _ in ids(packet(&set, .all)) }
        #expect(order.filter { $0 == free }.count == 3 && order.filter { $0 == pinned }.count == 3)
        let urgent = try add(600, to: &set, priority: 3, pin: 1)
        let next = packet(&set, .all)
        #expect(ids(next).first == urgent)
    }
}
