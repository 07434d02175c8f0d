import PlaitCore
import PlaitTransport

/// The offer in a client's first packet.
enum HandshakeOffer {
    /// Where its bytes are.
    static func place(in datagram: [UInt8]) -> Range<Int> {
        let payload = datagram.span.raw.extracting(HandshakeHeader.length..<datagram.count)
        var reader = HandshakeFrameReader(payload, kind: .initiation)
        guard case .offer(let place)? = try? reader.next() else { return 0..<0 }
        return place.lowerBound + HandshakeHeader.length..<place.upperBound + HandshakeHeader.length
    }
}
