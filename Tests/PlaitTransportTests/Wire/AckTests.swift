import FuzzChecks
import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Acknowledgements on the wire")
struct AckTests {
    private func write(_ ranges: [AckRange], room: Int = 4_096, rangesMax: Int = 32, ecn: ECNCounts? = nil)
        -> (bytes: [UInt8], count: Int?)
    {
        var count: Int?
        let bytes = written(room: room) {
            count = $0.writeAck(path: .first, delay: 0, ranges: ranges.span, ecn: ecn, rangesMax: rangesMax)
            return count != nil
        }
        return (bytes.bytes, count)
    }

    @Test("exactly the received numbers are acknowledged", arguments: [1, 2, 3] as [UInt64])
    func model(seed: UInt64) throws {
        let stream = RandomStream(seed: seed, name: "test/ack")
        for round in 0..<400 as Range<UInt64> {
            // The slow model: one flag a packet number.
            let likely = stream.draw(round)
            let received = (0..<120 as Range<UInt64>).map { stream.draw(round, $0 + 1) < likely }
            var ranges: [AckRange] = []
            for number in received.indices.reversed() where received[number] {
                if let last = ranges.last, last.first == UInt64(number) + 1 {
                    ranges[ranges.count - 1].first = UInt64(number)
                } else {
                    ranges.append(AckRange(first: UInt64(number), last: UInt64(number)))
                }
            }
            guard !ranges.isEmpty else { continue }
            let frame = try #require(try readData(write(ranges, rangesMax: 64).bytes).first)
            var said = [Bool](repeating: false, count: received.count)
            for range in frame.ranges { for number in range.first...range.last { said[Int(number)] = true } }
            #expect(said == received)
            guard case .ack(let ack) = frame.frame else { return #expect(Bool(false)) }
            #expect(ack.largest == ranges[0].last && ack.rangeCount == ranges.count)
        }
    }

    @Test("what does not fit is the lowest ranges, and the marks are kept")
    func room() throws {
        let ranges = (0..<20 as Range<UInt64>).map { AckRange(first: 1_000 - 10 * $0, last: 1_004 - 10 * $0) }
        let ecn = ECNCounts(capable0: 1, capable1: 2, congestionExperienced: 70)
        let full = write(ranges, ecn: ecn).bytes
        #expect(full.count == 6 + 1 + 19 * 2 + 4 && write(ranges, ecn: ecn).count == 20)
        for room in 0...full.count {
            let part = write(ranges, room: room, ecn: ecn)
            guard room >= 11 else {
                #expect(part.count == nil && part.bytes.isEmpty)
                continue
            }
            #expect(part.count == 1 + (room - 11) / 2)
            let frame = try readData(part.bytes)[0]
            #expect(frame.ranges == Array(ranges.prefix(1 + (room - 11) / 2)))
            guard case .ack(let ack) = frame.frame else { return #expect(Bool(false)) }
            #expect(ack.ecn == ecn)
        }
    }

    @Test("at most 32 ranges are written unless more are asked for, and 64 are read")
    func limits() throws {
        let ranges = (0..<100 as Range<UInt64>).map { AckRange(first: 1_000 - 2 * $0, last: 1_000 - 2 * $0) }
        #expect(write(ranges).count == 32)
        let most = write(ranges, rangesMax: 64)
        #expect(most.count == 64)
        #expect(try readData(most.bytes)[0].ranges == Array(ranges.prefix(64)))
        // One more: the count is the byte after type, path, largest (2) and delay; two more bytes make a range.
        var more = most.bytes + [0, 0]
        more.replaceSubrange(5..<6, with: hex("4040"))
        #expect(throws: PeerViolation(.frameEncoding, frame: 2, "an ACK with too many ranges")) { try readData(more) }
    }

    @Test(
        "ranges below packet 0 are refused, and packet 0 itself is not",
        arguments: [
            ("02 00 05 00 00 05", true), ("02 00 05 00 00 06", false), ("02 00 05 00 01 00 03 00", true),
            ("02 00 05 00 01 00 04 00", false), ("02 00 05 00 01 00 03 01", false), ("02 00 05 00 01 00 02 01", true),
            ("02 00 00 00 00 00", true), ("02 00 01 00 01 00 00 00", false),
            ("02 00 05 00 01 00 ff ff ff ff ff ff ff ff 00", false),
            ("02 00 05 00 00 ff ff ff ff ff ff ff ff", false),
        ]
    )
    func belowZero(text: String, isRead: Bool) {
        if isRead {
            #expect(throws: Never.self) { try readData(hex(text)) }
        } else {
            #expect(throws: PeerViolation(.frameEncoding, frame: 2, "a range of an ACK below packet 0")) {
                try readData(hex(text))
            }
        }
    }

    @Test("ranges that touch, or come in the wrong order, are a bug of the writer")
    func wrongRanges() async {
        await #expect(processExitsWith: .failure) {
            let ranges = [AckRange(first: 5, last: 9), AckRange(first: 1, last: 4)]
            _ = written { $0.writeAck(path: .first, delay: 0, ranges: ranges.span) != nil }
        }
    }
}
