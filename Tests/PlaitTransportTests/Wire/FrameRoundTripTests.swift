import FuzzChecks
import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Frames there and back")
struct FrameRoundTripTests {
    @Test("packets of random frames read as they were written", arguments: [1, 2, 3, 4] as [UInt64])
    func roundTrips(seed: UInt64) throws {
        var random = RandomFrames(seed: seed)
        for _ in 0..<1_000 {
            // Padding next to padding is one run.
            var sent: [FrameMeaning] = []
            for _ in 0...random.below(6) {
                let next = random.data()
                if case .padding = next.frame, case .padding = sent.last?.frame { continue }
                sent.append(next)
            }
            let bytes = written { writer in sent.allSatisfy { $0.write(into: &writer) == true } }
            #expect(bytes.fitted)
            #expect(try readData(bytes.bytes) == sent)
            #expect(wrong(inData: bytes.bytes) == nil)
        }
    }

    @Test("handshake packets of random frames read as they were written", arguments: [1, 2] as [UInt64])
    func handshakeRoundTrips(seed: UInt64) throws {
        var random = RandomFrames(seed: seed)
        for index in 0..<1_000 {
            let kind: HandshakeKind = index % 2 == 0 ? .initiation : .refusal
            var frame = random.handshake(kind)
            if kind == .refusal, case .cookie = frame.frame {
                frame = FrameMeaning(.padding(count: 3), bytes: [], ranges: [])
            }
            let bytes = written { frame.write(into: &$0) == true }.bytes
            #expect(try readHandshake(bytes, kind) == [frame])
            #expect(wrong(inHandshake: bytes, kind) == nil)
        }
    }

    @Test("every truncation of every frame is refused, with a reason, as that frame", arguments: [11, 12] as [UInt64])
    func truncations(seed: UInt64) throws {
        var random = RandomFrames(seed: seed)
        for _ in 0..<1_500 {
            let frame = random.data()
            if case .padding = frame.frame { continue }
            let bytes = written { frame.write(into: &$0) == true }.bytes
            #expect(throws: PeerViolation(.protocolViolation, "a packet without any frame")) { try readData([]) }
            for count in 1..<max(bytes.count, 1) {
                let violation = #expect(throws: PeerViolation.self) { try readData(Array(bytes[..<count])) }
                #expect(violation?.code == .frameEncoding && violation?.frame == UInt64(bytes[0]))
            }
        }
    }

    @Test("a frame is written whole or not at all", arguments: [21] as [UInt64])
    func room(seed: UInt64) {
        var random = RandomFrames(seed: seed)
        for _ in 0..<1_500 {
            let frame = random.data()
            let length = written { frame.write(into: &$0) == true }.bytes.count
            #expect(written(room: length) { frame.write(into: &$0) == true }.fitted)
            for room in 0..<length where frame.ranges.count < 2 {
                let part = written(room: room) { frame.write(into: &$0) == true }
                #expect(!part.fitted && part.bytes.isEmpty)
            }
        }
    }

    @Test("padding counts its bytes at every length and place")
    func padding() throws {
        for before in 0..<3 {
            for count in 1..<40 {
                let bytes = [UInt8](repeating: 1, count: before) + [UInt8](repeating: 0, count: count) + [1]
                let frames = try readData(bytes).map(\.frame)
                #expect(frames == [Frame](repeating: .ping, count: before) + [.padding(count: count), .ping])
                #expect(try readData(bytes.dropLast()).last?.frame == .padding(count: count))
            }
        }
    }

    @Test("as much stream data fits as is said to fit")
    func streamRoom() {
        for id in [0, 100] as [UInt64] {
            for offset in [0, 1, 70, 20_000] as [UInt64] {
                for room in Array(0..<90) + Array(16_380..<16_400) {
                    let most = StreamFrameHeader.dataMax(StreamID(id), offset: offset, room: room)
                    func fits(_ count: Int) -> Bool {
                        let bytes = [UInt8](repeating: 5, count: count)
                        let frame = written(room: room) {
                            $0.writeStream(StreamID(id), offset: offset, bytes: bytes.span.raw, isLast: false)
                        }
                        let header = StreamFrameHeader.length(StreamID(id), offset: offset, dataLength: count)
                        #expect(!frame.fitted || frame.bytes.count == header + count)
                        return frame.fitted
                    }
                    if let most { #expect(fits(most) && !fits(most + 1), "\(room)") } else { #expect(!fits(0)) }
                }
            }
        }
    }
}
