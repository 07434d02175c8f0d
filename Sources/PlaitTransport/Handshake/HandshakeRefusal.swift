import PlaitCore
import PlaitCrypto

/// Why a server does not answer, as a number on the wire. Anybody can forge it: the client only remembers it.
package enum HandshakeRefusal: UInt64, Hashable, Sendable, BitwiseCopyable {
    /// None of this version. The details are the server's versions.
    case version = 1
    /// None of this suite. The details are the server's suites.
    case suite = 2
    /// Both ends could have done better: somebody talked the client down.
    case downgrade = 3
    /// The first message cannot be read: another server's key, or damage on the way.
    case unreadable = 4
    /// The server does not serve this pattern.
    case pattern = 5

    /// The numbers in the details of a refusal; none if their length is wrong.
    static func choices<Number: FixedWidthInteger & BitwiseCopyable>(_ details: RawSpan) -> [Number] {
        var reader = ByteReader(details)
        var numbers: [Number] = []
        while numbers.count < Offer.choicesMax, let number: Number = try? reader.integer() { numbers.append(number) }
        return reader.remaining == 0 ? numbers : []
    }
}
