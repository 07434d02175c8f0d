import PlaitCore
import PlaitTransport
import Testing

@Suite("A look at a stream")
struct StreamViewTests {
    private let id = StreamID(index: 0, opener: .client, direction: .unidirectional)

    @Test("a stream that was never opened, or is forgotten, cannot be seen")
    func absence() throws {
        var streams = StreamSet(role: .client, local: StreamLimits(), remote: StreamLimits())
        let before = streams.view(of: id, piece: 10)
        #expect(before == nil)
        _ = try streams.open(.unidirectional, priority: 0)
        let open = streams.view(of: id, piece: 10)
        #expect(open?.sending.state == .open && open?.receiving.state == .absent)
        try streams.reset(id, code: 1)
        streams.acknowledged(.resetStream(id))
        let after = streams.view(of: id, piece: 10)
        #expect(after == nil)
    }

    @Test("what arrived is seen in pieces, and a piece that is not whole is told")
    func pieces() throws {
        var streams = StreamSet(role: .server, local: StreamLimits(), remote: StreamLimits())
        let bytes = [UInt8](repeating: 7, count: 30)
        func receive(_ range: Range<Int>, _ streams: inout StreamSet) throws {
            let frame = StreamFrame(id: id, offset: UInt64(range.lowerBound), data: 0..<range.count, isLast: false)
            try streams.receive(frame, bytes: bytes.span.raw.extracting(0..<range.count))
        }
        try receive(0..<10, &streams)
        try receive(20..<40, &streams)
        let whole = streams.view(of: id, piece: 10)?.receiving
        #expect(whole?.arrived.bits == 0b1101 && whole?.arrived.isCut == false && whole?.highest == 40)
        let coarse = streams.view(of: id, piece: 20)?.receiving.arrived
        #expect(coarse?.isCut == true)
        try receive(650..<660, &streams)
        let far = streams.view(of: id, piece: 10)?.receiving.arrived
        #expect(far?.bits == 0b1101 && far?.isCut == true, "only 64 pieces have a bit")
    }
}
