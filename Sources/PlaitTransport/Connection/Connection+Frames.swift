import PlaitCore
import PlaitCrypto

/// What each frame of an authentic packet does.
extension Connection {
    /// Applies all frames, and answers whether one of them asks for an acknowledgement.
    mutating func process(_ packet: OpenedPacket, _ payload: RawSpan, now: Instant) throws(PeerViolation) -> Bool {
        var frames = FrameReader(payload)
        var asks = false
        while let frame = try frames.next() {
            if frame.isAckEliciting { asks = true }
            try apply(frame, packet, payload, now: now)
            guard life == .established else { return asks }
        }
        return asks
    }

    private mutating func apply(
        _ frame: Frame,
        _ packet: OpenedPacket,
        _ payload: RawSpan,
        now: Instant
    ) throws(PeerViolation) {
        switch frame {
        case .padding, .ping, .skipped: return
        case .ack(let ack): try acknowledge(ack, payload, now: now)
        case .stream(let stream): try streams.receive(stream, bytes: payload.extracting(stream.data))
        case .resetStream(let reset): try streams.receive(reset)
        case .stopSending(let stop): try streams.receive(stop)
        case .maxData(let limit): streams.receiveMaxData(limit)
        case .maxStreamData(let id, let limit): try streams.receiveMaxStreamData(id, limit)
        case .maxStreams(let direction, let count): try streams.receiveMaxStreams(direction, count)
        case .dataBlocked(let limit): streams.receiveDataBlocked(limit)
        case .streamDataBlocked(let id, let limit): try streams.receiveStreamDataBlocked(id, limit)
        case .streamsBlocked(let direction, let count): try streams.receiveStreamsBlocked(direction, count)
        case .datagram(let range): try receiveDatagram(payload.extracting(range))
        case .newConnectionID(let new): try receive(new)
        case .retireConnectionID(let path, let sequence): try retire(path, sequence, packet)
        case .pathChallenge(let token): path.challenged(token)
        // Nobody asked: this end opens no second path yet. An answer to nothing proves nothing.
        case .pathResponse: return
        // About paths that are not there, or the only one, which cannot be given up.
        case .pathStatus(let status): try check(status.path, FrameType.pathStatus)
        case .pathAbandon(let abandon): try check(abandon.path, FrameType.pathAbandon)
        case .keyUpdate(let generation): try check(generation: generation)
        case .handshakeConfirmed: try confirm()
        // Tickets have no use before resumption exists.
        case .ticket: return
        case .close(let close): receive(close, payload, now: now)
        case .handshake, .cookie, .offer, .refusal: preconditionFailure("the reader refuses handshake frames here")
        }
    }

    private mutating func acknowledge(_ ack: AckFrame, _ payload: RawSpan, now: Instant) throws(PeerViolation) {
        try check(ack.path, FrameType.ack)
        try path.recovery.acknowledge(ack, in: payload, now: now)
        settle(now: now)
    }

    /// Passes on what became of sent frames.
    mutating func settle(now: Instant) {
        var lastLost: UInt64?
        streams.provide(for: path.recovery.congestion.window)
        while let resolved = path.recovery.nextResolved() {
            if resolved.wasAcknowledged { acknowledged(resolved) } else { lost(resolved.frame) }
            // A packet's frames come one after the other.
            if let observer, resolved.fate == .lost, resolved.number != lastLost {
                lastLost = resolved.number
                observer.packetLost(path: path.id, number: resolved.number, of: handle, now: now)
            }
        }
        observer?.recoveryChanged(pathStatistics, of: handle, now: now)
    }

    private mutating func acknowledged(_ resolved: ResolvedFrame) {
        let frame = resolved.frame
        switch frame {
        case .stream, .resetStream, .stopSending, .maxData, .maxStreamData, .maxStreams: streams.acknowledged(frame)
        case .datagram: datagrams.acknowledged(frame, isLate: resolved.isLate)
        case .acknowledgement(_, let largest): path.received.acknowledged(upTo: largest)
        case .retireConnectionID(let sequence): path.ids.retired(sequence)
        case .ping, .newConnectionID, .pathChallenge, .pathStatus, .pathAbandon, .keyUpdate, .handshakeConfirmed:
            return
        }
    }

    private mutating func lost(_ frame: SentFrame) {
        switch frame {
        case .stream, .resetStream, .stopSending, .maxData, .maxStreamData, .maxStreams: streams.lost(frame)
        case .datagram: datagrams.lost(frame)
        case .newConnectionID, .retireConnectionID, .keyUpdate, .handshakeConfirmed: sendAgain(frame)
        case .pathStatus, .pathAbandon: preconditionFailure("a frame that nobody sends yet")
        // An ACK is made anew when it is due; a challenge is its owner's business; a PING was only to be answered.
        case .acknowledgement, .pathChallenge, .ping: return
        }
    }

    /// A frame of the connection itself was lost, or a probe shall carry it; unless it has become pointless, or several
    /// packets were lost that carried it.
    private mutating func sendAgain(_ frame: SentFrame) {
        switch frame {
        case .newConnectionID(let sequence): guard path.ids.isValid(sequence) else { return }
        case .retireConnectionID(let sequence): guard path.ids.isRetiring(sequence) else { return }
        case .keyUpdate(let generation): guard generation == sendingGeneration else { return }
        default: break
        }
        for index in 0..<pending.count where pending[index] == frame { return }
        pending.append(frame)
    }

    private mutating func receiveDatagram(_ bytes: RawSpan) throws(PeerViolation) {
        try datagrams.receive(bytes)
        datagramIsNews = true
    }

    // MARK: Connection ids

    private mutating func receive(_ frame: NewConnectionIDFrame) throws(PeerViolation) {
        try check(frame.path, FrameType.newConnectionID)
        for sequence in try path.ids.receive(frame) { pending.append(.retireConnectionID(sequence: sequence)) }
    }

    private mutating func retire(
        _ path: PathID,
        _ sequence: UInt64,
        _ packet: OpenedPacket
    ) throws(PeerViolation) {
        try check(path, FrameType.retireConnectionID)
        guard let id = try self.path.ids.retire(sequence, arrivedFor: packet.destination) else { return }
        unrouted.append(id)
    }

    private func check(_ path: PathID, _ frame: UInt64) throws(PeerViolation) {
        guard path == self.path.id else {
            throw PeerViolation(.protocolViolation, frame: frame, "a path that was never opened")
        }
    }

    // MARK: Handshake and end

    private mutating func confirm() throws(PeerViolation) {
        guard role == .client else {
            throw PeerViolation(.protocolViolation, frame: FrameType.handshakeConfirmed, "only a server confirms")
        }
    }

    private mutating func receive(_ frame: CloseFrame, _ payload: RawSpan, now: Instant) {
        // At most a datagram's worth of text, and only from a peer that was authenticated.
        let reason = String(decoding: [UInt8](copying: payload.extracting(frame.reason)), as: UTF8.self)
        drain(
            because: frame.isApplication
                ? .peer(code: frame.code, reason: reason) : .peerProtocol(CloseCode(frame.code), reason: reason),
            now: now
        )
    }
}
