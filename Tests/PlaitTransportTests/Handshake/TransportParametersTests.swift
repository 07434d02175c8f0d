import PlaitCore
import PlaitTransport
import Testing

@Suite("Transport parameters and offers on the wire")
struct TransportParametersTests {
    static func bytes(_ parameters: TransportParameters) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: TransportParameters.lengthMax)
        var span = bytes.mutableSpan
        var writer = ByteWriter(span.mutableRaw)
        try parameters.write(into: &writer)
        let length = writer.offset
        return Array(bytes[..<length])
    }

    static func violation(_ bytes: [UInt8]) -> PeerViolation? {
        do throws(PeerViolation) {
            _ = try TransportParameters(reading: bytes.span.raw)
            return nil
        } catch { return error }
    }

    @Test("what was written is what is read, at the ends of every range", arguments: 1...400 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        let chance = RandomStream(seed: seed, name: "parameters")
        func pick(_ number: UInt64, _ range: ClosedRange<UInt64>) -> UInt64 {
            switch chance.draw(number, 1).uniform(below: 3) {
            case 0: range.lowerBound
            case 1: range.upperBound
            default: range.lowerBound + chance.draw(number).uniform(below: range.upperBound - range.lowerBound)
            }
        }
        var parameters = TransportParameters.usual
        parameters.idleTimeout = .microseconds(Int64(pick(1, 0...1 << 52)))
        parameters.dataMax = pick(2, 0...Varint.max)
        parameters.streamDataMaxLocal = pick(3, 0...Varint.max)
        parameters.streamDataMaxRemote = pick(4, 0...Varint.max)
        parameters.streamDataMaxUnidirectional = pick(5, 0...Varint.max)
        parameters.streamsMaxBidirectional = pick(6, 0...1 << 60)
        parameters.streamsMaxUnidirectional = pick(7, 0...1 << 60)
        parameters.datagramMax = pick(8, 0...65_527)
        parameters.ackDelayMax = .microseconds(Int64(pick(9, 0...16_384_000)))
        parameters.connectionIDsMax = pick(10, 2...1 << 16)
        parameters.pathsMax = pick(11, 1...1 << 16)
        parameters.packetMax = pick(12, 1_200...65_527)
        #expect(parameters.isValid)
        let bytes = try Self.bytes(parameters)
        #expect(try TransportParameters(reading: bytes.span.raw) == parameters)
        for length in 0..<bytes.count where Self.violation(Array(bytes[..<length])) == nil {
            // A cut between two parameters is a shorter list, which reads as other values.
            let shorter = try TransportParameters(reading: Array(bytes[..<length]).span.raw)
            #expect(shorter != parameters)
        }
    }

    @Test("nothing said is what is taken to be said")
    func absent() throws {
        #expect(try TransportParameters(reading: [UInt8]().span.raw) == .absent)
        #expect(try Self.bytes(.absent).isEmpty)
    }

    @Test("unknown parameters are passed over, of any id and length")
    func unknown() throws {
        let bytes: [UInt8] = [0x3f, 3, 1, 2, 3, 0x02, 1, 9, 0xc0, 0, 0, 0, 0, 0, 1, 0, 0]
        let read = try TransportParameters(reading: bytes.span.raw)
        #expect(read.dataMax == 9)
    }

    @Test(
        "duplicates, values out of range and values that do not fill their length close the connection",
        arguments: [
            [0x02, 1, 5, 0x02, 1, 6],  // twice
            [0x08, 4, 0x80, 0, 0xff, 0xf8],  // a datagram of 65,528
            [0x0a, 1, 1],  // a single connection id
            [0x0b, 1, 0],  // no path
            [0x0c, 2, 0x44, 0xaf],  // packets of 1,199
            [0x06, 8, 0xd0, 0, 0, 0, 0, 0, 0, 1],  // more streams than ids
            [0x01, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],  // an eternity
            [0x09, 4, 0x80, 0xfa, 0, 1],  // ACKs held back for more than 2^14 ms
            [0x02, 2, 5, 0],  // a byte too many
            [0x02, 2, 0x80, 0],  // a byte too few
            [0x02, 0],
            [0x02, 9, 1],
            [0x02],
        ] as [[UInt8]]
    )
    func refused(bytes: [UInt8]) {
        #expect(Self.violation(bytes)?.code == .parameter)
    }

    @Test("an offer reads back, and breaks with any byte missing or added")
    func offer() throws {
        let offer = Offer(
            sourceID: ConnectionID(0x0102_0304_0506_0708),
            mode: .ik,
            versions: [3, 1],
            version: 1,
            suites: [3, 1, 2],
            suite: 3,
            capabilities: Capabilities(supported: 6, required: 8)
        )
        let bytes = offer.encoded
        #expect(bytes.count == 8 + 1 + 1 + 8 + 4 + 1 + 6 + 2 + 16)
        #expect(bytes[..<13] == [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 0, 0, 0])
        #expect(Offer(reading: bytes.span.raw) == offer)
        #expect(Offer(reading: (bytes + [0]).span.raw) == nil)
        for length in bytes.indices { #expect(Offer(reading: Array(bytes[..<length]).span.raw) == nil) }
    }

    @Test("an offer whose choice was not offered, without an id, with too many choices or an unknown pattern is none")
    func badOffer() {
        let good = Offer(
            sourceID: ConnectionID(1),
            mode: .xx,
            versions: [1],
            version: 1,
            suites: [1],
            suite: 1,
            capabilities: .none
        ).encoded
        #expect(Offer(reading: good.span.raw) != nil)
        for (place, value) in [(7, 0), (8, 2), (9, 0), (9, 9), (17, 2), (18, 9), (22, 2), (38, 1)] as [(Int, UInt8)] {
            var bytes = good
            bytes[place] = value
            #expect(Offer(reading: bytes.span.raw) == nil, "byte \(place)")
        }
    }
}
