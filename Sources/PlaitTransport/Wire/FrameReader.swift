import PlaitCore

/// Reads the frames of a data packet one after the other, from bytes that were authenticated.
///
/// Whatever cannot be read closes the connection: whoever sent it holds the keys.
package struct FrameReader: ~Escapable {
    private var fields: FieldReader

    @_lifetime(copy payload)
    package init(_ payload: RawSpan) {
        fields = FieldReader(payload)
    }

    /// The next frame, or nil at the end. A packet without any frame is a violation, and so is a handshake's frame.
    @_lifetime(self: copy self)
    package mutating func next() throws(PeerViolation) -> Frame? {
        guard fields.remaining > 0 else {
            guard fields.offset > 0 else { throw PeerViolation(.protocolViolation, "a packet without any frame") }
            return nil
        }
        let frame = try fields.frame()
        switch frame {
        case .handshake, .cookie, .offer, .refusal:
            throw fields.violation(.protocolViolation, "a frame that only handshake packets may carry")
        default: return frame
        }
    }
}

/// Why the frames of a handshake packet could not be read. Nobody authenticated them: the packet is dropped in silence.
package enum HandshakePacketError: Error, Hashable, Sendable {
    case empty
    /// A frame that cannot be read.
    case malformed(StaticText)
    /// A frame, known or not, that this kind of packet may not carry.
    case forbidden(type: UInt64)
}

/// Reads the frames of a handshake packet one after the other, from bytes that anybody may have sent.
package struct HandshakeFrameReader: ~Escapable {
    private var fields: FieldReader
    private let kind: HandshakeKind

    @_lifetime(copy payload)
    package init(_ payload: RawSpan, kind: HandshakeKind) {
        fields = FieldReader(payload)
        self.kind = kind
    }

    /// The next frame, or nil at the end.
    @_lifetime(self: copy self)
    package mutating func next() throws(HandshakePacketError) -> Frame? {
        guard fields.remaining > 0 else {
            guard fields.offset > 0 else { throw .empty }
            return nil
        }
        let frame: Frame
        do throws(PeerViolation) { frame = try fields.frame() } catch { throw .malformed(error.reason) }
        switch (frame, kind) {
        case (.padding, _), (.handshake, .initiation), (.handshake, .reply), (.handshake, .finish),
            (.offer, .initiation), (.cookie, .initiation), (.cookie, .cookie), (.refusal, .refusal):
            return frame
        default: throw .forbidden(type: fields.type)
        }
    }
}

/// Reads one frame of any kind; which may stand where is the business of the two readers above.
struct FieldReader: ~Escapable {
    private let bytes: RawSpan
    private var reader: ByteReader
    /// Of the frame that is being read.
    private(set) var type: UInt64 = 0

    @_lifetime(copy payload)
    init(_ payload: RawSpan) {
        bytes = payload
        reader = ByteReader(payload)
    }

    var remaining: Int { reader.remaining }
    var offset: Int { reader.offset }

    func violation(_ code: CloseCode, _ reason: StaticString) -> PeerViolation {
        PeerViolation(code, frame: type, reason)
    }

    func malformed(_ reason: StaticString) -> PeerViolation { violation(.frameEncoding, reason) }

    @_lifetime(self: copy self)
    mutating func frame() throws(PeerViolation) -> Frame {
        let start = reader.offset
        type = 0
        type = try number()
        // One type, one form: a filter or a fast path may look at the first byte alone.
        guard reader.offset - start == Varint.length(type) else {
            throw malformed("a frame type in more bytes than it takes")
        }
        switch type {
        case FrameType.padding: return padding()
        case FrameType.ping: return .ping
        case FrameType.ack, FrameType.ackECN: return .ack(try ack())
        case FrameType.stream...FrameType.stream | 7: return .stream(try stream())
        case FrameType.resetStream...FrameType.streamsBlockedUnidirectional: return try streamControl()
        case FrameType.newConnectionID...FrameType.handshakeConfirmed: return try connectionControl()
        case FrameType.datagram: return .datagram(rest())
        case FrameType.datagramWithLength: return .datagram(try run())
        case FrameType.firstExtension...: return try extensionFrame()
        default: throw malformed("a frame type that is not in use")
        }
    }

