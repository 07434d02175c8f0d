import PlaitCore
import PlaitCrypto

/// What each frame of an authentic packet does.
extension Connection {
    /// Applies all frames, and answers whether one of them asks for an acknowledgement.
    mutating func process(
        _ packet: OpenedPacket,
        on slot: Int,
        _ payload: RawSpan,
        now: Instant
    ) throws(PeerViolation) -> Bool {
        var frames = FrameReader(payload)
        var asks = false
        while let frame = try frames.next() {
            if frame.isAckEliciting { asks = true }
            try apply(frame, packet, on: slot, payload, now: now)
            guard life == .established else { return asks }
        }
        return asks
    }

    private mutating func apply(
        _ frame: Frame,
        _ packet: OpenedPacket,
        on slot: Int,
        _ payload: RawSpan,
        now: Instant
    ) throws(PeerViolation) {
        switch frame {
        case .padding, .ping, .skipped: return
        case .ack(let ack): try acknowledge(ack, by: slot, payload, now: now)
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
        case .newConnectionID(let new): try receive(new, now: now)
        case .retireConnectionID(let path, let sequence): try retire(path, sequence, packet)
        case .pathChallenge(let token): paths[slot].challenged(token)
        case .pathResponse(let token): challengeAnswered(token, now: now)
        case .pathStatus(let status): try receive(status, now: now)
        case .pathAbandon(let abandon): try receive(abandon, now: now)
        case .keyUpdate(let generation): try check(generation: generation)
        case .handshakeConfirmed: try confirm()
        // Tickets have no use before resumption exists.
        case .ticket: return
        case .close(let close): receive(close, payload, now: now)
        case .handshake, .cookie, .offer, .refusal: preconditionFailure("the reader refuses handshake frames here")
        }
    }

    private mutating func acknowledge(
        _ ack: AckFrame,
        by carrier: Int,
        _ payload: RawSpan,
        now: Instant
    ) throws(PeerViolation) {
        guard let slot = slot(of: ack.path) else {
            // An acknowledgement of what was sent on a path that is gone by now.
            guard ack.path.value < nextPath.value, reserve(of: ack.path) == nil else {
                throw PeerViolation(.protocolViolation, frame: FrameType.ack, "a path that was never opened")
            }
            return
        }
        let before = paths[slot].recovery.statistics
        if try acknowledge(ack, of: slot, by: carrier, payload, now: now),
            let newest = paths[slot].recovery.lastAnswered, paths[slot].isAnswered(upTo: newest),
            let change = paths[slot].life.acknowledgementHeard(now: now)
        {
            take(change, of: slot, now: now)
        }
        tellScheduler(of: slot, since: before, now: now)
        settle(slot, now: now)
    }

    /// Shows recovery what the paths come to together; answers whether anything new was acknowledged.
    private mutating func acknowledge(
        _ ack: AckFrame,
        of slot: Int,
        by carrier: Int,
        _ payload: RawSpan,
        now: Instant
    ) throws(PeerViolation) -> Bool {
        let coupled = coupledPaths(for: slot)
        let result = Self.acknowledge(
            ack,
            in: payload,
            by: carrier,
            among: coupled,
            by: &paths[slot].recovery,
            now: now
        )
        scheduling.coupled = consume coupled
        return try result.get()
    }

    /// Apart, so that the table is borrowed only here.
    private static func acknowledge(
        _ ack: AckFrame,
        in payload: RawSpan,
        by carrier: Int,
        among coupled: borrowing Table<CoupledPath>,
        by recovery: inout PathRecovery,
        now: Instant
    ) -> Result<Bool, PeerViolation> {
        do throws(PeerViolation) {
            return .success(try recovery.acknowledge(ack, in: payload, by: carrier, among: coupled.span, now: now))
        } catch {
            return .failure(error)
        }
    }

