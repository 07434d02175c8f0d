import PlaitCore
import PlaitTransport

/// Where the parts of a handshake packet lie in it.
struct HandshakeParts {
    let header: HandshakeHeader
    private(set) var offer = 0..<0
    private(set) var message = 0..<0
    private(set) var cookie = 0..<0

    /// Nil for what is no handshake packet of this protocol.
    init?(_ bytes: [UInt8]) {
        let datagram = bytes.span.raw
        guard let header = HandshakeHeader(datagram), let kind = header.kind else { return nil }
        self.header = header
        let start = HandshakeHeader.length
        var frames = HandshakeFrameReader(datagram.extracting(start..<bytes.count), kind: kind)
        do throws(HandshakePacketError) {
            while let frame = try frames.next() {
                switch frame {
                case .offer(let place): offer = place.lowerBound + start..<place.upperBound + start
                case .handshake(let place): message = place.lowerBound + start..<place.upperBound + start
                case .cookie(let place): cookie = place.lowerBound + start..<place.upperBound + start
                default: break
                }
            }
        } catch { return nil }
    }

    /// What the gate tells an initiation by.
    func mark(in bytes: [UInt8]) -> UInt64 {
        let datagram = bytes.span.raw
        return InitiationMark.of(offer: datagram.extracting(offer), message: datagram.extracting(message))
    }
}

/// Packets that an attacker writes by hand.
enum ForgedPacket {
    /// A header, and behind it what `fill` writes.
    private static func packet(
        _ kind: HandshakeKind,
        to destination: ConnectionID,
        from source: ConnectionID,
        _ fill: (inout ByteWriter) -> Bool
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1_200)
        let length: Int
        do {
            var span = bytes.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            let header = HandshakeHeader(kind: kind, version: 1, destination: destination, source: source)
            let fits = writer.writeHandshakeHeader(header) && fill(&writer)
            precondition(fits, "a forged packet fits")
            length = writer.offset
        }
        return Array(bytes.prefix(length))
    }

    static func message(
        _ kind: HandshakeKind,
        to destination: ConnectionID,
        from source: ConnectionID,
        _ message: [UInt8]
    ) -> [UInt8] {
        packet(kind, to: destination, from: source) { $0.writeHandshake(message.span.raw) }
    }

    static func cookie(_ cookie: [UInt8], to destination: ConnectionID) -> [UInt8] {
        packet(.cookie, to: destination, from: .unknown) { $0.writeCookie(cookie.span.raw) }
    }

    static func refusal(_ refusal: HandshakeRefusal, _ details: [UInt8], to destination: ConnectionID) -> [UInt8] {
        packet(.refusal, to: destination, from: .unknown) {
            $0.writeRefusal(code: refusal.rawValue, details: details.span.raw)
        }
    }
}