    private mutating func streamControl() throws(PeerViolation) -> Frame {
        switch type {
        case FrameType.resetStream:
            return .resetStream(
                ResetStreamFrame(id: try streamID(), code: try number(), finalSize: try number())
            )
        case FrameType.stopSending: return .stopSending(StopSendingFrame(id: try streamID(), code: try number()))
        case FrameType.handshake: return .handshake(try nonemptyRun())
        case FrameType.cookie: return .cookie(try nonemptyRun())
        case FrameType.maxData: return .maxData(try number())
        case FrameType.maxStreamData: return .maxStreamData(try streamID(), try number())
        case FrameType.maxStreamsBidirectional: return .maxStreams(.bidirectional, try streamCount())
        case FrameType.maxStreamsUnidirectional: return .maxStreams(.unidirectional, try streamCount())
        case FrameType.dataBlocked: return .dataBlocked(try number())
        case FrameType.streamDataBlocked: return .streamDataBlocked(try streamID(), try number())
        case FrameType.streamsBlockedBidirectional: return .streamsBlocked(.bidirectional, try streamCount())
        case FrameType.streamsBlockedUnidirectional: return .streamsBlocked(.unidirectional, try streamCount())
        default: preconditionFailure("a type that frame() does not send here")
        }
    }

    private mutating func connectionControl() throws(PeerViolation) -> Frame {
        switch type {
        case FrameType.newConnectionID: return .newConnectionID(try newConnectionID())
        case FrameType.retireConnectionID: return .retireConnectionID(path: try path(), sequence: try number())
        case FrameType.pathChallenge: return .pathChallenge(try word())
        case FrameType.pathResponse: return .pathResponse(try word())
        case FrameType.close, FrameType.applicationClose: return .close(try close())
        case FrameType.pathStatus: return .pathStatus(try pathStatus())
        case FrameType.pathAbandon: return .pathAbandon(PathAbandonFrame(path: try path(), code: try number()))
        case FrameType.keyUpdate: return .keyUpdate(generation: try number())
        case FrameType.ticket: return .ticket(try nonemptyRun())
        case FrameType.offer: return .offer(try nonemptyRun())
        case FrameType.refusal: return .refusal(RefusalFrame(code: try number(), details: try run()))
        case FrameType.handshakeConfirmed: return .handshakeConfirmed
        default: preconditionFailure("a type that frame() does not send here")
        }
    }
}

// The frames with more to them than fields in a row.
extension FieldReader {
    private mutating func padding() -> Frame {
        var end = reader.offset
        // Constant-size packets are mostly padding, so eight bytes at a time.
        while end + 8 <= bytes.byteCount, unsafe bytes.unsafeLoadUnaligned(fromByteOffset: end, as: UInt64.self) == 0 {
            end += 8
        }
        while end < bytes.byteCount, unsafe bytes.unsafeLoad(fromByteOffset: end, as: UInt8.self) == 0 { end += 1 }
        let count = end - reader.offset + 1
        pass(to: end)
        return .padding(count: count)
    }

    private mutating func ack() throws(PeerViolation) -> AckFrame {
        let path = try path()
        let largest = try number()
        let delay = try number()
        let further = try number()
        guard further < UInt64(AckFrame.rangesMax) else { throw malformed("an ACK with too many ranges") }
        let start = reader.offset
        var lowest = largest
        for index in 0...further {
            if index > 0 {
                let gap = try number()
                guard gap + 2 <= lowest else { throw malformed("a range of an ACK below packet 0") }
                lowest -= gap + 2
            }
            let length = try number()
            guard length <= lowest else { throw malformed("a range of an ACK below packet 0") }
            lowest -= length
        }
        let end = reader.offset
        var ecn: ECNCounts?
        if type == FrameType.ackECN {
            ecn = ECNCounts(capable0: try number(), capable1: try number(), congestionExperienced: try number())
        }
        return AckFrame(
            path: path,
            largest: largest,
            delay: delay,
            rangeCount: Int(further) + 1,
            ranges: start..<end,
            ecn: ecn
        )
    }

