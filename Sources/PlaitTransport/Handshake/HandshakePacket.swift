import PlaitCore

/// A handshake packet taken apart: each frame at most once, and those that its kind must have. Nobody authenticated it.
struct HandshakePacket {
    let header: HandshakeHeader
    let kind: HandshakeKind
    /// Places in the datagram; empty if there is no such frame.
    private(set) var offer = 0..<0
    private(set) var cookie = 0..<0
    private(set) var message = 0..<0
    private(set) var refusalCode: UInt64 = 0
    private(set) var refusalDetails = 0..<0

    /// Nil for whatever breaks a rule: damaged or forged, it is dropped in silence.
    init?(_ datagram: RawSpan, header: HandshakeHeader) {
        guard let kind = header.kind, datagram.byteCount > HandshakeHeader.length else { return nil }
        self.header = header
        self.kind = kind
        let payload = datagram.extracting(HandshakeHeader.length..<datagram.byteCount)
        guard read(payload), isWhole else { return nil }
    }

    private mutating func read(_ payload: RawSpan) -> Bool {
        var reader = HandshakeFrameReader(payload, kind: kind)
        var hasRefusal = false
        do throws(HandshakePacketError) {
            while let frame = try reader.next() {
                switch frame {
                case .padding: continue
                case .offer(let place) where offer.isEmpty: offer = Self.inDatagram(place)
                case .cookie(let place) where cookie.isEmpty: cookie = Self.inDatagram(place)
                case .handshake(let place) where message.isEmpty: message = Self.inDatagram(place)
                case .refusal(let frame) where !hasRefusal:
                    hasRefusal = true
                    refusalCode = frame.code
                    refusalDetails = Self.inDatagram(frame.details)
                default: return false
                }
            }
        } catch { return false }
        return kind != .refusal || hasRefusal
    }

    private var isWhole: Bool {
        switch kind {
        case .initiation: !offer.isEmpty && !message.isEmpty
        case .reply, .finish: !message.isEmpty
        case .cookie: !cookie.isEmpty
        case .refusal: true
        }
    }

    private static func inDatagram(_ place: Range<Int>) -> Range<Int> {
        place.lowerBound + HandshakeHeader.length..<place.upperBound + HandshakeHeader.length
    }
}

/// Everything around a Noise message: what may differ each time that the same message is sent.
struct HandshakeEnvelope {
    let header: HandshakeHeader

    /// Writes an initiation, filled up to the least length that a server reads.
    func write(
        offer: RawSpan,
        cookie: RawSpan,
        message: RawSpan,
        into buffer: inout MutableRawSpan
    ) -> Int {
        precondition(buffer.byteCount >= HandshakeHeader.initiationLengthMin, "a datagram buffer of 1,200 bytes")
        var writer = ByteWriter(buffer._mutatingExtracting(0..<HandshakeHeader.initiationLengthMin))
        var fits = writer.writeHandshakeHeader(header) && writer.writeOffer(offer)
        if !cookie.isEmpty { fits = fits && writer.writeCookie(cookie) }
        fits = fits && writer.writeHandshake(message)
        let padding = writer.remaining
        fits = fits && writer.writePadding(padding)
        precondition(fits, "offer, cookie and first message fit into one datagram")
        return writer.offset
    }

    /// Writes a reply or a finish.
    func write(message: RawSpan, into buffer: inout MutableRawSpan) -> Int {
        var writer = ByteWriter(buffer._mutatingExtracting(0..<buffer.byteCount))
        let fits = writer.writeHandshakeHeader(header) && writer.writeHandshake(message)
        precondition(fits, "a Noise message fits into one datagram")
        return writer.offset
    }

    func write(cookie: RawSpan, into buffer: inout MutableRawSpan) -> Int {
        var writer = ByteWriter(buffer._mutatingExtracting(0..<buffer.byteCount))
        let fits = writer.writeHandshakeHeader(header) && writer.writeCookie(cookie)
        precondition(fits, "a cookie fits into a datagram")
        return writer.offset
    }

    func write(refusal: UInt64, details: RawSpan, into buffer: inout MutableRawSpan) -> Int {
        var writer = ByteWriter(buffer._mutatingExtracting(0..<buffer.byteCount))
        let fits = writer.writeHandshakeHeader(header) && writer.writeRefusal(code: refusal, details: details)
        precondition(fits, "a refusal fits into a datagram")
        return writer.offset
    }
}
