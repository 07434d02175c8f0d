import FuzzChecks
import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Frames that are refused, and frames that are passed over")
struct FrameRulesTests {
    @Test("a type is known, passed over or refused, as its number says")
    func types() throws {
        let known: Set<UInt64> = Set(0...0x24).union([0x30, 0x31])
        for type in Array(0..<0x200 as Range<UInt64>) + [1 << 20, 1 << 20 + 1, Varint.max - 1, Varint.max] {
            // Enough zeros for any frame's fields; an extension reads a length of zero.
            let name = written { (try? $0.write(varint: type)) != nil }.bytes
            let first = try? readData(name + [UInt8](repeating: 0, count: 40)).first
            if type >= 0x80 {
                #expect(first?.frame == (type % 2 == 0 ? .skipped(type: type) : nil), "\(type)")
            } else if !known.contains(type) {
                #expect(throws: PeerViolation(.frameEncoding, frame: type, "a frame type that is not in use")) {
                    try readData(name + [UInt8](repeating: 0, count: 40))
                }
            }
        }
        for type in FrameType.forwardErrorCorrection {
            #expect(!known.contains(type))
            let name = written { (try? $0.write(varint: type)) != nil }.bytes
            #expect(throws: PeerViolation.self) { try readData(name + [0]) }
        }
    }

    @Test("an unknown extension is passed over to what follows it, and asks for an acknowledgement")
    func extensions() throws {
        let frames = try readData(hex("4080 03 aabbcc 01")).map(\.frame)
        #expect(frames == [.skipped(type: 0x80), .ping])
        #expect(frames[0].isAckEliciting)
        #expect(throws: PeerViolation.self) { try readData(hex("4080 05 aabbcc 01")) }
        #expect(throws: PeerViolation(.frameEncoding, frame: 0x81, "an extension that must be understood, and is not"))
        {
            try readData(hex("4081 00"))
        }
    }

    @Test("a type in more bytes than it takes is refused", arguments: ["4001", "80000001", "c000000000000080 00"])
    func longTypes(text: String) {
        let violation = #expect(throws: PeerViolation.self) { try readData(hex(text)) }
        #expect(violation?.code == .frameEncoding)
    }

    @Test("numbers in more bytes than they take are read")
    func longNumbers() throws {
        #expect(try readData(hex("10 8000000a")).map(\.frame) == [.maxData(10)])
        #expect(try readData(hex("31 4002 aabb 01")).map(\.bytes) == [[0xaa, 0xbb], []])
    }

    @Test(
        "a field out of its range is refused",
        arguments: [
            // Stream data, and a datagram's end, beyond 2^62 - 1.
            ("0f 00 ffffffffffffffff 01 aa", 0x0f), ("0c 00 ffffffffffffffff aa", 0x0c),
            // More streams than ids: 2^60 + 1.
            ("12 d000000000000001", 0x12), ("13 d000000000000001", 0x13), ("16 d000000000000001", 0x16),
            ("17 d000000000000001", 0x17),
            // A path id above 2^32 - 1.
            ("02 c000000100000000 00 00 00 00", 0x02), ("1d c000000100000000 00 00", 0x1d),
            ("19 c000000100000000 00", 0x19),
            // A connection id that retires itself, and id zero.
            ("18 00 01 02 1122334455667788", 0x18), ("18 00 01 00 0000000000000000", 0x18),
            ("1d 00 00 02", 0x1d), ("20 00", 0x20),
        ] as [(String, UInt64)]
    )
    func ranges(text: String, type: UInt64) {
        let violation = #expect(throws: PeerViolation.self) { try readData(hex(text)) }
        #expect(violation?.code == .frameEncoding && violation?.frame == type)
    }

    @Test(
        "the last value within its range is read",
        arguments: [
            "0e 00 fffffffffffffffe 01 aa", "12 d000000000000000", "17 d000000000000000", "1d c0000000ffffffff 00 01",
            "18 00 01 01 0000000000000001",
        ]
    )
    func lastValues(text: String) throws {
        #expect(try readData(hex(text)).count == 1)
    }

    @Test(
        "a data packet carries none of a handshake's frames",
        arguments: ["06 01 aa", "07 01 aa", "21 01 aa", "22 01 00"]
    )
    func handshakeFramesInData(text: String) {
        let violation = #expect(throws: PeerViolation.self) { try readData(hex(text)) }
        #expect(violation?.code == .protocolViolation && violation?.frame == UInt64(hex(text)[0]))
    }

    @Test("each kind of handshake packet carries its own frames only")
    func handshakeKinds() throws {
        let allowed: [(HandshakeKind, Set<UInt64>)] = [
            (.initiation, [0x00, 0x06, 0x07, 0x21]), (.reply, [0x00, 0x06]), (.finish, [0x00, 0x06]),
            (.cookie, [0x00, 0x07]), (.refusal, [0x00, 0x22]),
        ]
        for (kind, types) in allowed {
            for type in 0...0x31 as ClosedRange<UInt8> where ![0x25, 0x2f].contains(type) {
                let bytes = [type] + hex("01 01 01 00 01 01 01 01 01 01 01 01")
                do throws(HandshakePacketError) {
                    let first = try readHandshake(type == 0 ? [0] : [type, 1, 1], kind).first
                    #expect(first != nil && types.contains(UInt64(type)), "\(kind) \(type)")
                } catch {
                    #expect(!types.contains(UInt64(type)) || type == 0x22, "\(kind) \(type) \(error)")
                }
                if !types.contains(UInt64(type)), (try? readData(bytes)) != nil {
                    #expect(throws: HandshakePacketError.self) { try readHandshake(bytes, kind) }
                }
            }
        }
        #expect(try readHandshake(hex("22 01 02 aabb"), .refusal).map(\.bytes) == [[0xaa, 0xbb]])
        #expect(throws: HandshakePacketError.forbidden(type: 0x01)) { try readHandshake([0x01], .initiation) }
        #expect(throws: HandshakePacketError.forbidden(type: 0x80)) { try readHandshake(hex("4080 00"), .initiation) }
        #expect(throws: HandshakePacketError.empty) { try readHandshake([], .reply) }
        #expect(throws: HandshakePacketError.malformed(StaticText("nothing where something must be"))) {
            try readHandshake(hex("07 00"), .cookie)
        }
    }

    @Test("only padding, acknowledgements and closes ask for no acknowledgement")
    func eliciting() throws {
        let packets = [
            "00", "01", "02 00 00 00 00 00", "03 00 00 00 00 00 00 00 00", "1c 00 00 00", "23 00 00", "24", "30",
        ]
        let answers = try packets.map { try readData(hex($0))[0].frame.isAckEliciting }
        #expect(answers == [false, true, false, false, false, false, true, true])
    }

    @Test("without a length, data goes on to the packet's end")
    func lengthless() throws {
        let frames = try readData(hex("09 04 616263"))
        #expect(frames[0].frame == .stream(StreamFrame(id: StreamID(4), offset: 0, data: 0..<3, isLast: true)))
        #expect(frames[0].bytes == hex("616263") && frames.count == 1)
        #expect(try readData(hex("01 30 0102")).map(\.bytes) == [[], [1, 2]])
    }
}