    private mutating func stream() throws(PeerViolation) -> StreamFrame {
        let id = try streamID()
        let offset = type & 4 == 0 ? 0 : try number()
        let data = type & 2 == 0 ? rest() : try run()
        guard UInt64(data.count) <= Varint.max - offset else { throw malformed("stream data beyond 2^62 - 1") }
        return StreamFrame(id: id, offset: offset, data: data, isLast: type & 1 == 1)
    }

    private mutating func newConnectionID() throws(PeerViolation) -> NewConnectionIDFrame {
        let path = try path()
        let sequence = try number()
        let retirePrior = try number()
        let id = ConnectionID(try word())
        guard retirePrior <= sequence else { throw malformed("a connection id that retires itself") }
        guard id != .unknown else { throw malformed("connection id zero") }
        return NewConnectionIDFrame(path: path, sequence: sequence, retirePrior: retirePrior, id: id)
    }

    private mutating func close() throws(PeerViolation) -> CloseFrame {
        let isApplication = type == FrameType.applicationClose
        let code = try number()
        let frameType = isApplication ? 0 : try number()
        return CloseFrame(code: code, frameType: frameType, reason: try run(), isApplication: isApplication)
    }

    private mutating func pathStatus() throws(PeerViolation) -> PathStatusFrame {
        let path = try path()
        let sequence = try number()
        let status = try number()
        guard status <= 1 else { throw malformed("a path status other than available and backup") }
        return PathStatusFrame(path: path, sequence: sequence, isBackup: status == 1)
    }

    private mutating func extensionFrame() throws(PeerViolation) -> Frame {
        guard type & 1 == 0 else { throw malformed("an extension that must be understood, and is not") }
        _ = try run()
        return .skipped(type: type)
    }
}

// Single fields.
extension FieldReader {
    private mutating func number() throws(PeerViolation) -> UInt64 {
        do throws(ByteError) { return try reader.varint() } catch { throw truncated }
    }

    private mutating func word() throws(PeerViolation) -> UInt64 {
        do throws(ByteError) { return try reader.integer() } catch { throw truncated }
    }

    private mutating func streamID() throws(PeerViolation) -> StreamID { StreamID(try number()) }

    private mutating func streamCount() throws(PeerViolation) -> UInt64 {
        let count = try number()
        guard count <= StreamID.countMax else { throw malformed("more streams than there are stream ids") }
        return count
    }

    private mutating func path() throws(PeerViolation) -> PathID {
        guard let path = UInt32(exactly: try number()) else { throw malformed("a path id above 2^32 - 1") }
        return PathID(path)
    }

    /// A length and as many bytes.
    private mutating func run() throws(PeerViolation) -> Range<Int> {
        let length = try number()
        guard length <= UInt64(reader.remaining) else { throw truncated }
        let start = reader.offset
        pass(to: start + Int(length))
        return start..<reader.offset
    }

    private mutating func nonemptyRun() throws(PeerViolation) -> Range<Int> {
        let run = try run()
        guard !run.isEmpty else { throw malformed("nothing where something must be") }
        return run
    }

    /// All that is left: the frame has no length because nothing follows it.
    private mutating func rest() -> Range<Int> {
        let start = reader.offset
        pass(to: bytes.byteCount)
        return start..<bytes.byteCount
    }

    private mutating func pass(to place: Int) {
        do throws(ByteError) { try reader.skip(place - reader.offset) } catch {
            preconditionFailure("the places of a payload lie inside it")
        }
    }

    private var truncated: PeerViolation { malformed("a frame that goes on after the end of its packet") }
}
