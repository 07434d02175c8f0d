/// What a hostile network does, read from an input; zeros when that is used up.
struct HostileNetwork {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isExhausted: Bool { place >= bytes.count }

    mutating func byte() -> UInt8 {
        guard place < bytes.count else { return 0 }
        place += 1
        return bytes[place - 1]
    }

    private mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }

    /// A datagram of any content, its end zeros: an initiation has to be long, an input need not.
    mutating func datagram() -> [UInt8] {
        let length = number() % 1_600
        var datagram = [UInt8](repeating: 0, count: length)
        let given = min(Int(byte()) << 1, length, bytes.count - place)
        for index in 0..<given { datagram[index] = byte() }
        return datagram
    }

    /// A genuine packet with a few bytes changed, and whether the message in it is still the same.
    mutating func changed(_ packets: [GenuinePacket]) -> (bytes: [UInt8], holdsMessage: Bool) {
        let original = packets[Int(byte()) % packets.count]
        var packet = original.bytes
        for _ in 0..<byte() % 4 {
            let position = number() % packet.count
            packet[position] ^= byte()
        }
        return (packet, packet[original.message] == original.bytes[original.message])
    }
}
