import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Packet headers")
struct HeaderTests {
    @Test("packet numbers are cut as in RFC 9000, A.2, and at its bounds")
    func numberLengths() {
        #expect(DataHeader.numberLength(0xac5c02, largestAcknowledged: 0xabe8b3) == 2)
        #expect(DataHeader.numberLength(0xace8fe, largestAcknowledged: 0xabe8b3) == 3)
        for (unacknowledged, length) in [
            (1, 1), (128, 1), (129, 2), (1 << 15, 2), (1 << 15 + 1, 3), (1 << 23, 3), (1 << 23 + 1, 4), (1 << 31, 4),
        ] as [(UInt64, Int)] {
            #expect(DataHeader.numberLength(1_000 + unacknowledged, largestAcknowledged: 1_000) == length)
            #expect(DataHeader.numberLength(unacknowledged - 1, largestAcknowledged: nil) == length)
        }
    }

    @Test("packet numbers are completed as in RFC 9000, A.3")
    func fullNumbers() {
        func full(_ truncated: UInt64, _ length: Int, _ largest: UInt64?) -> UInt64? {
            DataHeader.fullNumber(truncated: truncated, length: length, largestReceived: largest)
        }
        #expect(full(0x9b32, 2, 0xa82f30ea) == 0xa82f9b32)
        #expect(full(5, 1, nil) == 5)
        #expect(full(0xff, 1, nil) == 0xff)
        // Up and down by one window.
        #expect(full(0, 1, 0xff) == 0x100)
        #expect(full(0xff, 1, 0x100) == 0xff)
        #expect(full(0x80, 1, 0xff) == 0x180)
        #expect(full(0x81, 1, 0xff) == 0x81)
        // Half a window below what is expected is already the next window's.
        #expect(full(0x00, 1, 0x17f) == 0x200 && full(0x01, 1, 0x17f) == 0x101)
        // At the end of all numbers nothing wraps, whatever a forger sends.
        #expect(full(0xff, 1, Varint.max) == Varint.max)
        #expect(full(0, 1, Varint.max) == nil)
        #expect(full(0x00, 1, Varint.max - 1) == Varint.max - 0xff)
    }

    @Test("every number within the window of what was acknowledged is found again", arguments: [1, 2, 3] as [UInt64])
    func numbersRoundTrip(seed: UInt64) {
        let stream = RandomStream(seed: seed, name: "test/numbers")
        for index in 0..<20_000 as Range<UInt64> {
            let acknowledged = stream.draw(index).uniform(below: 1 << stream.draw(index, 1).uniform(below: 62))
            let ahead = 1 + stream.draw(index, 2).uniform(below: 1 << stream.draw(index, 3).uniform(below: 31))
            let number = acknowledged + ahead
            // The receiver has seen anything from what it acknowledged up to what was sent just before.
            let largest = acknowledged + stream.draw(index, 4).uniform(below: ahead)
            let length = DataHeader.numberLength(number, largestAcknowledged: acknowledged)
            let truncated = number & (1 << UInt64(8 * length) - 1)
            let found = DataHeader.fullNumber(truncated: truncated, length: length, largestReceived: largest)
            #expect(found == number, "\(acknowledged) \(ahead) \(largest)")
        }
    }

