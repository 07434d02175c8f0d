import PlaitCore
import PlaitTransport

/// What must hold of any datagram, whoever sent it. Answers nil, or what is wrong.
package enum DatagramCheck {
    package static func any(_ datagram: RawSpan) -> String? {
        let form = PacketForm(of: datagram)
        let destination = DataHeader.destination(of: datagram)
        let data = ProtectedHeader(datagram)
        let handshake = HandshakeHeader(datagram)
        guard (form == .data) == (data != nil), (form == .handshake) == (handshake != nil) else {
            return "the readers do not agree on what it is"
        }
        guard destination == data?.destination ?? handshake?.destination else {
            return "the readers do not agree on whom it is for"
        }
        if let data { return dataPacket(data, datagram) }
        if let handshake { return handshakePacket(handshake, datagram) }
        return nil
    }

    /// With a mask made from the sample, as a real one is: unmasked, written anew and masked, the bytes are the same.
    private static func dataPacket(_ header: ProtectedHeader, _ datagram: RawSpan) -> String? {
        let mask = mask(datagram.extracting(ProtectedHeader.sample))
        let opened = header.unprotected(datagram, mask: mask)
        var copy = Array(copying: datagram)
        do {
            var span = copy.mutableSpan
            var packet = span.mutableRaw
            packet.copy(opened.bytes, at: 0)
            DataHeader.protect(&packet, headerLength: opened.length, mask: mask)
        }
        guard copy == Array(copying: datagram) else { return "a mask that is taken off and put on is another mask" }

        for largest in [nil, 0, mask.0 >> 2, mask.1 >> 40, Varint.max] as [UInt64?] {
            guard let number = opened.fullNumber(largestReceived: largest) else { continue }
            let window = UInt64(1) << UInt64(8 * opened.numberLength)
            guard number <= Varint.max, number % window == opened.truncatedNumber else {
                return "packet number \(number) is not what was sent"
            }
        }
        return FrameCheck.data(datagram.extracting(opened.length..<datagram.byteCount))
    }

    private static func handshakePacket(_ header: HandshakeHeader, _ datagram: RawSpan) -> String? {
        guard let kind = header.kind else { return nil }
        var copy = [UInt8](repeating: 0, count: HandshakeHeader.length)
        do {
            var span = copy.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            guard writer.writeHandshakeHeader(header) else { return "no room for a header" }
        }
        guard copy == Array(copying: datagram.extracting(0..<HandshakeHeader.length)) else {
            return "a header that was read is written otherwise"
        }
        return FrameCheck.handshake(datagram.extracting(HandshakeHeader.length..<datagram.byteCount), kind: kind)
    }

    /// Not the real function, but like it: every bit depends on the sample.
    private static func mask(_ sample: RawSpan) -> (UInt64, UInt64) {
        let digest = sample.digest
        return (digest, digest.byteSwapped ^ 0x9e37_79b9_7f4a_7c15)
    }
}
