import PlaitCore
import PlaitCrypto

/// libsodium's own seal and open of packets of given lengths, and nothing around them: what a transfer of the same
/// packets cannot be faster than.
struct CipherRound: ~Copyable {
    private let floor: CipherFloor

    /// Bytes of a data packet's header, at most.
    private static var headerLength: Int { 17 }

    init(_ cipher: Cipher) {
        floor = CipherFloor(cipher, key: [UInt8](repeating: 7, count: 32).span.raw)
    }

    /// Seals and opens as many packets of each length as `counts` says, the length being the index.
    func run(_ counts: [Int]) { run(PacketLengths(sent: counts, arrived: counts)) }

    /// Seals what was sent and opens what arrived.
    ///
    /// - Returns: How many packets it sealed and opened: all but those too short to be sealed.
    @inline(never)
    @discardableResult
    func run(_ packets: PacketLengths) -> (sealed: Int, opened: Int) {
        let (sent, arrived) = (packets.sent, packets.arrived)
        var packet = [UInt8](repeating: 1, count: sent.count)
        var output = [UInt8](repeating: 0, count: sent.count)
        var (number, opened) = (0, 0)
        for length in sent.indices where length >= Self.headerLength + Cipher.tagLength {
            for count in 0..<sent[length] {
                number += 1
                var span = packet.mutableSpan
                var bytes = span.mutableRaw
                var sealed = bytes._mutatingExtracting(0..<length)
                floor.seal(&sealed, headerLength: Self.headerLength, number: UInt64(number))
                guard count < arrived[length] else { continue }
                opened += 1
                var outputSpan = output.mutableSpan
                var target = outputSpan.mutableRaw
                let isGenuine = floor.open(
                    sealed.bytes,
                    headerLength: Self.headerLength,
                    number: UInt64(number),
                    into: &target
                )
                precondition(isGenuine, "a packet just sealed does not open")
            }
        }
        return (number, opened)
    }
}
