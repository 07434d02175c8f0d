import PlaitTransport

/// A packet's frames as a test wants them, right or wrong: nothing here checks anything.
struct Payload: ExpressibleByArrayLiteral {
    var bytes: [UInt8] = []

    init() {}

    init(arrayLiteral numbers: UInt64...) { for number in numbers { add(number) } }

    mutating func add(_ number: UInt64) {
        let length = number < 1 << 6 ? 1 : number < 1 << 14 ? 2 : number < 1 << 30 ? 4 : 8
        let prefix: UInt8 = length == 1 ? 0x00 : length == 2 ? 0x40 : length == 4 ? 0x80 : 0xc0
        var field = (0..<length).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (length - 1 - $0))) }
        field[0] |= prefix
        bytes += field
    }

    mutating func add(word: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: word >> shift))
        }
    }

    static func + (a: Payload, b: Payload) -> Payload {
        var sum = a
        sum.bytes += b.bytes
        return sum
    }

    static var ping: Payload { [FrameType.ping] }

    /// One range of packet numbers.
    static func ack(_ first: UInt64, _ last: UInt64, path: UInt64 = 0) -> Payload {
        [FrameType.ack, path, last, 0, 0, last - first]
    }

    static func stream(_ id: UInt64, offset: UInt64, _ data: [UInt8], isLast: Bool = false) -> Payload {
        var payload: Payload = [FrameType.stream | 6 | (isLast ? 1 : 0), id, offset, UInt64(data.count)]
        payload.bytes += data
        return payload
    }

    static func newID(_ sequence: UInt64, retirePrior: UInt64 = 0, id: UInt64? = nil) -> Payload {
        var payload: Payload = [FrameType.newConnectionID, 0, sequence, retirePrior]
        payload.add(word: id ?? 0xabcd_0000_0000_0000 | sequence & 0xffff_ffff_ffff)
        return payload
    }

    static func retireID(_ sequence: UInt64) -> Payload { [FrameType.retireConnectionID, 0, sequence] }

    static func challenge(_ token: UInt64) -> Payload {
        var payload: Payload = [FrameType.pathChallenge]
        payload.add(word: token)
        return payload
    }

    static func datagram(_ data: [UInt8]) -> Payload {
        var payload: Payload = [FrameType.datagramWithLength, UInt64(data.count)]
        payload.bytes += data
        return payload
    }

    /// A frame with a run of bytes at its end.
    static func run(_ fields: Payload, _ data: [UInt8]) -> Payload {
        var payload = fields
        payload.add(UInt64(data.count))
        payload.bytes += data
        return payload
    }
}
