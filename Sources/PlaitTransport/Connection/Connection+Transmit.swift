import PlaitCore
import PlaitCrypto

/// From what waits to be sent to a datagram.
extension Connection {
    /// Writes the next datagram to the front of `buffer` and answers its length, or nil when there is none now.
    @_lifetime(buffer: copy buffer)
    mutating func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Int? {
        pacedUntil = .never
        switch life {
        case .opening, .draining, .closed: return nil
        case .closing: return transmitClose(into: &buffer, now: now)
        case .established: break
        }
        if protection?.isWornOut(configuration.keyLimits) ?? false {
            closeFor(PeerViolation(.keyLimit, "the peer confirmed no key update for too many packets"), now: now)
            return transmitClose(into: &buffer, now: now)
        }
        if let length = initiator?.nextTransmit(into: &buffer, now: now) ?? nil {
            path.packetsSent += 1
            path.bytesSent += UInt64(length)
            return length
        }
        guard let purpose = purpose(now: now) else { return nil }
        return transmit(purpose, into: &buffer, now: now)
    }

    /// Why a packet is sent, and so what may go into it.
    private enum Purpose {
        /// Nothing but an acknowledgement: the window is closed, or there is nothing else.
        case acknowledgement
        case data
        /// The peer has been silent for too long: whatever asks for an answer, whatever the window says.
        case probe
    }

    private mutating func purpose(now: Instant) -> Purpose? {
        if path.recovery.probesDue > 0 { return .probe }
        let hasData = hasData
        if hasData, path.recovery.maySend(packetSize) {
            let time = path.recovery.sendTime(now: now)
            if time <= now { return .data }
            pacedUntil = time
        } else if !hasData {
            path.recovery.applicationLimited()
        }
        return path.received.ackIsDue(now: now) ? .acknowledgement : nil
    }

    private var hasData: Bool {
        !pending.isEmpty || !path.responses.isEmpty || datagrams.hasFrames || streams.hasFrames
    }

    private var packetSize: Int { min(configuration.packetSize, Int(clamping: peerParameters.packetMax)) }

    @_lifetime(buffer: copy buffer)
    private mutating func transmit(_ purpose: Purpose, into buffer: inout MutableRawSpan, now: Instant) -> Int? {
        updateKeysIfDue(now: now)
        let number = path.recovery.nextNumber()
        let headerLength = writeHeader(number, into: &buffer)
        var asksForAcknowledgement = false
        guard
            let payloadLength = writePayload(purpose, into: &buffer, headerLength, &asksForAcknowledgement, now: now)
        else {
            // What seemed worth a packet expired or was withdrawn while it was looked at.
            path.recovery.discardRecorded()
            return nil
        }
        if asksForAcknowledgement, !isAwaitingAnswer {
            isAwaitingAnswer = true
            activeAt = now
        }
        let length = seal(&buffer, headerLength, payloadLength, number, now: now)
        path.recovery.packetSent(
            number: number,
            bytes: length,
            isAckEliciting: asksForAcknowledgement,
            isProbe: purpose == .probe,
            now: now
        )
        if path.recovery.isUnanswered {
            closeFor(PeerViolation(.resourceLimit, "the peer acknowledges nothing"), now: now)
        }
        return length
    }

    @_lifetime(buffer: copy buffer)
    private func writeHeader(_ number: UInt64, into buffer: inout MutableRawSpan) -> Int {
        DataHeader.write(
            into: &buffer,
            destination: path.ids.peer,
            path: path.id,
            number: number,
            largestAcknowledged: path.recovery.largestAcknowledged,
            phase: phase
        )
    }

    /// Pads, seals, protects, and shows the packet to the observer.
    @_lifetime(buffer: copy buffer)
    private mutating func seal(
        _ buffer: inout MutableRawSpan,
        _ headerLength: Int,
        _ payloadLength: Int,
        _ number: UInt64,
        now: Instant
    ) -> Int {
        if let observer {
            let packet = ObservedPacket(
                connection: handle,
                generation: sendingGeneration,
                path: path.id,
                number: number,
                length: headerLength + payloadLength + DataHeader.tagLength
            )
            let payload = buffer.bytes.extracting(headerLength..<headerLength + payloadLength)
            observer.packetSent(packet, payload: payload, now: now)
        }
        let sealed = protection?.seal(
            &buffer,
            headerLength: headerLength,
            payloadLength: payloadLength,
            path: path.id,
            slot: path.slot,
            number: number
        )
        guard let length = sealed else { preconditionFailure("a connection without keys sends nothing") }
        path.packetsSent += 1
        path.bytesSent += UInt64(length)
        return length
    }

    // MARK: Payload

