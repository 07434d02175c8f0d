/// The types of frames, as on the wire. `docs/WIRE.md` shows every byte of each.
///
/// 0x40 to 0x5f belong to forward error correction. From 0x80 on are extensions: an even type carries its length and is
/// skipped by who does not know it, an odd one closes the connection of who does not know it. All others are refused.
package enum FrameType {
    package static let padding: UInt64 = 0x00
    package static let ping: UInt64 = 0x01
    package static let ack: UInt64 = 0x02
    package static let ackECN: UInt64 = 0x03
    package static let resetStream: UInt64 = 0x04
    package static let stopSending: UInt64 = 0x05
    package static let handshake: UInt64 = 0x06
    package static let cookie: UInt64 = 0x07
    /// To 0x0f; the lowest three bits: 4 an offset is given, 2 a length is given, 1 the stream ends here.
    package static let stream: UInt64 = 0x08
    package static let maxData: UInt64 = 0x10
    package static let maxStreamData: UInt64 = 0x11
    package static let maxStreamsBidirectional: UInt64 = 0x12
    package static let maxStreamsUnidirectional: UInt64 = 0x13
    package static let dataBlocked: UInt64 = 0x14
    package static let streamDataBlocked: UInt64 = 0x15
    package static let streamsBlockedBidirectional: UInt64 = 0x16
    package static let streamsBlockedUnidirectional: UInt64 = 0x17
    package static let newConnectionID: UInt64 = 0x18
    package static let retireConnectionID: UInt64 = 0x19
    package static let pathChallenge: UInt64 = 0x1a
    package static let pathResponse: UInt64 = 0x1b
    /// The protocol closes.
    package static let close: UInt64 = 0x1c
    package static let pathStatus: UInt64 = 0x1d
    package static let pathAbandon: UInt64 = 0x1e
    package static let keyUpdate: UInt64 = 0x1f
    package static let ticket: UInt64 = 0x20
    package static let offer: UInt64 = 0x21
    package static let refusal: UInt64 = 0x22
    /// The application closes.
    package static let applicationClose: UInt64 = 0x23
    package static let handshakeConfirmed: UInt64 = 0x24
    package static let datagram: UInt64 = 0x30
    package static let datagramWithLength: UInt64 = 0x31
    package static let forwardErrorCorrection: ClosedRange<UInt64> = 0x40...0x5f
    package static let firstExtension: UInt64 = 0x80
}