    mutating func tellScheduler(of slot: Int, since before: RecoveryStatistics, now: Instant) {
        guard paths.count > 1 else { return }
        let counts = paths[slot].recovery.statistics
        let arrived = Int(counts.bytesAcknowledged - before.bytesAcknowledged)
        let lost = Int(counts.bytesLost - before.bytesLost)
        if arrived > 0 { scheduling.acknowledged(arrived, on: slot, now: now) }
        if lost > 0 { scheduling.lost(lost, on: slot, now: now) }
    }

    /// Passes on what became of sent frames.
    mutating func settle(_ slot: Int, now: Instant) {
        var lastLost: UInt64?
        streams.provide(for: windows)
        while let resolved = paths[slot].recovery.nextResolved() {
            if resolved.wasAcknowledged { acknowledged(resolved) } else { lost(resolved.frame) }
            // A packet's frames come one after the other.
            if let observer, resolved.fate == .lost, resolved.number != lastLost {
                lastLost = resolved.number
                observer.packetLost(path: paths[slot].id, number: resolved.number, of: handle, now: now)
            }
        }
        observer?.recoveryChanged(pathStatistics(of: slot), of: handle, now: now)
    }

    /// Bytes that may be in flight on all paths together.
    private var windows: Int {
        var sum = 0
        for slot in paths.indices where paths[slot].carriesData { sum += paths[slot].recovery.congestion.window }
        return sum
    }

    private mutating func acknowledged(_ resolved: ResolvedFrame) {
        let frame = resolved.frame
        switch frame {
        case .stream, .resetStream, .stopSending, .maxData, .maxStreamData, .maxStreams: streams.acknowledged(frame)
        case .datagram: datagrams.acknowledged(frame, isLate: resolved.isLate)
        case .acknowledgement(let path, let largest):
            guard let slot = slot(of: path) else { return }
            paths[slot].received.acknowledged(upTo: largest)
        case .retireConnectionID(let path, let sequence):
            retiredIsKnown(sequence, of: path)
            withdraw(resolved)
        case .newConnectionID, .pathStatus, .pathAbandon, .keyUpdate, .handshakeConfirmed: withdraw(resolved)
        case .ping, .pathChallenge: return
        }
    }

    /// The peer has heard after all what was about to be said again.
    private mutating func withdraw(_ resolved: ResolvedFrame) {
        guard resolved.isLate else { return }
        for index in 0..<pending.count where pending[index] == resolved.frame {
            _ = pending.remove(at: index)
            return
        }
    }

    private mutating func lost(_ frame: SentFrame) {
        switch frame {
        case .stream, .resetStream, .stopSending, .maxData, .maxStreamData, .maxStreams: streams.lost(frame)
        case .datagram: datagrams.lost(frame)
        case .newConnectionID, .retireConnectionID, .keyUpdate, .handshakeConfirmed, .pathStatus, .pathAbandon:
            sendAgain(frame)
        // An ACK is made anew when it is due; a challenge is its owner's business; a PING was only to be answered.
        case .acknowledgement, .pathChallenge, .ping: return
        }
    }

    /// A frame of the connection itself was lost, or a probe shall carry it; unless it has become pointless, or several
    /// packets were lost that carried it.
    private mutating func sendAgain(_ frame: SentFrame) {
        #if Mutants
            if Mutant.isPlanted(.abandonmentForgotten), case .pathAbandon = frame { return }
        #endif
        switch frame {
        case .newConnectionID(let path, let sequence): guard isValidID(sequence, of: path) else { return }
        case .retireConnectionID(let path, let sequence): guard isRetiringID(sequence, of: path) else { return }
        case .keyUpdate(let generation): guard generation == sendingGeneration else { return }
        default: break
        }
        sendOnce(frame)
    }

    /// Queues a frame of the connection itself, unless it waits already.
    mutating func sendOnce(_ frame: SentFrame) {
        for index in 0..<pending.count where pending[index] == frame { return }
        pending.append(frame)
    }

    private mutating func receiveDatagram(_ bytes: RawSpan) throws(PeerViolation) {
        try datagrams.receive(bytes)
        datagramIsNews = true
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
