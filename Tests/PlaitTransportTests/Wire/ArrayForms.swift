import FuzzChecks
import PlaitCore
import PlaitTransport

// Spans cannot go through the testing macros; arrays can.

/// Bytes that a writer wrote, and what it answered.
func written(
    room: Int = 4_096,
    _ write: (inout ByteWriter) -> Bool
) -> (bytes: [UInt8], fitted: Bool) {
    var buffer = [UInt8](repeating: 0xee, count: room)
    var length = 0
    var fitted = false
    do {
        var span = buffer.mutableSpan
        var writer = ByteWriter(span.mutableRaw)
        fitted = write(&writer)
        length = writer.offset
    }
    return (Array(buffer[..<length]), fitted)
}

/// The frames of a data packet as they read, or the violation that ended it.
func readData(_ bytes: [UInt8]) throws(PeerViolation) -> [FrameMeaning] {
    var frames: [FrameMeaning] = []
    var reader = FrameReader(bytes.span.raw)
    while let frame = try reader.next() { frames.append(FrameMeaning(frame, in: bytes.span.raw)) }
    return frames
}

/// The frames of a handshake packet as they read, or why it was dropped.
func readHandshake(_ bytes: [UInt8], _ kind: HandshakeKind) throws(HandshakePacketError) -> [FrameMeaning] {
    var frames: [FrameMeaning] = []
    var reader = HandshakeFrameReader(bytes.span.raw, kind: kind)
    while let frame = try reader.next() { frames.append(FrameMeaning(frame, in: bytes.span.raw)) }
    return frames
}

/// `hex("01 02 ff")`.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter(\.isHexDigit).compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

func dataHeader(of bytes: [UInt8]) -> ProtectedHeader? { ProtectedHeader(bytes.span.raw) }
func handshakeHeader(of bytes: [UInt8]) -> HandshakeHeader? { HandshakeHeader(bytes.span.raw) }
func form(of bytes: [UInt8]) -> PacketForm? { PacketForm(of: bytes.span.raw) }
func destination(of bytes: [UInt8]) -> ConnectionID? { DataHeader.destination(of: bytes.span.raw) }
func wrong(inData bytes: [UInt8]) -> String? { FrameCheck.data(bytes.span.raw) }
func wrong(inHandshake bytes: [UInt8], _ kind: HandshakeKind) -> String? {
    FrameCheck.handshake(bytes.span.raw, kind: kind)
}
func wrong(inHandshakeOn network: [UInt8]) -> String? { HandshakeCheck.any(network.span.raw) }
func wrong(inDatagram bytes: [UInt8]) -> String? { DatagramCheck.any(bytes.span.raw) }
