package import PlaitCore

/// Which step of the handshake a packet is.
package enum HandshakeKind: UInt8, Hashable, Sendable {
    /// From the client: the offer and the first Noise message.
    case initiation = 0
    /// From the server: the second Noise message.
    case reply = 1
    /// From the client: the third Noise message, of patterns that have one.
    case finish = 2
    /// From a busy server: what the client's next initiation must carry.
    case cookie = 3
    /// From the server: why it will not answer.
    case refusal = 4
}

/// What stands in clear in front of a handshake packet's frames: 21 bytes.
package struct HandshakeHeader: Hashable, Sendable {
    /// Nil for a kind that this end does not know: another version's business.
    package var kind: HandshakeKind?
    package var version: UInt32
    /// The receiver's id, or `.unknown` while the client does not know it.
    package var destination: ConnectionID
    /// What the sender wants to be called.
    package var source: ConnectionID

    package init(kind: HandshakeKind, version: UInt32, destination: ConnectionID, source: ConnectionID) {
        self.kind = kind
        self.version = version
        self.destination = destination
        self.source = source
    }

    package static let length = 21
    static let destinationOffset = 5
    static let form: UInt8 = 0b1100_0000
    static let formBits: UInt8 = 0b1100_0000

    /// A datagram with an initiation has at least so many bytes, so that a server never answers with much more than
    /// it received; a shorter one is dropped unread.
    package static let initiationLengthMin = 1_200

    /// Nil for what is no handshake packet, whoever sent it. The version and the ids are the caller's to judge: they
    /// stand at the same places in every version.
    package init?(_ datagram: RawSpan) {
        guard PacketForm(of: datagram) == .handshake else { return nil }
        let first: UInt8 = unsafe datagram.unsafeLoad(as: UInt8.self)
        kind = HandshakeKind(rawValue: first & ~Self.formBits)
        version = UInt32(bigEndian: unsafe datagram.unsafeLoadUnaligned(fromByteOffset: 1, as: UInt32.self))
        destination = DataHeader.connectionID(in: datagram, at: Self.destinationOffset)
        source = DataHeader.connectionID(in: datagram, at: Self.destinationOffset + ConnectionID.length)
    }
}

extension ByteWriter {
    /// Writes a handshake packet's header; false, and nothing written, if it does not fit.
    @_lifetime(self: copy self)
    package mutating func writeHandshakeHeader(_ header: HandshakeHeader) -> Bool {
        guard let kind = header.kind else { preconditionFailure("a packet that is sent is of a known kind") }
        guard remaining >= HandshakeHeader.length else { return false }
        do throws(ByteError) {
            try write(HandshakeHeader.form | kind.rawValue)
            try write(header.version)
            try write(header.destination.value)
            try write(header.source.value)
        } catch {
            preconditionFailure("a header is measured before its first byte is written")
        }
        return true
    }
}
