/// Why a connection was closed by the protocol, as a number on the wire. An application's own codes are apart.
public struct CloseCode: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    public let value: UInt64

    package init(_ value: UInt64) { self.value = value }

    /// As docs/WIRE.md writes it: `0x08`.
    public var description: String { "0x" + (value < 16 ? "0" : "") + String(value, radix: 16) }

    package static let none = CloseCode(0x00)
    /// A mistake of this end.
    package static let internalError = CloseCode(0x01)
    /// More data than the receiver allowed.
    package static let flowControl = CloseCode(0x02)
    /// More streams than the receiver allowed.
    package static let streamLimit = CloseCode(0x03)
    /// A frame that the stream's state does not allow.
    package static let streamState = CloseCode(0x04)
    /// The end of a stream was moved, or passed.
    package static let finalSize = CloseCode(0x05)
    /// A frame that cannot be read.
    package static let frameEncoding = CloseCode(0x06)
    /// A capability that one end requires is missing at the other.
    package static let missingCapability = CloseCode(0x07)
    /// Anything else that is forbidden: an acknowledgement of a packet never sent, say.
    package static let protocolViolation = CloseCode(0x08)
    /// More connection ids than were allowed, or one used wrongly.
    package static let connectionIDLimit = CloseCode(0x09)
    /// A parameter of the handshake that is malformed or out of range.
    package static let parameter = CloseCode(0x0a)
    /// A key update that came too early, or with a wrong generation.
    package static let keyUpdate = CloseCode(0x0b)
    /// A key may not protect, or fail to open, any more packets.
    package static let keyLimit = CloseCode(0x0c)
    /// A list that a peer can make grow reached its limit.
    package static let resourceLimit = CloseCode(0x0d)
    /// All paths were abandoned.
    package static let noPath = CloseCode(0x0e)
}
