import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Unreliable datagrams")
struct DatagramQueueTests {
    private let soon = Instant.start + .seconds(1)

    /// One frame into a packet of `size`, and the datagram that a reader finds in it.
    private func next(
        _ queue: inout DatagramQueue,
        size: Int = 1_200,
        now: Instant = .start
    ) throws -> (frame: SentFrame, bytes: [UInt8])? {
        var packet = [UInt8](repeating: 0, count: size)
        var length = 0
        var sent: SentFrame?
        do {
            var span = packet.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            sent = queue.nextFrame(into: &writer, now: now)
            length = writer.offset
        }
        queue.checkInvariants()
        guard let sent else {
            #expect(length == 0)
            return nil
        }
        let payload = packet.span.raw.extracting(0..<length)
        var reader = FrameReader(payload)
        guard case .datagram(let range) = try reader.next() else {
            Issue.record("not a datagram")
            return nil
        }
        let rest = try reader.next()
        #expect(rest == nil)
        return (sent, Array(packet[range]))
    }

    private func read(_ queue: inout DatagramQueue, room: Int = 2_000) -> [UInt8]? {
        var target = [UInt8](repeating: 0, count: room)
        var count: Int?
        do {
            var span = target.mutableSpan
            var raw = span.mutableRaw
            count = queue.read(into: &raw)
        }
        queue.checkInvariants()
        return count.map { Array(target[..<$0]) }
    }

    private func error(_ queue: inout DatagramQueue, _ bytes: [UInt8], expires: Instant) -> DatagramError? {
        do throws(DatagramError) { try queue.send(bytes.span.raw, expires: expires, now: .start) } catch {
            return error
        }
        return nil
    }

    @Test("they go out in order, whole, numbered, once")
    func order() throws {
        var queue = DatagramQueue(sendMax: 1_000, receiveMax: 1_000)
        for count in [3, 0, 1_000] as [Int] {
            let failure = error(&queue, [UInt8](repeating: UInt8(count & 255), count: count), expires: soon)
            #expect(failure == nil)
        }
        let first = try #require(try next(&queue))
        #expect(first.frame == .datagram(0) && first.bytes == [3, 3, 3])
        let second = try #require(try next(&queue))
        #expect(second.frame == .datagram(1) && second.bytes.isEmpty)
        let third = try #require(try next(&queue))
        #expect(third.frame == .datagram(2) && third.bytes.count == 1_000)
        let (after, statistics) = (try next(&queue) == nil, queue.statistics)
        #expect(after && statistics.sent == 3 && statistics.taken == 3)
    }

    @Test("one that can never fit is refused, and so are all if the peer takes none")
    func tooLarge() {
        var queue = DatagramQueue(sendMax: 100, receiveMax: 1_000)
        let failures = [100, 101].map { error(&queue, [UInt8](repeating: 0, count: $0), expires: soon) }
        #expect(failures == [nil, .tooLarge(max: 100)])
        var small = DatagramQueue(sendMax: 100, receiveMax: 1_000, bytesMax: 50)
        let bounded = error(&small, [UInt8](repeating: 0, count: 51), expires: soon)
        #expect(bounded == .tooLarge(max: 50))
        var none = DatagramQueue(sendMax: 0, receiveMax: 1_000)
        let unsupported = error(&none, [], expires: soon)
        #expect(unsupported == .unsupported)
    }

    @Test("what is too late is dropped: at once, at its turn, or for room")
    func expiry() throws {
        var queue = DatagramQueue(sendMax: 100, receiveMax: 1_000, countMax: 3)
        let late = error(&queue, [0], expires: .start)
        #expect(late == .expired)
        let failures = [1, 5, 1].map { error(&queue, [UInt8($0)], expires: .start + .milliseconds(Int64($0))) }
        #expect(failures == [nil, nil, nil])
        let full = error(&queue, [9], expires: soon)
        #expect(full == .full)
        var result: DatagramError?
        let bytes: [UInt8] = [9]
        do throws(DatagramError) {
            try queue.send(bytes.span.raw, expires: soon, now: .start + .milliseconds(1))
        } catch { result = error }
        var statistics = queue.statistics
        #expect(result == nil && statistics.expired == 2 && statistics.refused == 1)
        let sent = try #require(try next(&queue, now: .start + .milliseconds(5)))
        statistics = queue.statistics
        #expect(sent.bytes == [9] && statistics.expired == 3)
        let isLeft = queue.hasFrames
        #expect(!isLeft)
    }