    @Test("protection hides all but the form and the destination, and comes off again", arguments: 1...4)
    func protection(length: Int) throws {
        let mask: (UInt64, UInt64) = (0xff01_0203_0405_0607, 0x08ff_ffff_ffff_ffff)
        let number: UInt64 = 0x0100_0000_0a0b_0c0d
        let truncated = number & (1 << UInt64(8 * length) - 1)
        let acknowledged = number - (1 << UInt64(8 * length - 1))
        var packet = (0..<40).map { UInt8($0) }
        var header = 0
        let plain: [UInt8]
        do {
            var span = packet.mutableSpan
            var raw = span.mutableRaw
            header = DataHeader.write(
                into: &raw,
                destination: ConnectionID(0x1122_3344_5566_7788),
                path: PathID(0x9900_aabb),
                number: number,
                largestAcknowledged: acknowledged,
                phase: true
            )
            plain = Array(copying: raw.bytes)
            DataHeader.protect(&raw, headerLength: header, mask: mask)
        }
        #expect(header == 13 + length)
        let number4 = hex("0a0b0c0d").suffix(length)
        #expect(plain[..<header] == hex("4\(3 + length) 1122334455667788 9900aabb") + number4)
        let masked = zip(number4, hex("05060708")).map { $0 ^ $1 }
        // 0x1f of the first byte's mask; 01020304 over the path id; 05060708 over the number, as far as it goes.
        let expected: [UInt8] = [plain[0] ^ 0x1f] + hex("1122334455667788 9802a9bf") + masked
        #expect(Array(packet[..<header]) == expected)
        #expect(packet[header...] == plain[header...])

        let protected = try #require(dataHeader(of: packet))
        let opened = protected.unprotected(packet.span.raw, mask: mask)
        let bytes = Array(copying: opened.bytes)
        #expect(bytes == Array(plain[..<header]))
        #expect(opened.destination == ConnectionID(0x1122_3344_5566_7788) && opened.path == PathID(0x9900_aabb))
        #expect(opened.numberLength == length && opened.truncatedNumber == truncated)
        #expect(opened.phase && !opened.hasReservedBits)
        let other = protected.unprotected(packet.span.raw, mask: (mask.0 ^ 0x1c << 56, mask.1))
        #expect(!other.phase && other.hasReservedBits && other.numberLength == length)
    }

    @Test("either reserved bit is seen once the mask is off", arguments: [0x48, 0x50] as [UInt8])
    func reservedBits(first: UInt8) throws {
        let packet = [first] + [UInt8](repeating: 7, count: 32)
        let header = try #require(dataHeader(of: packet))
        let opened = header.unprotected(packet.span.raw, mask: (0, 0))
        #expect(opened.hasReservedBits)
    }

    @Test("a datagram is sorted by its first byte and its length alone")
    func forms() {
        func form(_ first: UInt8, _ count: Int) -> PacketForm? {
            PlaitTransportTests.form(of: [first] + [UInt8](repeating: 9, count: count - 1))
        }
        for first in 0...255 as ClosedRange<UInt8> {
            let expected: PacketForm? = first >> 5 == 0b010 ? .data : first >> 6 == 0b11 ? .handshake : nil
            #expect(form(first, 33) == expected, "\(first)")
        }
        #expect(form(0x40, 32) == nil && form(0x40, 33) == .data)
        #expect(form(0xc0, 20) == nil && form(0xc0, 21) == .handshake)
        #expect(PlaitTransportTests.form(of: []) == nil)
    }

    @Test("a datagram is routed by the id where its form has it")
    func destinations() {
        let data = [0x5f] + (1...32).map { UInt8($0) }
        #expect(destination(of: data) == ConnectionID(0x0102_0304_0506_0708))
        let handshake = [0xc1] + (1...32).map { UInt8($0) }
        #expect(destination(of: handshake) == ConnectionID(0x0506_0708_090a_0b0c))
        #expect(destination(of: Array(data.prefix(32))) == nil)
    }

    @Test("a handshake packet's header is 21 bytes, the same in every version")
    func handshakeFields() throws {
        let header = HandshakeHeader(
            kind: .cookie,
            version: 0x0102_0304,
            destination: ConnectionID(0x1112_1314_1516_1718),
            source: ConnectionID(0x2122_2324_2526_2728)
        )
        let bytes = written { $0.writeHandshakeHeader(header) }.bytes
        #expect(bytes == hex("c3 01020304 1112131415161718 2122232425262728"))
        #expect(handshakeHeader(of: bytes) == header)
        #expect(!written(room: 20) { $0.writeHandshakeHeader(header) }.fitted)
        let unknown = try #require(handshakeHeader(of: [0xc5] + bytes.dropFirst()))
        #expect(unknown.kind == nil && unknown.version == header.version && unknown.source == header.source)
    }
}
