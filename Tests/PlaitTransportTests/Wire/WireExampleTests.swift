import Foundation
import FuzzChecks
import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("The examples of docs/WIRE.md")
struct WireExampleTests {
    /// Worked by hand from the page's tables.
    private static let frames: [(bytes: String, frame: Frame, run: String, ranges: [ClosedRange<UInt64>])] = [
        (
            "02 00 4196 19 02 03 00 01 05 04", ack(0, 406, 25, count: 3), "",
            [403...406, 400...401, 389...393]
        ),
        ("03 01 0a 00 00 00 05 06 01", ack(1, 10, 0, count: 1, marks: (5, 6, 1)), "", [10...10]),
        (
            "0f 04 4100 03 616263", .stream(StreamFrame(id: StreamID(4), offset: 256, data: 0..<3, isLast: true)),
            "abc", []
        ),
        (
            "0a 04 03 616263", .stream(StreamFrame(id: StreamID(4), offset: 0, data: 0..<3, isLast: false)), "abc", []
        ),
        (
            "04 08 11 80010000", .resetStream(ResetStreamFrame(id: StreamID(8), code: 17, finalSize: 65_536)), "", []
        ),
        ("05 08 11", .stopSending(StopSendingFrame(id: StreamID(8), code: 17)), "", []),
        ("10 80100000", .maxData(1_048_576), "", []),
        ("11 04 80100000", .maxStreamData(StreamID(4), 1_048_576), "", []),
        ("12 4080", .maxStreams(.bidirectional, 128), "", []),
        (
            "18 02 03 01 1122334455667788",
            .newConnectionID(
                .init(path: PathID(2), sequence: 3, retirePrior: 1, id: ConnectionID(0x1122_3344_5566_7788))
            ), "", []
        ),
        ("19 02 00", .retireConnectionID(path: PathID(2), sequence: 0), "", []),
        ("1a 0123456789abcdef", .pathChallenge(0x0123_4567_89ab_cdef), "", []),
        (
            "1c 08 02 03 626164", .close(CloseFrame(code: 8, frameType: 2, reason: 0..<3, isApplication: false)),
            "bad", []
        ),
        ("1d 02 05 01", .pathStatus(PathStatusFrame(path: PathID(2), sequence: 5, isBackup: true)), "", []),
        ("1e 02 00", .pathAbandon(PathAbandonFrame(path: PathID(2), code: 0)), "", []),
        ("1f 01", .keyUpdate(generation: 1), "", []),
        ("23 07 00", .close(CloseFrame(code: 7, frameType: 0, reason: 0..<0, isApplication: true)), "", []),
        ("31 02 6869", .datagram(0..<2), "hi", []),
    ]

    private static func ack(
        _ path: UInt32,
        _ largest: UInt64,
        _ delay: UInt64,
        count: Int,
        marks: (UInt64, UInt64, UInt64)? = nil
    ) -> Frame {
        let ecn = marks.map { ECNCounts(capable0: $0.0, capable1: $0.1, congestionExperienced: $0.2) }
        return .ack(
            AckFrame(path: PathID(path), largest: largest, delay: delay, rangeCount: count, ranges: 0..<0, ecn: ecn)
        )
    }

    private static let page = repositoryRoot.appending(path: "docs/WIRE.md")

    @Test("each reads as the page says, and is written with these very bytes")
    func frames() throws {
        for (text, frame, run, ranges) in Self.frames {
            let meaning = FrameMeaning(
                frame,
                bytes: Array(run.utf8),
                ranges: ranges.map { AckRange(first: $0.lowerBound, last: $0.upperBound) }
            )
            #expect(try readData(hex(text)) == [meaning], "\(text)")
            #expect(written { meaning.write(into: &$0) == true }.bytes == hex(text))
        }
    }

    @Test("the page has these examples and no others")
    func page() throws {
        let rows = try String(contentsOf: Self.page, encoding: .utf8)
            .components(separatedBy: "### Examples")[1].components(separatedBy: "\n\nA data packet")[0]
            .split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.map { String($0.split(separator: "`")[1]) } == Self.frames.map(\.bytes))
    }

    @Test("every frame type has its row on the page")
    func types() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        for type in Array(0...0x07 as ClosedRange<UInt64>) + Array(0x10...0x24) + [0x30, 0x31] {
            let name = String(type, radix: 16)
            #expect(text.contains("\n| 0x\(name.count < 2 ? "0" : "")\(name) | "), "\(name)")
        }
    }

    @Test("the header is written, and hidden, with the page's bytes")
    func header() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let (plain, hidden) = ("45 1122334455667788 9900aabb 0a0b", "5a 1122334455667788 9802a9bf 0f0d")
        #expect(text.contains("`\(plain)`") && text.contains("`\(hidden)`"))
        var packet = [UInt8](repeating: 0, count: 33)
        var length = 0
        var before: [UInt8] = []
        do {
            var span = packet.mutableSpan
            var raw = span.mutableRaw
            length = DataHeader.write(
                into: &raw,
                destination: ConnectionID(0x1122_3344_5566_7788),
                path: PathID(0x9900_aabb),
                number: 0x0a0b,
                largestAcknowledged: 0x0a0b - 1_000,
                phase: true
            )
            before = Array(copying: raw.bytes)
            DataHeader.protect(&raw, headerLength: length, mask: (0xff01_0203_0405_0607, 0x0801 << 48))
        }
        #expect(Array(before[..<length]) == hex(plain))
        #expect(Array(packet[..<length]) == hex(hidden))
    }
}