    @Test("one that does not fit waits for the next packet; one that no longer can is dropped")
    func room() throws {
        var queue = DatagramQueue(sendMax: 100, receiveMax: 1_000)
        let failures = [70, 20].map { error(&queue, [UInt8](repeating: 1, count: $0), expires: soon) }
        #expect(failures == [nil, nil])
        // A type, a length of two bytes, and 70.
        let early = try next(&queue, size: 72)
        #expect(early == nil)
        queue.sendMax = 50
        let sent = try #require(try next(&queue))
        let statistics = queue.statistics
        #expect(sent.frame == .datagram(1) && statistics.outgrown == 1)
    }

    @Test("bounds hold in bytes and in count, to send and to read")
    func bounds() throws {
        var queue = DatagramQueue(sendMax: 100, receiveMax: 1_000, countMax: 4, bytesMax: 100)
        let failures = [40, 40, 21, 20, 0, 0].map { error(&queue, [UInt8](repeating: 0, count: $0), expires: soon) }
        #expect(failures == [nil, nil, .full, nil, nil, .full])
        // From a peer: the oldest go.
        for value in 1...6 as ClosedRange<UInt8> {
            let bytes = [UInt8](repeating: value, count: 30)
            try queue.receive(bytes.span.raw)
            queue.checkInvariants()
        }
        let huge = [UInt8](repeating: 0, count: 101)
        try queue.receive(huge.span.raw)
        let overflown = queue.statistics.overflown
        #expect(overflown == 4)
        let first = read(&queue)
        #expect(first?.first == 4)
        for _ in 0..<10 { try queue.receive(huge.span.raw.extracting(0..<0)) }
        let waiting = queue.waitingToRead
        #expect(waiting == 4)
    }

    @Test("a datagram larger than this end said, or any if it takes none, is a violation")
    func unasked() throws {
        for (receiveMax, size, isViolation) in [(10, 10, false), (10, 11, true), (0, 0, true)] {
            var queue = DatagramQueue(sendMax: 0, receiveMax: receiveMax)
            let bytes = [UInt8](repeating: 0, count: size)
            var code: CloseCode?
            do throws(PeerViolation) { try queue.receive(bytes.span.raw) } catch { code = error.code }
            #expect(code == (isViolation ? .protocolViolation : nil))
            queue.checkInvariants()
        }
    }

    @Test("a short read cuts one datagram and leaves the next whole")
    func cut() throws {
        var queue = DatagramQueue(sendMax: 100, receiveMax: 1_000)
        for bytes in [[1, 2, 3], [4, 5]] as [[UInt8]] { try queue.receive(bytes.span.raw) }
        let reads = [read(&queue, room: 2), read(&queue), read(&queue)]
        #expect(reads == [[1, 2], [4, 5], nil])
    }

    @Test("what became of them is counted, and nothing is sent again")
    func fates() throws {
        var queue = DatagramQueue(sendMax: 100, receiveMax: 1_000)
        let failures = [error(&queue, [1], expires: soon), error(&queue, [2], expires: soon)]
        #expect(failures == [nil, nil])
        let frames = [try #require(try next(&queue)).frame, try #require(try next(&queue)).frame]
        queue.acknowledged(frames[0])
        queue.lost(frames[1])
        queue.lost(.ping)
        let (statistics, isLeft) = (queue.statistics, queue.hasFrames)
        #expect(statistics.acknowledged == 1 && statistics.lost == 1 && !isLeft)
        // It arrived after all.
        queue.acknowledged(frames[1], isLate: true)
        let later = queue.statistics
        #expect(later.acknowledged == 2 && later.lost == 0 && later.sent == 2)
    }

    @Test("in steady state none allocates", .enabled(if: isOptimized))
    func allocation() throws {
        var queue = DatagramQueue(sendMax: 1_000, receiveMax: 1_000)
        let bytes = [UInt8](repeating: 7, count: 900)
        var packet = [UInt8](repeating: 0, count: 1_200)
        func round() throws(PeerViolation) {
            for _ in 0..<100 {
                do throws(DatagramError) {
                    try queue.send(bytes.span.raw, expires: soon, now: .start)
                } catch { Issue.record(error) }
                var span = packet.mutableSpan
                var writer = ByteWriter(span.mutableRaw)
                _ = queue.nextFrame(into: &writer, now: .start)
                try queue.receive(bytes.span.raw)
            }
        }
        for _ in 0..<5 { try round() }
        let count = try allocations { () throws(PeerViolation) in try round() }
        #expect(count == nil || count == 0)
    }
}
