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
    @inline(never)
    func run(_ counts: [Int]) {
        var packet = [UInt8](repeating: 1, count: counts.count)
        var output = [UInt8](repeating: 0, count: counts.count)
        var number: UInt64 = 0
        for length in counts.indices where length >= Self.headerLength + Cipher.tagLength {
            for _ in 0..<counts[length] {
                number += 1
                var span = packet.mutableSpan
                var bytes = span.mutableRaw
                var sealed = bytes._mutatingExtracting(0..<length)
                floor.seal(&sealed, headerLength: Self.headerLength, number: number)
                var outputSpan = output.mutableSpan
                var target = outputSpan.mutableRaw
                let isGenuine = floor.open(
                    sealed.bytes,
                    headerLength: Self.headerLength,
                    number: number,
                    into: &target
                )
                precondition(isGenuine, "a packet just sealed does not open")
            }
        }
    }
}
