import PlaitCore
import PlaitCrypto

/// From what waits to be sent to a datagram.
extension Connection {
    /// A datagram that was written, and the path that it goes over.
    struct Outgoing: BitwiseCopyable {
        let length: Int
        let slot: Int
    }

    /// Writes the next datagram to the front of `buffer`; nil when there is none now.
    @_lifetime(buffer: copy buffer)
    mutating func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Outgoing? {
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
            paths[0].traffic.packetsSent += 1
            paths[0].traffic.bytesSent += UInt64(length)
            return Outgoing(length: length, slot: 0)
        }
        guard let errand = nextErrand(room: buffer.byteCount, now: now) else { return nil }
        guard let length = transmit(errand, into: &buffer, now: now) else { return nil }
        return Outgoing(length: length, slot: errand.slot)
    }

    @_lifetime(buffer: copy buffer)
    private mutating func transmit(_ errand: Errand, into buffer: inout MutableRawSpan, now: Instant) -> Int? {
        let slot = errand.slot
        defer {
            scheduling.copiesNext = false
            scheduling.holdsBytes = false
            scheduling.bound = nil
            scheduling.repeats = false
        }
        updateKeysIfDue(now: now)
        let number = paths[slot].recovery.nextNumber()
        let headerLength = writeHeader(number, of: slot, into: &buffer)
        var asksForAcknowledgement = false
        guard
            let payloadLength = writePayload(errand, into: &buffer, headerLength, &asksForAcknowledgement, now: now)
        else {
            // What seemed worth a packet expired or was withdrawn while it was looked at.
            paths[slot].recovery.discardRecorded()
            return nil
        }
        if asksForAcknowledgement, !isAwaitingAnswer {
            isAwaitingAnswer = true
            activeAt = now
        }
        let length = seal(&buffer, headerLength, payloadLength, number, of: slot, now: now)
        if errand.purpose == .sizeProbe {
            precondition(length == errand.bytes, "a probe has the size that it probes")
            paths[slot].recovery.sizeProbeSent(number: number, bytes: length, now: now)
            return length
        }
        paths[slot].recovery.packetSent(
            number: number,
            bytes: length,
            isAckEliciting: asksForAcknowledgement,
            isProbe: errand.purpose == .probe || errand.purpose == .ping,
            isBound: scheduling.bound != nil,
            now: now
        )
        if errand.purpose == .data, scheduling.copiesNext || scheduling.repeats {
            paths[slot].recovery.share(number)
        }
        if asksForAcknowledgement, paths.count > 1 { scheduling.sent(length, on: slot, now: now) }
        if paths[slot].recovery.isUnanswered {
            closeFor(PeerViolation(.resourceLimit, "the peer acknowledges nothing"), now: now)
        }
        return length
    }

    @_lifetime(buffer: copy buffer)
    private func writeHeader(_ number: UInt64, of slot: Int, into buffer: inout MutableRawSpan) -> Int {
        DataHeader.write(
            into: &buffer,
            destination: paths[slot].ids.peer,
            path: paths[slot].id,
            number: number,
            largestAcknowledged: paths[slot].recovery.largestAcknowledged,
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
        of slot: Int,
        now: Instant
    ) -> Int {
        let path = paths[slot].id
        if let observer {
            let packet = ObservedPacket(
                connection: handle,
                generation: sendingGeneration,
                path: path,
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
            path: path,
            slot: slot,
            number: number
        )
        guard let length = sealed else { preconditionFailure("a connection without keys sends nothing") }
        paths[slot].traffic.packetsSent += 1
        paths[slot].traffic.bytesSent += UInt64(length)
        paths[slot].address.sent(length)
        return length
    }

    // MARK: Payload

    /// Writes the frames behind the header, and answers how many bytes they take; nil when there is nothing to say.
    @_lifetime(buffer: copy buffer)
    private mutating func writePayload(
        _ errand: Errand,
        into buffer: inout MutableRawSpan,
        _ headerLength: Int,
        _ asks: inout Bool,
        now: Instant
    ) -> Int? {
        let (slot, purpose) = (errand.slot, errand.purpose)
        let length = min(packetMax(errand), buffer.byteCount, paths[slot].address.allowance)
        let room = length - headerLength - DataHeader.tagLength
        var writer = ByteWriter(buffer._mutatingExtracting(headerLength..<headerLength + room))
        if purpose == .sizeProbe {
            asks = writer.writePing()
            _ = writer.writePadding(writer.remaining)
            return writer.offset
        }
        var wantsAll = configuration.padsPackets
        if purpose == .validation, writeValidation(of: slot, into: &writer, now: now) { wantsAll = true }
        writeAcknowledgements(on: slot, into: &writer, now: now)
        if purpose == .data || purpose == .probe { asks = writeFrames(errand, into: &writer, now: now) }
        let row = paths[slot].acknowledgementsInARow
        let asksForOnce =
            row >= Self.acknowledgementsMax && purpose != .validation
            && paths[slot].recovery.maySend(paths[slot].packetSize)
        if !asks, purpose == .probe || purpose == .ping || asksForOnce {
            // A receiver's ACKs are never acknowledged; now and then it asks, and may forget the ranges that were told.
            asks = writer.writePing()
            paths[slot].recovery.record(.ping)
        }
        guard writer.offset > 0 else { return nil }
        paths[slot].acknowledgementsInARow = asks ? 0 : row + 1
        let wanted = wantsAll ? room : DataHeader.payloadMin(headerLength: headerLength)
        if writer.offset < wanted { _ = writer.writePadding(wanted - writer.offset) }
        return writer.offset
    }

    /// Only what new data may be lost for is larger than every path must carry: whether it works, and what came by it,
    /// the peer has to hear whatever became of large packets.
    private func packetMax(_ errand: Errand) -> Int {
        switch errand.purpose {
        case .data: paths[errand.slot].packetSize
        case .sizeProbe: errand.bytes
        case .acknowledgement, .probe, .ping, .validation: paths[errand.slot].packetBase
        }
    }

    /// Packets in a row that only acknowledge before one asks to be acknowledged itself.
    private static var acknowledgementsMax: Int { 24 }

    /// Answers to the peer's challenges, and an own one if it is due; true when the packet has to be a full one, which
    /// shows that the path carries such (RFC 9000, 8.2.1).
    ///
    /// Recovery does not count these packets: what is lost while a path is tried says nothing about its capacity.
    @_lifetime(writer: copy writer)
    private mutating func writeValidation(of slot: Int, into writer: inout ByteWriter, now: Instant) -> Bool {
        // A short packet has room for a challenge, and for what answers only then.
        defer { writeResponses(of: slot, into: &writer) }
        let isDue = paths[slot].life.challengeIsDue(now: now)
        let isAddressDue = paths[slot].address.challengeAt <= now
        guard isDue || isAddressDue, let token = tokens.popFirst() else { return paths[slot].life.state == .validating }
        let fits = writer.writePathChallenge(token)
        precondition(fits, "an empty packet has room for a challenge")
        let timeout = patience(with: slot)
        if isDue { paths[slot].life.challengeSent(token: token, probeTimeout: timeout, now: now) }
        if isAddressDue {
            paths[slot].address.challenged(with: token, isFull: paths[slot].allowsPacket, again: now + timeout)
        } else if !paths[slot].address.isProven {
            // The path is asked as often as need be.
            let time = paths[slot].address.challengeAt
            paths[slot].address.challenged(with: token, isFull: paths[slot].allowsPacket, again: time)
        }
        return true
    }

    @_lifetime(writer: copy writer)
    private mutating func writeResponses(of slot: Int, into writer: inout ByteWriter) {
        while let token = paths[slot].responses.isEmpty ? nil : paths[slot].responses[0],
            writer.writePathResponse(token)
        {
            _ = paths[slot].responses.popFirst()
        }
    }

    /// How long to wait for an answer. Of a path that nothing is known of, no longer than of the others: a challenge
    /// that overtakes the handshake's last packet is not understood, and repeating it costs little.
    private func patience(with slot: Int) -> Interval {
        var timeout = paths[slot].recovery.probeTimeout
        guard !paths[slot].recovery.roundTrip.hasSample else { return timeout }
        for other in paths.indices where paths[other].life.state == .active {
            timeout = min(timeout, paths[other].recovery.probeTimeout)
        }
        return timeout
    }

    /// What came by the paths whose acknowledgements go this way.
    @_lifetime(writer: copy writer)
    private mutating func writeAcknowledgements(on slot: Int, into writer: inout ByteWriter, now: Instant) {
        for other in paths.indices where paths[other].received.hasNews {
            guard other == slot && paths.count == 1 || ackCarrier(of: other) == slot else { continue }
            writeAcknowledgement(of: other, on: slot, into: &writer, now: now)
        }
    }

    @_lifetime(writer: copy writer)
    private mutating func writeAcknowledgement(
        of path: Int,
        on slot: Int,
        into writer: inout ByteWriter,
        now: Instant
    ) {
        guard let largest = paths[path].received.largest else { return }
        #if Mutants
            let isWrong = Mutant.isPlanted(.ackNamesOtherPath) && paths.count > 1
            let told = isWrong ? paths[path == 0 ? 1 : 0].id : paths[path].id
        #else
            let told = paths[path].id
        #endif
        let written = writer.writeAck(
            path: told,
            delay: paths[path].received.ackDelay(now: now),
            ranges: paths[path].received.ranges,
            ecn: paths[path].received.ecn
        )
        guard written != nil else { return }
        paths[path].received.ackSent(now: now)
        paths[path].acknowledgedElsewhere = path == slot ? 0 : paths[path].acknowledgedElsewhere + 1
        paths[slot].recovery.record(.acknowledgement(path: paths[path].id, largest: largest))
    }

    /// Everything else that fits, the most urgent first; answers whether anything was written.
    @_lifetime(writer: copy writer)
    private mutating func writeFrames(_ errand: Errand, into writer: inout ByteWriter, now: Instant) -> Bool {
        let (slot, before) = (errand.slot, writer.offset)
        let sums = (streams.statistics.bytesSent, streams.statistics.bytesSentAgain)
        // What others wait for is not sent the way that a pinned stream prefers.
        let takesAll = scheduling.bound == nil || errand.purpose == .probe
        if takesAll { writeWords(on: slot, into: &writer, now: now) } else { paths[slot].copiesWentLast = false }
        let lanes = scheduling.bound.map { Lanes(only: $0) } ?? (scheduling.holdsBytes ? nil : scheduling.free)
        while let frame = streams.nextFrame(into: &writer, bytes: lanes, withWords: takesAll, now: now) {
            paths[slot].recovery.record(frame)
            if scheduling.copiesNext { copy(frame, besides: slot) }
        }
        paths[slot].traffic.firstBytes += streams.statistics.bytesSent - sums.0
        paths[slot].traffic.repeatedBytes += streams.statistics.bytesSentAgain - sums.1
        return writer.offset > before
    }

    /// The connection's own frames, copies, and datagrams.
    @_lifetime(writer: copy writer)
    private mutating func writeWords(on slot: Int, into writer: inout ByteWriter, now: Instant) {
        while let frame = pending.isEmpty ? nil : pending[0], write(frame, on: slot, into: &writer) {
            _ = pending.popFirst()
        }
        paths[slot].copiesWentLast = !paths[slot].copies.isEmpty
        writeCopies(on: slot, into: &writer)
        while let frame = datagrams.nextFrame(into: &writer, now: now) { paths[slot].recovery.record(frame) }
    }

    /// Notes a frame for all other paths that may carry data.
    private mutating func copy(_ frame: SentFrame, besides slot: Int) {
        guard case .stream = frame else { return }
        for index in scheduling.views.indices where scheduling.views[index].slot != slot {
            let other = scheduling.views[index].slot
            if paths[other].copies.count < Path.copiesMax { paths[other].copies.append(frame) }
        }
    }

    /// What other paths carry already and this one is to carry as well, as far as the peer does not have it.
    @_lifetime(writer: copy writer)
    private mutating func writeCopies(on slot: Int, into writer: inout ByteWriter) {
        while !paths[slot].copies.isEmpty {
            if isBoundElsewhere(paths[slot].copies[0], than: slot) {
                _ = paths[slot].copies.popFirst()
                continue
            }
            switch streams.writeAgain(paths[slot].copies[0], into: &writer) {
            case .written(let frame, let rest):
                paths[slot].recovery.record(frame)
                scheduling.repeats = true
                if let rest {
                    paths[slot].copies[0] = rest
                    return
                }
                _ = paths[slot].copies.popFirst()
            case .pointless: _ = paths[slot].copies.popFirst()
            case .noRoom: return
            }
        }
    }

    /// Writes one of the connection's own frames and records it; true also when it has become pointless.
    @_lifetime(writer: copy writer)
    private mutating func write(_ frame: SentFrame, on slot: Int, into writer: inout ByteWriter) -> Bool {
        let fits: Bool
        switch frame {
        case .ping: fits = writer.writePing()
        case .handshakeConfirmed: fits = writer.writeHandshakeConfirmed()
        case .keyUpdate(let generation): fits = writer.writeKeyUpdate(generation: generation)
        case .retireConnectionID(let path, let sequence):
            fits = writer.writeRetireConnectionID(path: path, sequence: sequence)
        case .newConnectionID(let path, let sequence):
            guard let new = frameOfID(sequence, of: path) else { return true }
            fits = writer.writeNewConnectionID(new)
            if fits { toldOfID(sequence, of: path) }
        case .pathStatus(let path):
            guard let told = self.slot(of: path), paths[told].isAlive else { return true }
            let wishes = paths[told].wishes
            fits = writer.writePathStatus(
                PathStatusFrame(path: path, sequence: wishes.ownSequence, isBackup: wishes.own)
            )
        case .pathAbandon(let path):
            guard let told = self.slot(of: path) else { return true }
            fits = writer.writePathAbandon(PathAbandonFrame(path: path, code: paths[told].abandonCode))
        case .stream, .resetStream, .stopSending, .maxData, .maxStreamData, .maxStreams, .acknowledgement, .datagram,
            .pathChallenge:
            preconditionFailure("a frame that is not the connection's own")
        }
        if fits { paths[slot].recovery.record(frame) }
        return fits
    }

    // MARK: The end

    /// CLOSE, when it is due.
    @_lifetime(buffer: copy buffer)
    private mutating func transmitClose(into buffer: inout MutableRawSpan, now: Instant) -> Outgoing? {
        guard let close, close.isDue else { return nil }
        guard let slot = nextClosingSlot() else {
            self.close?.isDue = false
            self.close?.slot = 0
            return nil
        }
        self.close?.slot = slot + 1
        let number = paths[slot].recovery.nextNumber()
        let headerLength = writeHeader(number, of: slot, into: &buffer)
        let room = min(paths[slot].packetBase, buffer.byteCount) - headerLength - DataHeader.tagLength
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
        let length = seal(&buffer, headerLength, payloadLength, number, of: slot, now: now)
        paths[slot].recovery.packetSent(number: number, bytes: length, isAckEliciting: false, now: now)
        return Outgoing(length: length, slot: slot)
    }

    /// The next path to say it on: every one that may work, since nobody answers a CLOSE.
    private func nextClosingSlot() -> Int? {
        guard let close else { return nil }
        for slot in close.slot..<max(close.slot, paths.count) where paths[slot].carriesData { return slot }
        guard close.slot == 0 else { return nil }
        // None works: on one that was used at least, and that is not over if there is such a one.
        for slot in paths.indices where paths[slot].isAlive && paths[slot].traffic.packetsSent > 0 { return slot }
        for slot in paths.indices where paths[slot].traffic.packetsSent > 0 { return slot }
        return nil
    }

    /// Type, code, frame type and length of a CLOSE at their longest.
    private static var closeOverhead: Int { 2 + 8 + 8 + 4 }
}