    /// Writes the frames behind the header, and answers how many bytes they take; nil when there is nothing to say.
    @_lifetime(buffer: copy buffer)
    private mutating func writePayload(
        _ purpose: Purpose,
        into buffer: inout MutableRawSpan,
        _ headerLength: Int,
        _ asks: inout Bool,
        now: Instant
    ) -> Int? {
        let room = min(packetSize, buffer.byteCount) - headerLength - DataHeader.tagLength
        var writer = ByteWriter(buffer._mutatingExtracting(headerLength..<headerLength + room))
        writeAcknowledgement(into: &writer, now: now)
        if purpose != .acknowledgement { asks = writeFrames(into: &writer, now: now) }
        let asksForOnce = acknowledgementsInARow >= Self.acknowledgementsMax && path.recovery.maySend(packetSize)
        if !asks, purpose == .probe || asksForOnce {
            // A receiver's ACKs are never acknowledged; now and then it asks, and may forget the ranges that were told.
            asks = writer.writePing()
            path.recovery.record(.ping)
        }
        guard writer.offset > 0 else { return nil }
        acknowledgementsInARow = asks ? 0 : acknowledgementsInARow + 1
        let wanted = configuration.padsPackets ? room : DataHeader.payloadMin(headerLength: headerLength)
        if writer.offset < wanted { _ = writer.writePadding(wanted - writer.offset) }
        return writer.offset
    }

    /// Packets in a row that only acknowledge before one asks to be acknowledged itself.
    private static var acknowledgementsMax: Int { 24 }

    @_lifetime(writer: copy writer)
    private mutating func writeAcknowledgement(into writer: inout ByteWriter, now: Instant) {
        guard path.received.hasNews, let largest = path.received.largest else { return }
        let written = writer.writeAck(
            path: path.id,
            delay: path.received.ackDelay(now: now),
            ranges: path.received.ranges,
            ecn: path.received.ecn
        )
        guard written != nil else { return }
        path.received.ackSent(now: now)
        path.recovery.record(.acknowledgement(path: path.id, largest: largest))
    }

    /// Everything else that fits, the most urgent first; answers whether anything was written.
    @_lifetime(writer: copy writer)
    private mutating func writeFrames(into writer: inout ByteWriter, now: Instant) -> Bool {
        let before = writer.offset
        while let token = path.responses.isEmpty ? nil : path.responses[0], writer.writePathResponse(token) {
            _ = path.responses.popFirst()
        }
        while let frame = pending.isEmpty ? nil : pending[0], write(frame, into: &writer) {
            _ = pending.popFirst()
        }
        while let frame = datagrams.nextFrame(into: &writer, now: now) { path.recovery.record(frame) }
        while let frame = streams.nextFrame(into: &writer, now: now) { path.recovery.record(frame) }
        return writer.offset > before
    }

    /// Writes one of the connection's own frames and records it; true also when it has become pointless.
    @_lifetime(writer: copy writer)
    private mutating func write(_ frame: SentFrame, into writer: inout ByteWriter) -> Bool {
        let fits: Bool
        switch frame {
        case .ping: fits = writer.writePing()
        case .handshakeConfirmed: fits = writer.writeHandshakeConfirmed()
        case .keyUpdate(let generation): fits = writer.writeKeyUpdate(generation: generation)
        case .retireConnectionID(let sequence):
            fits = writer.writeRetireConnectionID(path: path.id, sequence: sequence)
        case .newConnectionID(let sequence):
            guard let new = path.ids.frame(for: sequence, path: path.id) else { return true }
            fits = writer.writeNewConnectionID(new)
            if fits { path.ids.told(of: sequence) }
        case .stream, .resetStream, .stopSending, .maxData, .maxStreamData, .maxStreams, .acknowledgement, .datagram,
            .pathChallenge, .pathStatus, .pathAbandon:
            preconditionFailure("a frame that is not the connection's own")
        }
        if fits { path.recovery.record(frame) }
        return fits
    }

    // MARK: The end

    /// CLOSE, when it is due.
    @_lifetime(buffer: copy buffer)
    private mutating func transmitClose(into buffer: inout MutableRawSpan, now: Instant) -> Int? {
        guard let close, close.isDue else { return nil }
        self.close?.isDue = false
        let number = path.recovery.nextNumber()
        let headerLength = writeHeader(number, into: &buffer)
        let room = min(packetSize, buffer.byteCount) - headerLength - DataHeader.tagLength
        var writer = ByteWriter(buffer._mutatingExtracting(headerLength..<headerLength + room))
        // The reason is for people: what does not fit is cut off.
        let reason = close.reason.span.raw.extracting(first: max(0, room - Self.closeOverhead))
        let fits =
            close.isApplication
            ? writer.writeApplicationClose(close.code, reason: reason)
            : writer.writeClose(CloseCode(close.code), frameType: close.frame, reason: reason)
        precondition(fits, "a packet has room for its CLOSE")
        let wanted = configuration.padsPackets ? room : DataHeader.payloadMin(headerLength: headerLength)
        if writer.offset < wanted { _ = writer.writePadding(wanted - writer.offset) }
        let payloadLength = writer.offset
        let length = seal(&buffer, headerLength, payloadLength, number, now: now)
        path.recovery.packetSent(number: number, bytes: length, isAckEliciting: false, now: now)
        return length
    }

    /// Type, code, frame type and length of a CLOSE at their longest.
    private static var closeOverhead: Int { 2 + 8 + 8 + 4 }
}
